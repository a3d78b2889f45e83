# SPDX-License-Identifier: Apache-2.0
"""The drawing as SVG: one element that stands in a page or in a file, the same bytes for the same plant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from plantproof.render.drawing import marks as signs
from plantproof.render.drawing.layout import Box, Layout, Line
from plantproof.render.drawing.legend import legend
from plantproof.render.drawing.measure import cut, text_width, two_lines
from plantproof.render.drawing.scene import Link, Node, Scene
from plantproof.render.drawing.shapes import arrow, bar, diode, icon, outline
from plantproof.render.drawing.style import ALONE, STYLE, patterns
from plantproof.render.drawing.words import LEVELS, clean, site_name, summary

__all__ = ["svg"]

_HEADING: Final = 34
_FONT: Final = 13
_LARGEST: Final = 1.25
"""No larger than this, however much room there is: letters are for reading."""
_BOLD: Final = 15.5  # 14, and bold letters are wider


def svg(scene: Scene, layout: Layout, *, links: Mapping[str, str], ident: str, alone: bool) -> str:
    """Write the drawing down.

    Args:
        scene: What it shows.
        layout: Where.
        links: Per zone id the address that its box leads to.
        ident: Prefix of the ids in the drawing.
        alone: For a file of its own: with a heading and its own colours.
    """
    nodes = {node.id: node for node in scene.nodes}
    inside = {ident: len(conduits) for ident, conduits in scene.within.items()}
    heading = _HEADING if alone else 0
    key, high = legend(scene, layout.width, layout.height + heading, ident)
    height = layout.height + heading + high
    title = f"Zones and conduits of {scene.name}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="pd" role="{"group" if links else "img"}" '
            f'viewBox="0 0 {layout.width} {height}" style="width:100%;max-width:{layout.width / _FONT * _LARGEST:.1f}em;height:auto;display:block;margin:auto" '
            f'aria-labelledby="{ident}-title {ident}-desc">',
            f'<title id="{ident}-title">{clean(title)}</title>',
            f'<desc id="{ident}-desc">{clean(summary(scene, whole=not links))}</desc>',
            f"<style>{STYLE}{ALONE if alone else ''}</style>",
            patterns(ident),
            *([_heading(scene, layout.width)] if alone else []),
            f'<g transform="translate(0 {heading})">',
            *_ground(layout),
            *(_box(box, nodes[box.id], inside.get(box.id, 0), links, ident) for box in layout.boxes if box.holds),
            *(_line(line) for line in layout.lines),
            *(_box(box, nodes[box.id], inside.get(box.id, 0), links, ident) for box in layout.boxes if not box.holds),
            *(_headline(box, nodes[box.id], links, ident) for box in layout.boxes if box.holds),
            *(_words(line) for line in layout.lines),
            "</g>",
            *key,
            "</svg>\n",
        ]
    )


def _heading(scene: Scene, width: int) -> str:
    return f'<text class="pd-title" x="14" y="26">{clean(cut(scene.name, 18, width - 28))}</text>'


def _ground(layout: Layout) -> Iterator[str]:
    for band in layout.bands:
        number, word = LEVELS[band.level]
        y, middle = band.y, band.y + band.height // 2
        yield f'<rect class="pd-band" x="6" y="{y}" width="{layout.width - 12}" height="{band.height}" rx="8"/>'
        if number:
            yield f'<text class="pd-level" x="14" y="{middle + 2}">{number}</text>'
        yield f'<text class="pd-small" x="14" y="{middle + (18 if number else 4)}">{word}</text>'
    for lane in layout.lanes:
        name = clean(cut(site_name(lane.site), 14, lane.width - 16))
        yield (
            f'<rect class="pd-lane" x="{lane.x + 4}" y="6" width="{lane.width - 8}" height="{layout.height - 10}" rx="8"/>'
            f'<text class="pd-site" x="{lane.x + 14}" y="26">{name}</text>'
        )


def _linked(node: Node, links: Mapping[str, str], shape: str) -> str:
    href = links.get(node.zones[0], "") if len(node.zones) == 1 else ""
    return f'<a href="{clean(href)}">{shape}</a>' if href else shape


def _box(box: Box, node: Node, inner: int, links: Mapping[str, str], ident: str) -> str:
    css = "pd-hold" if box.holds else "pd-box"
    shape = f"<title>{clean(node.said)}</title>{outline(node.kind, css, (box.x, box.y), (box.width, box.height))}"
    if box.holds:
        return f"<g>{shape}</g>"
    faded = ' class="pd-elsewhere"' if node.elsewhere else ""
    facts = f"{node.facts} · {inner} inside" if inner else node.facts
    return _linked(node, links, f"<g{faded}>{shape}{_texts(node, box, facts, ident)}</g>") + signs.mark(
        node.marks, box.x + box.width - 16, box.y
    )


def _texts(node: Node, box: Box, facts: str, ident: str) -> str:
    room = box.width - 24
    lines = two_lines(node.title, _BOLD, room)
    y = box.y + (22 if len(lines) > 1 else 30)
    texts = [
        f'<text class="pd-name" x="{box.x + 12}" y="{y + 17 * n}">{clean(line)}</text>' for n, line in enumerate(lines)
    ]
    texts.append(icon(node.kind, box.x + 12, box.y + 46))
    texts.append(
        f'<text class="pd-small" x="{box.x + 34}" y="{box.y + 58}">{clean(cut(node.word, 12, room - 22))}</text>'
    )
    texts.append(f'<text class="pd-small" x="{box.x + 12}" y="{box.y + 76}">{clean(cut(facts, 11, room + 6))}</text>')
    if node.standing:
        texts.append(signs.strip(node.standing, ident, box.x + 8, box.y + 82, box.width - 16))
    return "".join(texts)


def _headline(box: Box, node: Node, links: Mapping[str, str], ident: str) -> str:
    """The words of a box that holds others, above lines that pass its border."""
    room = box.width - 24
    name = clean(cut(node.title, _BOLD, room))
    facts = clean(cut(f"{node.word} · {node.facts}", 12, room - 22))
    shape = (
        f"<g><title>{clean(node.said)}</title>"
        f'<text class="pd-name pd-words" style="font-size:14px" x="{box.x + 12}" y="{box.y + 20}">{name}</text>'
        f'{icon(node.kind, box.x + 12, box.y + 26)}<text class="pd-words" x="{box.x + 34}" y="{box.y + 38}">{facts}</text>'
        f"{signs.strip(node.standing, ident, box.x + 8, box.y + 44, min(box.width - 16, 180)) if node.standing else ''}</g>"
    )
    return _linked(node, links, shape) + signs.mark(node.marks, box.x + box.width - 22, box.y)


def _ends(line: Line) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
    """Both ends, the link's first before its second, with the direction of length 1 in which one arrives there."""
    found = []
    for at, before in ((line.points[0], line.points[1]), (line.points[-1], line.points[-2])):
        dx, dy = at[0] - before[0], at[1] - before[1]
        found.append((*at, (dx > 0) - (dx < 0), (dy > 0) - (dy < 0)))
    first, last = found
    return (first, last) if line.start == line.link.ends[0] else (last, first)


