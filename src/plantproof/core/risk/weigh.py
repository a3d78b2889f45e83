# SPDX-License-Identifier: Apache-2.0
"""Risks by the plant's own method, and the SL-T that they ask for, each level with the scenario that is its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plantproof.core.levels import FR, MAX_LEVEL, SLVector
from plantproof.core.plant import Plant
from plantproof.core.risk.assessment import Acceptance, Initial, RiskAssessment, Scenario, Unit
from plantproof.core.risk.method import Method

__all__ = [
    "Derived",
    "acceptance_of",
    "asked",
    "declared_of",
    "derived",
    "initial_above",
    "initials",
    "remaining",
    "residual",
    "residual_levels",
    "units_of",
    "unmitigated",
]

_OUTSIDE = frozenset({"external", "cloud", "enterprise"})
"""Kinds of zones that lie outside of the system under consideration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The SL-T that scenarios ask for."""

    sl_t: SLVector
    reasons: tuple[str, ...]
    """Per FR the id of the first scenario that asks for the level; empty where none asks for any."""


def units_of(plant: Plant) -> tuple[Unit, ...]:
    """What is assessed: zones of the system under consideration, then conduits that reach into it."""
    inside = {zone.id for zone in plant.zones.values() if zone.kind not in _OUTSIDE}
    zones = [Unit(zone=zone) for zone in plant.zones if zone in inside]
    conduits = [Unit(conduit=one.id) for one in plant.conduits.values() if inside.intersection(one.zones)]
    return (*zones, *conduits)


def declared_of(plant: Plant, unit: Unit) -> SLVector:
    """The SL-T that the plant files give a zone or conduit."""
    return plant.zones[unit.zone].sl_t if unit.zone else plant.conduits[unit.conduit].sl_t


def unmitigated(method: Method, scenario: Scenario) -> int:
    """The risk without any measure (ZCR 5.5)."""
    return method.risk(scenario.consequence, scenario.likelihood)


def residual(method: Method, scenario: Scenario) -> int:
    """The risk with the measures that exist (ZCR 5.10); without a word on them the unmitigated one."""
    return method.risk(*scenario.residual)


def remaining(method: Method, scenario: Scenario) -> tuple[str, ...]:
    """The categories in which the residual risk is higher than tolerable (ZCR 5.11)."""
    return method.intolerable(*scenario.residual)


def residual_levels(risk: RiskAssessment) -> Mapping[tuple[str, FR], float]:
    """What remains of the risk of a zone, per requirement that keeps it away, on the scale 0..4 of the levels.

    The highest of the zone's scenarios counts. What no scenario concerns is left out.
    """
    steps = max(len(risk.method.risks) - 1, 1)
    found: dict[tuple[str, FR], float] = {}
    for scenario in risk.scenarios.values():
        level = MAX_LEVEL * residual(risk.method, scenario) / steps
        for fr in FR:
            if scenario.unit.zone and fr in scenario.frs:
                key = (scenario.unit.zone, fr)
                found[key] = max(found.get(key, 0.0), level)
    return found


def asked(method: Method, scenario: Scenario) -> int:
    """The level that the unmitigated risk asks for (ZCR 5.6)."""
    return method.risks[unmitigated(method, scenario)].asks(scenario.threat.attacker)


def derived(risk: RiskAssessment) -> Mapping[Unit, Derived]:
    """The SL-T that scenarios ask for, by zone and conduit in the order of the files; what has none is left out."""
    scenarios: dict[Unit, list[Scenario]] = {}
    for one in risk.scenarios.values():
        scenarios.setdefault(one.unit, []).append(one)
    return {unit: _derived(risk.method, about) for unit, about in scenarios.items()}


def _derived(method: Method, scenarios: Iterable[Scenario]) -> Derived:
    levels, reasons = [0] * len(FR), [""] * len(FR)
    for one in scenarios:
        level = asked(method, one)
        for fr in one.frs:
            if level > levels[fr - 1]:
                levels[fr - 1], reasons[fr - 1] = level, one.id
    return Derived(sl_t=SLVector.from_value(levels), reasons=tuple(reasons))


def initials(plant: Plant, risk: RiskAssessment) -> Mapping[Unit, Initial]:
    """The initial assessment that counts for each zone and conduit: its own, or the nearest that embraces it.

    A zone that has none takes that of the zone around it; a conduit the worst of the zones that it joins; both last
    that of the whole plant. What nobody assessed is left out.
    """
    own = {one.unit: one for one in risk.initial}
    found: dict[Unit, Initial] = {}
    for zone in plant.zones.values():
        around = (Unit(zone=one.id) for one in (zone, *plant.ancestors_of(zone.id)))
        nearest = next((own[one] for one in (*around, Unit()) if one in own), None)
        if nearest:
            found[Unit(zone=zone.id)] = nearest
    for conduit in plant.conduits.values():
        ends = [found[Unit(zone=zone)] for zone in conduit.zones if Unit(zone=zone) in found]
        unit = Unit(conduit=conduit.id)
        if unit in own or ends:
            found[unit] = own.get(unit) or max(ends, key=lambda one: _certain(risk.method, one))
    return found


def initial_above(method: Method, initial: Initial) -> tuple[str, ...]:
    """The categories in which the initial risk is higher than tolerable (ZCR 4.1): likelihood is at its highest."""
    return method.intolerable(initial.consequence, len(method.likelihoods) - 1)


def _certain(method: Method, initial: Initial) -> int:
    return method.risk(initial.consequence, len(method.likelihoods) - 1)


def acceptance_of(risk: RiskAssessment, scenario: Scenario, at: str) -> Acceptance | None:
    """The acceptance that covers the residual risk at an instant; None if none does."""
    level = residual(risk.method, scenario)
    return next((one for one in _given(risk, scenario) if one.holds(at) and one.risk >= level), None)


def _given(risk: RiskAssessment, scenario: Scenario) -> Iterator[Acceptance]:
    return (one for one in risk.acceptances if one.scenario == scenario.id)
