# SPDX-License-Identifier: Apache-2.0
"""Small pieces of HTML that stand in Markdown. Everything that comes from outside is escaped here, and only here."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from plantproof.core.finding import ERROR, Finding
from plantproof.core.judgement import ControlStatus, EvidenceRef
from plantproof.core.verdicts import Verdict

__all__ = [
    "asset_in_zone",
    "badge",
    "counted",
    "evidence_place",
    "findings_table",
    "in_markdown",
    "link",
    "mark",
    "plain_verdicts",
    "prose",
    "simulated_mark",
    "slug",
    "status_badge",
    "table",
    "tally",
    "text",
]

_MARKS = {
    Verdict.SATISFIED: ("ok", "✓"),
    Verdict.NOT_SATISFIED: ("bad", "✗"),
    Verdict.NOT_APPLICABLE: ("na", "–"),
    Verdict.NO_EVIDENCE: ("none", "○"),
    Verdict.STALE: ("stale", "◷"),
    Verdict.INCONCLUSIVE: ("maybe", "?"),
}
_ATTESTED = ("said", "✓")
_COMPENSATED = ("comp", "⇄")
_WAIVED = ("waived", "↷")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def text(value: object) -> str:
    """Escape for HTML; control and direction-changing characters become a visible sign."""
    return html.escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(value)), quote=True)


def in_markdown(value: object) -> str:
    """Escape for a line of Markdown, such as a heading: no punctuation is left that Markdown or HTML could read."""
    line = " ".join(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(value)).split())
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", line)


def slug(value: str) -> str:
    """A name as part of a file's path: only letters, digits, dots and hyphens, never up a folder."""
    return re.sub(r"[^a-z0-9.-]+", "-", value.lower()).strip(".-") or "unnamed"


def prose(value: str) -> str:
    """Our own prose as HTML paragraphs."""
    return "".join(f"<p>{text(part.strip())}</p>" for part in re.split(r"\n\s*\n", value.strip()) if part.strip())


def link(label: object, href: str, title: str = "") -> str:
    """A link with an escaped label."""
    more = f' title="{text(title)}"' if title else ""
    return f'<a href="{text(href)}"{more}>{text(label)}</a>'


def badge(verdict: Verdict) -> str:
    """A verdict as sign, colour and word, so that none of the three is needed alone."""
    return _badge(*_MARKS[verdict], verdict.label)


def status_badge(status: ControlStatus) -> str:
    """The verdict on a requirement; what rests on an attestation, a measure or a waiver says so instead."""
    if status.compensated:
        return _badge(*_COMPENSATED, "compensated")
    if status.waived:
        return _badge(*_WAIVED, "waived")
    return _badge(*_ATTESTED, "attested") if status.attested else badge(status.verdict)


def counted(verdict: Verdict, count: int) -> str:
    """A verdict and how often it was found, in one piece."""
    return _badge(*_MARKS[verdict], f"{count} {verdict.label}")


def plain_verdicts(statuses: Iterable[ControlStatus]) -> Counter[Verdict]:
    """How often each verdict stands alone, without an attestation, a measure or a waiver beside it."""
    return Counter(one.verdict for one in statuses if not (one.attested or one.compensated or one.waived))


def tally(statuses: Iterable[ControlStatus]) -> str:
    """How often each verdict was found, what is attested, compensated and waived apart."""
    found = list(statuses)
    verdicts = plain_verdicts(found)
    attested = sum(status.attested for status in found)
    compensated = sum(status.compensated for status in found)
    waived = sum(status.waived for status in found)
    shown = [counted(verdict, verdicts[verdict]) for verdict in Verdict if verdicts[verdict]]
    if attested:
        shown.append(_badge(*_ATTESTED, f"{attested} attested"))
    if compensated:
        shown.append(_badge(*_COMPENSATED, f"{compensated} compensated"))
    if waived:
        shown.append(_badge(*_WAIVED, f"{waived} waived"))
    return " ".join(shown)


def mark(kind: str, sign: str, label: str) -> str:
    """A sign and a word in a colour: ``ok``, ``bad``, ``maybe``, ``stale``, ``na``, ``none``; the label is plain text."""
    return _badge(kind, sign, text(label))


def _badge(kind: str, mark: str, label: str) -> str:
    return f'<span class="pp-badge pp-{kind}"><span aria-hidden="true">{mark}</span> {label}</span>'


def simulated_mark() -> str:
    """The mark that every simulated thing carries."""
    return '<span class="pp-badge pp-sim">simulated</span>'


def asset_in_zone(asset: str, zone: str) -> str:
    """An asset and below it its zone: one column, that a phone has room for. The zone alone, if it is meant as a whole."""
    return f"{text(asset)}<br><small>{text(zone)}</small>" if asset else f"<b>{text(zone)}</b>"


def evidence_place(ref: EvidenceRef, lines: Sequence[int]) -> str:
    """Path, lines, digest and commit of an item: what somebody needs to open it in the locker."""
    shown = f":{','.join(map(str, lines[:8]))}{'…' if len(lines) > 8 else ''}" if lines else ""  # noqa: PLR2004 - a cell's width
    mark = f" {simulated_mark()}" if ref.simulated else ""
    return (
        f'<code class="pp-path">{text(ref.path)}{text(shown)}</code>{mark}<br><small>sha256 '
        f'<code class="pp-digest" title="{text(ref.sha256)}">{text(ref.sha256[:12])}</code> · commit '
        f'<code class="pp-digest" title="{text(ref.commit)}">{text(ref.commit[:12])}</code> · collected {text(ref.collected)}</small>'
    )


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    filterable: bool = False,
    searched: bool = True,
    empty: str = "None.",
) -> str:
    """A table of cells that are HTML already; scrolls inside itself on a narrow screen.

    Args:
        headings: One for each column, as text.
        rows: The cells.
        filterable: Whether the page's script gives it a filter and an order.
        searched: Whether the site's search reads it; what grows with assets would drown the rest.
        empty: What stands there without any row.
    """
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    if not body:
        return f"<p>{text(empty)}</p>\n"
    head = "".join(f'<th scope="col">{text(heading)}</th>' for heading in headings)
    more = ' data-filter="true"' if filterable else ""
    search = "" if searched else " data-search-exclude"
    return (
        f'<div class="pp-scroll" tabindex="0"{search}><table class="pp-table"{more}>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>\n"
    )


def findings_table(found: Iterable[Finding], empty: str) -> str:
    """What rules say about the plant's own files, with what to do."""
    rows = [
        [
            mark("bad", "✗", "error") if one.severity == ERROR else mark("maybe", "!", "warning"),
            f"{text(one.message)}<br><small>{text(one.hint)}</small>",
            text(one.clause),
        ]
        for one in found
    ]
    return table(["", "What was found", "Clause"], rows, empty=empty)