def _line(line: Line) -> str:
    link = line.link
    path = f"M{line.points[0][0]} {line.points[0][1]}" + "".join(f"L{x} {y}" for x, y in line.points[1:])
    parts = [
        f"<title>{clean(link.said)}</title>",
        f'<path class="pd-line{_kind(link)}" d="{path}"/>',
    ]
    for (x, y, dx, dy), end, opens in zip(_ends(line), link.ends, link.opens, strict=True):
        if opens:
            parts.append(arrow(x, y, dx, dy))
        if link.one_way == end:
            parts.append(diode(x - 20 * dx, y - 20 * dy, dx, dy))
        elif link.trust and (not link.one_way or end != link.ends[0]):
            parts.append(bar(x - 20 * dx, y - 20 * dy, dx, dy) if end == link.ends[1] or link.one_way else "")
    if link.trust and link.one_way == link.ends[1]:
        x, y, dx, dy = _ends(line)[0]
        parts.append(bar(x - 20 * dx, y - 20 * dy, dx, dy))
    return f"<g>{''.join(parts)}</g>"


def _kind(link: Link) -> str:
    if not link.conduits:
        return " pd-beside"
    standing = f" pd-way-{link.standing.word}" if link.standing else ""
    return standing if any(link.opens) else f" pd-bare{standing}"


def _words(line: Line) -> str:
    link, at = line.link, line.words
    said = f"{link.label} · diode" if link.one_way and link.label else "diode" if link.one_way else link.label
    text = f'<text class="pd-words" x="{at.x}" y="{at.y}">{clean(said)}</text>' if said else ""
    x = at.x + (int(text_width(said, 12)) + 8 if said else 0)
    return text + signs.mark(link.marks, x + 14, at.y - 4)
