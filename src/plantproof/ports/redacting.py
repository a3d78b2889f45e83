# SPDX-License-Identifier: Apache-2.0
"""Looking for secrets in what is about to be stored."""

from __future__ import annotations

from typing import Protocol

__all__ = ["SecretScan"]


class SecretScan(Protocol):
    """The last net: finds what a redactor missed."""

    def __call__(self, path: str, text: str) -> tuple[int, ...]:
        """1-based lines that look like a secret; empty if none."""
        ...
