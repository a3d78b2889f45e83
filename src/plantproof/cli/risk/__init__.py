# SPDX-License-Identifier: Apache-2.0
"""``plantproof risk``: the risk assessment of the workspace, weighed by its own matrix and judged by rules."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.findings import counted, finding_json, print_findings, status_of
from plantproof.cli.output import json_option, print_json, talk
from plantproof.cli.risk.programs import risk_json
from plantproof.cli.risk.tables import print_risk
from plantproof.core.finding import Finding
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.plant import Plant
from plantproof.core.risk import RiskAssessment, Unit, risk_findings
from plantproof.core.risk.weigh import units_of
from plantproof.errors import UsageError

__all__ = ["risk"]


@click.command()
@click.argument("zone", required=False)
@click.option("--at", default="", metavar="INSTANT", help="Acceptances count if they hold then.  [default: now]")
@json_option
@click.pass_obj
def risk(workspace: Path, zone: str | None, at: str, as_json: bool) -> int:
    """Weigh the scenarios of risk/*.yml: matrix, what remains, the SL-T that they ask for, and findings.

    With ZONE (or the id of a conduit) only what is about it and its conduits. Exit status 1 if a declared SL-T is
    lower than the derived one, or a residual risk is neither tolerable nor accepted; 0 with warnings or none.

    \b
    Example:
        plantproof risk
        plantproof risk dosing --at 2027-01-01
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    plant, assessment = wiring.workspace.plant, wiring.workspace.risk
    instant = instant_text(parse_instant(at) if at else wiring.clock.now())
    units = _about(plant, zone) if zone else _all(plant, assessment)
    found = [one for one in risk_findings(plant, assessment, instant) if not zone or _is_about(one, assessment, units)]
    if as_json:
        told = risk_json(plant, assessment, units, instant)
        print_json({**told, "findings": [finding_json(one) for one in found]})
    else:
        print_risk(plant, assessment, units, instant)
        if found:
            click.echo()
        print_findings(found)
    number = sum(one.unit in units for one in assessment.scenarios.values())
    if not number:
        talk("no scenarios; they are written in risk/*.yml under scenarios:")
    talk(f"{number} scenario{'' if number == 1 else 's'}: {counted(found)}")
    return status_of(found)


def _all(plant: Plant, assessment: RiskAssessment) -> tuple[Unit, ...]:
    return tuple(dict.fromkeys((*units_of(plant), *(one.unit for one in assessment.scenarios.values()))))


def _about(plant: Plant, name: str) -> tuple[Unit, ...]:
    """A zone with its conduits, or a conduit alone."""
    if name in plant.zones:
        return (Unit(zone=name), *(Unit(conduit=one.id) for one in plant.conduits_of(name)))
    if name in plant.conduits:
        return (Unit(conduit=name),)
    from plantproof.adapters.workspace.entries import nearest

    hint = nearest(name, [*plant.zones, *plant.conduits])
    raise UsageError(f"the plant has no zone or conduit {name}", code="usage.unknown-name", hint=hint)


def _is_about(finding: Finding, assessment: RiskAssessment, units: tuple[Unit, ...]) -> bool:
    scenarios = {one.id for one in assessment.scenarios.values() if one.unit in units}
    return finding.about in scenarios | {one.zone or one.conduit for one in units}
