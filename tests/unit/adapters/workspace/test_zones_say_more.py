# SPDX-License-Identifier: Apache-2.0
"""Kinds, nesting, sites and networks of zones; diodes, exceptions and channels of conduits; firewalls."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from plantproof.adapters.documents import parse_document
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.firewalls import read_firewalls
from plantproof.adapters.workspace.zones import read_zones
from plantproof.core.plant import DIALECTS, Conduit, Firewall, OneWay, Plant, Zone

GOOD = """\
zones:
  - id: works
    sl-t: 1
    purdue: 3
    site: north
    networks: [10.1.0.0/16, "2001:db8::/32"]
  - id: cell
    sl-t: 2
    parent: works
    networks: [10.1.2.0/24]
  - id: sis
    kind: safety
    sl-t: 3
    parent: cell
  - id: world
    kind: external
    sl-t: 0
    networks: any
conduits:
  - id: out
    zones: [cell, world]
    sl-t: 1
    one-way: {from: cell, to: world}
    trust-boundary: true
    exception: {reason: old modem, approved-by: Chief, until: 2027-01-31}
    channels:
      - {id: modem, medium: serial}
      - {id: air, title: Mobile network, medium: wireless}
    flows:
      - {from: cell, to: world, service: "Readings, mqtt-tls, tcp/9000", write: false}
firewalls:
  - id: fw
    asset: edge
    dialect: cisco-ios
    config: firewalls/fw.txt
    interfaces:
      - {name: e0, zone: world}
      - {name: e1, zones: [cell, sis]}
