# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses
from ipaddress import ip_address, ip_network

import pytest

from plantproof.core.levels import SLVector
from plantproof.core.observed.addresses import ZoneMap
from plantproof.core.observed.flow import ObservedFlow, service_text
from plantproof.core.observed.judge import FINDINGS, Group, Outcome, Report, judge
from plantproof.core.observed.traffic import MOST_PORTS, Aggregate
from plantproof.core.plant import Conduit, Flow
from plantproof.errors import ContentError

OFFICE, CONTROL, CELL, SAFETY = "192.0.2.10", "198.51.100.5", "203.0.113.7", "203.0.113.130"
ZONES = ZoneMap(
    {
        "office": [ip_network("192.0.2.0/24"), ip_network("2001:db8::/48")],
        "control": [ip_network("198.51.100.0/24")],
        "cell": [ip_network("203.0.113.0/24"), ip_network("2001:db8:0:5::/64")],
        "safety": [ip_network("203.0.113.128/25")],
        "blind": [],
    }
)


def conduit(ident: str, *flows: tuple[str, str, str]) -> Conduit:
    zones = tuple(sorted({zone for flow in flows for zone in flow[:2]}))
    declared = tuple(Flow(source=source, target=target, service=service) for source, target, service in flows)
    return Conduit(id=ident, title=ident, zones=zones, sl_t=SLVector.uniform(1), flows=declared)


CONDUITS = (
    conduit("to-cell", ("control", "cell", "Modbus TCP, tcp/502"), ("control", "cell", "ping by hand")),
    conduit("reports", ("control", "office", "https"), ("office", "control", "ntp, ssh")),
    conduit("dark", ("control", "blind", "https")),
    conduit("all", ("safety", "control", "any")),
)


def flow(src: str, dst: str, port: int | None = 502, **changes: object) -> ObservedFlow:
    plain = ObservedFlow(
        src=ip_address(src), dst=ip_address(dst), protocol=6, port=port, first=100, last=200, packets=5, size=500,
        source="log", line=1,
    )  # fmt: skip
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def judged(*flows: ObservedFlow) -> Report:
    aggregate = Aggregate()
    for each in flows:
        aggregate.add(each)
    return judge(aggregate, ZONES, CONDUITS)


def only(*flows: ObservedFlow) -> Group:
    (group,) = judged(*flows).groups
    return group


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (flow(CONTROL, CELL), Outcome.DECLARED),
        (flow(CONTROL, CELL, 503), Outcome.UNDECLARED),
        (flow(CONTROL, CELL, None), Outcome.UNDECLARED),
        (flow(CONTROL, CELL, protocol=17), Outcome.UNDECLARED),
        (flow(OFFICE, CELL), Outcome.UNDECLARED),
        (flow(CELL, CONTROL), Outcome.BACKWARDS),
        (flow(CELL, CONTROL, 8080), Outcome.BACKWARDS),
        (flow(OFFICE, CONTROL, 443), Outcome.BACKWARDS),
        (flow(OFFICE, CONTROL, 80), Outcome.UNDECLARED),
        (flow(OFFICE, "10.9.9.9"), Outcome.NO_ZONE),
        (flow("10.9.9.9", CELL), Outcome.NO_ZONE),
        (flow("10.9.9.9", CELL, answered=False), Outcome.NO_ZONE),
        (flow("10.9.9.9", "239.1.1.1"), Outcome.NO_ZONE),
        (flow(OFFICE, "10.9.9.9", answered=False), Outcome.ATTEMPTED),
        (flow(OFFICE, CELL, answered=False), Outcome.ATTEMPTED),
        (flow(CONTROL, CELL, answered=False), Outcome.ATTEMPTED),
        (flow(CELL, "203.0.113.9"), Outcome.INSIDE),
        (flow(CELL, SAFETY), Outcome.UNDECLARED),
        (flow(SAFETY, CONTROL, 4711), Outcome.DECLARED),
        (flow(SAFETY, CONTROL, None, protocol=50), Outcome.DECLARED),
        (flow(CELL, "239.1.1.1", protocol=17), Outcome.APART),
        (flow("2001:db8::1", "ff02::1", protocol=17), Outcome.APART),
        (flow(CELL, "255.255.255.255", protocol=17), Outcome.APART),
        (flow(OFFICE, "192.0.2.255", protocol=17), Outcome.APART),
        (flow(CONTROL, "192.0.2.255", protocol=17), Outcome.UNDECLARED),
        (flow("0.0.0.0", "255.255.255.255", protocol=17), Outcome.APART),
        (flow("fe80::1", "2001:db8::1"), Outcome.APART),
        (flow(CELL, OFFICE, 3, protocol=1), Outcome.APART),
        (flow("2001:db8::1", "2001:db8:0:5::1", 135, protocol=58), Outcome.APART),
        (flow("2001:db8::1", "2001:db8:0:5::1", 128, protocol=58), Outcome.UNDECLARED),
        (flow(OFFICE, CONTROL, 123, protocol=17), Outcome.DECLARED),
        (flow(CONTROL, OFFICE, 123, protocol=17), Outcome.BACKWARDS),
        (flow(CONTROL, OFFICE, 123, protocol=17, directed=False), Outcome.DECLARED),
    ],
)
def test_what_a_flow_is(seen: ObservedFlow, outcome: Outcome) -> None:
    assert only(seen).outcome == outcome


