# SPDX-License-Identifier: Apache-2.0
"""Addresses that were seen: who spoke or was spoken to, how often, when, and which line of which file shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from plantproof.core.instants import seconds_text
from plantproof.core.observed.flow import Address
from plantproof.core.observed.traffic import Traffic
from plantproof.errors import Location

__all__ = ["OwnAddress", "Sighting", "joined", "of_traffic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """All that was seen of one address."""

    address: Address
    spoke: bool
    """It sent something or answered; False: others spoke to it, and the logs do not say whether it answered."""
    times: int
    """Records of flow logs, or items of evidence."""
    first: str = ""
    """Instants as text; empty: the logs do not say."""
    last: str = ""
    in_flows: bool = False
    """Whether a flow log has it, and not only evidence."""
    where: Location = field(default_factory=Location)
    """The first sighting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAddress:
    """An address that an asset's own evidence says it has."""

    asset: str
    address: Address
    collected: str
    """When, as text."""
    where: Location = field(default_factory=Location)


def of_traffic(traffic: Iterable[Traffic]) -> Mapping[Address, Sighting]:
    """Both ends of what was seen; whoever was only tried in vain was not seen."""
    found: dict[Address, Sighting] = {}
    for each in traffic:
        _add(found, _end(each, each.src, spoke=True))
        if not each.only_attempted:
            _add(found, _end(each, each.dst, spoke=each.answered > 0))
    return found


def joined(*parts: Iterable[Sighting]) -> Mapping[Address, Sighting]:
    """Sightings of several sources by address; their order changes nothing."""
    found: dict[Address, Sighting] = {}
    for part in parts:
        for sighting in part:
            _add(found, sighting)
    return found


def _end(traffic: Traffic, address: Address, *, spoke: bool) -> Sighting:
    return Sighting(
        address=address,
        spoke=spoke,
        times=traffic.records,
        first="" if traffic.first is None else seconds_text(traffic.first),
        last="" if traffic.last is None else seconds_text(traffic.last),
        in_flows=True,
        where=Location(file=traffic.source, line=traffic.line or None),
    )


def _add(found: dict[Address, Sighting], one: Sighting) -> None:
    other = found.get(one.address)
    if other is None:
        found[one.address] = one
        return
    sooner = min(one, other, key=_place)
    found[one.address] = replace(
        sooner,
        spoke=one.spoke or other.spoke,
        times=one.times + other.times,
        first=min(filter(None, (one.first, other.first)), default=""),
        last=max(one.last, other.last),
        in_flows=one.in_flows or other.in_flows,
    )


def _place(one: Sighting) -> tuple[bool, str, str, int]:
    return not one.first, one.first, one.where.file, one.where.line or 0
