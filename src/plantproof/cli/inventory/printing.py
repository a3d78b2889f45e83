# SPDX-License-Identifier: Apache-2.0
"""Findings of inventories may be many: a screenful unless all are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click

from plantproof.cli.findings import print_findings
from plantproof.core.finding import Finding

__all__ = ["all_option", "print_some"]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_SHOWN: Final = 25


def all_option(command: _Command) -> _Command:
    """Add ``--all`` to a command that prints findings."""
    text = f"All findings.  [default: the first {_SHOWN}]"
    return click.option("--all", "everything", is_flag=True, help=text)(command)


def print_some(found: Sequence[Finding], *, everything: bool) -> None:
    """Findings for people; how many more there are."""
    shown = found if everything else found[:_SHOWN]
    print_findings(shown)
    if len(shown) < len(found):
        click.echo(f"... and {len(found) - len(shown)} more; --all shows them, --json too")
