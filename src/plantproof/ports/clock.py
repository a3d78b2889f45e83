# SPDX-License-Identifier: Apache-2.0
"""The time, from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

__all__ = ["Clock"]


class Clock(Protocol):
    """Tells the time; the only way a stage learns it."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...

    def local(self) -> datetime:
        """The present moment in the plant's local time, for maintenance windows."""
        ...
