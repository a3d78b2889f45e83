# SPDX-License-Identifier: Apache-2.0
"""Ask a listing: of a set of packets, are all forwarded, some, or none; which rules decide, and what leaves it open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from plantproof.firewall.execution import Engine, Outcome, TooComplexError
from plantproof.firewall.packets import V4, V6, Box, Dim, join
from plantproof.firewall.program import Listing, Rule

__all__ = ["Answer", "Verdict", "ask"]


class Verdict(Enum):
    """How many of the packets are forwarded."""

    ALL = "all"
    SOME = "some"
    NONE = "none"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, the rules that decide some of the packets, and those that leave something open."""

    verdict: Verdict
    rules: tuple[Rule, ...]
    doubts: tuple[Rule, ...]
    """Not understood, or dependent on what a packet does not tell; empty if the verdict is all or none."""


def ask(listing: Listing, packets: Box, engine: Engine | None = None) -> Answer:
    """What becomes of the packets in a box; who asks often gives the listing's engine.

    All and none hold for every packet without exception. Some: at least one is forwarded for certain and one is not.
    Whatever a doubtful rule, a listing that is not whole or a family that it does not describe leaves open is
    inconclusive.
    """
    described = join(packets, listing.program.base)
    if described is None:
        why = Rule(
            line=0, text="", action="", understood=False, why="the listing does not describe this address family"
        )
        return Answer(Verdict.INCONCLUSIVE, (), (why, *listing.incomplete))
    try:
        engine = engine or Engine(listing.program)
        outcomes = [outcome for box in _families(described) for outcome in engine.run(box)]
    except TooComplexError:
        why = Rule(line=0, text="", action="", understood=False, why="too many cases, or rules that call each other")
        return Answer(Verdict.INCONCLUSIVE, (), (why, *listing.incomplete))
    verdict = _verdict(outcomes)
    if listing.incomplete:
        verdict = Verdict.INCONCLUSIVE
    rules = _named(listing, {rule for outcome in outcomes for rule in _deciding(listing, outcome)})
    doubts: tuple[Rule, ...] = ()
    if verdict in {Verdict.SOME, Verdict.INCONCLUSIVE}:
        doubts = _named(listing, {rule for outcome in outcomes for rule in outcome.doubts})
    return Answer(verdict, rules, (*listing.incomplete, *doubts))


def _families(box: Box) -> Iterator[Box]:
    """The box per address family: no packet goes from one to the other."""
    for family in (V4, V6):
        part = join(box, {Dim.SRC: family, Dim.DST: family})
        if part is not None:
            yield part


def _verdict(outcomes: list[Outcome]) -> Verdict:
    kinds = {(outcome.forwarded, outcome.certain) for outcome in outcomes}
    ways = {forwarded for forwarded, _ in kinds}
    if ways == {True}:
        return Verdict.ALL
    if ways == {False}:
        return Verdict.NONE
    return Verdict.SOME if {(True, True), (False, True)} <= kinds else Verdict.INCONCLUSIVE


def _deciding(listing: Listing, outcome: Outcome) -> tuple[int, ...]:
    """A drop is decided by the last rule met; a packet that leaves was let go by each that accepted it."""
    met = [rule for rule in outcome.rules if listing.rules[rule].decides]
    return tuple(met if outcome.forwarded else met[-1:])


def _named(listing: Listing, indices: set[int]) -> tuple[Rule, ...]:
    return tuple(listing.rules[index] for index in sorted(indices, key=lambda i: (listing.rules[i].line, i)))
