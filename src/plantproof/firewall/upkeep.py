# SPDX-License-Identifier: Apache-2.0
"""Rules that a rule set would be better without: never met, without effect, or open to everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plantproof.firewall.execution import Engine, Outcome, TooComplexError
from plantproof.firewall.packets import V4, V6, Box, Dim, State, join, whole
from plantproof.firewall.program import NO_RULE, Act, Instruction, Listing, Rule

__all__ = ["Defect", "Kind", "defects"]

_NARROWING: Final = frozenset({Dim.SRC, Dim.DST, Dim.IN, Dim.OUT})
_EVERYBODY: Final = (V4, V6, V4 | V6)


class Kind(StrEnum):
    """What is wrong with a rule."""

    OPEN = "any to any"
    """Lets through from every address to every address."""
    SHADOWED = "shadowed"
    """No packet gets as far as this rule, or what does is never one of its own."""
    REDUNDANT = "redundant"
    """Without it every packet would have the same fate."""
    TOO_COMPLEX = "not judged"
    """There are more cases than can be followed."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One rule, and those that make it needless."""

    kind: Kind
    rule: Rule
    because: tuple[Rule, ...] = ()


def defects(listing: Listing, tell: Callable[[int], None] = lambda _: None) -> list[Defect]:
    """Judge every rule that decides, in the order of the configuration.

    A rule that is not understood, or matches on something that packets do not tell, is never called needless, nor is
    one that repeats a policy: writing that down is good practice. All that are called needless may go together: each
    redundant one is judged as if those before were gone.

    Args:
        listing: The configuration.
        tell: Called with the index of each rule when it has been judged.
    """
    judging = _Judging(listing)
    found: list[Defect] = []
    needless: set[int] = set()
    for index in judging.rules:
        for defect in judging.first(index):
            found.append(defect)
            needless |= {index} if defect.kind is Kind.SHADOWED else set()
    for index in judging.rules:
        if index not in needless:
            for defect in judging.second(index, needless):
                found.append(defect)
                needless.add(index)
        tell(index)
    return sorted(found, key=lambda defect: defect.rule.line)


class _Judging:
    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.engine = Engine(listing.program)
        self.meant: dict[int, list[Instruction]] = {}
        for instruction in listing.program.instructions:
            if instruction.rule != NO_RULE:
                self.meant.setdefault(instruction.rule, []).append(instruction)
        self.moving = frozenset(r.dim for i in listing.program.instructions for r in i.step.rewrites)
        """Coordinates that some rule translates: a packet may have had another value when it arrived."""
        judged = [index for index in self.meant if self._is_judged(listing.rules[index])]
        self.rules = sorted(judged, key=lambda rule: (listing.rules[rule].line, rule))

    def _is_judged(self, rule: Rule) -> bool:
        return rule.understood and rule.decides and not rule.is_policy

    def _boxes(self, index: int) -> Iterator[Box]:
        """The packets that may meet a rule, as they arrive."""
        for instruction in self.meant[index]:
            arriving = {dim: ranges for dim, ranges in instruction.box.items() if dim not in self.moving}
            box = join(arriving, self.listing.program.base)
            if box is not None:
                yield box

    def first(self, index: int) -> Iterator[Defect]:
        """Whether packets come to a rule at all, and whether it is open to everybody."""
        rule, met = self.listing.rules[index], set[int]()
        try:
            outcomes = [one for box in self._boxes(index) for one in self.engine.run(box, met=met)]
        except TooComplexError:
            yield Defect(Kind.TOO_COMPLEX, rule)
            return
        if index not in met:
            because = dict.fromkeys(other for outcome in outcomes for other in self._deciding(outcome))
            yield Defect(Kind.SHADOWED, rule, self._named(because))
        elif any(map(_open, self.meant[index])) and any(self._alone(index, outcome) for outcome in outcomes):
            yield Defect(Kind.OPEN, rule)

    def second(self, index: int, gone: set[int]) -> Iterator[Defect]:
        """Whether everything would be the same without a rule, and without those that are gone already."""
        if not all(instruction.sure for instruction in self.meant[index]):
            return
        found: dict[int, None] = {}
        try:
            for box in self._boxes(index):
                for outcome in self.engine.run(box, without=gone):
                    if index not in outcome.rules and outcome.certain:
                        continue
                    others = self._instead(outcome, {*gone, index})
                    if not others:
                        return
                    found |= dict.fromkeys(others)
        except TooComplexError:
            return  # said in the first round
        if found and not any(rule.is_policy for rule in self._named(found)):
            yield Defect(Kind.REDUNDANT, self.listing.rules[index], self._named(found))

    def _instead(self, outcome: Outcome, gone: set[int]) -> list[int]:
        """The rules that do the same without those that are gone; none if something would change."""
        found: list[int] = []
        if outcome.certain and not outcome.translated:
            for other in self.engine.run(outcome.arrived, without=gone):
                if not other.certain or other.translated or other.forwarded != outcome.forwarded:
                    return []
                found += self._deciding(other)
        return found

    def _alone(self, index: int, outcome: Outcome) -> bool:
        """Whether packets of new connections leave by a rule, beside policies."""
        others = self._named([rule for rule in self._deciding(outcome) if rule != index])
        new = State.NEW in outcome.arrived.get(Dim.STATE, whole(Dim.STATE))
        return index in outcome.rules and outcome.forwarded and new and all(rule.is_policy for rule in others)

    def _deciding(self, outcome: Outcome) -> list[int]:
        met = [rule for rule in outcome.rules if self.listing.rules[rule].decides]
        return met if outcome.forwarded else met[-1:]

    def _named(self, indices: Iterable[int]) -> tuple[Rule, ...]:
        return tuple(self.listing.rules[index] for index in indices)


def _open(instruction: Instruction) -> bool:
    """Whether a match lets through and leaves both ends open, for new connections too."""
    if instruction.step.act not in {Act.FORWARD, Act.GO} or instruction.step.rewrites:
        return False
    box = instruction.box
    if any(dim in box and box[dim] not in _EVERYBODY for dim in _NARROWING):
        return False
    return State.NEW in box.get(Dim.STATE, whole(Dim.STATE))
