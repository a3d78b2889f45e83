# SPDX-License-Identifier: Apache-2.0
"""From the locker's evidence to addresses that were seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plantproof.connectors.inventory import addresses_in
from plantproof.connectors.inventory.evidence import KINDS
from plantproof.core.inventory import OwnAddress, Sighting
from plantproof.core.plant import Plant
from plantproof.errors import Location
from plantproof.parsers.registry import parse
from plantproof.ports.locker import StoredItem

__all__ = ["Told", "told_by_evidence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What evidence tells of addresses."""

    own: tuple[OwnAddress, ...]
    sightings: tuple[Sighting, ...]
    items: int
    """Items that tell addresses by their kind, and were good at the instant."""
    stale: int
    """Items that were not, and were left out: what was there once need not be there now."""


def told_by_evidence(items: Mapping[str, StoredItem], plant: Plant, at: str) -> Told:
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
    return Told(own=tuple(own), sightings=tuple(sightings), items=read, stale=stale)
