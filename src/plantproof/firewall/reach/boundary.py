# SPDX-License-Identifier: Apache-2.0
"""What a report says of each zone and conduit: what crosses its boundary that no conduit declares, and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plantproof.core.plant import Plant
from plantproof.firewall.reach.findings import Finding
from plantproof.firewall.reach.judge import Outcome, Report
from plantproof.firewall.reach.strays import Stray
from plantproof.firewall.reach.topology import Topology

__all__ = ["Boundary", "boundaries_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """The boundary of one zone, or what a conduit joins."""

    passing: int
    """How many passages that a conduit declares go through it."""
    let_through: tuple[Finding, ...]
    """What goes through it and nobody declares."""
    open: tuple[str, ...]
    """Why more may go through it than was seen; empty: nothing more does, by these configurations."""
    untold: str = ""
    """Why nothing can be said of it at all; empty: something can."""


_OPEN: Final = frozenset({Outcome.DOUBTFUL, Outcome.UNFILTERED, Outcome.WRITES})
_OUTSIDE: Final = frozenset({"external", "cloud"})


def boundaries_of(plant: Plant, report: Report, findings: Sequence[Finding]) -> Mapping[str, Boundary]:
    """Every zone and conduit of a plant that names its firewalls, but for what lies outside of the plant.

    What crosses into a zone crosses the boundaries of the zones around it as well. Whatever the firewalls let through
    beside the known zones, and whatever is not known of one of them, leaves every boundary open: nobody can say where
    it ends.

    Args:
        plant: Zones, conduits, firewalls.
        report: Of all pairs.
        findings: Of the report.
    """
    topology = Topology.of(plant)
    general = (
        *dict.fromkeys(_stray(one) for one in report.strays),
        *(f"{one.about}: {one.why}" for one in report.unknown),
    )
    untold = {zone: why for zone in plant.zones if (why := _untold(plant, topology, zone))}
    found = {}
    for zone in plant.zones.values():
        if zone.kind in _OUTSIDE:
            continue
        within = _within(plant, zone.id)
        crossing = [one for one in findings if (one.source in within) is not (one.target in within)]
        ways = ((one, other) for one in within for other in plant.zones if other not in within)
        passing = _declared(report, (way for one, other in ways for way in ((one, other), (other, one))))
        found[zone.id] = _boundary(crossing, general, passing, untold.get(zone.id, ""))
    for conduit in plant.conduits.values():
        ends = [zone for zone in conduit.zones if zone in plant.zones]
        if all(plant.zones[zone].kind in _OUTSIDE for zone in ends):
            continue
        between = [one for one in findings if one.source in ends and one.target in ends]
        passing = _declared(report, ((one, other) for one in ends for other in ends))
        why = "; ".join(f"{zone}: {untold[zone]}" for zone in ends if zone in untold)
        found[conduit.id] = _boundary(between, general, passing, why)
    return found


def _within(plant: Plant, zone: str) -> frozenset[str]:
    """The zone and all that lie in it."""
    return frozenset({zone, *(inner for one in plant.children_of(zone) for inner in _within(plant, one.id))})


def _untold(plant: Plant, topology: Topology, zone: str) -> str:
    """Why nothing can be told of a zone's boundary; empty: something can."""
    placed = [one for one in _within(plant, zone) if one in topology.place]
    if not placed:
        return "no interface of a firewall leads to this zone"
    if not any(topology.addresses[one] for one in placed):
        return "the zone names no networks, so its packets cannot be told apart"
    if not topology.addresses[zone] and plant.assets_of(zone):
        return "the zone has assets and no networks of its own, so their packets cannot be told apart"
    return ""


def _stray(stray: Stray) -> str:
    lines = ", ".join(f"line {rule.line}" for rule in stray.rules if rule.line)
    return f"{stray.firewall} {stray}" + (f" ({lines})" if lines else "")


def _boundary(findings: Sequence[Finding], general: tuple[str, ...], passing: int, untold: str) -> Boundary:
    return Boundary(
        passing=passing,
        let_through=tuple(one for one in findings if one.error),
        open=(*(one.message for one in findings if one.outcome in _OPEN), *general),
        untold=untold,
    )


def _declared(report: Report, ways: Iterable[tuple[str, str]]) -> int:
    pairs = (report.pairs[way] for way in ways if way in report.pairs)
    return sum(passage.outcome is Outcome.DECLARED for pair in pairs for passage in pair.passages)
