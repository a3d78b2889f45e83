# SPDX-License-Identifier: Apache-2.0
"""``plantproof ssp``: the plant as an OSCAL system security plan."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, talk

__all__ = ["ssp"]


@click.command()
@click.option("--at", default="", metavar="INSTANT", help="Judge as of this moment.  [default: now]")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file.  [default: ssp.json in the output folder]",
)
@json_option
@click.pass_obj
def ssp(workspace: Path, *, at: str, output: Path | None, as_json: bool) -> None:
    """Write the plant as an OSCAL system security plan: what it consists of, who answers, what is met.

    Implemented is said only of what the evidence in the locker proves, or a named person attests.

    \b
    Example:
        plantproof ssp -o plan.json
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.files import replacing
    from plantproof.cli.judging import TOOL, judge
    from plantproof.cli.wiring import Wiring
    from plantproof.core.duties import Parties
    from plantproof.oscal.ssp import write_ssp

    judged = judge(workspace, at)
    wiring = Wiring.of(workspace)
    profiles, found = wiring.settings.profiles, wiring.workspace
    target = output or judged.output / "ssp.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    levels = judged.rules.levels
    with replacing(target) as file:
        write_ssp(
            judged.assessment,
            judged.plant,
            levels[max(levels)].source,
            file.write,
            profile=f"urn:plantproof:profile:{profiles[max(levels)]}",
            tool=TOOL,
            parties=Parties(judged.plant, found.roles, found.components, judged.assessment.at),
            requirements=wiring.requirements if found.components else {},
        )
    if as_json:
        print_json({"file": str(target), "at": judged.assessment.at})
    else:
        talk(f"wrote {target}")
