# SPDX-License-Identifier: Apache-2.0
"""Names of interfaces: devices do not tell capital from small letters."""

from __future__ import annotations

from collections.abc import Iterable

from plantproof.firewall.packets import interface
from plantproof.firewall.ranges import Ranges

__all__ = ["anycase"]


def anycase(names: Iterable[str]) -> Ranges:
    """Interfaces by name, as written, in capital and in small letters."""
    return Ranges.of(
        span for name in names for form in {name, name.upper(), name.casefold()} for span in interface(form)
    )
