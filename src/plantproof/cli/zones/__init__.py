# SPDX-License-Identifier: Apache-2.0
"""``plantproof zones``: the plant as the workspace describes it; shown, and judged by the rules of zoning."""

from __future__ import annotations

import click

from plantproof.cli.output import json_option, print_json
from plantproof.cli.zones.checking import check
from plantproof.cli.zones.listing import print_plant, summary
from plantproof.cli.zones.showing import show
from plantproof.cli.zones.steps import print_steps, steps, steps_json
from plantproof.core.instants import instant_text
from plantproof.core.risk import zcr_groups, zcr_steps

__all__ = ["zones"]


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def zones(ctx: click.Context, as_json: bool) -> None:
    """Show the zones with their targets, assets and collectors, and how far the steps of IEC 62443-3-2 are.

    `zones check` judges how they are cut, `zones steps` tells every step and what shows it.

    \b
    Example:
        plantproof zones
        plantproof zones show cell-1
    """  # noqa: D301 - click reads \b
    if ctx.invoked_subcommand is None:
        from plantproof.cli.wiring import Wiring

        wiring = Wiring.of(ctx.obj)
        plant = wiring.workspace.plant
        found = zcr_steps(plant, wiring.workspace.risk, instant_text(wiring.clock.now()))
        if as_json:
            print_json({**summary(plant), "steps": steps_json(found)})
        else:
            print_plant(plant)
            print_steps(zcr_groups(found))


for _command in (check, show, steps):
    zones.add_command(_command)
