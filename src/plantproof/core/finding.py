# SPDX-License-Identifier: Apache-2.0
"""What a rule says about the plant's own description: of zoning, of risk. Not a verdict on evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from plantproof.errors import Location

__all__ = ["ERROR", "WARNING", "Finding"]

ERROR: Final = "error"
WARNING: Final = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing about the plant that should not be so."""

    id: str
    """The rule."""
    severity: str
    """:data:`ERROR` or :data:`WARNING`."""
    about: str
    """Id of the zone, conduit, asset, firewall or scenario."""
    message: str
    hint: str
    """What to do."""
    clause: str = ""
    """Where IEC 62443-3-2 asks for it; empty: nowhere."""
    where: Location = field(default_factory=Location)
