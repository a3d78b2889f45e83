# SPDX-License-Identifier: Apache-2.0
"""Boxes in boxes on rows: which box holds which, and which rows each takes. No coordinates yet.

A row is a Purdue level, or a part of one: where too many boxes of one level lie side by side, they go on in a further
row of the same level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plantproof.render.drawing.scene import ROWS, Link, Node, Scene

__all__ = ["Tree", "nested", "plant_tree", "top_of"]


def top_of(site: str) -> str:
    """The key under which a site's outermost boxes are; no zone has such an id."""
    return f"\0site {site}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Which box is where."""

    nodes: Mapping[str, Node]
    sites: tuple[str, ...]
    """From left to right: first what names none, last what is elsewhere."""
    children: Mapping[str, Sequence[str]]
    """By box, or by :func:`top_of` a site; boxes that hold none are not in it."""
    around: Mapping[str, tuple[str, ...]]
    """By box the boxes that hold it, the nearest first."""
    rows: tuple[str, ...]
    """The level of each row, from the top."""
    span: Mapping[str, tuple[int, int]]
    """By box its first and last row."""
    up: Mapping[str, int]
    """By box how many headings stand above its first row: its own and those of boxes in it."""
    down: Mapping[str, int]
    """By box how many borders lie beneath its last row."""


def plant_tree(scene: Scene, most: int) -> Tree:
    """Put boxes into boxes and on rows, at most so many that hold no others side by side."""
    nodes = {node.id: node for node in scene.nodes}
    sites = tuple(sorted({node.site for node in scene.nodes}, key=lambda one: (one.startswith("\0"), one)))
    children: dict[str, list[str]] = {}
    for node in scene.nodes:
        children.setdefault(node.parent if node.parent in nodes else top_of(node.site), []).append(node.id)
    spots = _spots(nodes, children, most)
    taken = sorted({spot for pair in spots.values() for spot in pair})
    number = {spot: index for index, spot in enumerate(taken)}
    span = {ident: (number[first], number[last]) for ident, (first, last) in spots.items()}
    around: dict[str, tuple[str, ...]] = {}
    up: dict[str, int] = {}
    down: dict[str, int] = {}

    def measure(ident: str, outer: tuple[str, ...]) -> None:
        around[ident] = outer
        inner = children.get(ident, ())
        for one in inner:
            measure(one, (ident, *outer))
        up[ident] = max((1 + up[one] for one in inner if span[one][0] == span[ident][0]), default=0)
        down[ident] = max((1 + down[one] for one in inner if span[one][1] == span[ident][1]), default=0)

    for site in sites:
        for ident in children.get(top_of(site), ()):
            measure(ident, ())
    rows = tuple(ROWS[level] for level, _ in taken)
    return Tree(
        nodes=nodes, sites=sites, children=children, around=around, rows=rows, span=span, up=up, down=down
    )  # fmt: skip


_Spot = tuple[int, int]


def _spots(
    nodes: Mapping[str, Node], children: Mapping[str, Sequence[str]], most: int
) -> dict[str, tuple[_Spot, _Spot]]:
    """First and last row of each box, as level and part of it."""
    spots: dict[str, tuple[_Spot, _Spot]] = {}

    def spot(ident: str) -> None:
        inner = children.get(ident, ())
        if ident in nodes and not inner:
            return
        groups: dict[int, list[str]] = {}
        for one in inner:
            spot(one)
            if one not in spots:
                groups.setdefault(_level(nodes[one]), []).append(one)
        for level, alone in groups.items():
            parts = -(-len(alone) // most)
            for index, one in enumerate(alone):
                at = (level, index * parts // len(alone))
                spots[one] = (at, at)
        if ident in nodes:
            own = [(_level(nodes[ident]), 0)] if nodes[ident].row else []
            ends = [*own, *(end for one in inner for end in spots[one])]
            spots[ident] = (min(ends), max(ends))

    for key in children:
        if key not in nodes:
            spot(key)
    return spots


def _level(node: Node) -> int:
    return ROWS.index(node.row or "1")


def nested(tree: Tree, link: Link) -> bool:
    """Whether one end of the line holds the other."""
    one, other = link.ends
    return one in tree.around[other] or other in tree.around[one]
