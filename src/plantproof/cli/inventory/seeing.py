# SPDX-License-Identifier: Apache-2.0
"""From flow logs and the locker's evidence to addresses that were seen, held against the inventory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plantproof.cli.flows.reading import observe
from plantproof.cli.judging import evidence_at
from plantproof.connectors.inventory import addresses_in
from plantproof.connectors.inventory.evidence import KINDS
from plantproof.core.inventory import Comparison, OwnAddress, Sighting, compare, joined, of_traffic
from plantproof.core.plant import Plant
from plantproof.errors import Location
from plantproof.parsers.registry import parse
from plantproof.ports.locker import StoredItem

if TYPE_CHECKING:
    from plantproof.cli.wiring import Wiring

__all__ = ["Look", "look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What evidence tells of addresses."""

    own: tuple[OwnAddress, ...]
    sightings: tuple[Sighting, ...]
    items: int
    """Items that tell addresses by their kind, and were good at the instant."""
    stale: int
    """Items that were not, and were left out: what was there once need not be there now."""


def _told_by_evidence(items: Mapping[str, StoredItem], plant: Plant, at: str) -> _Told:
    """Read the kinds that tell addresses; of an asset that the plant has no more, its own address is a sighting."""
    own: list[OwnAddress] = []
    sightings: list[Sighting] = []
    read = stale = 0
    for path, stored in sorted(items.items()):
        envelope = stored.item.envelope
        if envelope.kind not in KINDS:
            continue
        if envelope.clocks.valid_until < at:
            stale += 1
            continue
        read += 1
        collected = envelope.clocks.collected
        for told in addresses_in(parse(envelope.kind, stored.item.content.decode("utf-8", "replace"))):
            where = Location(file=path, line=told.line)
            if told.own and envelope.asset in plant.assets:
                own.append(OwnAddress(asset=envelope.asset, address=told.address, collected=collected, where=where))
            else:
                sightings.append(
                    Sighting(
                        address=told.address, spoke=True, times=1, first=collected, last=collected, where=where
                    )
                )  # fmt: skip
    return _Told(own=tuple(own), sightings=tuple(sightings), items=read, stale=stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at logs and evidence found."""

    found: Comparison
    logs: int
    items: int
    """Items of evidence that tell addresses."""
    stale: int
    """Those that were not good any more, and were left out."""


def look(wiring: Wiring, files: Sequence[Path], form: str, columns: Sequence[str], at: str = "") -> Look:
    """Read flow logs and the evidence that was good at an instant (default: now), and compare with the inventory.

    Raises:
        PlantproofError: the workspace or the locker is not sound, or a log cannot be read.
    """
    plant = wiring.workspace.plant
    evidence = evidence_at(wiring, at)
    told = _told_by_evidence(evidence.items, plant, evidence.at)
    observed = observe(files, form, columns)
    seen = joined(of_traffic(observed.aggregate).values(), told.sightings)
    found = compare(plant, seen, told.own)
    return Look(found=found, logs=len(observed.sources), items=told.items, stale=told.stale)
