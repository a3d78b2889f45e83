# SPDX-License-Identifier: Apache-2.0
"""Sightings against assets, and lists against the plant: each rule broken and kept."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from fakes.inventories import ALLOWED, asset, host, plant, saw, zone
from plantproof.core.finding import ERROR, WARNING
from plantproof.core.inventory import (
    BRING_RULES,
    CHECK_RULES,
    Candidate,
    Comparison,
    OwnAddress,
    Sighting,
    address_of,
    bring,
    compare,
    host_text,
    is_private,
    joined,
    of_traffic,
    parse_address,
)
from plantproof.core.observed.traffic import Traffic
from plantproof.core.plant import Firewall, Plant
from plantproof.errors import Location

CELL = zone("cell", "10.1.1.0/24")
OFFICE = zone("office", "10.9.0.0/16", "enterprise")
WORLD = zone("world", kind="external", any_address=True)
PLC = asset("plc", "cell", "10.1.1.5")


def checked(where: Plant, *sightings: Sighting, own: tuple[OwnAddress, ...] = ()) -> Comparison:
    return compare(where, joined(sightings), own)


def told(found: Comparison) -> list[tuple[str, str, str]]:
    return [(one.finding.id, one.finding.severity, one.finding.about) for one in found.findings]


def own(ident: str, address: str, line: int = 4) -> OwnAddress:
    where = Location(file=f"cell/{ident}/linux.listeners.txt", line=line)
    return OwnAddress(asset=ident, address=ip_address(address), collected="2026-11-01T00:00:00Z", where=where)


def test_what_is_listed_is_no_finding() -> None:
    found = checked(plant(CELL, PLC), saw("10.1.1.5"), saw("10.1.1.5", line=9))
    assert (told(found), found.seen, found.listed, found.left_alone) == ([], 1, 1, 0)


@pytest.mark.parametrize(
    ("address", "world", "expected"),
    [
        ("10.2.0.9", False, [("in-no-zone", ERROR, "10.2.0.9")]),
        ("10.2.0.9", True, [("in-no-zone", ERROR, "10.2.0.9")]),
        ("100.64.3.1", True, [("in-no-zone", ERROR, "100.64.3.1")]),
        ("fd00::9", True, [("in-no-zone", ERROR, "fd00::9")]),
        ("203.0.113.4", False, [("in-no-zone", ERROR, "203.0.113.4")]),
        ("203.0.113.4", True, []),
        ("2001:db8::1", True, []),
    ],
)
def test_an_address_that_no_zone_names(address: str, world: bool, expected: list[tuple[str, str, str]]) -> None:
    found = checked(plant(*((CELL, WORLD, PLC) if world else (CELL, PLC))), saw(address))
    assert told(found) == expected
    assert found.left_alone == (not expected)


def test_a_finding_says_how_often_when_and_which_line_first() -> None:
    found = checked(
        plant(CELL, PLC),
        saw("10.1.1.9", line=8, at="2026-11-05T00:00:00Z", times=3),
        saw("10.1.1.9", line=3, at="2026-11-02T00:00:00Z"),
    )
    (one,) = found.findings
    assert one.finding.message == (
        "10.1.1.9 was seen 4 times, from 2026-11-02T00:00:00Z to 2026-11-05T00:00:00Z: it is in zone cell, and no asset "
        "has it"
    )
    assert str(one.finding.where) == "f.csv:3"
    assert one.sighting is not None
    assert (one.sighting.times, one.sighting.last) == (4, "2026-11-05T00:00:00Z")


def test_what_only_others_spoke_to_is_a_warning() -> None:
    assert told(checked(plant(CELL), saw("10.1.1.9", spoke=False))) == [("unlisted", WARNING, "10.1.1.9")]
    assert told(checked(plant(CELL), saw("10.2.1.9", spoke=False))) == [("in-no-zone", WARNING, "10.2.1.9")]
    both = checked(plant(CELL), saw("10.1.1.9", spoke=False), saw("10.1.1.9"))
    assert told(both) == [("unlisted", ERROR, "10.1.1.9")]


def test_hosts_that_other_people_list_are_asked_for_only_where_some_are_listed() -> None:
    found = checked(plant(CELL, OFFICE), saw("10.9.1.1"))
    assert (told(found), found.left_alone) == ([], 1)
    found = checked(plant(CELL, OFFICE, asset("pc", "office", "10.9.1.2")), saw("10.9.1.1"))
    assert told(found) == [("unlisted", WARNING, "10.9.1.1")]


@pytest.mark.parametrize(
    "address", ["224.0.0.251", "255.255.255.255", "127.0.0.1", "169.254.3.4", "0.0.0.0", "fe80::1", "ff02::1", "::1", "::"]
)  # fmt: skip
def test_what_is_no_host_is_not_seen(address: str) -> None:
    found = checked(plant(CELL), saw(address))
    assert (told(found), found.seen) == ([], 0)


def test_a_networks_edge_is_a_host_only_if_it_spoke() -> None:
    assert told(checked(plant(CELL), saw("10.1.1.255", spoke=False), saw("10.1.1.0", spoke=False))) == []
    assert told(checked(plant(CELL), saw("10.1.1.255"))) == [("unlisted", ERROR, "10.1.1.255")]
    small = plant(zone("cell", "10.1.1.0/31"))
    assert told(checked(small, saw("10.1.1.1", spoke=False))) == [("unlisted", WARNING, "10.1.1.1")]


def test_an_address_that_an_assets_own_evidence_has_is_listed() -> None:
    found = checked(plant(CELL, PLC), saw("10.1.1.6"), own=(own("plc", "10.1.1.6"),))
    assert (told(found), found.listed) == ([], 1)
    # Evidence of what the plant has no more explains nothing.
    assert told(checked(plant(CELL, PLC), saw("10.1.1.6"), own=(own("old", "10.1.1.6"),))) != []


def test_an_asset_with_a_foot_in_another_zone() -> None:
    other = zone("other", "10.3.0.0/24")
    found = checked(plant(CELL, other, PLC), own=(own("plc", "10.3.0.7"), own("plc", "10.3.0.7", line=9)))
    assert told(found) == [("elsewhere", ERROR, "plc")]
    assert str(found.findings[0].finding.where) == "cell/plc/linux.listeners.txt:4"
    wall = Firewall(id="fw", title="fw", dialect="none", config="", interfaces=(), asset="plc")
    assert told(checked(plant(CELL, other, PLC, wall), own=(own("plc", "10.3.0.7"),))) == []
    inner = zone("inner", "10.1.1.128/25", parent="cell")
    assert told(checked(plant(CELL, inner, PLC), own=(own("plc", "10.1.1.200"),))) == []
    # A container's bridge is in nobody's network and joins nothing.
    assert told(checked(plant(CELL, other, PLC), own=(own("plc", "172.17.0.1"), own("plc", "127.0.0.1")))) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("address-twice", ERROR, "plc")]),
        ({"simulated": True}, []),
        ({"variables": {"ansible_port": 2222}}, [("address-twice", WARNING, "plc")]),
    ],
)
def test_two_assets_with_one_address(more: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert told(checked(plant(CELL, PLC, asset("twin", "cell", "10.1.1.5", **more)))) == expected
    loop = plant(CELL, asset("a", "cell", "127.0.0.1"), asset("b", "cell", "127.0.0.1"))
    assert told(checked(loop)) == []


def test_unseen_is_only_what_a_log_of_its_zone_could_have_seen() -> None:
    there = plant(CELL, OFFICE, PLC, asset("quiet", "cell", "10.1.1.6"), asset("pc", "office", "10.9.0.1"))
    assert checked(there, saw("10.1.1.5")).unseen == ("quiet",)
    assert checked(there).unseen == ()
    assert checked(there, saw("10.1.1.5"), own=(own("quiet", "10.1.1.77"),)).unseen == ()


def test_findings_come_by_rule_and_address_whatever_their_order() -> None:
    seen = [saw(text) for text in ("10.1.1.30", "10.1.1.4", "10.2.0.1", "fd00::1")]
    found = checked(plant(CELL), *seen)
    assert [about for _, _, about in told(found)] == ["10.2.0.1", "fd00::1", "10.1.1.4", "10.1.1.30"]
    assert checked(plant(CELL), *reversed(seen)) == found
    assert {rule for rule, _, _ in told(found)} <= CHECK_RULES.keys()


def traffic(src: str, dst: str, **more: Any) -> Traffic:
    return Traffic(
        src=ip_address(src), dst=ip_address(dst), protocol=6, low=502, high=502, source="f.csv", line=5, **more
    )  # fmt: skip


def test_both_ends_are_seen_but_not_who_was_tried_in_vain() -> None:
    found = of_traffic(
        [
            traffic("10.0.0.1", "10.0.0.2", first=0, last=60, answered=1, records=2),
            traffic("10.0.0.1", "10.0.0.3", unanswered=1),
            traffic("10.0.0.1", "10.0.0.4"),
        ]
    )
    seen = {str(address): (one.spoke, one.times) for address, one in found.items()}
    assert seen == {"10.0.0.1": (True, 4), "10.0.0.2": (True, 2), "10.0.0.4": (False, 1)}
    first = found[ip_address("10.0.0.1")]
    assert (first.first, first.last) == ("1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z")
    assert first.where == Location(file="f.csv", line=5)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("10.0.0.1/24", "10.0.0.1"),
        (" 2001:DB8::1 ", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("plc-1.example.org", "plc-1.example.org"),
        ("10.0.0.300", ""),
        ("10.0.0", ""),
        ("a b", ""),
        ("x" * 254, ""),
        ("1" * 5000, ""),
        ("{{x}}", ""),
        ("", ""),
    ],
)
def test_addresses_in_plain_form(text: str, plain: str) -> None:
    assert host_text(text) == plain


def test_an_assets_address_is_told_only_if_it_is_one() -> None:
    assert address_of(asset("plc", "cell", "10.1.1.5")) == "10.1.1.5"
    assert address_of(asset("10.1.1.5", "cell")) == "10.1.1.5"
    assert address_of(asset("plc", "cell")) == ""
    assert address_of(asset("plc", "cell", "{{ secret }} hunter2")) == ""
    assert parse_address("nothing") is None
    assert not is_private(ip_address("172.32.0.1"))


def brought(*candidates: Candidate, where: Plant | None = None, existing: dict[str, str] | None = None) -> Any:
    return bring(candidates, where or plant(CELL, WORLD, PLC), existing or {"plc": "10.1.1.5"}, ALLOWED)


def rules(found: Any) -> list[tuple[str, str, int]]:
    assert {one.id for one in found.findings} <= BRING_RULES.keys()
    return [(one.id, one.severity, one.where.line) for one in found.findings]


def test_the_zone_is_the_named_one_else_the_one_that_has_the_address() -> None:
    found = brought(host("a", "10.1.1.7/24"), host("b", "b.example.org", "cell", 3), host("c", "", "THE CELL", 4))
    assert [(one.name, one.address, one.zone) for one in found.hosts] == [
        ("a", "10.1.1.7", "cell"),
        ("b", "b.example.org", "cell"),
        ("c", "", "cell"),
    ]
    assert rules(found) == []


def test_what_has_no_zone_is_a_finding_and_kept_apart() -> None:
    found = brought(host("a", "10.2.0.1"), host("b", "203.0.113.1", line=3), host("c", line=4), host("d", "", "cel", 5))
    assert found.hosts == ()
    assert [one.name for one in found.unplaced] == ["a", "b", "c", "d"]
    assert rules(found) == [("no-zone", ERROR, 2), ("no-zone", ERROR, 3), ("no-zone", ERROR, 4), ("unknown-zone", ERROR, 5)]  # fmt: skip
    assert found.findings[3].hint == "Did you mean cell?"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Filler 2", "Filler-2"),
        ("Füller/2", "Fuller-2"),
        ("plc:22", "plc-22"),
        ("plc-[1:9]", "plc-1-9"),
        ("Straße", "Strasse"),
        ("-x-", "x"),
        ("", "10.1.1.7"),
    ],
)
def test_a_name_is_made_fit_to_be_written(name: str, written: str) -> None:
    found = brought(host(name, "10.1.1.7"))
    assert [one.name for one in found.hosts] == [written]
    assert rules(found) == ([("renamed", WARNING, 2)] if name else [])
    assert found.hosts[0].title == name


@pytest.mark.parametrize("name", ["a\nb: c", "x{{ lookup('pipe','id') }}", "{% x %}", "a\x1b[2J", "all", "Localhost", "日本", "a" * 501, "a" * 129, "a\u202eb"])  # fmt: skip
def test_a_name_that_is_an_attack_is_left_out_and_not_repeated(name: str) -> None:
    found = brought(host(name, "10.1.1.7"), host("good", "10.1.1.8", line=3))
    assert [one.name for one in found.hosts] == ["good"]
    assert rules(found) == [("bad-name", ERROR, 2)]
    assert [one.name for one in found.left_out] == [name]
    assert all(one.message.isprintable() for one in found.findings)


@pytest.mark.parametrize("address", ["10.1.1.300", "127.0.0.1", "224.0.0.1", "0.0.0.0", "{{x}}", "fe80::1", "a\x1bb"])
def test_a_bad_address_leaves_the_host_out(address: str) -> None:
    found = brought(host("a", address, "cell"))
    assert (found.hosts, rules(found)) == ((), [("bad-address", ERROR, 2)])
    assert found.findings[0].message.isprintable()


def test_what_stands_twice_is_taken_once() -> None:
    found = brought(
        host("a", "10.1.1.7"), host("A", "10.1.1.8", line=3), host("b", "10.1.1.7", line=4), host("a", "10.1.1.7", line=5),
        host("n", "n.example.org", "cell", 6), host("m", "n.example.org", "cell", 7),
    )  # fmt: skip
    assert [one.name for one in found.hosts] == ["a", "m", "n"]
    assert rules(found) == [("twice", ERROR, 3), ("twice", ERROR, 4), ("twice", ERROR, 5)]
    assert "in line 2" in found.findings[0].message
    assert len(found.left_out) == 3


def test_what_is_there_is_not_added_and_differences_are_told() -> None:
    found = brought(host("PLC", "10.1.1.5"), host("other-name", "10.1.1.99", line=3), existing={"plc": "10.1.1.5", "gone": "10.1.1.99"})  # fmt: skip
    assert [one.name for one in found.there] == ["plc", "gone"]
    assert (found.hosts, rules(found)) == ((), [])
    assert rules(brought(host("plc", "10.1.1.6"))) == [("differs", WARNING, 2)]
    assert rules(brought(host("plc", "10.1.1.5", "world"))) == [("differs", WARNING, 2)]


def test_what_only_needs_a_word() -> None:
    found = brought(
        host("a", "10.1.1.7, 10.1.1.8"),
        host("b", "10.1.1.9", "world", 3),
        host("c", "10.1.1.10", line=4, title="x {{ y }}"),
        host("d", "10.1.1.11", line=5, note="planned"),
        host("e", "10.1.1.12", line=6, collectors=("linux_host", "opcua", "nmap", "cli_device"), platform="windows"),
        host("f", "10.1.1.13", line=7, collectors=("cli_device",), platform="Cisco-IOS"),
    )
    assert rules(found) == [
        ("more-addresses", WARNING, 2),
        ("other-zone", WARNING, 3),
        ("not-taken", WARNING, 4),
        ("not-there", WARNING, 5),
        ("not-taken", WARNING, 6),
        ("not-taken", WARNING, 6),
        ("not-taken", WARNING, 6),
    ]
    hosts = {one.name: one for one in found.hosts}
    assert hosts["c"].title == ""
    assert (hosts["e"].collectors, hosts["e"].platform) == (("linux_host",), "")
    assert (hosts["f"].collectors, hosts["f"].platform) == (("cli_device",), "cisco_ios")
    assert [one.name for one in found.left_out] == ["d"]


def test_probing_is_taken_where_the_zone_allows_it() -> None:
    probed = plant(zone("cell", "10.1.1.0/24", probing=frozenset({"opcua"})))
    found = brought(host("a", "10.1.1.7", collectors=("opcua",)), where=probed)
    assert (found.hosts[0].collectors, rules(found)) == (("opcua",), [])
