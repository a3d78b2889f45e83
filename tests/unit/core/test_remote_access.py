# SPDX-License-Identifier: Apache-2.0
"""The register of remote access: what each rule finds, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.plants import conduit, plant, zone
from plantproof.core.levels import SLVector
from plantproof.core.plant import Asset, Plant
from plantproof.core.remote_access import ACCESS_RULES, RemoteAccess, access_findings, ways_in

AT = "2026-11-23T06:37:00Z"
WORLD = replace(zone("world", "0.0.0.0/0"), kind="external", purdue="")
LAN = replace(zone("lan", "10.0.0.0/16"), kind="enterprise", purdue="4")
VPN = replace(zone("vpn", "10.1.0.0/24"), kind="remote-access", purdue="3.5")
CELL = replace(zone("cell", "10.2.0.0/24"), kind="control", purdue="1", sl_t=SLVector.uniform(2))
OUTER, INNER = conduit("outer", "world > vpn: ipsec"), conduit("inner", "vpn > cell: rdp")
OTHERS = (
    conduit("mail", "world > lan: smtp"),
    conduit("out", "cell > world: https"),
    conduit("work", "lan > cell: rdp"),
)
ENTRY = RemoteAccess(
    id="maker",
    party="Maker",
    purpose="Faults.",
    conduits=("outer", "inner"),
    owner="Production",
    approved_by="Security officer",
    granted="2026-01-01T00:00:00Z",
    until="2026-12-31T23:59:59Z",
    shown_by=("server",),
)


def here(*zones: object, collectors: tuple[str, ...] = ("linux_host",)) -> Plant:
    found = plant(WORLD, LAN, VPN, CELL, OUTER, INNER, *OTHERS, *zones)  # type: ignore[arg-type]  # zones and conduits
    return replace(found, assets={"server": Asset(id="server", zone="vpn", collectors=collectors)})


def found(*register: RemoteAccess, where: Plant | None = None, at: str = AT) -> list[tuple[str, str, str]]:
    return [(one.id, one.severity, one.about) for one in access_findings(where or here(), register, at)]


def test_ways_in_lead_from_outside_or_a_zone_of_remote_access_into_the_plant() -> None:
    assert list(ways_in(here())) == ["outer", "inner"]


def test_an_entry_that_holds_is_in_order() -> None:
    assert found(ENTRY) == []
    assert ENTRY.why_not(AT) == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"granted": "2027-01-01T00:00:00Z"}, "it is granted from 2027-01-01 on"),
        ({"until": "2026-02-01T00:00:00Z"}, "it ran out on 2026-02-01"),
        ({"approved_by": "PRODUCTION"}, "Production approved what Production answers for"),
    ],
)
def test_why_an_entry_does_not_hold_is_said(changes: dict[str, str], why: str) -> None:
    assert replace(ENTRY, **changes).why_not(AT) == why  # type: ignore[arg-type]  # all of these are texts


def test_an_access_that_ran_out_is_an_error_while_its_way_is_open_to_nobody_else() -> None:
    old = replace(ENTRY, id="old", until="2026-06-30T23:59:59Z")
    assert found(old) == [("access-ended", "error", "old")]
    (one,) = access_findings(here(), (old,), AT)
    assert one.message == "the access of Maker ran out on 2026-06-30, and outer, inner still lets it in"
    assert found(old, ENTRY) == [("access-ended", "warning", "old")]
    assert found(old, replace(ENTRY, approved_by="Production"))[0] == ("access-ended", "error", "old")


def test_a_way_in_of_which_nobody_says_whose_it_is() -> None:
    assert found() == [("access-unregistered", "warning", "outer"), ("access-unregistered", "warning", "inner")]
    assert found(replace(ENTRY, conduits=("outer",))) == [("access-unregistered", "warning", "inner")]


@pytest.mark.parametrize("conduits", [("mail", "inner"), ("work",), ("outer", "work")])
def test_conduits_that_are_no_way_in(conduits: tuple[str, ...]) -> None:
    told = found(replace(ENTRY, conduits=conduits))
    assert ("access-way", "warning", "maker") in told


def test_two_factors_are_asked_for_where_the_zone_asks() -> None:
    strict = plant(WORLD, LAN, VPN, replace(CELL, sl_t=SLVector.uniform(3)), OUTER, INNER)
    where = replace(strict, assets=here().assets)
    assert found(ENTRY, where=where) == [("access-factors", "warning", "maker")]
    assert found(replace(ENTRY, multi_factor=True), where=where) == []
    assert found(replace(ENTRY, multi_factor=False), where=where) == [("access-factors", "warning", "maker")]


def test_sessions_that_nothing_shows() -> None:
    assert found(ENTRY, where=here(collectors=())) == [("access-unseen", "warning", "maker")]
    assert found(replace(ENTRY, shown_by=())) == [("access-unseen", "warning", "maker")]


def test_errors_come_first_and_every_rule_is_told_of() -> None:
    entries = (
        replace(ENTRY, id="same", approved_by="production", shown_by=()),
        replace(ENTRY, id="old", conduits=("outer",), until="2026-06-30T00:00:00Z"),
    )
    told = found(*entries)
    severities = [severity for _, severity, _ in told]
    assert severities == sorted(severities)
    assert {name for name, _, _ in told} <= set(ACCESS_RULES)


def test_a_zone_of_which_nobody_says_the_level_is_the_plants() -> None:
    bare = plant(WORLD, replace(CELL, purdue=""), conduit("rdp", "world > cell: rdp"))
    assert found(where=bare) == [("access-unregistered", "warning", "rdp")]


def test_an_entry_that_is_not_granted_yet_registers_nobody() -> None:
    future = replace(ENTRY, granted="2027-01-01T00:00:00Z", until="2027-12-31T00:00:00Z")
    assert found(future) == [("access-unregistered", "warning", "outer"), ("access-unregistered", "warning", "inner")]
    assert found(future, at="2027-06-01T00:00:00Z") == []
