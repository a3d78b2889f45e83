# SPDX-License-Identifier: Apache-2.0
"""Each rule with a plant that breaks it and one that does not."""

from __future__ import annotations

from ipaddress import ip_network
from types import MappingProxyType

import pytest

from plantproof.core.finding import ERROR, WARNING
from plantproof.core.levels import SLVector
from plantproof.core.plant import Asset, Conduit, Departure, Firewall, Flow, Interface, OneWay, Plant, Zone
from plantproof.core.zoning import RULES, zoning_findings
from plantproof.errors import Location

Part = Zone | Conduit | Asset | Firewall

AT = "2026-11-23T12:00:00Z"
ENDED = Departure(reason="r", approved_by="Chief", until="2026-11-22T23:59:59Z")
HOLDS = Departure(reason="r", approved_by="Chief", until="2026-11-23T23:59:59Z")


def zone(ident: str, kind: str = "", *, level: str = "", parent: str = "", networks: str = "", sl: int = 1) -> Zone:
    return Zone(
        id=ident,
        title=ident,
        sl_t=SLVector.uniform(sl),
        purdue=level,
        kind=kind,
        parent=parent,
        networks=tuple(ip_network(text) for text in networks.split()),
        any_address=kind == "external",
        description="" if ident.startswith("bare") else "said",
        declared=Location(file="p.yml", line=3),
    )


def way(*zones: str, flows: str = "", sl: int = 4, one_way: str = "", exception: Departure | None = None) -> Conduit:
    """Flows as ``a>b:service;...``."""
    told = [(*ends.split(">"), service) for ends, _, service in (one.partition(":") for one in flows.split(";") if one)]
    return Conduit(
        id="way",
        title="way",
        zones=zones,
        sl_t=SLVector.uniform(sl),
        flows=tuple(Flow(source=a, target=b, service=c) for a, b, c in told),
        one_way=OneWay(source=one_way.partition(">")[0], target=one_way.partition(">")[2]) if one_way else None,
        exception=exception,
    )


def asset(ident: str, where: str, address: str = "") -> Asset:
    return Asset(id=ident, zone=where, variables=MappingProxyType({"ansible_host": address} if address else {}))


def wall(*zones: str) -> Firewall:
    faces = tuple(Interface(name=f"e{number}", zones=(one,)) for number, one in enumerate(zones))
    return Firewall(id="fw", title="fw", dialect="cisco-ios", config="fw.txt", interfaces=faces)


def plant(*parts: Part) -> Plant:
    return Plant(
        name="p",
        owner="o",
        zones={one.id: one for one in parts if isinstance(one, Zone)},
        conduits={one.id: one for one in parts if isinstance(one, Conduit)},
        assets={one.id: one for one in parts if isinstance(one, Asset)},
        firewalls={one.id: one for one in parts if isinstance(one, Firewall)},
    )


def told(*parts: Part) -> list[tuple[str, str, str]]:
    return [(one.id, one.about, one.severity) for one in zoning_findings(plant(*parts), AT)]


SAFETY, CONTROL = zone("sis", "safety"), zone("cell", "control")
WATCH, OFFICE, DMZ = zone("watch", level="3"), zone("office", level="4"), zone("dmz", level="3.5")

