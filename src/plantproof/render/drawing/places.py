# SPDX-License-Identifier: Apache-2.0
"""Where boxes stand from left to right: without overlap, in an order with few crossings, near what they are joined to.

Boxes of one parent keep one order in every row that they share. Positions are whole numbers, decided by the boxes and
lines alone: the same in, the same out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from plantproof.render.drawing.scene import Link, natural
from plantproof.render.drawing.tree import Tree, top_of

__all__ = ["EDGE", "GAP", "INNER", "Places", "ordered", "placed"]

GAP: Final = 40
"""Between boxes of one row."""
INNER: Final = 18
"""Between a box and those in it, left and right."""
EDGE: Final = 24
"""Between a site's border and its boxes."""
_SWEEPS: Final = 8
_PULLS: Final = 6
_MOST_COMPARED: Final = 300
_CROSSING: Final = 400

Order = Mapping[str, Sequence[str]]


class Places:
    """Left edges and widths of all boxes and sites, filled in by :func:`placed`."""

    def __init__(self, tree: Tree, widths: Mapping[str, int], spare: Mapping[str, int]) -> None:
        self.tree = tree
        self.spare = spare
        self.width = dict(widths)
        self.offset: dict[str, int] = {}
        self.x: dict[str, int] = {}

    def middle(self, ident: str) -> int:
        """The middle of a box."""
        return self.x[ident] + self.width[ident] // 2

    def settle(self, key: str, left: int) -> None:
        """Turn offsets into positions."""
        for one in self.tree.children.get(key, ()):
            self.x[one] = left + self.offset[one]
            self.settle(one, self.x[one] + INNER)


def placed(
    tree: Tree, links: Sequence[Link], order: Order, widths: Mapping[str, int], spare: Mapping[str, int], *, left: int
) -> Places:
    """Give every box and site its place.

    Args:
        tree: Boxes.
        links: What pulls them.
        order: By parent its boxes from left to right.
        widths: Least width of boxes, and of sites by :func:`top_of`.
        spare: Room for lines that pass: left of a box by its id, inside the right border by ``end`` and its id.
        left: Where the first site begins.
    """
    places = Places(tree, widths, spare)
    for site in tree.sites:
        _pack(places, order, top_of(site))
    _settle_all(places, left)
    ends: dict[str, list[str]] = {}
    for link in links:
        for one, other in (link.ends, link.ends[::-1]):
            for inner in (one, *tree.around[one]):
                if inner != other and inner not in tree.around[other]:
                    ends.setdefault(inner, []).append(other)
    for pull in range(_PULLS):
        for site in tree.sites:
            _pull(places, order, top_of(site), ends, mirrored=pull % 2 == 1)
        _settle_all(places, left)
    return places


def _settle_all(places: Places, left: int) -> None:
    for site in places.tree.sites:
        key = top_of(site)
        places.x[key] = left
        places.settle(key, left + EDGE)
        left += places.width[key]


def _pack(places: Places, order: Order, key: str) -> None:
    """Everything as far to the left as it goes, from the innermost out."""
    inner = order.get(key, ())
    if not inner:
        return
    for one in inner:
        _pack(places, order, one)
    need = 0
    edges: dict[int, int] = {}
    for one in inner:
        rows = _rows(places.tree, one)
        at = max(edges.get(row, 0) for row in rows) + places.spare.get(one, 0)
        places.offset[one] = at
        edges.update(dict.fromkeys(rows, at + places.width[one] + GAP))
        need = max(need, at + places.width[one])
    pad = EDGE if key not in places.tree.nodes else INNER
    places.width[key] = max(places.width.get(key, 0), need + 2 * pad + places.spare.get(f"end {key}", 0))