"""


def read(*texts: str) -> tuple[Mapping[str, Zone], Mapping[str, Conduit], Mapping[str, Firewall], Defects]:
    defects = Defects()
    documents = [parse_document(text, name=f"plant/{n}.yml", is_yaml=True) for n, text in enumerate(texts)]
    zones, conduits = read_zones(documents, defects)
    walls = read_firewalls(documents, zones=zones, dialects=DIALECTS, assets={"edge", "plc"}, defects=defects)
    return zones, conduits, walls, defects


def test_everything_becomes_values() -> None:
    zones, conduits, walls, defects = read(GOOD)
    assert not defects.found
    assert [zone.kind for zone in zones.values()] == ["supervision", "control", "safety", "external"]
    assert [zone.site for zone in zones.values()] == ["north", "north", "north", ""]
    assert [str(network) for network in zones["works"].networks] == ["10.1.0.0/16", "2001:db8::/32"]
    assert [zone.any_address for zone in zones.values()] == [False, False, False, True]
    out = conduits["out"]
    assert (out.one_way, out.trust_boundary) == (OneWay(source="cell", target="world"), True)
    assert out.exception
    assert (out.exception.approved_by, out.exception.until) == ("Chief", "2027-01-31T23:59:59Z")
    assert [(one.title, one.medium) for one in out.channels] == [("modem", "serial"), ("Mobile network", "wireless")]
    flow = out.flows[0]
    assert (flow.service, flow.write) == ("Readings, mqtt-tls, tcp/9000", False)
    assert [service.name for service in flow.services] == ["mqtt-tls", "tcp/9000"]
    assert flow.declared.line == 30
    wall = walls["fw"]
    assert (wall.title, wall.asset, wall.config) == ("fw", "edge", "firewalls/fw.txt")
    assert [(one.name, one.zones) for one in wall.interfaces] == [("e0", ("world",)), ("e1", ("cell", "sis"))]


def test_zones_know_what_is_around_and_inside_of_them() -> None:
    zones, conduits, walls, _ = read(GOOD)
    plant = Plant(name="p", owner="o", zones=zones, conduits=conduits, assets={}, firewalls=walls)
    assert [zone.id for zone in plant.ancestors_of("sis")] == ["cell", "works"]
    assert [zone.id for zone in plant.children_of("works")] == ["cell"]
    assert [conduit.id for conduit in plant.conduits_of("cell")] == ["out"]


def test_what_an_old_file_does_not_say_has_its_plain_meaning() -> None:
    text = "zones:\n  - {id: a, sl-t: 1}\n  - {id: b, sl-t: 1}\nconduits:\n  - {id: c, zones: [a, b], sl-t: 1}\n"
    zones, conduits, walls, defects = read(text)
    assert not defects.found
    zone, conduit = zones["a"], conduits["c"]
    assert (zone.kind, zone.parent, zone.site, zone.networks, zone.any_address) == ("control", "", "", (), False)
    assert (conduit.one_way, conduit.trust_boundary, conduit.exception, conduit.channels) == (None, False, None, ())
    assert walls == {}


@pytest.mark.parametrize(
    ("old", "new", "message", "hint", "line"),
    [
        ("kind: safety", "kind: safty", "zone sis: 'safty' is not a kind", "Did you mean 'safety'?", 12),
        ("parent: works", "parent: worcs", "zone cell: lies in zone worcs, which no file declares", "Did you mean 'works'?", 9),
        ("parent: works", "parent: cell", "zone cell: lies in itself: cell in cell", "Take parent: away from one of them.", 9),
        ("parent: works", "parent: sis", "zone cell: lies in itself: cell in sis in cell", "Take parent: away from one of them.", 9),
        ("[10.1.2.0/24]", "[10.1.2.1/24]", "zone cell: 10.1.2.1/24 is an address in a network, not a network", "Did you mean '10.1.2.0/24'?", 10),
        ("[10.1.2.0/24]", "[10.1.2.0]", "zone cell: '10.1.2.0' is not a network", "Write 192.0.2.0/24 or 2001:db8:1::/64; a single address is 192.0.2.10/32.", 10),
        ("[10.1.2.0/24]", "[any]", "zone cell: 'any' is not a network", "Write networks: any, without brackets.", 10),
        ("[10.1.2.0/24]", '["1:::/8"]', "zone cell: '1:::/8' is not a network", "Write 192.0.2.0/24 or 2001:db8:1::/64; a single address is 192.0.2.10/32.", 10),
        ("[10.1.2.0/24]", "any", "zone cell: networks: any is for zones outside of the plant, and this one is of kind control", "Write kind: external or cloud, or the zone's own networks.", 10),
        ("one-way: {from: cell", "one-way: {from: cel", "conduit out: one-way names zone cel, which this conduit does not join", "Did you mean 'cell'?", 23),
        ("one-way: {from: cell, to: world}", "one-way: true", "conduit out: one-way must say which way", "Write one-way: {from: one, to: other}.", 23),
        ("one-way: {from: cell, to: world}", "one-way: {from: cell, to: cell}", "conduit out: one-way begins and ends in cell", "", 23),
        ("trust-boundary: true", "trust-boundary: maybe", "conduit out: trust-boundary must be true or false, not 'maybe'", "", 24),
        ("until: 2027-01-31", "until: soon", "conduit out, exception: until 'soon' is not a date", "Write it as 2026-11-23 or 2026-11-23T06:37:00Z.", 25),
        (", until: 2027-01-31", "", "conduit out, exception has no until", "A departure from a rule holds for a time: write a date as 2026-11-23.", 25),
        ("medium: serial", "medium: seriel", "conduit out, channel modem: 'seriel' is not a medium", "Did you mean 'serial'?", 27),
        ("id: air", "id: modem", "conduit out, channel modem: modem is declared twice in this conduit", "Give one another id.", 28),
        ("write: false", "write: 1", "conduit out, flow number 1: write must be true or false, not 1", "", 30),
        ("asset: edge", "asset: egde", "firewall fw: asset egde is not in the inventory", "Did you mean 'edge'?", 33),
        ("cisco-ios", "cisco_ios", "firewall fw: 'cisco_ios' is not a dialect", "Did you mean 'cisco-ios'?", 34),
        ("config: firewalls/", "config: ../", "firewall fw: config '../fw.txt' leads out of the workspace", "Write a path inside of the workspace, relative to plantproof.yml: firewalls/fw-1.txt.", 35),
        ("zone: world}", "zone: word}", "firewall fw, interface e0: names zone word, which no file declares", "Did you mean 'world'?", 37),
        ("zone: world}", "zone: world, zones: [cell]}", "firewall fw, interface e0: has both zone and zones", "Keep one of them.", 37),
        ("name: e1", "name: e0", "firewall fw, interface e0: e0 is declared twice in this firewall", "Join the two.", 38),
        ("cisco-ios\n    config: firewalls/fw.txt\n", "fortios\n", "firewall fw has no config", "Write its path, such as firewalls/fw-1.txt.", 32),
    ],
)  # fmt: skip
def test_a_defect_is_named_with_its_line_and_a_way_out(old: str, new: str, message: str, hint: str, line: int) -> None:
    assert old in GOOD
    first = read(GOOD.replace(old, new, 1))[-1].found[0]
    assert first.where
    assert (first.message, first.hint, first.where.line) == (message, hint, line)


def test_a_circle_ends_although_others_hang_on_it() -> None:
    text = "zones:\n  - {id: c, sl-t: 1, parent: a}\n  - {id: a, sl-t: 1, parent: b}\n  - {id: b, sl-t: 1, parent: a}\n"
    assert [error.message for error in read(text)[-1].found] == ["zone a: lies in itself: a in b in a"]


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("[10.0.0.0/8]", "[10.2.0.0/16]", "10.2.0.0/16 (in 10.0.0.0/8)"),
        ("[10.2.0.0/16]", "[192.0.2.0/24, 10.0.0.0/8]", "10.2.0.0/16 (in 10.0.0.0/8)"),
        ("[10.2.0.0/16]", "[10.2.0.0/16]", "10.2.0.0/16"),
        ('["2001:db8::/32"]', '["2001:db8:1::/48"]', "2001:db8:1::/48 (in 2001:db8::/32)"),
        ("[10.2.0.0/16, 10.3.0.0/16]", "[10.0.0.0/8]", "10.2.0.0/16 (in 10.0.0.0/8)"),
        ('[10.0.0.0/8, "::a00:1/128"]', "[10.2.0.0/16]", "10.2.0.0/16 (in 10.0.0.0/8)"),
        ("[8.0.0.0/5]", "[10.0.0.0/8]", "10.0.0.0/8 (in 8.0.0.0/5)"),
    ],
)
def test_zones_that_share_addresses_are_told_with_both_places(one: str, other: str, shared: str) -> None:
    first = f"zones:\n  - id: a\n    sl-t: 1\n    networks: {one}\n"
    later = f"zones:\n  - {{id: x, sl-t: 1, networks: [172.16.0.0/12]}}\n  - {{id: b, sl-t: 1, networks: {other}}}\n"
    said = [str(error) for error in read(first, later)[-1].found]
    assert said == [f"plant/1.yml:3 at /zones/1/networks: zone b: shares {shared} with zone a (plant/0.yml:4)"]


def test_an_inner_zone_may_be_declared_before_the_one_around_it() -> None:
    inner = "zones:\n  - {id: b, sl-t: 1, parent: m, networks: [10.2.0.0/16]}\n  - {id: m, sl-t: 1, parent: a}\n"
    assert not read(inner, "zones:\n  - {id: a, sl-t: 1, networks: [10.0.0.0/8]}\n")[-1].found


def test_networks_side_by_side_and_of_two_kinds_share_nothing() -> None:
    zones = "zones:\n  - {id: a, sl-t: 1, networks: [10.0.0.0/9, '::/0', 10.0.0.0/9]}\n  - {id: b, sl-t: 1, networks: [10.128.0.0/9, 0.0.0.0/8]}\n"
    found = read(zones)
    assert not found[-1].found
    assert len(found[0]["a"].networks) == 2


def test_only_one_zone_can_have_the_rest_of_the_world() -> None:
    more = "zones:\n  - {id: vendor, kind: cloud, sl-t: 0, networks: any}\n"
    found = read(GOOD, more)[-1].found
    assert [error.message for error in found] == [
        "zone vendor: shares every address that no other zone has with zone world (plant/0.yml:18)"
    ]


def test_a_firewall_declared_twice_names_both_places() -> None:
    more = "firewalls:\n  - {id: fw, dialect: moxa-edr, config: f.txt, interfaces: [{name: a, zone: cell}]}\n"
    found = read(GOOD, more)[-1].found
    assert [str(error) for error in found] == [
        "plant/1.yml:2 at /firewalls/0: firewall fw is declared twice: here and in plant/0.yml:32"
    ]
