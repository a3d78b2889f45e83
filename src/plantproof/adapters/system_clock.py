# SPDX-License-Identifier: Apache-2.0
"""The machine's clock: the one place where time comes in."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plantproof.errors import ContentError

__all__ = ["SystemClock"]


class SystemClock:
    """Implements :class:`plantproof.ports.clock.Clock`."""

    def __init__(self, timezone: str = "UTC") -> None:
        """Take the plant's time zone by its IANA name.

        Raises:
            ContentError: the time zone is unknown on this machine.
        """
        try:
            self._zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError):
            hint = "Write an IANA name such as Europe/Paris; on a bare system install the package tzdata."
            raise ContentError(f"the time zone {timezone!r} is unknown", code="content.plant", hint=hint) from None

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)

    def local(self) -> datetime:
        """The present moment in the plant's time."""
        return datetime.now(self._zone)
