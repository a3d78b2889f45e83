# SPDX-License-Identifier: Apache-2.0
"""Where a zone or conduit stands: levels, what blocks the next one, whose evidence counts, every requirement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from plantproof.core.judgement import ZoneStatus
from plantproof.core.levels import FR
from plantproof.core.plant import Asset
from plantproof.core.verdicts import Verdict
from plantproof.render.heatmap import cell
from plantproof.render.html import counted, link, simulated_mark, slug, status_badge, table, text
from plantproof.render.view import PortalView

__all__ = ["standing"]


def standing(view: PortalView, status: ZoneStatus, assets: Iterable[Asset]) -> Iterator[str]:
    """Markdown, section by section, of a zone or conduit with these assets; for a page one folder below the site."""
    head = "".join(f'<th scope="col"><abbr title="{text(fr.title)}">{fr.name}</abbr></th>' for fr in FR)
    cells = "".join(f"<td>{cell(status, fr, '')}</td>" for fr in FR)
    yield (
        f'<div class="pp-scroll"><table class="pp-heat"><thead><tr>{head}</tr></thead>'
        f"<tbody><tr>{cells}</tr></tbody></table></div>\n"
    )
    yield _capability(status)
    yield _compensated(view, status)
    yield _waived(view, status)
    yield "## What blocks the next level\n"
    yield _blockers(view, status)
    yield "## Assets\n"
    yield table(
        ["Asset", "Made of", "Collectors", "Verdicts"],
        _assets(view, assets),
        empty="None: only people can speak for it.",
    )
    yield "## Requirements\n"
    for fr in FR:
        yield _family(view, status, fr)


def _capability(status: ZoneStatus) -> str:
    """What the assets are able to do by their suppliers' word, against the target."""
    found = status.sl_c
    if found is None:
        return ""
    spans = (
        f"{fr.name} {found.claimed[fr]}"
        + (f"–{found.possible[fr]}" if found.possible[fr] != found.claimed[fr] else "")
        + (f" <b>below {status.sl_t[fr]}</b>" if found.possible[fr] < status.sl_t[fr] else "")
        for fr in FR
    )
    silent = f" Nothing is claimed, or no longer, of {text(', '.join(found.silent))}." if found.silent else ""
    return (
        f"<p>SL-C, what the assets are able to do by claims that hold: {' · '.join(spans)}.{silent} "
        "It says nothing of how they are set up.</p>\n"
    )


def _compensated(view: PortalView, status: ZoneStatus) -> str:
    """What of the levels above rests on measures."""
    if not status.compensated:
        return ""
    links = (
        link(view.assessment.controls[ident].label, f"../controls/{slug(ident)}.html#{slug(status.zone)}")
        for ident in status.compensated
    )
    return (
        '<div class="pp-note" role="note"><b>These levels rest on compensating measures</b> for '
        f"{', '.join(links)}: not met, and something else is done instead, reviewed and for a time.</div>\n"
    )


def _waived(view: PortalView, status: ZoneStatus) -> str:
    """What is let go for a time, and does not count for the levels above."""
    if not status.waived:
        return ""
    links = (
        link(view.assessment.controls[ident].label, f"../controls/{slug(ident)}.html#{slug(status.zone)}")
        + f" until {text(until[:10])}"
        for ident, until in status.waived.items()
    )
    return (
        f'<div class="pp-note" role="note"><b>Waived:</b> {", ".join(links)}. Not met, let go for a time by somebody who '
        "bears it; the levels above do not count it.</div>\n"
    )


def _assets(view: PortalView, assets: Iterable[Asset]) -> Iterator[list[str]]:
    counts: dict[str, Counter[Verdict]] = {}
    for outcome in view.assessment.outcomes:
        counts.setdefault(outcome.asset, Counter())[outcome.verdict] += 1
    for asset in assets:
        verdicts = counts.get(asset.id, Counter())
        name = f"<b>{text(asset.id)}</b>{' ' + simulated_mark() if asset.simulated else ''}"
        title = f"<br><small>{text(asset.title)}</small>" if asset.title else ""
        shown = " ".join(counted(v, verdicts[v]) for v in Verdict if verdicts[v])
        yield [
            name + title,
            text(", ".join(asset.components)) or "–",
            text(", ".join(asset.collectors)) or "none: only people can speak for it",
            shown or "none",
        ]


def _blockers(view: PortalView, status: ZoneStatus) -> str:
    rows = []
    for fr in FR:
        if status.proven[fr] >= status.sl_t[fr]:
            continue
        links = (
            f"{link(view.assessment.controls[ident].label, f'../controls/{slug(ident)}.html#{slug(status.zone)}')} "
            f"{status_badge(status.controls[ident])}"
            for ident in status.blockers[fr]
        )
        shown = "".join(f"<li>{one}</li>" for one in links)
        level = f"{status.proven[fr]}&nbsp;of&nbsp;{status.sl_t[fr]}"
        rows.append(
            [
                link(f"FR\N{NO-BREAK SPACE}{int(fr)} {fr.name}", f"#{fr.group}"),
                level,
                f'<ul class="pp-run">{shown}</ul>',
            ]
        )
    return table(["FR", "SL-A", "Requirements in the way"], rows, empty="Nothing: every target is proven.")


def _family(view: PortalView, status: ZoneStatus, fr: FR) -> str:
    infos = [info for info in view.assessment.controls.values() if info.fr is fr]
    rows = [
        [
            link(info.label, f"../controls/{slug(info.id)}.html#{slug(status.zone)}"),
            status_badge(status.controls[info.id]),
            text(info.title),
            f"SL&nbsp;{info.min_sl}",
            text(status.controls[info.id].reason),
        ]
        for info in infos
    ]
    line = f"SL-A proven **{status.proven[fr]}**, possible **{status.possible[fr]}**, SL-T **{status.sl_t[fr]}**."
    return f"### FR {int(fr)} {fr.title} {{ #{fr.group} }}\n\n{line}\n\n" + table(
        ["Requirement", "Verdict", "Title", "From", "Why"], rows
    )
