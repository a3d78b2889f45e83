# SPDX-License-Identifier: Apache-2.0
"""What must hold between risks, targets and acceptances; each rule a pure function over plant and assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.finding import ERROR, WARNING, Finding
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.risk.assessment import Initial, RiskAssessment, Scenario, Unit
from plantproof.core.risk.weigh import (
    acceptance_of,
    declared_of,
    derived,
    initial_above,
    initials,
    remaining,
    residual,
    units_of,
)

__all__ = ["RISK_RULES", "missing_detail", "risk_findings"]

RISK_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "target-low": "No declared SL-T is lower than the one that the scenarios ask for.",
        "residual-risk": "A residual risk is tolerable, or a named role has accepted it.",
        "measure-missing": "What lowers a consequence or a likelihood is named.",
        "acceptance-expired": "An acceptance has not run out.",
        "detail-missing": "What has an intolerable initial risk has scenarios.",
    }
)
"""What holds in a plant whose risks are dealt with, by rule; in the order in which findings are told."""


def _target_low(plant: Plant, risk: RiskAssessment, at: str) -> Iterator[Finding]:
    del at
    for unit, wanted in derived(risk).items():
        have = declared_of(plant, unit)
        low = [fr for fr in FR if have[fr] < wanted.sl_t[fr]]
        if not low:
            continue
        alike: dict[str, list[str]] = {}
        for fr in low:
            said = f"{have[fr]} instead of {wanted.sl_t[fr]} ({wanted.reasons[fr - 1]})"
            alike.setdefault(said, []).append(fr.name)
        told = "; ".join(f"{', '.join(frs)} {said}" for said, frs in alike.items())
        place = plant.zones[unit.zone] if unit.zone else plant.conduits[unit.conduit]
        yield Finding(
            id="target-low",
            severity=ERROR,
            about=place.id,
            message=f"{unit} has a lower SL-T than its scenarios ask for: {told}",
            hint="Raise sl-t, or correct the scenario in brackets.",
            clause="ZCR 5.6",
            where=place.declared,
        )


def _residual_risk(plant: Plant, risk: RiskAssessment, at: str) -> Iterator[Finding]:
    del plant
    method = risk.method
    for scenario in risk.scenarios.values():
        above = remaining(method, scenario)
        if not above or acceptance_of(risk, scenario, at):
            continue
        name = method.risks[residual(method, scenario)].id
        untold = "" if scenario.with_measures else "; nobody judged its measures"
        lower = _too_low(risk, scenario, at)
        yield Finding(
            id="residual-risk",
            severity=ERROR,
            about=scenario.id,
            message=f"scenario {scenario.id}: residual risk {name} is not tolerable for {_and(above)}{untold}{lower}",
            hint=f"Add measures and judge them in residual:, or let a named role accept {name} in acceptances:.",
            clause="ZCR 5.11",
            where=scenario.declared,
        )


def _too_low(risk: RiskAssessment, scenario: Scenario, at: str) -> str:
    held = [one for one in risk.acceptances if one.scenario == scenario.id and one.holds(at)]
    return f"; accepted is {risk.method.risks[max(one.risk for one in held)].id} at most" if held else ""


def _measure_missing(plant: Plant, risk: RiskAssessment, at: str) -> Iterator[Finding]:
    del plant, at
    for one in risk.scenarios.values():
        # The estimates, not the risks: several categories have one risk, and the highest may hide that another fell.
        if one.residual != (one.consequence, one.likelihood) and not (one.controls or one.measures):
            yield Finding(
                id="measure-missing",
                severity=ERROR,
                about=one.id,
                message=f"scenario {one.id}: less remains than without measures, but no measure says why",
                hint="Name what exists in controls: [sr-1.1] or measures:. What is planned: counts for nothing yet.",
                clause="ZCR 5.8",
                where=one.declared,
            )


def _acceptance_expired(plant: Plant, risk: RiskAssessment, at: str) -> Iterator[Finding]:
    del plant
    for one in risk.acceptances:
        scenario = risk.scenarios[one.scenario]
        if one.until < at and remaining(risk.method, scenario) and not acceptance_of(risk, scenario, at):
            yield Finding(
                id="acceptance-expired",
                severity=WARNING,
                about=one.scenario,
                message=f"the acceptance of scenario {one.scenario} by {one.role} ran out on {one.until[:10]}",
                hint="Judge the risk anew: lower it, or have it accepted again.",
                clause="ZCR 5.11",
                where=one.declared,
            )


def missing_detail(plant: Plant, risk: RiskAssessment) -> Mapping[Unit, Initial]:
    """Zones and conduits whose initial risk is not tolerable, and that have no scenario; with that initial risk."""
    found, detailed = initials(plant, risk), {one.unit for one in risk.scenarios.values()}
    return {
        unit: found[unit]
        for unit in units_of(plant)
        if unit in found and unit not in detailed and initial_above(risk.method, found[unit])
    }


def _detail_missing(plant: Plant, risk: RiskAssessment, at: str) -> Iterator[Finding]:
    del at
    for unit, initial in missing_detail(plant, risk).items():
        whose = "" if initial.unit == unit else f", by that of {initial.unit},"
        above = _and(initial_above(risk.method, initial))
        yield Finding(
            id="detail-missing",
            severity=WARNING,
            about=unit.zone or unit.conduit,
            message=f"{unit} has no scenario, but its initial risk{whose} is not tolerable for {above}",
            hint="Assess it in scenarios:, or give it an initial assessment of its own.",
            clause="ZCR 4.1",
            where=initial.declared,
        )


def _and(words: tuple[str, ...]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


_JUDGES: Final[tuple[Callable[[Plant, RiskAssessment, str], Iterator[Finding]], ...]] = (
    _target_low,
    _residual_risk,
    _measure_missing,
    _acceptance_expired,
    _detail_missing,
)


def risk_findings(plant: Plant, risk: RiskAssessment, at: str) -> tuple[Finding, ...]:
    """Judge the assessment by every rule.

    Args:
        plant: Zones and conduits that fit together.
        risk: An assessment of them.
        at: The instant as text; acceptances count if they hold then.

    Returns:
        Findings, errors first, each kind in the order of :data:`RISK_RULES` and of the files.
    """
    found = [finding for rule in _JUDGES for finding in rule(plant, risk, at)]
    return tuple(sorted(found, key=lambda one: one.severity != ERROR))
