# SPDX-License-Identifier: Apache-2.0
"""How findings about the plant's description are told: with file, line, rule and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import click

from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.output import visible
from plantproof.core.finding import ERROR, WARNING, Finding

__all__ = ["counted", "finding_json", "print_findings", "status_of"]


def finding_json(finding: Finding) -> dict[str, object]:
    """One finding for programs."""
    return {
        "id": finding.id,
        "severity": finding.severity,
        "about": finding.about,
        "message": finding.message,
        "hint": finding.hint,
        "clause": finding.clause,
        "file": finding.where.file,
        "line": finding.where.line,
    }


def print_findings(found: Sequence[Finding]) -> None:
    """Findings for people, two lines each."""
    for finding in found:
        line = "" if finding.where.line is None else f":{finding.where.line}"
        click.echo(visible(f"{finding.where.file}{line}: ") if finding.where.file else "", nl=False)
        click.secho(f"{finding.severity}: ", fg="red" if finding.severity == ERROR else "yellow", bold=True, nl=False)
        clause = f", {finding.clause}" if finding.clause else ""
        click.echo(f"{visible(finding.message)}  [{finding.id}{clause}]")
        click.echo(f"  {finding.hint}")


def counted(found: Sequence[Finding]) -> str:
    """How many of each severity, or that all is in order."""
    counts = Counter(finding.severity for finding in found)
    told = [f"{counts[one]} {one}{'' if counts[one] == 1 else 's'}" for one in (ERROR, WARNING) if counts[one]]
    return " and ".join(told) or "all in order"


def status_of(found: Sequence[Finding]) -> int:
    """The exit status: warnings alone are no failure."""
    return FINDINGS if any(finding.severity == ERROR for finding in found) else OK
