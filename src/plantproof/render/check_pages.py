# SPDX-License-Identifier: Apache-2.0
"""A page for each check: the rule itself, why, what to do with which caution, and what it found on each asset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from plantproof.core.checks import Check
from plantproof.core.judgement import Outcome
from plantproof.core.verdicts import Verdict
from plantproof.render.html import (
    asset_in_zone,
    badge,
    counted,
    evidence_place,
    in_markdown,
    link,
    prose,
    slug,
    table,
    text,
)
from plantproof.render.long_tables import long_table
from plantproof.render.view import PortalView

__all__ = ["check_list", "check_pages", "outcomes_by_check"]


def outcomes_by_check(view: PortalView) -> Mapping[str, Sequence[Outcome]]:
    """Outcomes of each check, by asset."""
    found: dict[str, list[Outcome]] = {}
    for outcome in sorted(view.assessment.outcomes, key=lambda o: (o.check, o.zone, o.asset)):
        found.setdefault(outcome.check, []).append(outcome)
    return found


def check_list(view: PortalView) -> str:
    """Markdown of the list of checks."""
    found = outcomes_by_check(view)
    rows = []
    for check in view.checks.values():
        counts = Counter(outcome.verdict for outcome in found.get(check.id, ()))
        shown = " ".join(counted(verdict, counts[verdict]) for verdict in Verdict if counts[verdict])
        rows.append(
            [
                link(check.title, f"{slug(check.id)}.html"),
                f"<code>{text(', '.join(check.kinds))}</code>",
                shown or "asked of no asset",
            ]
        )
    return "# Checks\n\n" + table(["Check", "Evidence", "Verdicts"], rows, filterable=True)


def check_pages(view: PortalView, check: Check, outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str]]:
    """Path and Markdown of one check's page, and the file of its outcomes if they are too many for a page."""
    found, files = _outcomes(check, outcomes)
    yield f"checks/{slug(check.id)}.md", _page(view, check, found)
    yield from files


def _page(view: PortalView, check: Check, found: str) -> str:
    rules = "".join(
        f"<li><code>{text(assertion.that)}</code><br><small>otherwise: {text(assertion.otherwise)}</small></li>"
        for assertion in check.assertions
    )
    rule = f"<ul>{rules}</ul>\n" if rules else "<p>A function judges this; an expression would not be enough.</p>\n"
    applies = f"<p>Applies when <code>{text(check.when)}</code>.</p>\n" if check.when else ""
    claims = [
        [
            link(view.assessment.controls[claim.control].label, f"../controls/{slug(claim.control)}.html"),
            text(view.assessment.controls[claim.control].title),
            str(claim.strength),
            text(claim.remark),
        ]
        for claim in view.claims_of_check(check.id)
        if claim.control in view.assessment.controls
    ]
    return "\n".join(
        [
            f"# {in_markdown(check.title)}\n",
            f'<p class="pp-lead"><code>{text(check.id)}</code> · needs <code>{text(", ".join(check.kinds))}</code></p>\n',
            prose(check.rationale) + "\n",
            "## What must hold\n",
            applies + rule,
            "## What it found\n",
            found,
            "## What it is worth\n",
            table(
                ["Requirement", "Title", "Worth", "Remark"],
                claims,
                empty="It speaks to no requirement of this baseline.",
            ),
            "## What to do\n",
            prose(check.remedy) + "\n",
            f'<div class="pp-caution"><b>In a running plant</b> {prose(check.caution)}</div>\n'
            if check.caution
            else "",
        ]
    )


def _outcomes(check: Check, outcomes: Sequence[Outcome]) -> tuple[str, tuple[tuple[str, str], ...]]:
    rows = [
        [
            asset_in_zone(outcome.asset, outcome.zone),
            badge(outcome.verdict),
            text(outcome.message),
            evidence_place(outcome.evidence[0], outcome.lines) if outcome.evidence else "",
        ]
        for outcome in outcomes
    ]
    headings = ["Asset", "Verdict", "Why", "Evidence"]
    return long_table(f"check-{slug(check.id)}", headings, rows, up="../", empty="It was asked of no asset.")
