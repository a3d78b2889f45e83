# SPDX-License-Identifier: Apache-2.0
"""What was last seen of a locker, in a file outside git: whoever rewrites the history cannot rewrite this with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from plantproof.adapters.files import write_atomically
from plantproof.core.canonical import readable_json

__all__ = ["Seen", "read_receipt", "write_receipt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A tip that was found sound, or written by us."""

    tip: str = ""
    """Empty if nothing was seen yet."""
    manifest: str = ""
    """SHA-256 of its manifest."""


def read_receipt(path: Path) -> Seen:
    """Read the receipt; one that is missing or not readable says nothing."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Seen()
    if not isinstance(value, dict):
        return Seen()
    return Seen(tip=str(value.get("tip", "")), manifest=str(value.get("manifest", "")))


def write_receipt(path: Path, seen: Seen) -> None:
    """Remember.

    Raises:
        SetupError: the file cannot be written.
    """
    write_atomically(path, readable_json({"tip": seen.tip, "manifest": seen.manifest}))
