# SPDX-License-Identifier: Apache-2.0
"""The list of zones and a page for each: its levels, its assets, every requirement with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from plantproof.core.judgement import ZoneStatus
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import Zone
from plantproof.core.verdicts import Verdict
from plantproof.render.heatmap import cell
from plantproof.render.html import (
    counted,
    in_markdown,
    link,
    prose,
    simulated_mark,
    slug,
    status_badge,
    table,
    tally,
    text,
)
from plantproof.render.view import PortalView
from plantproof.render.zone_rows import by_level, sl_text

__all__ = ["zone_list", "zone_page"]


def zone_list(view: PortalView) -> str:
    """Markdown of the list of zones."""
    rows = [
        [
            link(zone.title, f"{slug(zone.id)}.html"),
            text(zone.purdue),
            *(_vector(one) for one in (zone.sl_t, *_achieved(view.assessment.zones[zone.id]))),
            str(len(view.plant.assets_of(zone.id))),
            tally(view.assessment.zones[zone.id].controls.values()),
        ]
        for zone in by_level(view.plant.zones.values())
    ]
    conduits = [
        [
            text(conduit.title),
            " ↔ ".join(link(view.plant.zones[zone].title, f"{slug(zone)}.html") for zone in conduit.zones),
            _vector(conduit.sl_t),
            "<br>".join(
                text(f"{f.source} → {f.target}: {f.service}{f' ({f.reason})' if f.reason else ''}")
                for f in conduit.flows
            ),
        ]
        for conduit in view.plant.conduits.values()
    ]
    order = " · ".join(f"FR {int(fr)} {fr.name}" for fr in FR)
    return (
        f"# Zones\n\nOne level stands for all seven; else in the order {order}.\n\n"
        + table(["Zone", "Purdue", "SL-T", "SL-A proven", "SL-A possible", "Assets", "Requirements"], rows)
        + "\n## Conduits\n\n"
        + table(["Conduit", "Joins", "SL-T", "Lets through"], conduits, empty="The plant declares no conduit.")
    )


def _vector(vector: SLVector) -> str:
    return f'<span class="pp-digest">{sl_text(vector)}</span>'


def _achieved(status: ZoneStatus) -> tuple[SLVector, SLVector]:
    return status.proven, status.possible


def zone_page(view: PortalView, zone: Zone) -> str:
    """Markdown of one zone's page."""
    status = view.assessment.zones[zone.id]
    head = "".join(f'<th scope="col"><abbr title="{text(fr.title)}">{fr.name}</abbr></th>' for fr in FR)
    cells = "".join(f"<td>{cell(status, fr, '')}</td>" for fr in FR)
    sections = [
        f"# {in_markdown(zone.title)}\n",
        f'<p class="pp-lead">Zone <code>{text(zone.id)}</code>'
        + (f" · Purdue level {text(zone.purdue)}" if zone.purdue else "")
        + f" · read {zone.concurrency} asset at a time"
        + (f" · windows: {text(', '.join(w.text for w in zone.windows))}" if zone.windows else "")
        + "</p>\n",
        prose(zone.description) + "\n",
        f'<div class="pp-scroll"><table class="pp-heat"><thead><tr>{head}</tr></thead>'
        f"<tbody><tr>{cells}</tr></tbody></table></div>\n",
        _compensated(view, status),
        "## What blocks the next level\n",
        _blockers(view, status),
        "## Assets\n",
        table(["Asset", "Collectors", "Verdicts"], _assets(view, zone)),
        "## Requirements\n",
        *(_family(view, status, fr) for fr in FR),
    ]
    return "\n".join(sections)


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


def _assets(view: PortalView, zone: Zone) -> Iterator[list[str]]:
    counts: dict[str, Counter[Verdict]] = {}
    for outcome in view.assessment.outcomes:
        counts.setdefault(outcome.asset, Counter())[outcome.verdict] += 1
    for asset in view.plant.assets_of(zone.id):
        verdicts = counts.get(asset.id, Counter())
        name = f"<b>{text(asset.id)}</b>{' ' + simulated_mark() if asset.simulated else ''}"
        title = f"<br><small>{text(asset.title)}</small>" if asset.title else ""
        shown = " ".join(counted(v, verdicts[v]) for v in Verdict if verdicts[v])
        yield [
            name + title,
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
