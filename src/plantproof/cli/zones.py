# SPDX-License-Identifier: Apache-2.0
"""``plantproof zones``: the plant as the workspace describes it, checked."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, print_table, talk
from plantproof.core.levels import FR
from plantproof.core.plant import Plant

__all__ = ["zones"]


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def zones(ctx: click.Context, as_json: bool) -> None:
    """Show the zones with their targets, assets and collectors; `zones check` only checks.

    \b
    Example:
        plantproof zones
    """  # noqa: D301 - click reads \b
    if ctx.invoked_subcommand is None:
        plant = _plant(ctx.obj)
        if as_json:
            print_json(_json(plant))
        else:
            _print(plant)


@zones.command()
@json_option
@click.pass_obj
def check(workspace: Path, as_json: bool) -> None:
    """Check the plant's description: every defect with file, line and what to do.

    \b
    Example:
        plantproof -C waterworks zones check
    """  # noqa: D301 - click reads \b
    plant = _plant(workspace)
    if as_json:
        print_json(_json(plant))
    talk(f"{len(plant.zones)} zones, {len(plant.conduits)} conduits, {len(plant.assets)} assets: all in order")


def _plant(workspace: Path) -> Plant:
    from plantproof.cli.wiring import Wiring

    return Wiring.of(workspace).workspace.plant


def _json(plant: Plant) -> dict[str, object]:
    return {
        "plant": plant.name,
        "zones": {
            zone.id: {
                "title": zone.title,
                "purdue": zone.purdue,
                "sl-t": {fr.name: zone.sl_t[fr] for fr in FR},
                "assets": [asset.id for asset in plant.assets_of(zone.id)],
            }
            for zone in plant.zones.values()
        },
        "conduits": {
            conduit.id: {"zones": list(conduit.zones), "sl-t": {fr.name: conduit.sl_t[fr] for fr in FR}}
            for conduit in plant.conduits.values()
        },
    }


def _print(plant: Plant) -> None:
    rows = []
    for zone in plant.zones.values():
        assets = plant.assets_of(zone.id)
        collectors = sorted({name for asset in assets for name in asset.collectors})
        windows = ", ".join(window.text for window in zone.windows) or "any time"
        names = ", ".join(asset.id for asset in assets) or "-"
        rows.append([zone.id, zone.purdue, zone.sl_t, names, ", ".join(collectors) or "-", windows])
    print_table(["zone", "level", "SL-T (FR1..FR7)", "assets", "collectors", "windows"], rows, title=plant.name)
    if plant.conduits:
        conduits = [[c.id, " - ".join(c.zones), c.sl_t] for c in plant.conduits.values()]
        print_table(["conduit", "joins", "SL-T"], conduits)
