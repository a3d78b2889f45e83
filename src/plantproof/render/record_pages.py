# SPDX-License-Identifier: Apache-2.0
"""Evidence, open findings, what could not be collected, and how to verify: the pages an auditor works from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from plantproof.core.facts import SectionState
from plantproof.core.instants import parse_instant
from plantproof.core.verdicts import Verdict
from plantproof.render.html import asset_in_zone, badge, evidence_place, link, simulated_mark, slug, table, text
from plantproof.render.long_tables import long_table
from plantproof.render.view import PortalView

__all__ = ["evidence_pages", "findings_pages", "missing_page", "verify_page"]


def evidence_pages(view: PortalView) -> Iterator[tuple[str, str]]:
    """Path and Markdown of the evidence index: which items, of what age, with digest and commit; never their texts."""
    now = parse_instant(view.assessment.at)
    commit = view.assessment.locker_commit
    rows = [
        [
            f'<code class="pp-path">{text(item.path)}</code>{" " + simulated_mark() if item.simulated else ""}',
            asset_in_zone(item.asset, item.zone),
            text(item.kind),
            _age(now, item.clocks.collected),
            _until(item.clocks.valid_until, view.assessment.at),
            text(item.state if item.state is not SectionState.COMPLETE else "complete") + _notes(item.notes),
            str(item.redactions),
            f'<code class="pp-digest" title="{text(item.sha256)}">{text(item.sha256[:12])}</code>',
        ]
        for item in view.evidence
    ]
    headings = ["Item", "Asset", "Kind", "Age", "Valid until", "State", "Redactions", "sha256"]
    shown, files = long_table("evidence", headings, rows, empty="The locker is empty.")
    yield (
        "evidence.md",
        "# Evidence\n\n"
        f"All items of the locker at commit <code>{text(commit)}</code>. The texts stay in the locker; "
        f"{link('how to verify them', 'verify.html')} needs git, ssh-keygen and sha256sum alone.\n\n" + shown,
    )
    yield from files


def _until(instant: str, now: str) -> str:
    stale = f" {badge(Verdict.STALE)}" if instant < now else ""
    return f'<span title="{text(instant)}">{text(instant[:10])}</span>{stale}'


def _age(now: datetime, collected: str) -> str:
    seconds = int((now - parse_instant(collected)).total_seconds())
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if abs(seconds) >= size:
            return f'<span title="{text(collected)}">{seconds // size} {name}</span>'
    return f'<span title="{text(collected)}">{seconds} s</span>'


def _notes(notes: tuple[str, ...]) -> str:
    return "".join(f"<br><small>{text(note)}</small>" for note in notes)


def findings_pages(view: PortalView) -> Iterator[tuple[str, str]]:
    """Path and Markdown of every open finding, and the file of its rows if they are too many for a page."""
    rows = []
    for outcome in view.open_findings():
        level = view.level_of_check(outcome.check)
        against = (link(info.label, f"controls/{slug(info.id)}.html") for info in view.controls_of_check(outcome.check))
        rows.append(
            [
                f"SL&nbsp;{level}" if level else "–",
                asset_in_zone(outcome.asset, outcome.zone),
                link(view.checks[outcome.check].title, f"checks/{slug(outcome.check)}.html"),
                text(outcome.message),
                "<br>".join(against),
                evidence_place(outcome.evidence[0], outcome.lines) if outcome.evidence else "",
            ]
        )
    headings = ["From", "Asset", "Check", "What was found", "Against", "Evidence"]
    shown, files = long_table("findings", headings, rows, empty="No check is unsatisfied.")
    yield (
        "findings.md",
        "# Open findings\n\nWhat a check found wrong, lowest security level first. "
        "The page of a check says what to do, and what to mind.\n\n" + shown,
    )
    yield from files


def missing_page(view: PortalView) -> str:
    """Markdown of what the last run was asked for and did not bring."""
    rows = [[asset_in_zone(item.asset, item.zone), text(item.kind), text(item.reason)] for item in view.not_collected]
    return (
        "# Not collected\n\nWhat the last run was asked for and could not bring. It proves nothing either way.\n\n"
        + table(["Asset", "Kind", "Reason"], rows, filterable=True, empty="Everything that was asked for came.")
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

{_downloads(view)}"""


def _downloads(view: PortalView) -> str:
    known = {
        "assessment-results.json": "OSCAL assessment results",
        "poam.json": "OSCAL plan of action and milestones",
    }
    lines = (
        f'<li><a href="downloads/{text(name)}" download>{text(known.get(name, name))}</a></li>'
        for name in view.downloads
    )
    return "<ul>" + "".join(lines) + "</ul>\n" if view.downloads else "None.\n"
