# SPDX-License-Identifier: Apache-2.0
"""``plantproof roadmap``: from what is proven to the targets, step by step."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Final

import click

from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.judging import TOOL, Judged
from plantproof.cli.output import json_option, json_text, talk
from plantproof.cli.roadmap.numbers import COLUMNS, road_json, rows
from plantproof.cli.roadmap.telling import print_road
from plantproof.core.risk import residual_levels
from plantproof.core.roadmap import RoadMap, plan_road, reached
from plantproof.errors import UsageError

__all__ = ["FORMATS", "roadmap"]

FORMATS: Final = ("text", "json", "csv", "svg", "oscal")
_BY_SUFFIX: Final = {".json": "json", ".csv": "csv", ".svg": "svg"}


@click.command()
@click.option("--zone", "zones", multiple=True, metavar="ID", help="Plan for this zone only; may be repeated.")
@click.option("--at", default="", metavar="INSTANT", help="Judge as of this moment.  [default: now]")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Text, JSON, table, picture, or OSCAL plan with milestones.  [default: by the suffix of FILE]",
)
@click.option("--details", is_flag=True, help="With text: every control of every step, and why it is there.")
@json_option
@click.pass_obj
def roadmap(
    workspace: Path, *, zones: tuple[str, ...], at: str, output: Path | None, form: str, details: bool, as_json: bool
) -> int:
    """Plan the way to the targets: what to do first, what it takes, and when each level is reached.

    Steps are ordered by the risk that they take away for each person-day. Effort, cost and dates are ranges: the
    project's own estimates, until roadmap.yml says what you think. Exit status 1 while a target is not proven.

    \b
    Example:
        plantproof roadmap --zone cell-1 --details
        plantproof roadmap -o roadmap.svg
        plantproof roadmap --format oscal -o roadmap.json
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.roadmap import load_terms
    from plantproof.cli.judging import judge

    judged = judge(workspace, at)
    assessment, plant = judged.assessment, judged.plant
    _check_zones(zones, list(plant.zones))
    terms = load_terms(judged.root, zones=plant.zones, controls=assessment.controls)
    road = plan_road(assessment, plant, terms, zones=zones, residual=residual_levels(judged.files.risk))
    if as_json and form not in {None, "json"}:
        hint = "Leave one of them out."
        raise UsageError(f"--json and --format {form} contradict each other", code="usage.bad-argument", hint=hint)
    by_file = _BY_SUFFIX.get(output.suffix.lower(), "text") if output else "text"
    chosen = "json" if as_json else form or by_file
    if output is None and chosen == "text":
        print_road(road, assessment, reached(assessment, road), details=details)
    elif output is None:
        click.echo(_document(road, judged, chosen), nl=False)
    else:
        from plantproof.adapters.files import write_atomically

        write_atomically(output, _document(road, judged, chosen, details=details))
        talk(f"wrote {output}")
    return FINDINGS if road.gaps else OK


def _check_zones(zones: tuple[str, ...], known: list[str]) -> None:
    from plantproof.adapters.workspace.entries import nearest

    for zone in zones:
        if zone not in known:
            message = f"the plant has no zone {zone}"
            raise UsageError(message, code="usage.unknown-name", hint=nearest(zone, known))


def _document(road: RoadMap, judged: Judged, form: str, *, details: bool = False) -> bytes:
    """The road map in a form, as bytes."""
    assessment = judged.assessment
    after = reached(assessment, road)
    if form == "text":
        with redirect_stdout(StringIO()) as text:
            print_road(road, assessment, after, details=details)
        return text.getvalue().encode()
    if form == "json":
        return json_text(road_json(road, assessment, after)).encode()
    if form == "csv":
        from plantproof.connectors.csv_table import write_csv

        return write_csv(COLUMNS, rows(road, assessment)).encode()
    if form == "svg":
        from plantproof.render.road_chart import draw_road

        return draw_road(road).encode()
    from plantproof.oscal.results import write_milestones

    chunks: list[bytes] = []
    write_milestones(road, assessment, judged.plant, chunks.append, tool=TOOL)
    return b"".join(chunks)
