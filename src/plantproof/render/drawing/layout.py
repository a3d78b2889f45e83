# SPDX-License-Identifier: Apache-2.0
"""Every box, line and word of the drawing in its place: whole numbers, decided by the scene alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from plantproof.render.drawing.lanes import Run, lanes
from plantproof.render.drawing.measure import text_width
from plantproof.render.drawing.places import Places, ordered, placed
from plantproof.render.drawing.routes import Route, choose_gaps, oriented, spare_room, tracks
from plantproof.render.drawing.scene import Link, Scene
from plantproof.render.drawing.tree import Tree, plant_tree, top_of

__all__ = ["Band", "Box", "Lane", "Layout", "Line", "Words", "lay_out"]

RAIL: Final = 84
_WIDTH: Final = 216
_HEIGHT: Final = 84
_STRIP: Final = 24
_HEAD: Final = 48
_FOOT: Final = 14
_STUB: Final = 30
_LANE: Final = 24
_EMPTY: Final = 30
_TOP: Final = 20
_SITE: Final = 28
_RATIO: Final = 1.35
_PORT: Final = 28
_NEAR: Final = 9
_CORNERED: Final = frozenset({"cloud", "remote-access", "safety"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One level, all across."""

    level: str
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One site, from top to bottom."""

    site: str
    x: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One zone, or several; its upper left corner and size."""

    id: str
    x: int
    y: int
    width: int
    height: int
    holds: bool
    """Whether others are in it: its words stand in a heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Where a line's words begin: left, and the base of the letters."""

    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One link as corners from its upper end to its lower one."""

    link: Link
    start: str
    points: tuple[tuple[int, int], ...]
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Everything in its place; upper left is 0, 0."""

    width: int
    height: int
    bands: tuple[Band, ...]
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    """Outer ones before those in them."""
    lines: tuple[Line, ...]


def lay_out(scene: Scene) -> Layout:
    """Place everything; so many boxes side by side as make the drawing fit a sheet that lies on its side."""
    strip = _STRIP if any(node.standing for node in scene.nodes) else 0
    tries = []
    for most in range(3, 13):
        tree = plant_tree(scene, most)
        places = placed(tree, (), tree.children, _widths(tree, scene.links), {}, left=RAIL)
        wide = RAIL + sum(places.width[top_of(site)] for site in tree.sites)
        high = len(tree.rows) * (_HEIGHT + strip + 100)
        tries.append((abs(log(wide / max(high, 1) / _RATIO)), -most))
    tree = plant_tree(scene, -min(tries)[1])
    widths = _widths(tree, scene.links)
    order = ordered(tree, scene.links, widths)
    tree = Tree(
        nodes=tree.nodes, sites=tree.sites, children=order, around=tree.around, rows=tree.rows, span=tree.span,
        up=tree.up, down=tree.down,
    )  # fmt: skip
    routes = [oriented(tree, link) for link in scene.links]
    places = placed(tree, scene.links, order, widths, {}, left=RAIL)
    ways = choose_gaps(places, routes)
    places = placed(tree, scene.links, order, widths, spare_room(ways), left=RAIL)
    return _Drawn(scene, places, routes, tracks(places, routes, ways), strip).layout()


def _widths(tree: Tree, links: Sequence[Link]) -> dict[str, int]:
    """Least widths: room for every line that touches a box, for headings and for the names of sites."""
    touches: dict[tuple[str, bool], int] = {}
    for link in links:
        for side in _sides(oriented(tree, link)):
            touches[side] = touches.get(side, 0) + 1
    widths = dict.fromkeys(tree.nodes, _WIDTH)
    for (ident, _), count in touches.items():
        widths[ident] = max(widths[ident], 2 * _PORT + (count - 1) * 16)
    for site in tree.sites:
        widths[top_of(site)] = int(text_width(site, 14)) + 60
    return widths


def _sides(route: Route) -> tuple[tuple[str, bool], ...]:
    """The ends that are ports of a box: which box, and whether at its bottom."""
    if route.inside:
        return ((route.end, False),)
    return (route.start, True), (route.end, route.turns)


