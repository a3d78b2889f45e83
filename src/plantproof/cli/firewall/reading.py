# SPDX-License-Identifier: Apache-2.0
"""What ``firewall show`` and ``firewall query`` share: the two arguments, and reading the file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from plantproof.errors import ContentError, Location, PlantproofError
from plantproof.firewall.dialects import DIALECTS, read_listing
from plantproof.firewall.program import Listing, Rule

__all__ = ["listing_arguments", "read_file", "rule_json"]

_LARGEST: Final = 64 * 1024 * 1024
_Command = TypeVar("_Command", bound=Callable[..., Any])


def listing_arguments(command: _Command) -> _Command:
    """Add DIALECT and FILE."""
    path = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
    with_file: _Command = click.argument("file", type=path)(command)
    return click.argument("dialect", type=click.Choice(list(DIALECTS)))(with_file)


def read_file(dialect: str, file: Path) -> Listing:
    """Read a configuration from a file, or from standard input for ``-``.

    Raises:
        ContentError: it is too large, no text, or not what the dialect writes; with file and line.
    """
    name = "(standard input)" if str(file) == "-" else str(file)
    data = sys.stdin.buffer.read(_LARGEST + 1) if str(file) == "-" else _bytes(file)
    if len(data) > _LARGEST:
        hint = "No device that we know of has so much; is it a configuration?"
        raise ContentError(
            f"{name} is larger than 64 MiB", code="content.firewall", hint=hint, where=Location(file=name)
        )
    try:
        return read_listing(dialect, data.decode("utf-8-sig", "replace"))
    except PlantproofError as error:
        where = Location(file=name, line=error.where.line if error.where else None)
        raise type(error)(error.message, code=error.code, hint=error.hint, where=where, also=error.also) from None


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_LARGEST + 1)


def rule_json(rule: Rule) -> dict[str, object]:
    """A rule for programs."""
    found: dict[str, object] = {"line": rule.line, "text": rule.text, "action": rule.action}
    if rule.place:
        found["place"] = rule.place
    if not rule.understood:
        found["why"] = rule.why
    return found
