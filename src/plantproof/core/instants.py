# SPDX-License-Identifier: Apache-2.0
"""Instants as text: UTC, whole seconds, ``Z``; so they sort as text and survive every OSCAL tool."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from plantproof.errors import UsageError

__all__ = ["add_seconds", "instant_text", "later", "outside", "parse_instant", "seconds_text"]

_LAST: Final = "9999-12-31T23:59:59Z"


def instant_text(moment: datetime) -> str:
    """Write an aware moment as ``2026-11-23T06:37:00Z``."""
    return moment.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """Read RFC 3339 or a date alone (midnight UTC).

    Raises:
        UsageError: anything else.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        hint = "Write it as 2026-11-23 or 2026-11-23T06:37:00Z."
        raise UsageError(f"{text!r} is not an instant", code="usage.bad-argument", hint=hint) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def add_seconds(text: str, seconds: int) -> str:
    """The instant so many seconds later."""
    return instant_text(parse_instant(text) + timedelta(seconds=seconds))


def later(text: str, seconds: int) -> str:
    """The instant so many seconds later, or the last one that can be written, if that is earlier."""
    try:
        return add_seconds(text, seconds)
    except OverflowError:
        return _LAST


def outside(at: str, begins: str, ends: str, *, begun: str) -> str:
    """Why something does not hold at an instant, by its two ends; empty if it lies between them.

    Args:
        at: The instant, as text; so are both ends, which count as within.
        begins: From when on it holds.
        ends: Until when.
        begun: What was done when it began: ``granted``, ``declared``.
    """
    if at < begins:
        return f"it is {begun} from {begins[:10]} on"
    return f"it ran out on {ends[:10]}" if at > ends else ""


def seconds_text(seconds: int) -> str:
    """The instant so many seconds after 1970 began, UTC."""
    return instant_text(datetime.fromtimestamp(seconds, UTC))
