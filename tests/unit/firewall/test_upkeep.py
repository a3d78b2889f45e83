# SPDX-License-Identifier: Apache-2.0
"""Needless rules: by hand, and against trying every packet of a small world with and without each rule."""

from __future__ import annotations

import random
from itertools import product
from typing import NamedTuple

import pytest

from plantproof.firewall.dialects import read_listing
from plantproof.firewall.upkeep import Kind, defects


def found(*rules: str, policy: str = "DROP", nat: tuple[str, ...] = ()) -> list[tuple[str, int, tuple[int, ...]]]:
    lines = ["*nat", ":PREROUTING ACCEPT [0:0]", *nat, "COMMIT"] if nat else []
    lines += ["*filter", f":FORWARD {policy} [0:0]", *(f"-A FORWARD {rule}" for rule in rules), "COMMIT", ""]
    listing = read_listing("iptables-save", "\n".join(lines))
    first = len(lines) - len(rules) - 2
    return [
        (str(defect.kind), defect.rule.line - first, tuple(one.line - first for one in defect.because))
        for defect in defects(listing)
    ]


def test_a_rule_behind_wider_ones_is_shadowed_by_them() -> None:
    halves = ("-s 10.0.0.0/25 -j ACCEPT", "-s 10.0.0.128/25 -j DROP")
    assert found(*halves, "-s 10.0.0.64/26 -p tcp -j DROP") == [("shadowed", 3, (1,))]
    assert found(*halves, "-s 10.0.0.0/24 -p tcp -j DROP") == [("shadowed", 3, (1, 2))]
    assert found(*halves, "-s 10.0.0.0/24 -j DROP") == [("shadowed", 3, (1, 2))]  # 2 alone would do: 3 goes first
    assert found(*halves, "-s 10.0.0.0/23 -j DROP") == [("redundant", 2, (3,))]
    assert found(*halves, "-s 10.0.0.0/23 -j LOG") == []


def test_a_rule_that_changes_nothing_is_redundant_but_not_if_it_writes_the_policy_down() -> None:
    assert found("-s 10.0.0.0/25 -j ACCEPT", "-s 10.0.0.0/24 -j ACCEPT") == [("redundant", 1, (2,))]
    assert found("-s 10.0.0.0/24 -j ACCEPT", "-j DROP") == []


def test_open_to_everybody() -> None:
    assert found("-j ACCEPT") == [("any to any", 1, ())]
    assert found("-p tcp -m tcp --dport 502 -j ACCEPT") == [("any to any", 1, ())]
    assert found("-d 10.0.0.0/8 -j ACCEPT") == []
    assert found("-i lan -j ACCEPT") == []
    assert found("-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT") == []
    assert found("-j DROP", policy="ACCEPT") == []


def test_what_a_packet_does_not_tell_is_never_called_needless() -> None:
    limit = "-s 10.0.0.0/24 -m limit --limit 5/min -j ACCEPT"
    assert found(limit, "-s 10.0.0.0/24 -j ACCEPT") == []
    assert found(limit, "-s 10.0.0.0/24 -j DROP", policy="ACCEPT") == []
    assert found("-s 10.0.0.0/24 -j ACCEPT", limit) == []


def test_translated_packets_meet_the_rules_that_name_the_inner_address() -> None:
    nat = ("-A PREROUTING -d 192.0.2.1/32 -j DNAT --to-destination 10.0.0.5",)
    assert found("-s 10.9.0.0/16 -d 10.0.0.5/32 -j ACCEPT", nat=nat) == []


def test_more_cases_than_can_be_followed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plantproof.firewall.execution._STEPS", 0)
    assert {kind for kind, _, _ in found("-s 10.0.0.0/24 -j ACCEPT", "-s 10.0.1.0/24 -j DROP")} == {"not judged"}


class Small(NamedTuple):
    """A rule in a world of eight sources, eight targets and four ports."""

    source: tuple[int, int]
    target: tuple[int, int]
    ports: tuple[int, int]
    accepts: bool

    def takes(self, packet: tuple[int, int, int]) -> bool:
        return all(low <= value <= high for (low, high), value in zip(self[:3], packet, strict=True))

    def text(self) -> str:
        spans = [f"10.0.0.{low}-10.0.0.{high}" for low, high in self[:2]]
        ends = f"-m iprange --src-range {spans[0]} --dst-range {spans[1]}"
        action = "ACCEPT" if self.accepts else "DROP"
        return f"-p tcp {ends} -m tcp --dport {self.ports[0]}:{self.ports[1]} -j {action}"


def small_rules(pick: random.Random) -> list[Small]:
    def span(last: int) -> tuple[int, int]:
        low, high = sorted((pick.randint(0, last), pick.randint(0, last)))
        return low, high

    return [Small(span(7), span(7), span(3), pick.random() < 0.6) for _ in range(pick.randint(2, 7))]


@pytest.mark.parametrize("seed", range(80))
def test_trying_every_packet_agrees(seed: int) -> None:
    pick = random.Random(seed)
    rules, policy = small_rules(pick), pick.random() < 0.5
    world = list(product(range(8), range(8), range(4)))

    def first(packet: tuple[int, int, int], among: list[int] | None = None) -> int:
        numbers = range(len(rules)) if among is None else among
        return next((number for number in numbers if rules[number].takes(packet)), -1)

    kept = list(range(len(rules)))
    expected = set()
    for number in range(len(rules)):
        if not any(first(packet) == number for packet in world):
            expected.add(("shadowed", number + 1))
            kept.remove(number)
    for number in list(kept):
        mine = [packet for packet in world if first(packet, kept) == number]
        instead = [first(packet, [one for one in kept if one != number]) for packet in mine]
        if -1 not in instead and all(rules[other].accepts == rules[number].accepts for other in instead):
            expected.add(("redundant", number + 1))
            kept.remove(number)
    told = found(*(rule.text() for rule in rules), policy="ACCEPT" if policy else "DROP")
    assert {(kind, line) for kind, line, _ in told if kind != Kind.OPEN} == expected

    def fate(number: int) -> bool:
        return policy if number < 0 else rules[number].accepts

    assert all(fate(first(packet, kept)) == fate(first(packet)) for packet in world)