class _Drawn:
    """The work of :func:`lay_out` once places from left to right are known."""

    def __init__(
        self, scene: Scene, places: Places, routes: Sequence[Route], passes: Mapping[tuple[str, int], int], strip: int
    ) -> None:
        self.scene, self.places, self.routes, self.passes = scene, places, routes, passes
        self.tree = places.tree
        self.leaf, self.head = _HEIGHT + strip, _HEAD + strip
        self.width = RAIL + sum(places.width[top_of(site)] for site in self.tree.sites) + 12
        self.ports = self._ports()
        self.runs = self._runs()
        self.lanes = {gap: lanes(runs) for gap, runs in self.runs.items()}
        self.tops, self.bottoms, self.height = self._rows()

    def layout(self) -> Layout:
        sites = [site for site in self.tree.sites if site] and self.tree.sites
        return Layout(
            width=self.width,
            height=self.height,
            bands=self._bands(),
            lanes=tuple(
                Lane(site=site, x=self.places.x[top_of(site)], width=self.places.width[top_of(site)]) for site in sites
            ),
            boxes=tuple(box for site in self.tree.sites for box in self._boxes(top_of(site))),
            lines=tuple(self._line(route) for route in self.routes),
        )

    def _ports(self) -> dict[tuple[str, bool, str], int]:
        """Where lines touch boxes: spread out, in the order of where they go, straight on where that is free."""
        wanted: dict[tuple[str, bool], list[tuple[int, str]]] = {}
        for route in self.routes:
            for (ident, bottom), other in zip(_sides(route), (route.end, route.start), strict=False):
                rows = route.passes if ident == route.start else route.passes[::-1]
                heading = self.passes.get((route.link.id, rows[0])) if rows else None
                wish = self._facing(ident, other) if heading is None else heading
                if route.inside:
                    wish = self.places.x[ident] + self.places.width[ident]
                wanted.setdefault((ident, bottom), []).append((wish, route.link.id))
        ports = {}
        for (ident, bottom), wishes in wanted.items():
            left, wide = self.places.x[ident] + _PORT, self.places.width[ident] - 2 * _PORT
            step = min(28, wide // max(len(wishes) - 1, 1))
            spots: list[int] = []
            for n, (wish, _) in enumerate(sorted(wishes)):
                latest = left + wide - (len(wishes) - 1 - n) * step
                spots.append(min(max(wish, left, spots[-1] + step if spots else left), latest))
            for spot, (_, link) in zip(spots, sorted(wishes), strict=True):
                ports[ident, bottom, link] = spot
        self._straighten(ports, wanted)
        return ports

    def _facing(self, one: str, other: str) -> int:
        """The middle of what two boxes have in common from left to right, else the other's middle."""
        left = max(self.places.x[one], self.places.x[other])
        right = min(self.places.x[end] + self.places.width[end] for end in (one, other))
        return (left + right) // 2 if right - left > 2 * _PORT else self.places.middle(other)

    def _straighten(
        self, ports: dict[tuple[str, bool, str], int], wanted: Mapping[tuple[str, bool], Sequence[tuple[int, str]]]
    ) -> None:
        """Small steps sideways are ugly: where a line's lower end can move under its upper one, it does."""
        for route in self.routes:
            link = route.link.id
            if route.passes:
                self._move(ports, wanted, (route.start, True, link), self.passes[link, route.passes[0]])
            if route.inside or (route.turns and not route.passes):
                continue
            above = self.passes[link, route.passes[-1]] if route.passes else ports[route.start, True, link]
            if not route.turns:
                self._move(ports, wanted, (route.end, False, link), above)

    def _move(
        self,
        ports: dict[tuple[str, bool, str], int],
        wanted: Mapping[tuple[str, bool], Sequence[tuple[int, str]]],
        port: tuple[str, bool, str],
        x: int,
    ) -> None:
        """Move a port to a place unless it is off the box's side or another line's port is there or between."""
        ident, bottom, link = port
        edge = _PORT if self.tree.nodes[ident].kind in _CORNERED else _PORT // 2
        left, right = self.places.x[ident] + edge, self.places.x[ident] + self.places.width[ident] - edge
        near, far = min(x, ports[port]) - _NEAR, max(x, ports[port]) + _NEAR
        others = (ports[ident, bottom, one] for _, one in wanted[ident, bottom] if one != link)
        if left <= x <= right and not any(near < spot < far for spot in others):
            ports[port] = x

    def _corners(self, route: Route) -> list[tuple[int, int, int, bool]]:
        """The gaps that a line runs through: number, where it comes in, where it goes out, whether back up."""
        link = route.link.id
        if route.inside:
            first = self.tree.span[route.end][0]
            x = self.ports[route.end, False, link]
            return (
                [] if first == self.tree.span[route.start][0] else [(first - 1, self.places.x[route.start], x, False)]
            )
        x, gap = self.ports[route.start, True, link], self.tree.span[route.start][1]
        found = []
        for row in route.passes:
            found.append((row - 1, x, self.passes[link, row], False))
            x, gap = self.passes[link, row], row
        found.append((gap, x, self.ports[route.end, route.turns, link], route.turns))
        return found

    def _runs(self) -> dict[int, list[Run]]:
        runs: dict[int, list[Run]] = {}
        self.spoken: dict[str, tuple[int, int]] = {}
        uprights: dict[int, set[int]] = {}
        for route in self.routes:
            for gap, x1, x2, _ in self._corners(route):
                uprights.setdefault(gap, set()).update((x1, x2))
        for route in self.routes:
            corners = self._corners(route)
            longest = max(corners, key=lambda one: abs(one[1] - one[2]), default=None)
            for corner in corners:
                gap, x1, x2, back = corner
                words = None
                if corner == longest and (wide := words_width(route.link)):
                    left = self._beside(route, x1, wide, uprights[gap]) if x1 == x2 else (x1 + x2 - wide) // 2
                    left = max(min(left, self.width - 6 - wide), RAIL + 4)
                    words = (left, left + wide)
                    self.spoken[route.link.id] = (gap, left)
                above: tuple[int, ...] = (x1, x2) if back else () if route.inside else (x1,)
                below: tuple[int, ...] = () if back else (x1, x2) if route.inside else (x2,)
                if x1 != x2 or words:
                    runs.setdefault(gap, []).append(Run(line=route.link.id, above=above, below=below, words=words))
        return runs

    def _beside(self, route: Route, x: int, wide: int, uprights: set[int]) -> int:
        """Where the words of a straight line begin: on the side with fewer other lines, or across it in a narrow site."""
        tree = self.tree
        sites = {tree.nodes[end].site for end in route.link.ends}
        lanes_of = [(self.places.x[top_of(one)], self.places.width[top_of(one)]) for one in sorted(sites)]
        left_most = min(left for left, _ in lanes_of) + 8
        right_most = max(left + width for left, width in lanes_of) - 8
        spots = [(x + 9, 0), (x - 9 - wide, 1), (x - wide // 2, 2)]

        def rank(spot: tuple[int, int]) -> tuple[int, int]:
            at, order = spot
            crossed = sum(at - 4 < other < at + wide + 4 for other in uprights if other != x)
            return crossed + 3 * (at < left_most or at + wide > right_most), order

        return min(spots, key=rank)[0]

    def _rows(self) -> tuple[list[int], list[int], int]:
        """Top of the boxes of each row, the bottom of all that ends there, and the whole height."""
        tree, count = self.tree, len(self.tree.rows)
        ups = [max((tree.up[i] for i in tree.nodes if tree.span[i][0] == row), default=0) for row in range(count)]
        downs = [max((tree.down[i] for i in tree.nodes if tree.span[i][1] == row), default=0) for row in range(count)]
        tops, bottoms = [], []
        y = _TOP + (_SITE if any(tree.sites) else 0)
        for row in range(count):
            tops.append(y + ups[row] * self.head)
            bottoms.append(tops[-1] + self.leaf + downs[row] * _FOOT)
            runs = self.lanes.get(row, ({}, 0))[1]
            y = bottoms[-1] + (2 * _STUB + (runs - 1) * _LANE if runs else _EMPTY)
        return tops, bottoms, y

    def _bands(self) -> tuple[Band, ...]:
        found: list[Band] = []
        for row, level in enumerate(self.tree.rows):
            up = max((self.tree.up[i] for i in self.tree.nodes if self.tree.span[i][0] == row), default=0)
            top, bottom = self.tops[row] - up * self.head - 10, self.bottoms[row] + 10
            if found and found[-1].level == level:
                top = found.pop().y
            found.append(Band(level=level, y=top, height=bottom - top))
        return tuple(found)

    def _box(self, ident: str) -> Box:
        tree = self.tree
        first, last = tree.span[ident]
        y = self.tops[first] - tree.up[ident] * self.head
        return Box(
            id=ident,
            x=self.places.x[ident],
            y=y,
            width=self.places.width[ident],
            height=self.tops[last] + self.leaf + tree.down[ident] * _FOOT - y,
            holds=bool(tree.children.get(ident)),
        )

    def _boxes(self, key: str) -> list[Box]:
        found = []
        for one in self.tree.children.get(key, ()):
            found += [self._box(one), *self._boxes(one)]
        return found

    def _line(self, route: Route) -> Line:
        link = route.link.id
        start, end = self._box(route.start), self._box(route.end)
        corners = self._corners(route)
        if not corners:  # straight down from the upper border of the box around it
            x = self.ports[route.end, False, link]
            words = Words(x=x - 8 - words_width(route.link), y=start.y + self.head - 10)
            return Line(link=route.link, start=route.start, points=((x, start.y), (x, end.y)), words=words)
        points = [] if route.inside else [(corners[0][1], start.y + start.height)]
        for gap, x1, x2, _ in corners:
            if x1 != x2:
                points += [(x1, self._lane(gap, link)), (x2, self._lane(gap, link))]
        points.append((corners[-1][2], end.y + (end.height if route.turns else 0)))
        gap, left = self.spoken.get(link, (corners[0][0], corners[0][1]))
        straight = all(x1 == x2 for _, x1, x2, _ in corners)
        at = Words(x=left, y=self._lane(gap, link) + (4 if straight else -5))
        return Line(link=route.link, start=route.start, points=tuple(points), words=at)

    def _lane(self, gap: int, link: str) -> int:
        return self.bottoms[gap] + _STUB + self.lanes.get(gap, ({}, 0))[0].get(link, 0) * _LANE


def words_width(link: Link) -> int:
    """How much room a line's words and marks take."""
    said = f"{link.label} · diode" if link.one_way else link.label
    marks = 34 if link.marks else 0
    return (int(text_width(said, 12)) + 6 if said else 0) + marks