def test_one_record_of_known_direction_is_enough_to_go_backwards() -> None:
    peers = (flow(CONTROL, OFFICE, 123, protocol=17, directed=False), flow(CONTROL, OFFICE, 123, protocol=17))
    assert only(*peers).outcome == Outcome.BACKWARDS


def test_what_goes_backwards_names_what_it_goes_against() -> None:
    group = only(flow(CELL, CONTROL))
    assert (group.conduit, group.number) == ("to-cell", 1)
    other = only(flow(CELL, CONTROL, 8080))
    assert (other.conduit, other.number) == ("to-cell", 0)


def test_a_group_sums_up_and_tells_its_first_sighting() -> None:
    seen = [
        flow(OFFICE, CELL, first=300, last=310, line=1, packets=9),
        flow("192.0.2.11", CELL, first=100, last=120, line=7),
        flow("192.0.2.11", CELL, first=100, last=120, line=3, source="zzz"),
        flow("192.0.2.12", CELL, first=None, last=None, line=2, source="aaa"),
        flow("192.0.2.13", CELL, answered=True),
    ]
    group = only(*seen)
    assert (group.records, group.pairs, group.packets, group.size) == (5, 4, 29, 2500)
    assert (group.first, group.last, group.seen_file, group.seen_line) == (100, 310, "log", 1)
    assert group.examples == (("192.0.2.11", CELL), (OFFICE, CELL), ("192.0.2.12", CELL))


def test_one_answer_makes_an_attempt_traffic() -> None:
    assert only(flow(OFFICE, CELL, answered=False), flow(OFFICE, CELL, answered=True)).outcome == Outcome.UNDECLARED


def test_what_is_declared_and_was_not_seen() -> None:
    report = judged(flow(CONTROL, CELL, answered=False), flow(OFFICE, CONTROL, 22))
    unseen = [(u.declared.conduit, u.declared.number, u.service, u.attempted) for u in report.unseen]
    assert unseen == [
        ("to-cell", 1, "tcp/502", True),
        ("reports", 1, "https", False),
        ("reports", 2, "ntp", False),
        ("all", 1, "any", False),
    ]
    assert [(d.conduit, d.number, why) for d, why in report.not_comparable] == [
        ("to-cell", 2, "its service has no number"),
        ("dark", 1, "no networks are declared for blind"),
    ]
    assert (report.first, report.last) == (100, 200)


def test_only_what_calls_for_action_is_a_finding() -> None:
    seen = (flow(CONTROL, CELL), flow(OFFICE, CELL, answered=False), flow(CELL, "239.0.0.1"), flow(CELL, "203.0.113.9"))
    assert judged(*seen).of(*FINDINGS) == ()


def test_nothing_seen_is_no_period() -> None:
    assert (judged().first, judged().groups) == (None, ())


def test_the_smaller_network_owns_the_address() -> None:
    assert ZONES.zone_of(ip_address(SAFETY)) == "safety"
    assert ZONES.zone_of(ip_address("203.0.113.127")) == "cell"
    assert ZONES.zone_of(ip_address("2001:db8:0:5::1")) == "cell"
    assert ZONES.zone_of(ip_address("2001:db8:0:6::1")) == "office"
    assert ZONES.zone_of(ip_address("::cb00:7107")) is None
    assert ZoneMap({"out": [ip_network("0.0.0.0/0")]}).zone_of(ip_address("8.8.8.8")) == "out"


def test_a_network_has_one_zone() -> None:
    net = ip_network("192.0.2.0/24")
    assert ZoneMap({"a": [net, net]}).zones == {"a"}
    with pytest.raises(ContentError, match="belongs to zone a and to zone b"):
        ZoneMap({"b": [net], "a": [net]})


def test_the_first_sighting_is_the_earliest_time_that_a_record_knows() -> None:
    seen = [flow(OFFICE, CELL, first=None, last=5, line=9), flow(OFFICE, CELL, first=10, last=3, line=8)]
    group = only(flow(OFFICE, CELL), *seen)
    assert (group.first, group.last, group.seen_line) == (3, 200, 8)


def test_a_scan_of_many_ports_becomes_one_range_and_named_ports_stay() -> None:
    aggregate = Aggregate()
    for port in [*range(30000, 30000 + MOST_PORTS + 10), 502]:
        aggregate.add(flow(OFFICE, CELL, port))
    named, wide = aggregate
    assert (named.low, wide.low, wide.high) == (502, 30000, 30000 + MOST_PORTS + 9)
    assert wide.records == MOST_PORTS + 10


@pytest.mark.parametrize(
    ("ports", "text"),
    [
        ((6, 502, 502), "modbus (tcp/502)"),
        ((6, 102, 102), "iccp, iec61850-mms, s7 (tcp/102)"),
        ((6, 10502, 10502), "tcp/10502"),
        ((17, 40000, 41000), "udp/40000-41000"),
        ((1, 8, 8), "icmp type 8"),
        ((50, None, None), "esp"),
        ((58, None, None), "icmpv6"),
        ((200, None, None), "protocol 200"),
    ],
)
def test_services_as_people_call_them(ports: tuple[int, int | None, int | None], text: str) -> None:
    assert service_text(*ports) == text
