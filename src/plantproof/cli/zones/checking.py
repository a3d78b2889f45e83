# SPDX-License-Identifier: Apache-2.0
"""``plantproof zones check``: defects of the files end in an error; how the plant is cut is judged by rules."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.findings import counted, finding_json, print_findings, status_of
from plantproof.cli.output import json_option, print_json, talk
from plantproof.cli.zones.listing import summary
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.zoning import zoning_findings

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
        print_json({**summary(plant), "findings": [finding_json(one) for one in found]})
    else:
        print_findings(found)
    size = f"{len(plant.zones)} zones, {len(plant.conduits)} conduits, {len(plant.assets)} assets"
    talk(f"{size}: {counted(found)}")
    return status_of(found)
