# SPDX-License-Identifier: Apache-2.0
"""Between two rows lines run sideways in lanes, so that none lies on another and each has room for its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Run", "lanes"]

_APART: Final = 10
_NEAR: Final = 5
_ON_TOP: Final = 20
_WORDS: Final = 2
_MOST_COMPARED: Final = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One line in the gap beneath a row."""

    line: str
    above: tuple[int, ...]
    """Where it comes from or goes to the row above."""
    below: tuple[int, ...]
    """The same of the row beneath."""
    words: tuple[int, int] | None = None
    """From where to where its words stand."""

    @property
    def reach(self) -> tuple[int, int]:
        """From where to where it takes room in its lane."""
        spots = (*self.above, *self.below, *(self.words or ()))
        return min(spots), max(spots)

    @property
    def sideways(self) -> tuple[int, int]:
        """From where to where there is a line."""
        spots = (*self.above, *self.below)
        return min(spots), max(spots)


def lanes(runs: Sequence[Run]) -> tuple[dict[str, int], int]:
    """Per line its lane, counted from the top, and how many there are; the order is one in which few lines cross."""
    order = sorted(runs, key=lambda one: (one.reach, one.line))
    if len(order) <= _MOST_COMPARED:
        for _ in range(len(order)):
            swapped = False
            for n in range(len(order) - 1):
                one, other = order[n], order[n + 1]
                if _cost(other, one) < _cost(one, other):
                    order[n], order[n + 1] = other, one
                    swapped = True
            if not swapped:
                break
    found: dict[str, int] = {}
    placed: list[tuple[tuple[int, int], int]] = []
    for run in order:
        reach = run.reach
        lane = max((lane for other, lane in placed if _meet(other, reach)), default=-1) + 1
        found[run.line] = lane
        placed.append((reach, lane))
    return found, max(found.values(), default=-1) + 1


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] + _APART and other[0] < one[1] + _APART


def _cost(upper: Run, lower: Run) -> int:
    """What crosses if one run is above the other: the uprights that pass the other's lane."""
    left, right = upper.sideways
    cost = sum(left < x < right for x in lower.above)
    left, right = lower.sideways
    cost += sum(left < x < right for x in upper.below)
    cost += _WORDS * sum(upper.words[0] < x < upper.words[1] for x in lower.above if upper.words)
    cost += _WORDS * sum(lower.words[0] < x < lower.words[1] for x in upper.below if lower.words)
    # Uprights at the same place would lie on one another.
    return cost + _ON_TOP * sum(abs(x1 - x2) < _NEAR for x1 in upper.below for x2 in lower.above)