BROKEN: dict[str, tuple[str, str, list[Part]]] = {
    "a control zone inside a safety zone": (
        "safety-apart", "cell", [SAFETY, zone("cell", parent="sis")]),
    "a control zone two deep inside a safety zone": (
        "safety-apart", "deep", [SAFETY, zone("mid", "safety", parent="sis"), zone("deep", parent="mid")]),
    "a safety zone on the network of the cell around it": (
        "safety-apart", "sis", [zone("cell", networks="10.1.0.0/16"), zone("sis", "safety", parent="cell", networks="10.1.0.0/16")]),
    "a safety zone next to supervision": ("safety-conduit", "way", [SAFETY, WATCH, way("sis", "watch")]),
    "a third end of a safety zone's conduit": ("safety-conduit", "way", [SAFETY, CONTROL, DMZ, way("sis", "cell", "dmz")]),
    "safety next to a DMZ, excused until yesterday": ("safety-conduit", "way", [SAFETY, DMZ, way("sis", "dmz", exception=ENDED)]),
    "office to cell": ("office-apart", "way", [OFFICE, CONTROL, way("office", "cell")]),
    "office to supervision": ("office-apart", "way", [OFFICE, WATCH, way("office", "watch")]),
    "cloud to a wireless zone on the process": (
        "office-apart", "way", [zone("c", "cloud"), zone("w", "wireless", level="1"), way("c", "w")]),
    "guest wireless of the office to a cell": (
        "office-apart", "way", [zone("w", "wireless", level="4"), CONTROL, way("w", "cell")]),
    "a visitor's laptop in the office to a cell": (
        "office-apart", "way", [zone("t", "temporary", level="5"), CONTROL, way("t", "cell")]),
    "a modem at the controller": (
        "office-apart", "way", [zone("e", "external"), zone("r", "remote-access", level="1"), way("e", "r")]),
    "office to cell, excused until yesterday": ("office-apart", "way", [OFFICE, CONTROL, way("office", "cell", exception=ENDED)]),
    "a laptop's zone inside the cell": ("temporary-apart", "t", [CONTROL, zone("t", "temporary", parent="cell")]),
    "wireless inside the cell": ("wireless-apart", "w", [CONTROL, zone("w", "wireless", parent="cell")]),
    "the cell inside wireless": ("wireless-apart", "cell", [zone("w", "wireless"), zone("cell", parent="w")]),
    "wireless two deep inside a cell": (
        "wireless-apart", "w", [CONTROL, zone("watch", level="3", parent="cell"), zone("w", "wireless", parent="watch")]),
    "remote access inside the cell": ("remote-access-apart", "r", [CONTROL, zone("r", "remote-access", parent="cell")]),
    "an asset of no zone": ("asset-zone", "plc", [CONTROL, asset("plc", "nowhere")]),
    "an asset with another zone's address": (
        "asset-zone", "plc", [CONTROL, zone("b", networks="10.1.0.0/16"), asset("plc", "cell", "10.1.2.3")]),
    "an asset with the inner zone's address": (
        "asset-zone", "plc", [zone("cell", networks="10.0.0.0/8"), zone("b", parent="cell", networks="10.1.0.0/16"), asset("plc", "cell", "10.1.2.3")]),
    "an asset outside of its zone's networks": ("asset-zone", "plc", [zone("cell", networks="10.0.0.0/8"), asset("plc", "cell", "192.0.2.1")]),
    "an asset with an address of the outside": (
        "asset-zone", "plc", [zone("cell", networks="10.0.0.0/8"), zone("e", "external"), asset("plc", "cell", "2001:db8::1")]),
    "a flow against the diode": ("one-way", "way", [CONTROL, DMZ, way("cell", "dmz", one_way="cell>dmz", flows="dmz>cell:ntp")]),
    "a flow past the diode": (
        "one-way", "way", [CONTROL, DMZ, WATCH, way("cell", "dmz", "watch", one_way="cell>dmz", flows="cell>watch:ntp")]),
    "an exception of yesterday": ("exception-expired", "way", [CONTROL, WATCH, way("cell", "watch", exception=ENDED)]),
    "a weak conduit into a strong zone": (
        "conduit-level", "way", [zone("cell", sl=3), WATCH, way("watch", "cell", sl=2, flows="watch>cell:opcua")]),
    "a weak conduit of which nobody says what it lets through": ("conduit-level", "way", [zone("cell", sl=3), WATCH, way("watch", "cell", sl=2)]),
    "a zone to which nothing leads": ("zone-alone", "bare", [zone("bare")]),
    "words for people": ("flow-service", "way", [CONTROL, WATCH, way("cell", "watch", flows="watch>cell:Process values")]),
    "a zone behind a firewall, without addresses": ("firewall-networks", "cell", [CONTROL, wall("cell")]),
}  # fmt: skip

