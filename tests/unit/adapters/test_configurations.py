# SPDX-License-Identifier: Apache-2.0
"""Configurations from the locker: the lines are the evidence's own, and what is not whole decides nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fakes.evidence import make_item
from fakes.plants import firewall, plant, zone
from plantproof.adapters.configurations import read_devices
from plantproof.core.facts import SectionState
from plantproof.core.plant import Asset, Plant
from plantproof.firewall.reach import Device, Outcome, judge
from plantproof.ports.locker import StoredItem

RULES = b"""nf_tables yes
@@ command nft list ruleset
table ip filter
@@ command iptables-save
*filter
:FORWARD DROP [0:0]
-A FORWARD -p tcp -m tcp --dport 502 -j ACCEPT
COMMIT
@@ command ip6tables-save
*filter
:FORWARD DROP [0:0]
COMMIT
"""
NFT = b"""@@ command nft -j list ruleset
{"nftables": [
{"table": {"family": "inet", "name": "t"}},
{"chain": {"family": "inet", "table": "t", "name": "f", "hook": "forward", "type": "filter", "prio": 0, "policy": "drop"}},
{"rule": {"family": "inet", "table": "t", "chain": "f", "handle": 3, "expr": [{"accept": null}]}}
]}
"""
AT = "2026-01-01T00:00:00Z"


def here(dialect: str = "iptables-save") -> Plant:
    wall = replace(firewall("fw", dialect, a="office", b="cell"), config="", asset="gate")
    found = plant(zone("office", "10.1.0.0/16"), zone("cell", "10.4.0.0/24"), wall)
    return replace(found, assets={"gate": Asset(id="gate", zone="cell")})


def read(plant: Plant, content: bytes, at: str = AT, **changes: object) -> tuple[Device, str]:
    item = make_item("cell/gate/linux.firewall.txt", content, **changes)  # type: ignore[arg-type]
    stored = {"cell/gate/linux.firewall.txt": StoredItem(item=item, commit="1" * 40)}
    devices, notes = read_devices(Path(), plant, lambda: stored, at, lambda _: None)
    return devices["fw"], notes.get("fw", "")


@pytest.mark.parametrize(("dialect", "content", "line"), [("iptables-save", RULES, 7), ("nftables-json", NFT, 5)])
def test_rules_stand_where_the_evidence_has_them(dialect: str, content: bytes, line: int) -> None:
    device, note = read(here(dialect), content)
    assert note == ""
    (passage,) = judge(here(dialect), {"fw": device}).pairs["office", "cell"].passages
    rule = device.listing.rules[passage.hops[0].rules[0]]
    assert (device.source, rule.line) == ("cell/gate/linux.firewall.txt", line)


def test_stale_evidence_is_said_and_still_read() -> None:
    device, note = read(here(), RULES, at="2099-01-01T00:00:00Z")
    assert "this evidence was good until" in note
    assert device.listing.rules


@pytest.mark.parametrize(
    ("content", "changes", "says"),
    [
        (RULES, {"state": SectionState.NOT_COLLECTED, "reason": "needs root"}, "is not whole: needs root"),
        (RULES, {"state": SectionState.TRUNCATED}, "is not whole: something was left out"),
        (RULES + b"@@ cut rules\n", {}, "is not whole"),
        (b"@@ command ufw status\ninactive\n", {}, "nothing in the dialect iptables-save"),
        (b"@@ command iptables-save\nhello\n", {}, "cell/gate/linux.firewall.txt"),
    ],
)
def test_what_is_not_whole_decides_nothing(content: bytes, changes: dict[str, object], says: str) -> None:
    device, note = read(here(), content, **changes)  # type: ignore[arg-type]  # test data
    assert says in note
    outcomes = [passage.outcome for passage in judge(here(), {"fw": device}).pairs["office", "cell"].passages]
    assert outcomes == [Outcome.DOUBTFUL]


def test_without_evidence_it_says_what_to_collect() -> None:
    devices, notes = read_devices(Path(), here(), dict, AT, lambda _: None)
    assert notes["fw"].endswith("the locker has no linux.firewall of gate")
    assert devices["fw"].listing.incomplete


def test_more_than_any_device_has_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plantproof.adapters.configurations._LARGEST", 10)
    (tmp_path / "fw.txt").write_bytes(b"*filter\n:FORWARD")
    found = plant(zone("office", "10.1.0.0/16"), firewall("fw", a="office"))
    _, notes = read_devices(tmp_path, found, dict, AT, lambda _: None)
    assert "is larger than 64 MiB" in notes["fw"]
