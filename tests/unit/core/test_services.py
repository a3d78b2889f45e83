# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from plantproof.core.services import SERVICES, TCP, UDP, Ports, parse_service, parse_services, services_on


def test_a_service_is_known_by_name_and_by_number() -> None:
    modbus = parse_service(" Modbus ")
    assert modbus is SERVICES["modbus"]
    assert modbus.industrial
    assert Ports(TCP, 502, 502) in modbus.ports
    numbered = parse_service("udp/5000-5010")
    assert numbered
    assert numbered.ports == (Ports(UDP, 5000, 5010),)


def test_a_protocol_without_ports_is_whole_and_any_has_none() -> None:
    esp, whatever = parse_service("esp"), parse_service("any")
    assert esp
    assert esp.ports == (Ports(50, 0, 65535),)
    assert whatever
    assert whatever.ports == ()


@pytest.mark.parametrize("text", ["", "modbuss", "tcp/", "tcp/70000", "tcp/20-10", "foo/5", "tcp/1-2-3"])
def test_what_is_no_service_is_none(text: str) -> None:
    assert parse_service(text) is None


def test_a_list_keeps_services_and_lets_labels_go() -> None:
    assert [s.name for s in parse_services("Hard-wired signal and OPC UA, tcp/4840, ntp")] == ["tcp/4840", "ntp"]


def test_ports_tell_the_service_but_a_dynamic_range_does_not() -> None:
    assert [s.name for s in services_on(TCP, 102, 102)] == ["iccp", "iec61850-mms", "s7"]
    assert services_on(TCP, 49200, 49300) == ()
    assert "msrpc" in {s.name for s in services_on(TCP, 135, 135)}


def test_names_are_unique_and_ports_are_ports() -> None:
    for service in SERVICES.values():
        assert service.ports
        assert all(0 <= p.first <= p.last <= 65535 for p in service.ports)
