# SPDX-License-Identifier: Apache-2.0
"""A drawing of the plant as inline SVG: zones by Purdue level, conduits between them, the target level on each.

The same plant gives the same bytes. Colours come from the page (``currentColor``), so light, dark and print work; every
shape has a title that screen readers say. Lines run in lanes between the rows of zones and never behind a zone. Layout
is in :mod:`plantproof.render.map_layout`; this module only writes it down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Final

from plantproof.core.levels import SLVector
from plantproof.core.plant import Conduit, Plant, Zone
from plantproof.render.map_layout import BOX_HEIGHT, BOX_WIDTH, MARGIN, Box, Layout, Line, lay_out
from plantproof.render.zone_rows import sl_text

__all__ = ["plant_map"]

_STYLE: Final = (
    ".plant-map{color:inherit;font:13px system-ui,sans-serif}"
    ".plant-map text{fill:currentColor}"
    ".plant-map .pm-box{fill:currentColor;fill-opacity:.06;stroke:currentColor;stroke-width:1.5}"
    ".plant-map .pm-name{font-weight:600}"
    ".plant-map .pm-small{font-size:11px;opacity:.8}"
    ".plant-map .pm-level{font-size:11px;opacity:.65;letter-spacing:.04em}"
    ".plant-map .pm-row{stroke:currentColor;stroke-opacity:.15;stroke-dasharray:2 5}"
    ".plant-map .pm-line{fill:none;stroke:currentColor;stroke-opacity:.75;stroke-width:1.75;stroke-linejoin:round}"
    ".plant-map .pm-end{fill:currentColor}"
    ".plant-map .pm-label{font-size:11px;paint-order:stroke;stroke:var(--md-default-bg-color,Canvas);stroke-width:5px;"
    "stroke-linejoin:round}"
    ".plant-map a:hover .pm-box,.plant-map a:focus .pm-box{fill-opacity:.14}"
)
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def plant_map(plant: Plant, *, links: Mapping[str, str] = _NOTHING, ident: str = "plant-map") -> str:
    """Draw the plant.

    Args:
        plant: Its zones, conduits and assets.
        links: Per zone id the address that its box leads to; zones that are not in it lead nowhere.
        ident: Prefix of the ids in the drawing; must differ where a page holds two.

    Returns:
        One ``<svg>`` element of several lines, none of them empty, ready to stand in HTML or in a file.
    """
    layout = lay_out(plant)
    assets = Counter(asset.zone for asset in plant.assets.values())
    simulated = Counter(asset.zone for asset in plant.assets.values() if asset.simulated)
    size = f'viewBox="0 0 {layout.width} {layout.height}" width="{layout.width}" height="{layout.height}"'
    summary = f"{len(plant.zones)} zones, {len(plant.conduits)} conduits, {len(plant.assets)} assets. " + _told(plant)
    attributes = f'class="plant-map" role="{"group" if links else "img"}" {size}'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {attributes} aria-labelledby="{ident}-title {ident}-desc">',
        f'<title id="{ident}-title">{_text(f"Zones and conduits of {plant.name}")}</title>',
        f'<desc id="{ident}-desc">{_text(summary)}</desc>',
        f"<style>{_STYLE}</style>",
        *_levels(layout),
        *(_line(line, plant.conduits[line.conduit]) for line in layout.lines),
        *(_label(plant.conduits[line.conduit], *line.label) for line in layout.lines if line.label),
    ]
    for box in layout.boxes:
        zone = plant.zones[box.zone]
        parts.append(_box(box, zone, _count(assets[zone.id], simulated[zone.id]), links.get(zone.id, "")))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _levels(layout: Layout) -> list[str]:
    parts = []
    for level in layout.levels:
        name = f"LEVEL {level.purdue}" if level.purdue else "NO LEVEL"
        parts.append(
            f'<g><line class="pm-row" x1="{MARGIN}" y1="{level.y - 12}" x2="{layout.width - MARGIN}" '
            f'y2="{level.y - 12}"/>'
            f'<text class="pm-level" x="{MARGIN}" y="{level.y + BOX_HEIGHT // 2}">{_text(name)}</text></g>'
        )
    return parts


def _count(assets: int, simulated: int) -> str:
    word = "1 asset" if assets == 1 else f"{assets} assets"
    if not simulated:
        return word
    return f"{word}, simulated" if simulated == assets else f"{word}, {simulated} simulated"


def _box(box: Box, zone: Zone, count: str, link: str) -> str:
    said = f"Zone {zone.title}, {_sl(zone.sl_t)}, {count}"
    middle = box.x + BOX_WIDTH // 2
    shape = (
        f"<g><title>{_text(said)}</title>"
        f'<rect class="pm-box" x="{box.x}" y="{box.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        f'<text class="pm-name" x="{middle}" y="{box.y + 25}" text-anchor="middle">{_text(_cut(zone.title, 30))}</text>'
        f'<text x="{middle}" y="{box.y + 46}" text-anchor="middle">{_text(_sl(zone.sl_t))}</text>'
        f'<text class="pm-small" x="{middle}" y="{box.y + 65}" text-anchor="middle">{_text(count)}</text></g>'
    )
    return f'<a href="{_text(link)}">{shape}</a>' if link else shape


def _line(line: Line, conduit: Conduit) -> str:
    path = f"M{line.points[0][0]} {line.points[0][1]}" + "".join(f"L{x} {y}" for x, y in line.points[1:])
    ends = "".join(f'<circle class="pm-end" cx="{x}" cy="{y}" r="3.5"/>' for x, y in (line.points[0], line.points[-1]))
    return f'<g><title>{_text(_conduit(conduit))}</title><path class="pm-line" d="{path}"/>{ends}</g>'


def _label(conduit: Conduit, x: int, y: int) -> str:
    text = _text(_cut(f"{conduit.title} · {_sl(conduit.sl_t)}", 44))
    return f'<text class="pm-label" x="{x}" y="{y - 5}" text-anchor="middle">{text}</text>'


def _sl(vector: SLVector) -> str:
    return f"SL-T {sl_text(vector)}"


def _conduit(conduit: Conduit) -> str:
    flows = "; ".join(f"{flow.source} to {flow.target}: {flow.service}" for flow in conduit.flows)
    return f"Conduit {conduit.title}, {_sl(conduit.sl_t)}" + (f". {flows}" if flows else "")


def _told(plant: Plant) -> str:
    return " ".join(f"{one.title} joins {', '.join(one.zones)}." for one in plant.conduits.values())


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _text(text: str) -> str:
    """For XML and HTML alike: no control characters, no line breaks, nothing that ends the element."""
    return escape("".join(char if char.isprintable() else " " for char in text))
