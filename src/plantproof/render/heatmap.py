# SPDX-License-Identifier: Apache-2.0
"""Zones by FR as a heat map of SL-A against SL-T: colour, sign and number, so that it prints and serves every eye."""

from __future__ import annotations

from plantproof.core.judgement import ZoneStatus
from plantproof.core.levels import FR
from plantproof.render.html import link, text
from plantproof.render.view import PortalView

__all__ = ["cell", "heat_map", "legend"]


def heat_map(view: PortalView) -> str:
    """The table: a row for each zone, from the enterprise side down to the process, then the conduits; a column per FR."""
    head = "".join(f'<th scope="col"><abbr title="{text(fr.title)}">FR {int(fr)}<br>{fr.name}</abbr></th>' for fr in FR)
    judged = view.judged_parts()
    body = "\n".join(_row(view, part) for part in judged)
    unknown = len(view.plant.zones) + len(view.plant.conduits) - len(judged)
    note = (
        f"<p>Nothing is known of {unknown} {'conduit' if unknown == 1 else 'conduits'}, because no asset is named that "
        f"{'it consists' if unknown == 1 else 'they consist'} of: {link('zones and conduits', 'zones/index.html#conduits')}.</p>\n"
        if unknown
        else ""
    )
    return (
        f'<div class="pp-scroll"><table class="pp-heat">\n<thead><tr><th scope="col">Zone or conduit</th>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>\n{note}"
    )


def _row(view: PortalView, part: str) -> str:
    status, page = view.assessment.parts[part], view.page_of(part)
    level = (
        "conduit"
        if part in view.plant.conduits
        else view.plant.zones[part].purdue and f"level {view.plant.zones[part].purdue}"
    )
    mark = f"<small>{text(level)}</small>" if level else ""
    cells = "".join(f"<td>{cell(status, fr, page)}</td>" for fr in FR)
    return f'<tr><th scope="row">{link(view.plant.title_of(part), page)} {mark}</th>{cells}</tr>'


def cell(status: ZoneStatus, fr: FR, page: str) -> str:
    """One zone and FR: proven and possible SL-A against SL-T, linked to the requirements behind it."""
    proven, possible, target = status.proven[fr], status.possible[fr], status.sl_t[fr]
    if target == 0:
        kind, mark, words = "na", "–", "no target"
    elif proven >= target:
        kind, mark, words = "ok", "✓", "target proven"
    elif possible >= target:
        kind, mark, words = "none", "○", "not proven yet"
    else:
        kind, mark, words = "bad", "✗", "target out of reach: something is not satisfied"
    span = f"{proven}" if proven == possible else f"{proven}–{possible}"
    title = f"{fr.name}: SL-A proven {proven}, possible {possible}, SL-T {target}: {words}"
    return (
        f'<a class="pp-cell pp-{kind}" href="{text(page)}#{fr.group}" title="{text(title)}">'
        f'<span class="pp-mark" aria-hidden="true">{mark}</span><b>{span}</b><small>of {target}</small></a>'
    )


def legend() -> str:
    """What the signs mean."""
    return (
        '<ul class="pp-legend">'
        '<li><span class="pp-badge pp-ok">✓ 2 of 2</span> the target is proven</li>'
        '<li><span class="pp-badge pp-none">○ 0–4 of 2</span> proven 0, and 4 if all that is unknown turned out well</li>'
        '<li><span class="pp-badge pp-bad">✗ 0–1 of 2</span> something is not satisfied: out of reach until it is mended</li>'
        '<li><span class="pp-badge pp-na">– of 0</span> no target</li></ul>\n'
    )
