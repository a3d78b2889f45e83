# SPDX-License-Identifier: Apache-2.0
"""The risk assessment for people: the matrix with what lies where, scenarios by what remains, targets beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import click

from plantproof.cli.output import print_table
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import Plant
from plantproof.core.risk import Method, RiskAssessment, Scenario, Unit
from plantproof.core.risk.weigh import (
    Derived,
    acceptance_of,
    declared_of,
    derived,
    remaining,
    residual,
    unmitigated,
)

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["compared", "print_risk", "sorted_scenarios", "standing"]

_COLOURS: Final = ("green", "yellow", "dark_orange", "red")


def print_risk(plant: Plant, risk: RiskAssessment, units: Sequence[Unit], at: str) -> None:
    """Matrix, scenarios and targets."""
    scenarios = sorted_scenarios(risk, units)
    _print_matrix(risk.method, scenarios)
    if not scenarios:
        return
    method = risk.method
    rows = [
        [
            one.id,
            one.unit,
            _hits(method, one),
            _risk(method, unmitigated(method, one)),
            _risk(method, residual(method, one)),
            standing(risk, one, at),
        ]
        for one in scenarios
    ]
    click.echo()
    print_table(["scenario", "of", "hits", "without measures", "remains", "which is"], rows)
    click.echo()
    wanted = derived(risk)
    targets = [_target(plant, unit, wanted[unit]) for unit in units if unit in wanted]
    print_table(["SL-T (FR1..FR7) of", "derived", "declared", "which is", "by scenario"], targets)


def sorted_scenarios(risk: RiskAssessment, units: Collection[Unit]) -> list[Scenario]:
    """The scenarios of zones and conduits, what remains highest first."""
    method = risk.method
    about = [one for one in risk.scenarios.values() if one.unit in units]
    return sorted(about, key=lambda one: (-residual(method, one), -unmitigated(method, one)))


def standing(risk: RiskAssessment, scenario: Scenario, at: str) -> str:
    """How the residual risk stands: tolerable, accepted, or neither."""
    if not remaining(risk.method, scenario):
        return "tolerable"
    accepted = acceptance_of(risk, scenario, at)
    return f"accepted by {accepted.role} until {accepted.until[:10]}" if accepted else "not tolerable"


def compared(have: SLVector, wanted: SLVector) -> str:
    """The declared SL-T beside the derived one: ``lower in RDF; higher in RA``."""
    low = [fr.name for fr in FR if have[fr] < wanted[fr]]
    high = [fr.name for fr in FR if have[fr] > wanted[fr]]
    told = [f"{word} in {', '.join(names)}" for word, names in (("lower", low), ("higher", high)) if names]
    return "; ".join(told) or "the same"


def _print_matrix(method: Method, scenarios: Sequence[Scenario]) -> None:
    before = Counter(_cell(method, one.consequence, one.likelihood) for one in scenarios)
    after = Counter(_cell(method, *one.residual) for one in scenarios)
    click.echo(f"{method.title}. Tolerable: {method.borne}. Scenarios without > with measures:")
    rows: list[list[object]] = []
    for level, consequence in reversed([*enumerate(method.consequences)]):
        row: list[object] = [consequence.id]
        for likelihood, number in enumerate(method.matrix[level]):
            cell = (level, likelihood)
            counts = f" {before[cell]} > {after[cell]}" if before[cell] or after[cell] else ""
            row.append(_risk(method, number, counts))
        rows.append(row)
    print_table(["", *(one.id for one in method.likelihoods)], rows)


def _cell(method: Method, consequence: Mapping[str, int], likelihood: int) -> tuple[int, int]:
    """Where in the matrix: the category with the highest risk, the worst of equals."""
    return max(consequence.values(), key=lambda level: (method.matrix[level][likelihood], level)), likelihood


def _risk(method: Method, number: int, more: str = "") -> Text:
    from rich.text import Text

    colour = _COLOURS[round(number * (len(_COLOURS) - 1) / (len(method.risks) - 1))]
    return Text.assemble((method.risks[number].id, colour), more)


def _hits(method: Method, scenario: Scenario) -> str:
    worst = max(scenario.consequence.values())
    names = [category for category, level in scenario.consequence.items() if level == worst]
    return f"{', '.join(names)} {method.consequences[worst].id}"


def _target(plant: Plant, unit: Unit, wanted: Derived) -> list[object]:
    have = declared_of(plant, unit)
    return [unit, wanted.sl_t, have, compared(have, wanted.sl_t), _reasons(wanted)]


def _reasons(wanted: Derived) -> str:
    of: dict[str, list[str]] = {}
    for fr in FR:
        if wanted.reasons[fr - 1]:
            of.setdefault(wanted.reasons[fr - 1], []).append(fr.name)
    return "; ".join(f"{ident}: {', '.join(frs)}" if len(of) > 1 else ident for ident, frs in of.items()) or "-"
