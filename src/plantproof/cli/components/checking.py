# SPDX-License-Identifier: Apache-2.0
"""``plantproof components check``: targets against what components are able to do."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.findings import counted, finding_json, print_findings, status_of
from plantproof.cli.output import json_option, print_json, talk
from plantproof.core.components import Described, component_findings
from plantproof.core.instants import instant_text, parse_instant

__all__ = ["check"]


@click.command()
@click.option(
    "--at", default="", metavar="INSTANT", help="Claims and measures count if they hold then.  [default: now]"
)
@json_option
@click.pass_obj
def check(workspace: Path, at: str, as_json: bool) -> int:
    """Check that every asset can do what its zone asks, by claims that hold; else a measure has to stand in.

    Exit status 1 if one cannot, or a supplier claims more than its own claims carry; 0 with warnings or none.

    \b
    Example:
        plantproof components check --at 2027-06-30
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    found = wiring.workspace
    instant = instant_text(parse_instant(at) if at else wiring.clock.now())
    findings = component_findings(
        Described(
            plant=found.plant,
            components=found.components,
            requirements=wiring.requirements,
            controls=wiring.levels[max(wiring.levels)].controls,
            measures=found.statements.measures,
            at=instant,
        )
    )
    if as_json:
        print_json({"at": instant, "findings": [finding_json(one) for one in findings]})
    else:
        print_findings(findings)
    described = sum(bool(asset.components) for asset in found.plant.assets.values())
    size = f"{len(found.components)} components, named by {described} of {len(found.plant.assets)} assets"
    talk(f"{size}: {counted(findings)}")
    return status_of(findings)
