# SPDX-License-Identifier: Apache-2.0
"""Sets of whole numbers as sorted, disjoint ranges: the alphabet of addresses, ports and flags."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

__all__ = ["Ranges"]


@dataclass(frozen=True, slots=True)
class Ranges:
    """A set of whole numbers; ``spans`` holds (first, last), both included, sorted, disjoint and not adjacent."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> Ranges:
        """The union of any spans, in any order; a span whose end lies before its beginning is empty."""
        joined: list[tuple[int, int]] = []
        for first, last in sorted(span for span in spans if span[0] <= span[1]):
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        return cls(tuple(joined))

    @classmethod
    def only(cls, *values: int) -> Ranges:
        """The set of single values."""
        return cls.of((value, value) for value in values)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __and__(self, other: Ranges) -> Ranges:
        for whole, part in ((self, other), (other, self)):  # most are: one network within another, or the same
            if len(whole.spans) == 1 and part.spans:
                ((low, high),) = whole.spans
                if low <= part.spans[0][0] and part.spans[-1][1] <= high:
                    return part
        found: list[tuple[int, int]] = []
        mine, theirs = iter(self.spans), iter(other.spans)
        a, b = next(mine, None), next(theirs, None)
        while a and b:
            first, last = max(a[0], b[0]), min(a[1], b[1])
            if first <= last:
                found.append((first, last))
            if a[1] < b[1]:
                a = next(mine, None)
            else:
                b = next(theirs, None)
        return Ranges(tuple(found))

    def meets(self, other: Ranges) -> bool:
        """Whether there is a common value; faster than the intersection where one has many spans."""
        few, many = sorted((self.spans, other.spans), key=len)
        for first, last in few:
            at = bisect_right(many, (last, inf))
            if at and many[at - 1][1] >= first:
                return True
        return False

    def __or__(self, other: Ranges) -> Ranges:
        return Ranges.of((*self.spans, *other.spans))

    def __sub__(self, other: Ranges) -> Ranges:
        if not self.spans:
            return self
        return self & other.outside(self.spans[0][0], self.spans[-1][1])

    def outside(self, first: int, last: int) -> Ranges:
        """What of ``first`` .. ``last`` is not in the set."""
        found = []
        at = first
        for low, high in self.spans:
            if low > last:
                break
            if low > at:
                found.append((at, low - 1))
            at = max(at, high + 1)
        if at <= last:
            found.append((at, last))
        return Ranges(tuple(found))

    def __contains__(self, value: int) -> bool:
        return any(first <= value <= last for first, last in self.spans)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self.spans)

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return sum(last - first + 1 for first, last in self.spans)
