# SPDX-License-Identifier: Apache-2.0
"""What a report says of each zone and conduit: what crosses its boundary that no conduit declares, and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plantproof.core.plant import Plant
from plantproof.firewall.reach.findings import Finding
from plantproof.firewall.reach.judge import Outcome, Report
from plantproof.firewall.reach.strays import Stray
from plantproof.firewall.reach.topology import Topology

__all__ = ["Boundary", "boundaries_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """The boundary of one zone, or what a conduit joins."""

    part: str
    """Id of the zone or conduit."""
    passing: int
    """How many passages that a conduit declares go through it."""
    let_through: tuple[Finding, ...]
    """What goes through it and nobody declares."""
    open: tuple[str, ...]
    """Why more may go through it than was seen; empty: nothing more does, by these configurations."""
    untold: str = ""
    """Why nothing can be said of it at all; empty: something can."""


def boundaries_of(plant: Plant, report: Report, findings: Sequence[Finding]) -> Mapping[str, Boundary]:
    """Every zone and conduit of a plant that names its firewalls.

    Args:
        plant: Zones, conduits, firewalls.
        report: Of all pairs.
        findings: Of the report.
    """
    untold = {one.about: one.why for one in report.unknown if one.about in plant.zones}
    general = tuple(f"{one.about}: {one.why}" for one in report.unknown)
    addresses = Topology.of(plant).addresses
    found = {}
    for zone in plant.zones:
        strange = tuple(_stray(one) for one in report.strays if one.ends.meets(addresses[zone]))
        others = strange + tuple(one for one in general if not one.startswith(f"{zone}: "))
        touching = [one for one in findings if zone in {one.source, one.target}]
        passing = _declared(report, ((zone, other) for other in plant.zones), ((o, zone) for o in plant.zones))
        found[zone] = _boundary(zone, touching, others, passing, untold.get(zone, ""))
    for conduit in plant.conduits.values():
        ends = [zone for zone in conduit.zones if zone in plant.zones]
        between = [one for one in findings if one.source in ends and one.target in ends]
        passing = _declared(report, ((one, other) for one in ends for other in ends))
        why = "; ".join(f"{zone}: {untold[zone]}" for zone in ends if zone in untold)
        found[conduit.id] = _boundary(conduit.id, between, general, passing, why)
    return found


def _stray(stray: Stray) -> str:
    lines = ", ".join(f"line {rule.line}" for rule in stray.rules if rule.line)
    return f"{stray.firewall} {stray}" + (f" ({lines})" if lines else "")


def _boundary(part: str, findings: Iterable[Finding], general: tuple[str, ...], passing: int, untold: str) -> Boundary:
    several = list(findings)
    doubts = (one.message for one in several if one.outcome in {Outcome.DOUBTFUL, Outcome.UNFILTERED})
    return Boundary(
        part=part,
        passing=passing,
        let_through=tuple(one for one in several if one.error),
        open=(*doubts, *general),
        untold=untold,
    )


def _declared(report: Report, *ways: Iterable[tuple[str, str]]) -> int:
    pairs = (report.pairs[way] for several in ways for way in several if way in report.pairs)
    return sum(passage.outcome is Outcome.DECLARED for pair in pairs for passage in pair.passages)
