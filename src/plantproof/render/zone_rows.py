# SPDX-License-Identifier: Apache-2.0
"""The plant at a glance: one row per zone, from the top of the Purdue model down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plantproof.core.levels import SLVector
from plantproof.core.plant import Plant, Zone

__all__ = ["ZoneRow", "by_level", "sl_text", "zone_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRow:
    """What ``plantproof zones`` prints of one zone."""

    zone: str
    title: str
    purdue: str
    sl_t: str
    assets: int
    simulated: int
    """How many of the assets are simulated."""
    collectors: Mapping[str, int]
    """Per collector the number of assets that it reads."""
    windows: tuple[str, ...]
    """As written; empty: at any time."""
    conduits: tuple[str, ...]


def zone_rows(plant: Plant) -> tuple[ZoneRow, ...]:
    """One row per zone, highest Purdue level first, then by id."""
    members: dict[str, list[str]] = {zone: [] for zone in plant.zones}
    simulated: Counter[str] = Counter()
    for asset in plant.assets.values():
        members.setdefault(asset.zone, []).append(asset.id)
        simulated[asset.zone] += asset.simulated
    return tuple(
        ZoneRow(
            zone=zone.id,
            title=zone.title,
            purdue=zone.purdue,
            sl_t=sl_text(zone.sl_t),
            assets=len(members[zone.id]),
            simulated=simulated[zone.id],
            collectors=_collectors(plant, members[zone.id]),
            windows=tuple(window.text for window in zone.windows),
            conduits=tuple(sorted(one.id for one in plant.conduits.values() if zone.id in one.zones)),
        )
        for zone in by_level(plant.zones.values())
    )


def by_level(zones: Iterable[Zone]) -> tuple[Zone, ...]:
    """Zones from the highest Purdue level down, those without a level last, by id within a level."""
    return tuple(sorted(zones, key=lambda zone: (-float(zone.purdue or -1), zone.id)))


def sl_text(vector: SLVector) -> str:
    """``2`` if all seven levels are the same, else the seven in the order FR1..FR7: ``2 2 1 1 2 1 1``."""
    levels = [str(level) for level in vector]
    return levels[0] if len(set(levels)) == 1 else " ".join(levels)


def _collectors(plant: Plant, assets: Iterable[str]) -> Mapping[str, int]:
    count = Counter(collector for asset in assets for collector in plant.assets[asset].collectors)
    return dict(sorted(count.items()))
