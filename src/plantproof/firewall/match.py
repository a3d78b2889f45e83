# SPDX-License-Identifier: Apache-2.0
"""A match as a union of parts, each sure or not: what a rule's conditions come to in every dialect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from plantproof.firewall.packets import ANY, Box, Dim, join, whole

__all__ = ["ALWAYS", "NEVER", "UNKNOWN", "Match", "Part", "both", "either", "match", "outside", "unsure"]


@dataclass(frozen=True, slots=True)
class Part:
    """Packets that match; if not ``sure``, some of them may."""

    box: Box
    sure: bool = True


Match: TypeAlias = tuple[Part, ...]

ALWAYS: Match = (Part(ANY),)
NEVER: Match = ()
UNKNOWN: Match = (Part(ANY, sure=False),)


def match(box: Box) -> Match:
    """The packets of one box, for sure; none if a coordinate has no value left."""
    return (Part(box),) if all(box.values()) else NEVER


def both(one: Match, other: Match) -> Match:
    """The packets that match one and the other."""
    parts = []
    for mine in one:
        for theirs in other:
            box = join(mine.box, theirs.box)
            if box is not None:
                parts.append(Part(box, mine.sure and theirs.sure))
    return _ordered(parts)


def either(*several: Match) -> Match:
    """The packets that match any of several."""
    return _ordered(part for one in several for part in one)


def unsure(one: Match) -> Match:
    """The same packets, none of them for sure."""
    return tuple(Part(part.box, sure=False) for part in one)


def outside(one: Match, within: Box = ANY) -> Match:
    """The packets of a box that do not match. What may match may as well not."""
    certain: list[Box] = [within]
    for part in one:
        if part.sure:
            certain = [rest for box in certain for rest in _minus(box, part.box)]
    sure = certain
    for part in one:
        if not part.sure:
            sure = [rest for box in sure for rest in _minus(box, part.box)]
    if all(part.sure for part in one):
        return tuple(Part(box) for box in certain)
    return (*(Part(box) for box in sure), *(Part(box, sure=False) for box in certain))


def _ordered(parts: Iterable[Part]) -> Match:
    """Sure parts first: a packet of both kinds then meets the sure one."""
    return tuple(sorted(parts, key=lambda part: not part.sure))


def _minus(box: Box, taken: Box) -> list[Box]:
    """What of a box is not in another: one box per coordinate that the other narrows."""
    if join(box, taken) is None:
        return [box]
    found: list[Box] = []
    left = dict(box)
    for dim, ranges in taken.items():
        have = left.get(dim) or whole(dim)
        rest = have - ranges
        if rest:
            found.append({**left, dim: rest})
        left[Dim(dim)] = have & ranges
    return found
