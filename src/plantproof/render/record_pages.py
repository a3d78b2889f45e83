# SPDX-License-Identifier: Apache-2.0
"""Evidence, open findings, what could not be collected, and how to verify: the pages an auditor works from."""

from __future__ import annotations

from datetime import datetime

from plantproof.core.facts import SectionState
from plantproof.core.instants import parse_instant
from plantproof.render.html import evidence_place, link, simulated_mark, slug, table, text
from plantproof.render.view import PortalView

__all__ = ["evidence_page", "findings_page", "missing_page", "verify_page"]


def evidence_page(view: PortalView) -> str:
    """Markdown of the evidence index: which items, of what age, with digest and commit; never their texts."""
    now = parse_instant(view.assessment.at)
    commit = view.assessment.locker_commit
    rows = [
        [
            f'<code class="pp-path">{text(item.path)}</code>{" " + simulated_mark() if item.simulated else ""}',
            text(item.zone),
            text(item.asset),
            text(item.kind),
            _age(now, item.clocks.collected),
            text(item.clocks.valid_until) + (" <b>stale</b>" if item.clocks.valid_until < view.assessment.at else ""),
            text(item.state if item.state is not SectionState.COMPLETE else "complete") + _notes(item.notes),
            str(item.redactions),
            f'<code title="{text(item.sha256)}">{text(item.sha256[:12])}</code>',
        ]
        for item in view.evidence
    ]
    headings = ["Item", "Zone", "Asset", "Kind", "Age", "Valid until", "State", "Redactions", "sha256"]
    return (
        "# Evidence\n\n"
        f"All items of the locker at commit <code>{text(commit)}</code>. The texts stay in the locker; "
        f"{link('how to verify them', 'verify.html')} needs git, ssh-keygen and sha256sum alone.\n\n"
        + table(headings, rows, filterable=True, empty="The locker is empty.")
    )


def _age(now: datetime, collected: str) -> str:
    seconds = int((now - parse_instant(collected)).total_seconds())
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if abs(seconds) >= size:
            return f'<span title="{text(collected)}">{seconds // size} {name}</span>'
    return f'<span title="{text(collected)}">{seconds} s</span>'


def _notes(notes: tuple[str, ...]) -> str:
    return "".join(f"<br><small>{text(note)}</small>" for note in notes)


def findings_page(view: PortalView) -> str:
    """Markdown of every open finding."""
    rows = []
    for outcome in view.open_findings():
        claims = view.claims_of_check(outcome.check)
        found = [view.assessment.controls[c.control] for c in claims if c.control in view.assessment.controls]
        level = min((info.min_sl for info in found), default=0)
        rows.append(
            [
                f"SL {level}" if level else "–",
                text(outcome.zone),
                text(outcome.asset),
                link(view.checks[outcome.check].title, f"checks/{slug(outcome.check)}.html"),
                text(outcome.message),
                "<br>".join(link(info.label, f"controls/{slug(info.id)}.html") for info in found),
                evidence_place(outcome.evidence[0], outcome.lines) if outcome.evidence else "",
            ]
        )
    rows.sort(key=lambda row: row[0])
    headings = ["From", "Zone", "Asset", "Check", "What was found", "Against", "Evidence"]
    return (
        "# Open findings\n\nWhat a check found wrong, lowest security level first. Each page of a check says what to do, and what to mind.\n\n"
        + table(headings, rows, filterable=True, empty="No check is unsatisfied.")
    )


def missing_page(view: PortalView) -> str:
    """Markdown of what the last run was asked for and did not bring."""
    rows = [[text(item.zone), text(item.asset), text(item.kind), text(item.reason)] for item in view.not_collected]
    return (
        "# Not collected\n\nWhat the last run was asked for and could not bring. It proves nothing either way.\n\n"
        + table(["Zone", "Asset", "Kind", "Reason"], rows, filterable=True, empty="Everything that was asked for came.")
    )


def verify_page(view: PortalView) -> str:
    """Markdown of how an auditor verifies without this tool, and the downloads."""
    commit = view.assessment.locker_commit or "COMMIT"
    return f"""# Verify it yourself

This portal was made by {text(view.tool)} from the evidence at commit <code>{text(commit)}</code>, judged as of {text(view.assessment.at)}.
The same evidence, content and instant give the same bytes.

## With git, ssh-keygen and sha256sum

In a copy of the locker, with the plant's `allowed_signers` file beside it:

```sh
# every run is a signed commit; each line must begin with G
git -c gpg.ssh.allowedSignersFile="$PWD/allowed_signers" log --format='%G? %H %GS %s' {text(commit)}
# the repository itself is sound
git fsck --full --strict
# a manifest names the digest of every item, and the digest of the manifest before it
git show {text(commit)}:manifest.json | sha256sum
git show {text(commit)}:ZONE/ASSET/KIND.txt | sha256sum
```

## Downloads

* <a href="downloads/assessment-results.json" download>OSCAL assessment results</a>
* <a href="downloads/poam.json" download>OSCAL plan of action and milestones</a> (absent if nothing is open)
"""
