# SPDX-License-Identifier: Apache-2.0
"""``plantproof explain``: from a requirement in a zone or conduit to the check, the file, the line and the commit."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import click

from plantproof.cli.output import json_option, print_json, visible
from plantproof.core.components import CLAIMS, inherited
from plantproof.core.judgement import Assessment, ControlStatus, Outcome
from plantproof.core.statements import Statements
from plantproof.errors import UsageError
from plantproof.ports.locker import StoredItem

if TYPE_CHECKING:
    from plantproof.cli.judging import Judged

__all__ = ["explain"]

_SHOWN = 5


@click.command()
@click.argument("zone", metavar="ZONE|CONDUIT")
@click.argument("control")
@click.option("--at", default="", metavar="INSTANT", help="Judge as of this moment.  [default: now]")
@json_option
@click.pass_obj
def explain(workspace: Path, zone: str, control: str, at: str, as_json: bool) -> None:
    """Say why CONTROL (such as sr-1.1 or "SR 1.1 RE(1)") has its verdict in a zone or conduit, down to the line.

    \b
    Example:
        plantproof explain supervision SR-1.1
    """  # noqa: D301 - click reads \b
    from plantproof.cli.judging import judge

    judged = judge(workspace, at)
    found = judged.assessment
    status = _status(found, zone, control)
    claims = _claims(workspace, judged, status)
    if as_json:
        print_json({**_json(found, status, judged.items), "claims": claims})
        return
    info = found.controls[status.control]
    click.secho(f"{info.label} {info.title}, {found.what(status.zone)} {status.zone}: {status.standing}", bold=True)
    click.echo(f"  {visible(status.reason)}")
    for proof in status.proofs:
        outcome = proof.outcome
        click.echo(f"\n{outcome.about}: {outcome.check} ({proof.strength}) is {outcome.verdict.label}")
        if outcome.message:
            click.echo(f"  {visible(outcome.message)}")
        for ref in outcome.evidence[:1]:
            mark = "  [simulated device]" if ref.simulated else ""
            click.echo(f"  {ref.path}{mark}\n  sha256 {ref.sha256}\n  commit {ref.commit}\n  collected {ref.collected}")
            for number, line in _lines(outcome, judged.items):
                click.echo(f"  {number:>5} | {visible(line)}")
    _print_statements(status.said, found.at)
    if claims:
        click.echo("\nwhat its components claim, which shows ability and counts for SL-C alone:")
    for claim in claims:
        lapsed = f"; does not hold: {claim['does-not-hold']}" if claim["does-not-hold"] else f", until {claim['until']}"
        said = f"{claim['asset']} is {claim['component']} ({claim['claim']} {visible(str(claim['by']))}{lapsed})"
        remark = f": {visible(str(claim['remark']))}" if claim["remark"] else ""
        click.echo(f"  {said}: {claim['label']} {claim['state']}{remark}")


def _print_statements(said: Statements, at: str) -> None:
    """What people state of it, and whether it counts."""
    for item in said.attestations:
        who = visible(f"{item.name} ({item.role})")
        click.echo(f"\nattested by {who} on {item.stated[:10]}, until {item.valid_until[:10]}")
        click.echo(f"  {visible(item.statement)}\n  {item.path}")
    for measure in said.measures:
        why_not = measure.why_not(at)
        counts = f"does not count: {why_not}" if why_not else f"counts until {measure.until[:10]}"
        click.echo(f"\nmeasure {measure.id} ({visible(measure.declared_by)}) {counts}")
        click.echo(f"  {visible(measure.instead)}\n  {measure.where}")
    for waiver in said.waivers:
        why_not = waiver.why_not(at)
        holds = f"does not hold: {why_not}" if why_not else f"holds until {waiver.until[:10]}, and counts for no level"
        ticket = f", {visible(waiver.ticket)}" if waiver.ticket else ""
        who = f"{visible(waiver.owner)}, approved by {visible(waiver.approved_by)}{ticket}"
        click.echo(f"\nwaiver {waiver.id} ({who}) {holds}")
        click.echo(f"  {visible(waiver.reason)}\n  {waiver.where}")


def _claims(workspace: Path, judged: Judged, status: ControlStatus) -> list[dict[str, str]]:
    """What suppliers say of the requirements of IEC 62443-4-2 that serve this one, asset by asset."""
    from plantproof.adapters.library import load_served
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    components = wiring.workspace.components
    if not components:
        return []
    plant = judged.plant
    part = status.zone
    assets = plant.assets_of(part) if part in plant.zones else plant.assets_of_conduit(part)
    serving = load_served(wiring.content).get(status.control, ())
    return [
        {
            "asset": asset,
            "component": component.id,
            "requirement": claim.requirement,
            "label": wiring.requirements[claim.requirement].label,
            "state": claim.state.replace("-", " "),
            "remark": claim.remark,
            "claim": CLAIMS[component.claim],
            "by": component.by,
            "until": component.valid_until[:10],
            "does-not-hold": component.why_not(judged.assessment.at),
        }
        for asset, component, claim in inherited(assets, components, wiring.requirements, serving)
    ]


def _status(assessment: Assessment, zone: str, control: str) -> ControlStatus:
    parts = assessment.parts
    if zone not in parts:
        raise _unknown("zone or conduit", zone, list(parts))
    zone_status = parts[zone]
    wanted = control.lower().replace(" ", "-").replace("(", "-").replace(")", "").replace("--", "-")
    by_name = {
        info.label.lower().replace(" ", "-").replace("(", "-").replace(")", ""): info.id
        for info in assessment.controls.values()
    }
    ident = wanted if wanted in zone_status.controls else by_name.get(wanted, "")
    if ident not in zone_status.controls:
        raise _unknown("requirement", control, list(zone_status.controls))
    return zone_status.controls[ident]


def _unknown(what: str, name: str, known: list[str]) -> UsageError:
    near = get_close_matches(name.lower(), known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known: {shorten(', '.join(known), 100, placeholder=' ...')}"
    return UsageError(f"there is no {what} {name!r}", code="usage.unknown-name", hint=hint)


def _lines(outcome: Outcome, items: Mapping[str, StoredItem]) -> list[tuple[int, str]]:
    if not outcome.evidence or outcome.evidence[0].path not in items:
        return []
    text = items[outcome.evidence[0].path].item.content.decode(errors="replace").split("\n")
    return [(number, text[number - 1]) for number in outcome.lines[:_SHOWN] if 0 < number <= len(text)]


def _json(assessment: Assessment, status: ControlStatus, items: Mapping[str, StoredItem]) -> dict[str, Any]:
    return {
        "at": assessment.at,
        assessment.what(status.zone): status.zone,
        "control": status.control,
        "verdict": status.verdict.label,
        "compensated": status.compensated,
        "measures": [
            {
                "id": measure.id,
                "instead": measure.instead,
                "declared-by": measure.declared_by,
                "reviewed-by": measure.reviewed_by,
                "until": measure.until,
                "assets": list(measure.assets),
                "does-not-count": measure.why_not(assessment.at),
            }
            for measure in status.said.measures
        ],
        "waived": status.waived,
        "waivers": [
            {
                "id": waiver.id,
                "reason": waiver.reason,
                "owner": waiver.owner,
                "approved-by": waiver.approved_by,
                "ticket": waiver.ticket,
                "until": waiver.until,
                "assets": list(waiver.assets),
                "does-not-hold": waiver.why_not(assessment.at),
            }
            for waiver in status.said.waivers
        ],
        "reason": status.reason,
        "proofs": [
            {
                "check": proof.outcome.check,
                "strength": str(proof.strength),
                "asset": proof.outcome.asset or None,
                "verdict": proof.outcome.verdict.label,
                "message": proof.outcome.message,
                "evidence": [
                    {
                        "path": ref.path,
                        "sha256": ref.sha256,
                        "commit": ref.commit,
                        "collected": ref.collected,
                        "simulated": ref.simulated,
                    }
                    for ref in proof.outcome.evidence
                ],
                "lines": [{"line": number, "text": line} for number, line in _lines(proof.outcome, items)],
            }
            for proof in status.proofs
        ],
        "attestations": [
            {
                "name": item.name,
                "role": item.role,
                "stated": item.stated,
                "valid-until": item.valid_until,
                "statement": item.statement,
                "path": item.path,
            }
            for item in status.said.attestations
        ],
    }