def _pull(places: Places, order: Order, key: str, ends: Mapping[str, Sequence[str]], *, mirrored: bool) -> None:
    """Move boxes of one parent towards what they are joined to, within the room that the others leave."""
    inner = order.get(key, ())
    if not inner:
        return
    tree, pad = places.tree, EDGE if key not in places.tree.nodes else INNER
    room = places.width[key] - 2 * pad - places.spare.get(f"end {key}", 0)
    left = places.x[key] + pad
    lowest, highest = _bounds(places, inner, room)
    taken: dict[int, int] = {}
    for one in reversed(inner) if mirrored else inner:
        rows, width = _rows(tree, one), places.width[one]
        pulls = [places.middle(other) for other in ends.get(one, ())]
        wish = sum(pulls) // len(pulls) - left - width // 2 if pulls else (room - width) // 2
        wish = min(max(wish, lowest[one]), highest[one])
        if mirrored:
            wish = min(wish, *(taken.get(row, wish + width) - width for row in rows))
            taken.update(dict.fromkeys(rows, wish - GAP - places.spare.get(one, 0)))
        else:
            wish = max(wish, *(taken.get(row, -GAP) + GAP + places.spare.get(one, 0) for row in rows))
            taken.update(dict.fromkeys(rows, wish + width))
        places.offset[one] = wish
    for one in inner:
        _pull(places, order, one, ends, mirrored=mirrored)


def _bounds(places: Places, inner: Sequence[str], room: int) -> tuple[dict[str, int], dict[str, int]]:
    """How far left and right each box may go so that all keep their order and fit."""
    lowest: dict[str, int] = {}
    highest: dict[str, int] = {}
    edges: dict[int, int] = {}
    for one in inner:
        rows = _rows(places.tree, one)
        lowest[one] = max(edges.get(row, 0) for row in rows) + places.spare.get(one, 0)
        edges.update(dict.fromkeys(rows, lowest[one] + places.width[one] + GAP))
    edges = {}
    for one in reversed(inner):
        rows = _rows(places.tree, one)
        highest[one] = min(edges.get(row, room) for row in rows) - places.width[one]
        edges.update(dict.fromkeys(rows, highest[one] - GAP - places.spare.get(one, 0)))
    return lowest, highest


def _rows(tree: Tree, ident: str) -> range:
    first, last = tree.span[ident]
    return range(first, last + 1)


def ordered(tree: Tree, links: Sequence[Link], widths: Mapping[str, int]) -> Order:
    """The order of boxes in which lines cross least, of those that sweeps by barycentre find."""
    order: Order = {key: sorted(inner, key=natural) for key, inner in tree.children.items()}
    best, least = order, -1
    for _ in range(_SWEEPS):
        places = placed(tree, links, order, widths, {}, left=0)
        cost = _cost(places, links)
        if least < 0 or cost < least:
            best, least = order, cost
        wish = _barycentres(places, links)
        order = {
            key: sorted(inner, key=lambda one: (wish.get(one, places.middle(one)), natural(one)))
            for key, inner in tree.children.items()
        }
    return best


def _barycentres(places: Places, links: Sequence[Link]) -> dict[str, int]:
    sums: dict[str, list[int]] = {}
    for link in links:
        for one, other in (link.ends, link.ends[::-1]):
            for inner in (one, *places.tree.around[one]):
                if inner != other and inner not in places.tree.around[other]:
                    sums.setdefault(inner, []).append(places.middle(other))
    return {ident: sum(found) // len(found) for ident, found in sums.items()}


def _cost(places: Places, links: Sequence[Link]) -> int:
    """Crossings of straight lines between middles count most, then how far lines run sideways."""
    lines = []
    for link in links:
        ends = [(places.tree.span[end][0], places.middle(end)) for end in link.ends]
        lines.append((*min(ends), *max(ends)))
    cost = sum(abs(x1 - x2) for _, x1, _, x2 in lines)
    if len(lines) <= _MOST_COMPARED:
        cost += _CROSSING * sum(_cross(one, other) for n, one in enumerate(lines) for other in lines[n + 1 :])
    return cost


def _cross(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    top, bottom = max(one[0], other[0]), min(one[2], other[2])
    if top >= bottom:
        return False

    def at(line: tuple[int, int, int, int], y: int) -> float:
        return line[1] + (line[3] - line[1]) * (y - line[0]) / (line[2] - line[0])

    return (at(one, top) - at(other, top)) * (at(one, bottom) - at(other, bottom)) < 0
