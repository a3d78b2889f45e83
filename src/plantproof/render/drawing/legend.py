# SPDX-License-Identifier: Apache-2.0
"""What the signs of a drawing mean: only of those that it has."""

from __future__ import annotations

from plantproof.render.drawing.marks import mark, sign
from plantproof.render.drawing.measure import text_width, two_lines
from plantproof.render.drawing.scene import Scene
from plantproof.render.drawing.shapes import arrow, bar, diode
from plantproof.render.drawing.view import MET, MISSED, OPEN, Mark
from plantproof.render.drawing.words import clean

__all__ = ["legend"]

_ROW = 26
_BETWEEN = 22


def legend(scene: Scene, width: int, top: int, ident: str) -> tuple[list[str], int]:
    """The legend, set in rows across the drawing's width, and its height.

    Args:
        scene: What is drawn.
        width: Room across.
        top: Where it begins.
        ident: Prefix of the drawing's ids.
    """
    x, y, parts = 14, top + 14, []
    for shape, offset, words in _items(scene, ident):
        wide = offset + int(text_width(words, 12))
        if x > 14 and x + wide > width - 8:  # noqa: PLR2004 - not the first of its row
            x, y = 14, y + _ROW
        parts.append(
            f'<g transform="translate({x} {y})">{shape}<text class="pd-small" x="{offset}" y="4">{words}</text></g>'
        )
        x += wide + _BETWEEN
    high = y + _ROW - top if parts else 0
    if scene.note:
        for line in two_lines(scene.note, 12, width - 28):
            parts.append(f'<text class="pd-small" x="14" y="{top + high + 10}">{clean(line)}</text>')
            high += 18
    return parts, high + (8 if high else 0)


def _items(scene: Scene, ident: str) -> list[tuple[str, int, str]]:
    links, nodes = scene.links, scene.nodes
    marks = [one for link in links for one in link.marks] + [one for node in nodes for one in node.marks]
    known = [*(node.standing for node in nodes), *(link.standing for link in links)]
    standings = {one.word for one in known if one}
    line = '<path class="pd-line" d="M0 0H34"/>'
    items = []
    if any(any(link.opens) for link in links):
        items.append((line + arrow(36, 0, 1, 0), 44, "opens connections this way"))
    if any(not link.conduits for link in links):
        items.append(
            ('<path class="pd-line pd-beside" d="M0 0H36"/>', 44, "something passes, and no conduit joins them")
        )
    if any(link.conduits and not any(link.opens) for link in links):
        items.append(('<path class="pd-line pd-bare" d="M0 0H36"/>', 44, "no flow declared"))
    if any(link.one_way for link in links):
        items.append((line + diode(18, 0, 1, 0), 44, "diode: one way only"))
    if any(link.trust for link in links):
        items.append((line + bar(18, 0, 1, 0), 44, "trust boundary"))
    if any(not one.warning for one in marks):
        items.append(
            (
                mark([Mark(warning=False, rule="zoning", message="errors")], 14, 0),
                34,
                "findings with an error",
            )
        )
    if any(one.warning for one in marks):
        items.append((mark([Mark(warning=True, rule="zoning", message="warnings")], 14, 0), 34, "warnings"))
    told = {MET: "target proven", OPEN: "target not proven yet", MISSED: "target missed"}
    for word, words in told.items():
        if word in standings:
            hatch = "" if word == MET else f'<rect width="28" height="20" y="-10" rx="3" fill="url(#{ident}-{word})"/>'
            box = f'<rect class="pd-strip pd-{word}" width="28" height="20" y="-10" rx="3"/>{hatch}'
            items.append((box + sign(word, 9, -5), 36, words))
    return items
