# SPDX-License-Identifier: Apache-2.0
"""``plantproof expiring``: whatever holds until a day, and has run out or is about to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.output import json_option, print_json, print_table, talk
from plantproof.core.deadlines import KINDS, Deadline, deadlines_of
from plantproof.core.instants import instant_text, later, parse_instant

if TYPE_CHECKING:
    from plantproof.adapters.workspace import Workspace

__all__ = ["all_deadlines", "days_left", "expiring"]

_DAY: Final = 86_400


@click.command()
@click.option(
    "--within", type=click.IntRange(0, 36_500), default=90, show_default=True, metavar="DAYS", help="Look so far ahead."
)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these; may be repeated.")
@click.option("--at", default="", metavar="INSTANT", help="Look from this moment.  [default: now]")
@json_option
@click.pass_obj
def expiring(workspace: Path, *, within: int, kinds: tuple[str, ...], at: str, as_json: bool) -> int:
    """List what people stated, allowed or promised until a day: what has run out, and what soon will.

    Attestations, compensating measures, waivers, exceptions, accepted risks, approvals, suppliers' claims, roles and
    remote access. Evidence has dates of its own, which the portal shows. Exit status 1 if something has run out.

    \b
    Example:
        plantproof expiring --within 30
        plantproof expiring --kind waiver --kind measure --json
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    instant = instant_text(parse_instant(at) if at else wiring.clock.now())
    horizon = later(instant, within * _DAY)
    asked = [one for one in all_deadlines(wiring.workspace) if not kinds or one.kind in kinds]
    shown = [one for one in asked if one.until <= horizon]
    ended = sum(one.ended(instant) for one in shown)
    if as_json:
        print_json({"at": instant, "within-days": within, "expiring": [_json(one, instant) for one in shown]})
    elif shown:
        rows = [[one.until[:10], days_left(one, instant), one.kind, one.about, one.who, one.place] for one in shown]
        print_table(["until", "days", "what", "about", "who", "where"], rows)
    rest = len(asked) - len(shown)
    talk(f"{ended} ran out, {len(shown) - ended} will within {within} days, {rest} hold longer")
    return FINDINGS if ended else OK


def all_deadlines(workspace: Workspace) -> tuple[Deadline, ...]:
    """Everything in a workspace that holds until a day, the earliest first."""
    return deadlines_of(
        workspace.plant,
        statements=workspace.statements,
        risk=workspace.risk,
        components=workspace.components,
        roles=workspace.roles,
        register=workspace.remote_access,
    )


def days_left(one: Deadline, at: str) -> int:
    """Whole days until it runs out; below zero: since it has."""
    return (parse_instant(one.until) - parse_instant(at)).days


def _json(one: Deadline, at: str) -> dict[str, object]:
    return {
        "kind": one.kind,
        "about": one.about,
        "who": one.who,
        "until": one.until,
        "days": days_left(one, at),
        "ended": one.ended(at),
        "file": one.where.file,
        "line": one.where.line,
    }
