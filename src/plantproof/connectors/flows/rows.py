# SPDX-License-Identifier: Apache-2.0
"""One line of a table as cells. A quote that nobody closes ends with its line, so it cannot swallow the file."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Final

from plantproof.connectors.flows.reading import BadFieldError

__all__ = ["ICMP_DOTTED", "cells_of", "delimiter_of", "row_of", "tcp_flags"]

ICMP_DOTTED: Final = re.compile(r"(\d{1,3})\.(\d{1,3})")
"""Type and code of ICMP where a port would stand: ``8.0``."""
_LETTERS: Final = {"F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, "A": 0x10, "U": 0x20, "E": 0x40, "C": 0x80}
_HEX: Final = re.compile(r"0x([0-9A-Fa-f]{1,3})")


def cells_of(line: str, delimiter: str) -> Sequence[str]:
    """The cells of a line.

    Raises:
        BadFieldError: its quotes are not in order.
    """
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise BadFieldError("the quotes of the line are not in order") from None


def row_of(line: str, delimiter: str, width: int) -> Sequence[str]:
    """The cells of a line under a heading with so many columns; 0: there was no heading.

    Raises:
        BadFieldError: there was no heading, or the line has more or fewer cells than it.
    """
    if not width:
        raise BadFieldError("no heading came before it")
    cells = cells_of(line, delimiter)
    if len(cells) != width:
        raise BadFieldError(f"the line has {len(cells)} cells, the heading {width}")
    return cells


def delimiter_of(heading: str) -> str:
    """What divides the cells of a heading: comma, semicolon, tab or bar, whichever is there most."""
    return max(",;\t|", key=heading.count)


def tcp_flags(text: str) -> int | None:
    """TCP flags as letters (``.AP.SF``), as a number or as ``0x1b``; None if there are none.

    Raises:
        BadFieldError: it is neither.
    """
    word = text.strip().upper()
    found = _HEX.fullmatch(text.strip())
    if found:
        return int(found[1], 16)
    if word.isascii() and word.isdigit() and len(word) <= 3:  # noqa: PLR2004 - one byte
        return int(word) or None
    if not set(word) <= {*_LETTERS, ".", "-", " "}:
        raise BadFieldError("the TCP flags are neither letters nor a number")
    return sum(_LETTERS[letter] for letter in set(word) & _LETTERS.keys()) or None