SOUND: dict[str, list[Part]] = {
    "a safety zone inside a cell, on its own network": [
        zone("cell", networks="10.1.0.0/16"), zone("sis", "safety", parent="cell", networks="10.1.9.0/24")],
    "safety inside safety": [SAFETY, zone("s2", "safety", parent="sis")],
    "safety next to control": [SAFETY, CONTROL, way("sis", "cell")],
    "safety next to supervision, excused until tonight": [SAFETY, WATCH, way("sis", "watch", exception=HOLDS)],
    "office to DMZ": [OFFICE, DMZ, way("office", "dmz")],
    "DMZ to supervision": [WATCH, DMZ, way("watch", "dmz")],
    "office to cell, excused until tonight": [OFFICE, CONTROL, way("office", "cell", exception=HOLDS)],
    "the outside to a jump host": [zone("e", "external"), zone("r", "remote-access", level="3"), way("e", "r")],
    "wireless beside the cell": [CONTROL, zone("w", "wireless", level="1"), way("cell", "w")],
    "wireless inside the office": [OFFICE, zone("w", "wireless", parent="office")],
    "an asset with its zone's address": [zone("cell", networks="10.0.0.0/8 2001:db8::/32"), asset("plc", "cell", "2001:db8::1")],
    "an asset with the narrower of two nested networks": [
        zone("b", parent="cell", networks="10.1.0.0/16"), zone("cell", networks="10.0.0.0/8 10.1.0.0/16"), asset("plc", "b", "10.1.2.3"), asset("p2", "cell", "10.2.0.1")],
    "an asset with an address whose numbers another kind of network has": [
        zone("cell", networks="::a01:203/128"), zone("b", networks="10.0.0.0/8"), asset("plc", "b", "10.1.2.3"), asset("p6", "cell", "::a01:203")],
    "an asset by name": [zone("cell", networks="10.0.0.0/8"), asset("plc", "cell", "plc.example")],
    "an asset without address": [zone("cell", networks="10.0.0.0/8"), asset("plc", "cell")],
    "an asset of an inner zone that has only its outer zone's networks": [
        zone("cell", networks="10.0.0.0/8"), zone("b", parent="cell"), asset("plc", "b", "10.1.2.3")],
    "an asset of a zone of which nobody wrote down the addresses": [CONTROL, asset("plc", "cell", "10.1.2.3")],
    "a flow along the diode": [CONTROL, DMZ, way("cell", "dmz", one_way="cell>dmz", flows="cell>dmz:syslog")],
    "a weak conduit out of a strong zone": [zone("cell", sl=3), WATCH, way("watch", "cell", sl=2, flows="cell>watch:opcua")],
    "a conduit as strong as the zone": [zone("cell", sl=3), WATCH, way("watch", "cell", sl=3)],
    "a weak conduit, excused": [zone("cell", sl=3), WATCH, way("watch", "cell", sl=2, exception=HOLDS)],
    "a zone that is reached through the one inside": [zone("bare"), zone("bare-2", parent="bare"), WATCH, way("bare-2", "watch")],
    "words for people and a number": [CONTROL, WATCH, way("cell", "watch", flows="watch>cell:Process values, tcp/4840")],
    "any service": [CONTROL, WATCH, way("cell", "watch", flows="watch>cell:any")],
    "zones with addresses behind a firewall": [zone("cell", networks="10.0.0.0/8"), zone("e", "external"), wall("cell", "e")],
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_told_and_no_other(case: str) -> None:
    rule, about, parts = BROKEN[case]
    found = [one for one in told(*parts) if one[0] != "exception-expired" or rule == "exception-expired"]
    warnings = {"exception-expired", "conduit-level", "zone-alone", "flow-service", "firewall-networks"}
    assert {one[:2] for one in found} == {(rule, about)}
    assert len(found) == 1
    assert found[0][2] == (WARNING if rule in warnings else ERROR)


@pytest.mark.parametrize("case", SOUND)
def test_a_sound_plant_is_left_in_peace(case: str) -> None:
    assert told(*SOUND[case]) == []


def test_every_rule_has_a_plant_that_breaks_it() -> None:
    assert {rule for rule, _, _ in BROKEN.values()} == {*RULES}


def test_an_exception_holds_to_its_last_second() -> None:
    assert (HOLDS.holds("2026-11-23T23:59:59Z"), HOLDS.holds("2026-11-24T00:00:00Z")) == (True, False)


def test_errors_come_first_and_say_what_to_do_and_where() -> None:
    found = zoning_findings(plant(zone("bare"), CONTROL, zone("w", "wireless", parent="cell")), AT)
    assert [one.severity for one in found] == [ERROR, WARNING]
    assert found[0].message == "zone w (wireless) lies in zone cell (control)"
    assert found[0].hint == "Put w beside cell and join the two by a conduit."
    assert (found[0].clause, str(found[0].where)) == ("ZCR 3.5", "p.yml:3")


def test_an_exception_that_ran_out_is_named_in_the_error() -> None:
    found = zoning_findings(plant(OFFICE, CONTROL, way("office", "cell", exception=ENDED)), AT)
    assert [one.id for one in found] == ["office-apart", "exception-expired"]
    assert "its exception ran out on 2026-11-22" in found[0].message


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("OPC UA", "opcua"),
        ("Modbus TCP", "modbus"),
        ("modbsu", "modbus"),
        ("https server", "https"),
        ("Hand signal", ""),
    ],
)
def test_a_service_in_words_gets_its_nearest_name(words: str, near: str) -> None:
    hint = zoning_findings(plant(CONTROL, WATCH, way("cell", "watch", flows=f"cell>watch:{words}")), AT)[0].hint
    meant = f"Did you mean {near!r}? " if near else ""
    assert hint == f"{meant}Name it after a comma: {words}, {near or 'tcp/PORT'}."


def test_an_assets_address_stays_inside() -> None:
    found = zoning_findings(plant(zone("cell", networks="10.0.0.0/8"), asset("plc", "cell", "192.0.2.77")), AT)
    assert "192.0.2.77" not in found[0].message + found[0].hint


@pytest.mark.parametrize(
    ("level", "kind"),
    [("", "control"), ("0", "control"), ("2", "control"), ("3", "supervision"), ("3.5", "dmz"), ("4", "enterprise"), ("5", "enterprise")],
)  # fmt: skip
def test_a_zones_kind_follows_from_its_level_unless_it_says_another(level: str, kind: str) -> None:
    assert zone("z", level=level).kind == kind
    assert zone("z", "cloud", level=level).kind == "cloud"
