# SPDX-License-Identifier: Apache-2.0
"""Which parser reads which kind. Each platform's package names its own; nothing is discovered at run time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import Facts
from plantproof.errors import UsageError
from plantproof.parsers import devices, linux, ot

__all__ = ["PARSERS", "Parser", "parse"]

Parser = Callable[[str], Facts]
"""From an item's stored text to its facts; total: no text makes it raise or hang."""

PARSERS: Final[Mapping[str, Parser]] = MappingProxyType({**linux.PARSERS, **devices.PARSERS, **ot.PARSERS})


def parse(kind: str, text: str) -> Facts:
    """Read one item's text.

    Raises:
        UsageError: ``usage.unknown-name`` if no parser reads this kind.
    """
    parser = PARSERS.get(kind)
    if parser is None:
        known = ", ".join(sorted(PARSERS))
        raise UsageError(f"no parser reads {kind!r}", code="usage.unknown-name", hint=f"Kinds with a parser: {known}.")
    return parser(text)
