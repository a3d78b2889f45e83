# SPDX-License-Identifier: Apache-2.0
"""``plantproof inventory list``."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, print_table, talk, visible
from plantproof.core.inventory import address_of
from plantproof.core.plant import Asset, Plant
from plantproof.errors import UsageError

__all__ = ["list_assets"]


@click.command("list")
@click.option("--zone", default="", metavar="ZONE", help="Only the assets of this zone.")
@json_option
@click.pass_obj
def list_assets(workspace: Path, *, zone: str, as_json: bool) -> None:
    """List the assets: zone, address, what reads them, where they are declared.

    \b
    Example:
        plantproof inventory list --zone cell-1
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    plant = Wiring.of(workspace).workspace.plant
    assets = _asked(plant, zone)
    if as_json:
        print_json({"plant": plant.name, "assets": [_json(asset) for asset in assets]})
        return
    rows = [
        [
            asset.id,
            asset.zone,
            address_of(asset) or "-",
            ", ".join(asset.collectors) or "-",
            asset.platform or "-",
            visible(str(asset.declared)),
        ]
        for asset in assets
    ]
    if rows:
        print_table(["asset", "zone", "address", "collectors", "platform", "declared in"], rows)
    zones = len({asset.zone for asset in assets})
    talk(f"{len(assets)} assets in {zones} zones")


def _asked(plant: Plant, zone: str) -> tuple[Asset, ...]:
    if not zone:
        return tuple(asset for _, asset in sorted(plant.assets.items()))
    if zone not in plant.zones:
        hint = f"Zones: {', '.join(plant.zones)}."
        raise UsageError(f"there is no zone {zone!r}", code="usage.unknown-name", hint=hint)
    return plant.assets_of(zone)


def _json(asset: Asset) -> dict[str, object]:
    return {
        "id": asset.id,
        "zone": asset.zone,
        "title": asset.title,
        "address": address_of(asset),
        "collectors": list(asset.collectors),
        "platform": asset.platform,
        "simulated": asset.simulated,
        "file": asset.declared.file,
        "line": asset.declared.line,
    }
