# SPDX-License-Identifier: Apache-2.0
"""Text without its secrets, as a value, and what stands in a secret's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Fingerprint", "Redacted"]

Fingerprint = Callable[[str], str]
"""From a secret to its replacement's keyed fingerprint (12 hex digits): the same secret, the same digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """Text without its secrets, line for line as before."""

    text: str
    count: int
    redactor: str
    """``name/version``."""
