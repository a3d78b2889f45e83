# SPDX-License-Identifier: Apache-2.0
"""``plantproof zones``: the plant as the workspace describes it; shown, and judged by the rules of zoning."""

from __future__ import annotations

import click

from plantproof.cli.output import json_option, print_json
from plantproof.cli.zones.checking import check
from plantproof.cli.zones.listing import plant_of, print_plant, summary
from plantproof.cli.zones.showing import show

__all__ = ["zones"]


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def zones(ctx: click.Context, as_json: bool) -> None:
    """Show the zones with their targets, assets and collectors; `zones check` judges how they are cut.

    \b
    Example:
        plantproof zones
        plantproof zones show cell-1
    """  # noqa: D301 - click reads \b
    if ctx.invoked_subcommand is None:
        plant = plant_of(ctx.obj)
        if as_json:
            print_json(summary(plant))
        else:
            print_plant(plant)


for _command in (check, show):
    zones.add_command(_command)
