# SPDX-License-Identifier: Apache-2.0
"""The whole plant in two tables, or as JSON."""

from __future__ import annotations

from plantproof.cli.output import print_table
from plantproof.core.levels import FR
from plantproof.core.plant import Plant

__all__ = ["print_plant", "summary"]


def summary(plant: Plant) -> dict[str, object]:
    """The plant for programs: zones and conduits with their targets."""
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


def print_plant(plant: Plant) -> None:
    """The plant for people."""
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
