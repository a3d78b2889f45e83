# SPDX-License-Identifier: Apache-2.0
"""Zones by FR as a heat map of SL-A against SL-T: colour, sign and number, so that it prints and serves every eye."""

from __future__ import annotations

from plantproof.core.judgement import ZoneStatus
from plantproof.core.levels import FR
from plantproof.render.html import link, slug, text
from plantproof.render.view import PortalView
from plantproof.render.zone_rows import by_level

__all__ = ["cell", "heat_map", "legend"]


def heat_map(view: PortalView) -> str:
    """The table: a row for each zone, from the enterprise side down to the process, a column for each FR."""
    head = "".join(f'<th scope="col"><abbr title="{text(fr.title)}">FR {int(fr)}<br>{fr.name}</abbr></th>' for fr in FR)
    rows = []
    for zone in by_level(view.plant.zones.values()):
        status = view.assessment.zones[zone.id]
        name = link(zone.title, f"zones/{slug(zone.id)}.html")
        where = f"<small>level {text(zone.purdue)}</small>" if zone.purdue else ""
        cells = "".join(f"<td>{cell(status, fr, f'zones/{slug(zone.id)}.html')}</td>" for fr in FR)
        rows.append(f'<tr><th scope="row">{name} {where}</th>{cells}</tr>')
    body = "\n".join(rows)
    return (
        f'<div class="pp-scroll"><table class="pp-heat">\n<thead><tr><th scope="col">Zone</th>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>\n"
    )


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
