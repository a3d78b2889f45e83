# SPDX-License-Identifier: Apache-2.0
"""Which collectors read which assets, and every command that this would send: the dry run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from plantproof.core.plant import Asset, Plant
from plantproof.errors import UsageError
from plantproof.ports.collecting import CollectionJob, CollectorInfo, KindInfo, PlannedCommand

__all__ = ["kinds_of", "plan", "select_jobs"]


def kinds_of(asset: Asset, collector: CollectorInfo) -> tuple[KindInfo, ...]:
    """The kinds that a collector brings from an asset: all of them, or those of the asset's platform."""
    return tuple(kind for kind in collector.kinds.values() if kind.platform in {"", asset.platform})


def select_jobs(plant: Plant, zone: str = "", limit: str = "") -> tuple[CollectionJob, ...]:
    """The jobs of the whole plant, of one zone, or of the assets whose ids match a pattern.

    Args:
        plant: The plant.
        zone: A zone's id; empty for all.
        limit: Patterns such as ``rtu-*,plc-1``, divided by commas; empty for all.

    Raises:
        UsageError: there is no such zone, or nothing matches.
    """
    if zone and zone not in plant.zones:
        _refuse("zone", zone, plant.zones)
    patterns = [pattern.strip() for pattern in limit.split(",") if pattern.strip()]
    for pattern in patterns:
        if not any(fnmatchcase(asset, pattern) for asset in plant.assets):
            _refuse("asset", pattern, plant.assets)
    chosen = (
        asset
        for _, asset in sorted(plant.assets.items())
        if (not zone or asset.zone == zone)
        and (not patterns or any(fnmatchcase(asset.id, pattern) for pattern in patterns))
    )
    return tuple(CollectionJob(asset=asset, collector=name) for asset in chosen for name in asset.collectors)


def _refuse(what: str, name: str, known: Mapping[str, object]) -> None:
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known)) or 'none'}."
    raise UsageError(f"the plant has no {what} {name!r}", code="usage.unknown-name", hint=hint)


def plan(jobs: Sequence[CollectionJob], collectors: Mapping[str, CollectorInfo]) -> Iterator[PlannedCommand]:
    """Yield each command for each asset, without touching any."""
    for job in jobs:
        for kind in kinds_of(job.asset, collectors[job.collector]):
            for command in kind.commands:
                yield PlannedCommand(
                    zone=job.asset.zone,
                    asset=job.asset.id,
                    collector=job.collector,
                    kind=kind.kind,
                    command=command,
                )
