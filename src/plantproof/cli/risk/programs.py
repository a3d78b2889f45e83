# SPDX-License-Identifier: Apache-2.0
"""The risk assessment for programs; names of levels as in the method, never their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plantproof.cli.risk.tables import sorted_scenarios
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.risk import Method, RiskAssessment, Scenario, Unit
from plantproof.core.risk.weigh import (
    Derived,
    acceptance_of,
    asked,
    declared_of,
    derived,
    initial_above,
    initials,
    remaining,
    residual,
    unmitigated,
)

__all__ = ["risk_json", "target_json"]


def risk_json(plant: Plant, risk: RiskAssessment, units: Sequence[Unit], at: str) -> dict[str, object]:
    """Method, initial assessments that count, scenarios by what remains, and targets."""
    method, found, wanted = risk.method, initials(plant, risk), derived(risk)
    return {
        "plant": plant.name,
        "at": at,
        "method": _method(method),
        "initial": [
            {
                **_unit(unit),
                "by-assessment-of": str(found[unit].unit),
                "consequence": _names(method, found[unit].consequence),
                "risk": method.risks[method.risk(found[unit].consequence, len(method.likelihoods) - 1)].id,
                "not-tolerable-for": list(initial_above(method, found[unit])),
            }
            for unit in units
            if unit in found
        ],
        "scenarios": [_scenario(risk, one, at) for one in sorted_scenarios(risk, units)],
        "targets": [target_json(plant, unit, wanted[unit]) for unit in units if unit in wanted],
    }


def target_json(plant: Plant, unit: Unit, wanted: Derived | None) -> dict[str, object]:
    """The declared SL-T of a zone or conduit beside the derived one, which is null without scenarios."""
    have = declared_of(plant, unit)
    return {
        **_unit(unit),
        "declared": {fr.name: have[fr] for fr in FR},
        "derived": {fr.name: wanted.sl_t[fr] for fr in FR} if wanted else None,
        "because-of": {fr.name: wanted.reasons[fr - 1] for fr in FR if wanted.reasons[fr - 1]} if wanted else {},
        "lower-in": [fr.name for fr in FR if wanted and have[fr] < wanted.sl_t[fr]],
        "higher-in": [fr.name for fr in FR if wanted and have[fr] > wanted.sl_t[fr]],
    }


def _unit(unit: Unit) -> dict[str, object]:
    return {"zone": unit.zone or None, "conduit": unit.conduit or None}


def _names(method: Method, consequence: Mapping[str, int]) -> dict[str, str]:
    return {category: method.consequences[level].id for category, level in consequence.items()}


def _method(method: Method) -> dict[str, object]:
    return {
        "title": method.title,
        "own": method.own,
        "consequences": [{"id": one.id, **one.meanings} for one in method.consequences],
        "likelihoods": [{"id": one.id, "description": one.description} for one in method.likelihoods],
        "risks": [{"id": one.id, "sl-t": "attacker" if one.sl_t is None else one.sl_t} for one in method.risks],
        "matrix": {
            one.id: [method.risks[number].id for number in row]
            for one, row in zip(method.consequences, method.matrix, strict=True)
        },
        "tolerable": {category: method.risks[level].id for category, level in method.tolerable.items()},
    }


def _scenario(risk: RiskAssessment, one: Scenario, at: str) -> dict[str, object]:
    method, accepted = risk.method, acceptance_of(risk, one, at)
    consequence, likelihood = one.residual
    return {
        "id": one.id,
        "title": one.title,
        **_unit(one.unit),
        "threat": {"source": one.threat.source, "attacker": one.threat.attacker, "way": one.threat.way},
        "vulnerability": one.vulnerability,
        "consequence": _names(method, one.consequence),
        "likelihood": method.likelihoods[one.likelihood].id,
        "unmitigated-risk": method.risks[unmitigated(method, one)].id,
        "sl-t": asked(method, one),
        "frs": [fr.name for fr in FR if fr in one.frs],
        "controls": list(one.controls),
        "measures": list(one.measures),
        "planned": list(one.planned),
        "residual": {
            "judged": one.with_measures is not None,
            "consequence": _names(method, consequence),
            "likelihood": method.likelihoods[likelihood].id,
            "risk": method.risks[residual(method, one)].id,
            "not-tolerable-for": list(remaining(method, one)),
        },
        "acceptance": {
            "role": accepted.role,
            "name": accepted.name,
            "risk": method.risks[accepted.risk].id,
            "reason": accepted.reason,
            "until": accepted.until,
        }
        if accepted
        else None,
        "assessed": one.assessed,
        "by": one.by,
        "file": one.declared.file,
        "line": one.declared.line,
    }
