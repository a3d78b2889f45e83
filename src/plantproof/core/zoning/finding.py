# SPDX-License-Identifier: Apache-2.0
"""What a rule of zoning says about the plant, and whether a conduit's exception excuses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from plantproof.core.plant import Conduit, Plant, Zone
from plantproof.errors import Location

__all__ = ["ERROR", "WARNING", "ZoningFinding", "excused", "joined"]

ERROR: Final = "error"
WARNING: Final = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoningFinding:
    """One thing about the plant that should not be so."""

    id: str
    """The rule: a key of :data:`RULES`."""
    severity: str
    """:data:`ERROR` or :data:`WARNING`."""
    about: str
    """Id of the zone, conduit, asset or firewall."""
    message: str
    hint: str
    """What to do."""
    clause: str = ""
    """Where IEC 62443-3-2 asks for it; empty: nowhere."""
    where: Location = field(default_factory=Location)


def joined(plant: Plant, conduit: Conduit) -> list[Zone]:
    """The zones that the conduit joins."""
    return [plant.zones[zone] for zone in conduit.zones if zone in plant.zones]


def excused(conduit: Conduit, at: str) -> tuple[bool, str]:
    """Whether an exception holds; if one ran out, words that say so."""
    if conduit.exception is None:
        return False, ""
    if conduit.exception.holds(at):
        return True, ""
    return False, f"; its exception ran out on {conduit.exception.until[:10]}"
