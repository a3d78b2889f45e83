# SPDX-License-Identifier: Apache-2.0
"""``plantproof zones check``: defects of the files end in an error; how the plant is cut is judged by rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.output import json_option, print_json, talk
from plantproof.cli.zones.listing import summary
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.plant import Plant
from plantproof.core.zoning import ERROR, WARNING, ZoningFinding, zoning_findings

__all__ = ["check"]


@click.command()
@click.option("--at", default="", metavar="INSTANT", help="Exceptions count if they hold then.  [default: now]")
@json_option
@click.pass_obj
def check(workspace: Path, at: str, as_json: bool) -> int:
    """Check the plant's description, and by rules how it is cut into zones: file, line and what to do.

    Exit status 3 if the files contradict themselves, 1 if a rule finds an error, 0 with warnings or none.

    \b
    Example:
        plantproof -C waterworks zones check
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    plant = wiring.workspace.plant
    found = zoning_findings(plant, instant_text(parse_instant(at) if at else wiring.clock.now()))
    if as_json:
        print_json({**summary(plant), "findings": [_json(finding) for finding in found]})
    else:
        for finding in found:
            _print(finding)
    talk(_verdict(plant, found))
    return FINDINGS if any(finding.severity == ERROR for finding in found) else OK


def _json(finding: ZoningFinding) -> dict[str, object]:
    return {
        "id": finding.id,
        "severity": finding.severity,
        "about": finding.about,
        "message": finding.message,
        "hint": finding.hint,
        "clause": finding.clause,
        "file": finding.where.file,
        "line": finding.where.line,
    }


def _print(finding: ZoningFinding) -> None:
    line = "" if finding.where.line is None else f":{finding.where.line}"
    place = f"{finding.where.file}{line}: " if finding.where.file else ""
    click.echo(place, nl=False)
    click.secho(f"{finding.severity}: ", fg="red" if finding.severity == ERROR else "yellow", bold=True, nl=False)
    clause = f", {finding.clause}" if finding.clause else ""
    click.echo(f"{finding.message}  [{finding.id}{clause}]")
    click.echo(f"  {finding.hint}")


def _verdict(plant: Plant, found: tuple[ZoningFinding, ...]) -> str:
    counts = Counter(finding.severity for finding in found)
    told = [f"{counts[one]} {one}{'' if counts[one] == 1 else 's'}" for one in (ERROR, WARNING) if counts[one]]
    size = f"{len(plant.zones)} zones, {len(plant.conduits)} conduits, {len(plant.assets)} assets"
    return f"{size}: {' and '.join(told) or 'all in order'}"
