# SPDX-License-Identifier: Apache-2.0
"""``plantproof assess``: verdicts and security levels from the evidence in the locker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.output import json_option, print_json, print_table, talk
from plantproof.core.achieved import open_requirements
from plantproof.core.judgement import Assessment, Capability, ZoneStatus
from plantproof.core.levels import FR, SLVector
from plantproof.core.verdicts import Verdict

__all__ = ["assess", "exit_status", "print_assessment", "summary"]


@click.command()
@click.option("--at", default="", metavar="INSTANT", help="Judge as of this moment.  [default: now]")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Folder for the OSCAL files.")
@click.option("--allow-waived", is_flag=True, help="Exit status 0 also if waivers cover all that is missing.")
@json_option
@click.pass_obj
def assess(workspace: Path, at: str, output: Path | None, *, allow_waived: bool, as_json: bool) -> int:
    """Judge every zone and conduit: what is proven, what is possible, what blocks the next level.

    Writes OSCAL assessment-results and a plan of action. Exit status 1 if a target is not proven. A waiver
    proves nothing: without --allow-waived it changes no exit status.

    \b
    Example:
        plantproof assess --at 2026-11-23T06:00:00Z
    """  # noqa: D301 - click reads \b
    from plantproof.cli.judging import judge, write_results

    judged = judge(workspace, at)
    written = write_results(judged, output or judged.output)
    if as_json:
        print_json(summary(judged.assessment))
    else:
        print_assessment(judged.assessment)
    for path in written.values():
        talk(f"wrote {path}")
    return exit_status(judged.assessment, allow_waived=allow_waived)


def exit_status(assessment: Assessment, *, allow_waived: bool = False) -> int:
    """0 if the target of every zone and conduit is proven, or if all that is missing may be waived and is; else 1."""
    missing = (
        part.controls[ident]
        for part in assessment.parts.values()
        for ident in open_requirements(part, assessment.controls)
    )
    return OK if all(allow_waived and status.waived for status in missing) else FINDINGS


def summary(assessment: Assessment) -> dict[str, object]:
    """The assessment for programs: levels, counts and blockers by zone."""
    return {
        "at": assessment.at,
        "baseline": assessment.baseline,
        "commit": assessment.locker_commit,
        "verdicts": _counts(o.verdict for o in assessment.outcomes),
        "zones": {ident: _part(status) for ident, status in assessment.zones.items()},
        "conduits": {ident: _part(status) for ident, status in assessment.conduits.items()},
    }


def _part(zone: ZoneStatus) -> dict[str, object]:
    return {
        "sl-t": {fr.name: zone.sl_t[fr] for fr in FR},
        "sl-a-proven": {fr.name: zone.proven[fr] for fr in FR},
        "sl-a-possible": {fr.name: zone.possible[fr] for fr in FR},
        **({"sl-c": _capability(zone.sl_c)} if zone.sl_c else {}),
        "blockers": {fr.name: list(zone.blockers[fr]) for fr in FR if zone.blockers[fr]},
        "compensated": list(zone.compensated),
        "waived": dict(zone.waived),
        "requirements": _counts(status.verdict for status in zone.controls.values()),
    }


def _capability(found: Capability) -> dict[str, object]:
    return {
        "claimed": {fr.name: found.claimed[fr] for fr in FR},
        "possible": {fr.name: found.possible[fr] for fr in FR},
        "nothing-claimed-of": list(found.silent),
    }


def _counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    found = Counter(verdicts)
    return {verdict.label: found[verdict] for verdict in Verdict}


def print_assessment(assessment: Assessment) -> None:
    """The assessment for people: two lines for each zone and conduit, then what blocks."""
    claims = "SL-C: claimed-possible, " if any(part.sl_c for part in assessment.parts.values()) else ""
    title = f"{assessment.baseline}, as of {assessment.at} ({claims}SL-A: proven-possible)"
    _print_levels("zone", assessment.zones.values(), title)
    if assessment.conduits:
        _print_levels("conduit", assessment.conduits.values(), "")
    for part in assessment.parts.values():
        if part.compensated:
            click.echo(f"{part.zone}: SL-A rests on compensating measures for {', '.join(part.compensated)}")
    for part in assessment.parts.values():
        if part.waived:
            told = ", ".join(f"{ident} until {until[:10]}" for ident, until in part.waived.items())
            click.echo(f"{part.zone}: waived, which counts for no level: {told}")
    counts = Counter(o.verdict for o in assessment.outcomes)
    click.echo("\nchecks: " + ", ".join(f"{counts[verdict]} {verdict.label}" for verdict in Verdict))
    failed = [o for o in assessment.outcomes if o.verdict is Verdict.NOT_SATISFIED]
    if failed:
        print_table(
            ["zone", "asset", "check", "what was found"],
            [[o.zone, o.asset or "as a whole", o.check, o.message] for o in failed],
        )


def _print_levels(what: str, parts: Iterable[ZoneStatus], title: str) -> None:
    rows: list[list[object]] = []
    for part in parts:
        rows.append([part.zone, "SL-T", *part.sl_t])
        if part.sl_c:
            rows.append(["", "SL-C", *_spans(part.sl_c.claimed, part.sl_c.possible)])
        rows.append(["", "SL-A", *_spans(part.proven, part.possible)])
    print_table([what, "", *(fr.name for fr in FR)], rows, title=title)


def _spans(low: SLVector, high: SLVector) -> list[str]:
    return [str(low[fr]) if low[fr] == high[fr] else f"{low[fr]}-{high[fr]}" for fr in FR]
