# SPDX-License-Identifier: Apache-2.0
"""What rules of zoning share: which zones a conduit joins, and whether its exception excuses it."""

from __future__ import annotations

from plantproof.core.plant import Conduit, Plant, Zone

__all__ = ["excused", "joined"]


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
