# SPDX-License-Identifier: Apache-2.0
"""Which of many ranges touch a given one: looked up instead of tried one by one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from plantproof.firewall.ranges import Ranges

__all__ = ["Overlap", "bits"]

_BLOCK: Final = 64
"""Unions are kept for every so many ranges; the rest is added up when asked: memory against time."""


class Overlap:
    """Ranges by number; a set of several counts with all that lies between its ends, so an answer may hold too much."""

    def __init__(self, several: Sequence[Ranges | None]) -> None:
        """Index the ranges; None touches everything."""
        self._everywhere = sum(1 << index for index, ranges in enumerate(several) if ranges is None)
        placed = [(ranges.spans[0][0], ranges.spans[-1][1], index) for index, ranges in enumerate(several) if ranges]
        self._begins = _Line([(first, index) for first, _, index in placed])
        self._ends = _Line([(last, index) for _, last, index in placed])

    def touching(self, ranges: Ranges) -> int:
        """Those that may have a value in common with the given ones, as bits."""
        if not ranges:
            return 0
        first, last = ranges.spans[0][0], ranges.spans[-1][1]
        return self._everywhere | (self._begins.upto(last) & ~self._ends.below(first))


class _Line:
    """Numbered points on a line, and the union of those up to a value as bits."""

    def __init__(self, points: list[tuple[int, int]]) -> None:
        points.sort()
        self._values = [value for value, _ in points]
        self._bits = [1 << index for _, index in points]
        self._unions = [0]
        for start in range(0, len(self._bits), _BLOCK):
            union = self._unions[-1]
            for bit in self._bits[start : start + _BLOCK]:
                union |= bit
            self._unions.append(union)

    def upto(self, value: int) -> int:
        return self._first(bisect_right(self._values, value))

    def below(self, value: int) -> int:
        return self._first(bisect_left(self._values, value))

    def _first(self, count: int) -> int:
        union = self._unions[count // _BLOCK]
        for bit in self._bits[count // _BLOCK * _BLOCK : count]:
            union |= bit
        return union


def bits(mask: int) -> list[int]:
    """The numbers of the bits that are set, in order."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
