# SPDX-License-Identifier: Apache-2.0
"""``plantproof draw``: the plant as a picture, levels from top to bottom and sites from left to right."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, talk
from plantproof.core.plant import Plant
from plantproof.errors import UsageError
from plantproof.render.drawing import (
    AUTO,
    COLLAPSES,
    MANY,
    Overlay,
    draw_plant,
    layout_numbers,
    marks_of,
    plan,
    standings_of,
    with_passing,
)

__all__ = ["draw"]


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the SVG to this file.")
@click.option("--assess", is_flag=True, help="Judge the locker and show how far each zone's target is proven.")
@click.option("--reach", is_flag=True, help="Read the firewalls, and show what they let through beside the conduits.")
@click.option(
    "--collapse",
    type=click.Choice(COLLAPSES),
    default=AUTO,
    show_default=True,
    help=f"One box per site and level, or per level; auto: per site and level above {MANY} zones.",
)
@click.option("--site", default="", metavar="ID", help="Only this site, and what its conduits lead to.")
@click.option("--at", default="", metavar="INSTANT", help="Exceptions and evidence count as of then.  [default: now]")
@json_option
@click.pass_obj
def draw(
    workspace: Path, *, output: Path | None, assess: bool, reach: bool, collapse: str, site: str, at: str, as_json: bool
) -> None:
    """Draw zones and conduits by Purdue level as SVG, with what the rules of zoning find.

    Arrowheads point where connections are opened to. The same plant gives the same bytes. With --json the boxes and
    lines with their coordinates, for other tools; exit status 0 whatever is found.

    \b
    Example:
        plantproof draw -o plant.svg
        plantproof draw --assess --site north -o north.svg
        plantproof draw --reach -o passing.svg
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring
    from plantproof.core.instants import instant_text, parse_instant
    from plantproof.core.zoning import zoning_findings

    standings, walls = {}, None
    if assess:
        from plantproof.cli.judging import judge

        judged = judge(workspace, at)
        walls = judged.firewalls
        plant, instant, standings = judged.plant, judged.assessment.at, standings_of(judged.assessment, judged.plant)
    else:
        wiring = Wiring.of(workspace)
        plant, instant = wiring.workspace.plant, instant_text(parse_instant(at) if at else wiring.clock.now())
    _check_site(plant, site)
    overlay = Overlay(standings=standings, marks=marks_of(zoning_findings(plant, instant), plant))
    if reach and plant.firewalls:
        from plantproof.cli.passing import firewall_view

        walls = walls or firewall_view(workspace, plant, Wiring.of(workspace).locker.items, instant)
        overlay = with_passing(overlay, walls.findings, plant)
    if as_json:
        print_json(layout_numbers(*plan(plant, overlay, site=site, how=collapse)))
    if as_json and output is None:
        return
    drawing = draw_plant(plant, overlay, site=site, how=collapse, alone=True)
    if output is None:
        click.echo(drawing, nl=False)
    else:
        from plantproof.adapters.files import write_atomically

        write_atomically(output, drawing.encode())
        talk(f"wrote {output}")


def _check_site(plant: Plant, site: str) -> None:
    known = sorted({zone.site for zone in plant.zones.values() if zone.site})
    if site and site not in known:
        near = get_close_matches(site, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}." if known else ""
        raise UsageError(
            f"the plant has no site {site!r}",
            code="usage.unknown-name",
            hint=hint or "No zone has a site; write site: at each zone, or at the one around it.",
        )
