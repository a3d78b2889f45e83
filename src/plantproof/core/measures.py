# SPDX-License-Identifier: Apache-2.0
"""Compensating measures: what is done instead of a requirement that cannot be met (IEC 62443-3-2, ZCR 5; 3-3, 4.4).

A measure counts only where it is declared, reviewed by somebody else, and has not run out. What it covers is shown as
compensated and never as satisfied.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from plantproof.errors import Location

__all__ = ["Measure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure for one requirement in one zone or conduit."""

    id: str
    control: str
    zone: str
    """Id of the zone or conduit."""
    instead: str
    """What is done instead."""
    declared_by: str
    """Role that answers for it."""
    declared: str
    """Instant as text, as all the following; texts of instants sort as time does."""
    until: str
    reviewed_by: str = ""
    """Role that looked at it; empty: nobody has."""
    reviewed: str = ""
    assets: tuple[str, ...] = ()
    """For these of its assets only; empty: for all."""
    where: Location = field(default_factory=Location)

    def covers(self, asset: str) -> bool:
        """Whether it is meant for one of the assets."""
        return not self.assets or asset in self.assets

    def why_not(self, at: str) -> str:
        """Why it does not count at an instant; empty if it does."""
        if at < self.declared:
            return f"it is declared from {self.declared[:10]} on"
        if at > self.until:
            return f"it ran out on {self.until[:10]}"
        if not self.reviewed_by or not self.reviewed or at < self.reviewed:
            return "nobody has reviewed it"
        if self.reviewed_by.casefold() == self.declared_by.casefold():
            return f"{self.declared_by} reviewed what {self.declared_by} declared"
        return ""
