# SPDX-License-Identifier: Apache-2.0
"""The layout as plain values, for tools that draw it themselves."""

from __future__ import annotations

from plantproof.core.levels import FR
from plantproof.render.drawing.layout import Layout
from plantproof.render.drawing.scene import Scene
from plantproof.render.drawing.view import Mark, Standing
from plantproof.render.drawing.words import site_name

__all__ = ["layout_numbers"]


def layout_numbers(scene: Scene, layout: Layout) -> dict[str, object]:
    """Bands, lanes, boxes and lines with their coordinates in user units; upper left is 0, 0."""
    nodes = {node.id: node for node in scene.nodes}
    return {
        "plant": scene.name,
        "note": scene.note,
        "width": layout.width,
        "height": layout.height,
        "levels": [{"level": one.level, "y": one.y, "height": one.height} for one in layout.bands],
        "sites": [{"site": site_name(one.site), "x": one.x, "width": one.width} for one in layout.lanes],
        "boxes": [
            {
                "id": box.id,
                "title": nodes[box.id].title,
                "kind": nodes[box.id].kind,
                "zones": list(nodes[box.id].zones),
                "parent": nodes[box.id].parent,
                "conduits-inside": list(scene.within.get(box.id, ())),
                "x": box.x,
                "y": box.y,
                "width": box.width,
                "height": box.height,
                "status": _status(nodes[box.id].standing),
                "findings": _marks(nodes[box.id].marks),
            }
            for box in layout.boxes
        ],
        "lines": [
            {
                "id": line.link.id,
                "conduits": list(line.link.conduits),
                "between": list(line.link.ends),
                "opens-towards": [end for end, opens in zip(line.link.ends, line.link.opens, strict=True) if opens],
                "label": line.link.label,
                "label-at": [line.words.x, line.words.y],
                "one-way-to": line.link.one_way,
                "trust-boundary": line.link.trust,
                "points": [list(point) for point in line.points],
                "status": _status(line.link.standing),
                "findings": _marks(line.link.marks),
            }
            for line in layout.lines
        ],
    }


def _status(standing: Standing | None) -> dict[str, object] | None:
    if standing is None:
        return None
    return {
        "word": standing.word,
        "gap": standing.gap,
        "sl-t": {fr.name: standing.sl_t[fr] for fr in FR},
        "sl-a-proven": {fr.name: standing.proven[fr] for fr in FR},
        "sl-a-possible": {fr.name: standing.possible[fr] for fr in FR},
    }


def _marks(marks: tuple[Mark, ...]) -> list[dict[str, str]]:
    return [
        {"severity": "warning" if one.warning else "error", "id": one.rule, "message": one.message} for one in marks
    ]
