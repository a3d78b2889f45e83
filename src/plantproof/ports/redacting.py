# SPDX-License-Identifier: Apache-2.0
"""Taking secrets out of text before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Fingerprint", "Redacted", "SecretScan"]

Fingerprint = Callable[[str], str]
"""From a secret to its replacement's keyed fingerprint (12 hex digits): the same secret, the same digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """Text without its secrets, line for line as before."""

    text: str
    count: int
    redactor: str
    """``name/version``."""


class SecretScan(Protocol):
    """The last net: finds what a redactor missed."""

    def __call__(self, path: str, text: str) -> tuple[int, ...]:
        """1-based lines that look like a secret; empty if none."""
        ...
