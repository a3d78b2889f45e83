# SPDX-License-Identifier: Apache-2.0
"""A report for people: the matrix, then what to look at, each with the very rule and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import click

from plantproof.cli.output import print_table, visible
from plantproof.core.plant import Plant
from plantproof.firewall.program import Rule
from plantproof.firewall.reach import Device, Finding, Outcome, Pair, Report, named_rules
from plantproof.firewall.reach.services import services_text

__all__ = ["SHOWN", "print_report", "summary"]

SHOWN: Final = 25
_RULES: Final = 4
_MARKS: Final[Mapping[Outcome, str]] = {
    Outcome.DECLARED: "d",
    Outcome.UNDECLARED: "U",
    Outcome.BACKWARDS: "B",
    Outcome.DOUBTFUL: "?",
    Outcome.BLOCKED: "x",
    Outcome.NO_ANSWER: "x",
    Outcome.WRITES: "w",
    Outcome.UNFILTERED: "=",
}
_LEGEND: Final = (
    "d declared  U undeclared  B backwards  ? doubtful  x declared and blocked  w may write though declared to read  "
    "= no firewall between  . nothing"
)
_WIDE: Final = 40


def print_report(
    plant: Plant, devices: Mapping[str, Device], report: Report, findings: Sequence[Finding], *, every: bool
) -> None:
    """The matrix of the pairs, or of a single pair its passages; then the findings."""
    if len(report.pairs) == 1:
        _print_pair(devices, next(iter(report.pairs.values())))
    elif report.pairs:
        _print_matrix(plant, report)
    for one in report.unknown:
        click.echo(f"unknown: {one.about}: {visible(one.why)}")
    for name, rule in report.unused if every else report.unused[:SHOWN]:
        click.echo(f"unused: {_rule(devices, name, rule)}")
    for stray in report.strays if every else report.strays[:SHOWN]:
        click.echo(f"stray: {stray.firewall} {stray}")
        for rule in stray.rules[:_RULES]:
            click.echo(f"  {_rule(devices, stray.firewall, rule)}")
    shown = findings if every else findings[:SHOWN]
    for finding in shown:
        _print_finding(devices, finding)
    if len(shown) < len(findings):
        click.echo(f"... and {len(findings) - len(shown)} more; --all shows them, --json too")


def summary(report: Report, findings: Sequence[Finding]) -> str:
    """One line."""
    counts = Counter(finding.outcome for finding in findings)
    told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])
    if not report.pairs:
        return f"of no pair of zones anything can be told: {len(report.unknown)} unknown"
    open_pairs = sum(bool(pair.passages) for pair in report.pairs.values())
    unknown = f"; {len(report.unknown)} unknown" if report.unknown else ""
    unknown += f"; {len(report.unused)} rules let nothing through" if report.unused else ""
    unknown += f"; {len(report.strays)} ways for addresses of no zone" if report.strays else ""
    return f"{open_pairs} of {len(report.pairs)} pairs of zones are open: {told or 'all as declared'}{unknown}"


def _print_matrix(plant: Plant, report: Report) -> None:
    sources = list(dict.fromkeys(source for source, _ in report.pairs))
    reached = {target for _, target in report.pairs}
    targets = [zone for zone in plant.zones if zone in reached]
    if len(targets) > _WIDE:
        rows = [[pair.source, pair.target, _marks(pair)] for pair in report.pairs.values() if _marks(pair) != "."]
        print_table(["from", "to", ""], rows)
    else:
        columns = [str(number) for number, _ in enumerate(targets, start=1)]
        numbers = {target: number for number, target in enumerate(targets, start=1)}
        rows = [
            [
                f"{numbers.get(source, '')} {source}".strip(),
                *(
                    _marks(report.pairs[source, target]) if (source, target) in report.pairs else ""
                    for target in targets
                ),
            ]
            for source in sources
        ]
        print_table(["from \\ to", *columns], rows)
        if set(targets) - set(sources):
            click.echo("to: " + ", ".join(f"{numbers[target]} {target}" for target in targets))
    click.echo(_LEGEND + "\n")


def _marks(pair: Pair) -> str:
    outcomes = [passage.outcome for passage in pair.passages] + [blocked.outcome for blocked in pair.blocked]
    outcomes += [Outcome.UNFILTERED] if pair.unfiltered else []
    return "".join(dict.fromkeys(_MARKS[outcome] for outcome in Outcome if outcome in outcomes)) or "."


def _print_pair(devices: Mapping[str, Device], pair: Pair) -> None:
    if not pair.passages:
        click.echo(f"{pair.source} does not reach {pair.target}")
        return
    rows = [
        [passage.outcome, services_text(passage.arriving), "; ".join(_rule(devices, *one) for one in by[:_RULES])]
        for passage in pair.passages
        for by in (named_rules(devices, passage),)
    ]
    print_table([f"{pair.source} > {pair.target}", "service", "let through by"], rows)


def _print_finding(devices: Mapping[str, Device], finding: Finding) -> None:
    if finding.where is not None:
        click.echo(f"{finding.where.file}:{finding.where.line}: ", nl=False)
    word, colour = ("error", "red") if finding.error else ("warning", "yellow")
    click.secho(f"{word}: ", fg=colour, bold=True, nl=False)
    click.echo(f"{finding.message}  [{finding.outcome}]")
    if finding.hosts:
        click.echo(f"  {finding.hosts}")
    for name, rule in finding.rules[:_RULES]:
        click.echo(f"  {_rule(devices, name, rule)}")
    if len(finding.rules) > _RULES:
        click.echo(f"  and {len(finding.rules) - _RULES} rules more")
    click.echo(f"  {finding.hint}")


def _rule(devices: Mapping[str, Device], firewall: str, rule: Rule) -> str:
    if not rule.line:
        return f"{firewall}: {visible(rule.why or rule.text)}"
    place = f"{devices[firewall].source}:{rule.line}"
    return f"{place} ({firewall}): {visible(rule.text)}" + (f" - {visible(rule.why)}" if rule.why else "")
