# SPDX-License-Identifier: Apache-2.0
"""Maintenance windows: when a zone may be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from plantproof.errors import ContentError, Location

__all__ = ["Window"]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = re.compile(r"(?:(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+)?(?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days of the week and a span of local time; a span that ends before it starts runs past midnight."""

    days: frozenset[int]
    """0 is Monday."""
    start: time
    end: time
    text: str
    """As written, for messages."""

    @classmethod
    def parse(cls, text: str, where: Location | None = None) -> Window:
        """Read ``mon-fri 08:00-16:00``, ``sat 22:00-04:00`` or ``08:00-16:00``.

        Raises:
            ContentError: any other form.
        """
        match = _FORM.fullmatch(text.strip().lower())
        hint = "Write it as 'mon-fri 08:00-16:00' or '22:00-04:00', in the plant's local time."
        problem = ContentError(f"{text!r} is not a maintenance window", code="content.plant", hint=hint, where=where)
        if match is None:
            raise problem
        try:
            days = _days(match["first"], match["last"])
            start, end = time.fromisoformat(match["start"]), time.fromisoformat(match["end"])
        except ValueError:
            raise problem from None
        return cls(days=days, start=start, end=end, text=text.strip())

    def holds(self, local: datetime) -> bool:
        """Whether the instant, in the plant's local time, lies in the window; the start counts, the end does not."""
        now = local.time().replace(tzinfo=None)
        if self.start < self.end:
            return local.weekday() in self.days and self.start <= now < self.end
        if now >= self.start:
            return local.weekday() in self.days
        return now < self.end and (local - timedelta(days=1)).weekday() in self.days


def _days(first: str | None, last: str | None) -> frozenset[int]:
    if first is None:
        return frozenset(range(7))
    begin = _DAYS.index(first)
    span = (_DAYS.index(last or first) - begin) % 7
    return frozenset((begin + step) % 7 for step in range(span + 1))
