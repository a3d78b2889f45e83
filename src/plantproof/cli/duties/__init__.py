# SPDX-License-Identifier: Apache-2.0
"""``plantproof duties``: who owes what by IEC 62443, and how it stands."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import click

from plantproof.cli.duties.telling import print_obligations, print_summary, summary_json
from plantproof.cli.findings import counted, finding_json, print_findings, status_of
from plantproof.cli.output import json_option, print_json, talk
from plantproof.core.duties import CATALOGS, Obligation, Parties, duty_findings, obligations
from plantproof.core.roles import ROLES
from plantproof.errors import UsageError

__all__ = ["duties"]


@click.command()
@click.option("--role", type=click.Choice(list(ROLES)), help="Only what this role owes.")
@click.option("--party", default="", metavar="NAME", help="Only what this company or department owes.")
@click.option("--zone", default="", metavar="ID", help="Only what is owed in this zone or conduit.")
@click.option("--component", default="", metavar="ID", help="Only what is owed for this product.")
@click.option("--standard", type=click.Choice(CATALOGS), help="Only what this standard asks.")
@click.option("--open", "only_open", is_flag=True, help="Only what is judged here and is not met.")
@click.option("--at", default="", metavar="INSTANT", help="Evidence, claims and contracts as of then.  [default: now]")
@json_option
@click.pass_obj
def duties(
    workspace: Path,
    *,
    role: str | None,
    party: str,
    zone: str,
    component: str,
    standard: str | None,
    only_open: bool,
    at: str,
    as_json: bool,
) -> int:
    """Tell who owes what: asset owner, integrator, maintainer and product supplier, by IEC 62443-2-1 to 4-2.

    Without options a table of parties, roles and standards; with any, requirement by requirement. Roles are held in
    roles/*.yml; the plant's owner is the asset owner unless they say otherwise, and suppliers come from components/.
    Exit status 0 whatever is open; duties that nobody bears are warnings.

    \b
    Example:
        plantproof duties
        plantproof duties --role integrator --zone cell-1 --open
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.library import load_duties
    from plantproof.cli.judging import evidence_at, judge_by
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    found = wiring.workspace
    evidence = evidence_at(wiring, at)
    assessment = judge_by(wiring, evidence, found.plant, found.statements).assessment
    _check(zone, "zone or conduit", assessment.parts)
    _check(component, "component", found.components)
    parties = Parties(found.plant, found.roles, found.components, assessment.at)
    owed = list(obligations(parties, load_duties(wiring.content, CATALOGS), assessment, wiring.requirements))
    _check(party, "party", sorted({name for one in owed for name in one.parties}))
    shown = [
        one
        for one in owed
        if (not role or one.role == role)
        and (not party or party in one.parties)
        and (not zone or one.part == zone)
        and (not component or one.component == component)
        and (not standard or one.duty.catalog == standard)
        and not (only_open and (one.met or not one.state))
    ]
    chosen = any((role, party, zone, component, standard, only_open))
    findings = duty_findings(parties, owed)
    if as_json:
        told = {"obligations": [_json(one) for one in shown]} if chosen else {"summary": summary_json(owed)}
        print_json({"at": assessment.at, **told, "findings": [finding_json(one) for one in findings]})
        return status_of(findings)
    if chosen:
        print_obligations(shown)
    else:
        print_summary(owed)
        print_findings(findings)
    talk(f"{len(shown)} duties; roles: {counted(findings)}")
    return status_of(findings)


def _check(name: str, what: str, known: Collection[str]) -> None:
    if name and name not in known:
        from plantproof.adapters.workspace.entries import nearest

        raise UsageError(f"there is no {what} {name!r}", code="usage.unknown-name", hint=nearest(name, known))


def _json(one: Obligation) -> dict[str, object]:
    return {
        "standard": one.duty.catalog,
        "control": one.duty.control,
        "label": one.duty.label,
        "title": one.duty.title,
        "role": one.role,
        "parties": list(one.parties),
        "part": one.part,
        "component": one.component,
        "state": one.state,
        "met": one.met if one.state else None,
    }
