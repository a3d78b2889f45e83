# SPDX-License-Identifier: Apache-2.0
"""Which way a line takes past the rows between its ends: through the gaps between boxes, never behind one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plantproof.render.drawing.places import Places
from plantproof.render.drawing.scene import Link
from plantproof.render.drawing.tree import Tree, nested, top_of

__all__ = ["TRACK", "Route", "choose_gaps", "oriented", "spare_room", "tracks"]

TRACK: Final = 14
"""Between lines that pass a row side by side."""
_WALL: Final = 300
_FREE: Final = 2  # lines that pass between two boxes without more room

Way = Mapping[str, Sequence[tuple[int, str]]]
"""By line the rows that it passes, each with the gap: the box to the right of it, or ``end`` and what ends there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A line with its ends in the order in which it is drawn, from the upper to the lower."""

    link: Link
    start: str
    end: str
    passes: tuple[int, ...]
    """Rows between."""
    turns: bool
    """Whether it comes back up to its end: no row lies between the two."""
    inside: bool
    """Whether the start holds the end."""


def oriented(tree: Tree, link: Link) -> Route:
    """Find the upper end and the rows to pass."""
    start, end = link.ends
    if nested(tree, link):
        if start in tree.around[end]:
            return Route(link=link, start=start, end=end, passes=(), turns=False, inside=True)
        return Route(link=link, start=end, end=start, passes=(), turns=False, inside=True)
    start, end = sorted(link.ends, key=lambda one: (tree.span[one][1], link.ends.index(one)))
    leaves, (first, last) = tree.span[start][1], tree.span[end]
    turns = first <= leaves
    return Route(
        link=link,
        start=start,
        end=end,
        passes=tuple(range(leaves + 1, last + 1 if turns else first)),
        turns=turns,
        inside=False,
    )


def choose_gaps(places: Places, routes: Sequence[Route]) -> Way:
    """For each row that a line passes the gap that makes it shortest; full gaps last."""
    load: dict[tuple[int, str], int] = {}
    ways: dict[str, list[tuple[int, str]]] = {}
    for route in routes:
        x, goal = places.middle(route.start), places.middle(route.end)
        through = {route.start, route.end, *places.tree.around[route.start], *places.tree.around[route.end]}
        sites = sorted(places.tree.sites.index(_site(places.tree, one)) for one in (route.start, route.end))
        between = places.tree.sites[sites[0] : sites[1] + 1]
        for row in route.passes:
            best: tuple[int, int, int, str] | None = None
            for left, right, key in _gaps(places, row, through, between):
                at = min(max(min(max(goal, min(x, goal)), max(x, goal)), left), right)
                walls = _crossed(places, row - 1, (x, at), through) + _crossed(
                    places, route.passes[-1], (at, goal), through
                )
                full = walls * _WALL + max(load.get((row, key), 0) - _FREE, 0) * TRACK
                rank = (abs(at - x) + abs(at - goal) + full, abs(at - x), at, key)
                best = min(best, rank) if best else rank
            if best:
                x = best[2]
                load[row, best[3]] = load.get((row, best[3]), 0) + 1
                ways.setdefault(route.link.id, []).append((row, best[3]))
    return ways


def _site(tree: Tree, ident: str) -> str:
    return tree.nodes[(ident, *tree.around[ident])[-1]].site


def _crossed(places: Places, gap: int, run: tuple[int, int], through: set[str]) -> int:
    """How many boxes around others a line crosses that runs sideways beneath a row."""
    tree, (x1, x2) = places.tree, sorted(run)
    return sum(
        one not in through and places.x[one] < x2 and x1 < places.x[one] + places.width[one]
        for one in tree.children
        if one in tree.span and tree.span[one][0] <= gap < tree.span[one][1]
    )


def _gaps(places: Places, row: int, through: set[str], sites: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Left and right edge and key of every gap in a row of some sites that a line may pass through."""
    for site in sites:
        yield from _gaps_in(places, row, top_of(site), through)


def _gaps_in(places: Places, row: int, key: str, through: set[str]) -> Iterator[tuple[int, int, str]]:
    left = places.x[key]
    inner = [one for one in places.tree.children.get(key, ()) if _covers(places.tree, one, row)]
    for one in sorted(inner, key=places.x.__getitem__):
        yield left, places.x[one], one
        if one in through and one in places.tree.children:
            yield from _gaps_in(places, row, one, through)
        left = places.x[one] + places.width[one]
    yield left, places.x[key] + places.width[key], f"end {key}"


def _covers(tree: Tree, ident: str, row: int) -> bool:
    first, last = tree.span[ident]
    return first <= row <= last


def spare_room(ways: Way) -> dict[str, int]:
    """How much wider gaps have to be than they are anyway."""
    count: dict[tuple[int, str], int] = {}
    for way in ways.values():
        for spot in way:
            count[spot] = count.get(spot, 0) + 1
    spare: dict[str, int] = {}
    for (_, key), lines in count.items():
        if lines > 1:
            spare[key] = max(spare.get(key, 0), (lines - 1) * TRACK)
    return spare


def tracks(places: Places, routes: Sequence[Route], ways: Way) -> dict[tuple[str, int], int]:
    """Where each line passes each row, by line and row."""
    wanted: dict[tuple[int, str], list[Route]] = {}
    for route in routes:
        for spot in ways.get(route.link.id, ()):
            wanted.setdefault(spot, []).append(route)
    found: dict[tuple[str, int], int] = {}
    for (row, key), passing in wanted.items():
        left, right = _edges(places, row, key)
        passing.sort(key=lambda one: (places.middle(one.start) + places.middle(one.end), one.link.id))
        wishes = [(places.middle(one.start) + places.middle(one.end)) // 2 for one in passing]
        half = (len(passing) - 1) * TRACK // 2
        middle = min(max(sum(wishes) // len(wishes), left + 10 + half), right - 10 - half)
        for number, route in enumerate(passing):
            found[route.link.id, row] = middle - half + number * TRACK
    return found


def _edges(places: Places, row: int, key: str) -> tuple[int, int]:
    """Both edges of a gap, from where boxes stand."""
    tree, ends = places.tree, key.startswith("end ")
    outer = key.removeprefix("end ") if ends else next(iter(tree.around[key]), top_of(tree.nodes[key].site))
    beside = [one for one in tree.children.get(outer, ()) if _covers(tree, one, row)]
    right = places.x[outer] + places.width[outer] if ends else places.x[key]
    left = max(
        (e for e in (places.x[one] + places.width[one] for one in beside) if e <= right), default=places.x[outer]
    )
    return left, right
