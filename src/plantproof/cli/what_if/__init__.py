# SPDX-License-Identifier: Apache-2.0
"""``plantproof what-if``: the same evidence, judged for the plant as it is and as it might be."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.output import json_option, print_json
from plantproof.cli.what_if.judging import compared
from plantproof.cli.what_if.supposing import Suppositions, read_suppositions
from plantproof.cli.what_if.telling import changes_json, print_changes
from plantproof.core.whatif import is_worse

__all__ = ["what_if"]


@click.command("what-if")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Set a key of a zone, conduit or firewall.")
@click.option("--move", "moves", multiple=True, metavar="ASSET=ZONE", help="Put an asset into another zone.")
@click.option(
    "--control",
    "controls",
    multiple=True,
    metavar="ZONE:CONTROL=VERDICT",
    help="Take a verdict as given: satisfied, not-satisfied, no-evidence ...",
)
@click.option("--attest", "attests", multiple=True, metavar="ZONE:CONTROL", help="Suppose that somebody attests to it.")
@click.option("--waive", "waives", multiple=True, metavar="ZONE:CONTROL", help="Suppose that it is let go for a time.")
@click.option(
    "--without",
    "withouts",
    multiple=True,
    metavar="ZONE:CONTROL",
    help="Leave its attestations, measures and waivers out.",
)
@click.option(
    "--with",
    "overlays",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A changed file, or a folder whose files take the place of the workspace's.",
)
@click.option("--against", default="", metavar="REVISION", help="Compare with the files of this git revision.")
@click.option("--at", default="", metavar="INSTANT", help="Judge as of this moment.  [default: now]")
@json_option
@click.pass_obj
def what_if(
    workspace: Path,
    *,
    sets: tuple[str, ...],
    moves: tuple[str, ...],
    controls: tuple[str, ...],
    attests: tuple[str, ...],
    waives: tuple[str, ...],
    withouts: tuple[str, ...],
    overlays: tuple[Path, ...],
    against: str,
    at: str,
    as_json: bool,
) -> int:
    """Show what a change of the plant would change, before anybody touches it.

    Judges the evidence in the locker twice at the same instant, with and without the change, and tells the
    difference: levels, verdicts, blockers, findings of zoning, the road map. Writes nothing. Options may be
    repeated and put together. Exit status 1 if a zone would be further from its target, an error of zoning would
    appear, or a firewall would open too much.

    \b
    Example:
        plantproof what-if --set zone.cell-1.sl-t.RA=3 --move plc-3=cell-2
        plantproof what-if --control cell-1:sr-1.1=satisfied
        plantproof what-if --without cell-1:sr-1.1
        plantproof what-if --against main
    """  # noqa: D301 - click reads \b
    given = Suppositions(
        sets=sets,
        overlays=overlays,
        against=against,
        values=read_suppositions(moves=moves, controls=controls, attests=attests, waives=waives, withouts=withouts),
    )
    changes = compared(workspace, given, at)
    if as_json:
        print_json(changes_json(changes))
    else:
        print_changes(changes)
    return FINDINGS if is_worse(changes) else OK
