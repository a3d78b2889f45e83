# SPDX-License-Identifier: Apache-2.0
"""Differences for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import click

from plantproof.cli.output import print_table, visible
from plantproof.core.whatif import Change, is_worse

__all__ = ["changes_json", "print_changes"]

_MOST: Final = 40


def changes_json(changes: Sequence[Change]) -> dict[str, object]:
    """For programs: by view and key what was and what would be; null where there is nothing."""
    views = {
        view: {change.key: {"before": change.before, "after": change.after} for change in members}
        for view, members in groupby(changes, key=lambda change: change.view)
    }
    return {"changes": views, "worse": is_worse(changes)}


def print_changes(changes: Sequence[Change]) -> None:
    """For people: a table for each view that differs, then what it comes to."""
    for view, members in groupby(changes, key=lambda change: change.view):
        rows = [[visible(one.key), _shown(one.before), _shown(one.after)] for one in members]
        print_table([view, "as it is", "what if"], rows[:_MOST])
        if len(rows) > _MOST:
            click.echo(f"and {len(rows) - _MOST} more: --json has all of them")
        click.echo()
    click.echo(_verdict(changes))


def _shown(value: int | str | None) -> str:
    return "-" if value is None else visible(str(value))


def _verdict(changes: Sequence[Change]) -> str:
    if not changes:
        return "nothing would be different"
    if is_worse(changes):
        return (
            "a zone would be further from its target, an error of zoning would appear, "
            "or a firewall would open too much"
        )
    if any(one.view == "target" and _lower(one) for one in changes):
        return "a target would be lower; that proves nothing more"
    closer = sum(one.view == "gap" for one in changes)
    if closer:
        return f"{closer} gap{'' if closer == 1 else 's'} would be smaller"
    return "no zone would be further from its target, and none nearer"


def _lower(change: Change) -> bool:
    before, after = change.before, change.after
    return isinstance(before, int) and isinstance(after, int) and after < before
