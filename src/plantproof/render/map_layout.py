# SPDX-License-Identifier: Apache-2.0
"""Where zones and conduits go on the plant map: whole numbers, decided by the plant alone.

Zones stand in rows by Purdue level. Between rows there is a gap with one lane for each conduit that turns in it; a
conduit that passes a row runs down a channel on the right of all zones. So lines cross one another, but never a zone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from plantproof.core.plant import Conduit, Plant
from plantproof.render.zone_rows import by_level

__all__ = ["BOX_HEIGHT", "BOX_WIDTH", "MARGIN", "Box", "Layout", "Level", "Line", "lay_out"]

BOX_WIDTH: Final = 244
BOX_HEIGHT: Final = 78
MARGIN: Final = 16

_SIDE: Final = 78  # room for the level's name on the left
_SPACE: Final = 48  # between zones of a row
_LANE: Final = 26
_PAD: Final = 30  # above the first lane of a gap
_CHANNEL: Final = 18
_ABOVE: Final = 24
_APART: Final = 7
_HALF_LABEL: Final = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One row of zones."""

    purdue: str
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One zone; its upper left corner."""

    zone: str
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One conduit between two of its zones."""

    conduit: str
    points: tuple[tuple[int, int], ...]
    label: tuple[int, int] | None
    """Middle of the conduit's name; None if another of its lines carries it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Everything in its place; upper left is 0, 0."""

    width: int
    height: int
    levels: tuple[Level, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """A conduit from its topmost zone to another of its zones, and the rows of both."""

    conduit: str
    upper: str
    lower: str
    start: int
    end: int
    first: bool

    @property
    def entry(self) -> int:
        """The gap in which it turns to its lower end: above that row, or beneath if both ends are in one row."""
        return max(self.end - 1, self.start)

    @property
    def sides(self) -> tuple[tuple[str, bool], tuple[str, bool]]:
        """Both ends as zone and whether the line leaves at the bottom."""
        return (self.upper, True), (self.lower, self.start == self.end)


def lay_out(plant: Plant) -> Layout:
    """Place every zone and conduit; a conduit of more than two zones becomes a line to each from the topmost."""
    rows = _rows(plant)
    row_of = {zone: index for index, row in enumerate(rows.values()) for zone in row}
    links = [link for _, one in sorted(plant.conduits.items()) for link in _links(one, row_of)]
    passing = sorted({link.conduit for link in links if link.entry > link.start})
    lanes = _lanes(links, passing)
    tops, height = _tops(len(rows), lanes)
    inner = max((_row_width(len(row)) for row in rows.values()), default=0)
    boxes = {
        zone: Box(zone=zone, x=MARGIN + _SIDE + (inner - _row_width(len(row))) // 2 + i * (BOX_WIDTH + _SPACE), y=y)
        for row, y in zip(rows.values(), tops, strict=True)
        for i, zone in enumerate(row)
    }
    edge = MARGIN + _SIDE + inner
    channels = {conduit: edge + (index + 1) * _CHANNEL for index, conduit in enumerate(passing)}
    width = edge + len(channels) * _CHANNEL + MARGIN
    ports = _ports(links, boxes, channels)
    lane_y = {key: tops[key[0]] + BOX_HEIGHT + _PAD + index * _LANE for key, index in lanes.items()}
    return Layout(
        width=width,
        height=height,
        levels=tuple(Level(purdue=level, y=y) for level, y in zip(rows, tops, strict=True)),
        boxes=tuple(boxes.values()),
        lines=tuple(_line(link, boxes, ports=ports, lane_y=lane_y, channels=channels, width=width) for link in links),
    )


def _rows(plant: Plant) -> dict[str, list[str]]:
    zones = by_level(plant.zones.values())
    return {level: [zone.id for zone in row] for level, row in groupby(zones, lambda zone: zone.purdue)}


def _row_width(zones: int) -> int:
    return zones * (BOX_WIDTH + _SPACE) - _SPACE


def _links(conduit: Conduit, row_of: dict[str, int]) -> list[_Link]:
    order = {zone: index for index, zone in enumerate(row_of)}
    upper, *others = sorted(set(conduit.zones), key=order.__getitem__)
    return [
        _Link(
            conduit=conduit.id,
            upper=upper,
            lower=lower,
            start=row_of[upper],
            end=row_of[lower],
            first=lower == others[0],
        )
        for lower in others
    ]


def _lanes(links: list[_Link], passing: list[str]) -> dict[tuple[int, str], int]:
    """Per gap and conduit the lane in which the conduit turns there.

    Conduits that pass rows turn first: out to the channels the outermost above, in from them the innermost above, so
    that they do not cross one another.
    """
    order: dict[tuple[int, str], int] = {}
    for link in links:
        rank = passing.index(link.conduit) if link.conduit in passing else len(passing)
        order.setdefault((link.entry, link.conduit), rank)
        if link.entry > link.start:
            order[link.start, link.conduit] = -rank
    wanted = sorted(order, key=lambda key: (key[0], order[key], key[1]))
    return {key: index for _, gap in groupby(wanted, lambda key: key[0]) for index, key in enumerate(gap)}


def _tops(rows: int, lanes: dict[tuple[int, str], int]) -> tuple[list[int], int]:
    """The upper edge of each row, and the height of all."""
    count = Counter(gap for gap, _ in lanes)
    tops = []
    y = MARGIN + _ABOVE
    for row in range(rows):
        tops.append(y)
        y += BOX_HEIGHT + (_PAD + count[row] * _LANE if count[row] else _ABOVE)
    return tops, y + MARGIN


def _ports(links: list[_Link], boxes: dict[str, Box], channels: dict[str, int]) -> dict[tuple[str, bool, str], int]:
    """Where a conduit touches a zone, by zone, side and conduit: spread out in the order of the other ends."""
    wanted: dict[tuple[str, bool], dict[str, int]] = defaultdict(dict)
    for link in links:
        passes = link.entry > link.start
        for side, other in zip(link.sides, (link.lower, link.upper), strict=True):
            wanted[side][link.conduit] = channels[link.conduit] if passes else boxes[other].x
    ports = {}
    for (zone, bottom), conduits in wanted.items():
        # Lines that come from above and from below keep apart: their upright stretches may be in the same gap.
        shift = -_APART if bottom else _APART
        for index, conduit in enumerate(sorted(conduits, key=lambda one: (conduits[one], one))):
            ports[zone, bottom, conduit] = boxes[zone].x + (index + 1) * BOX_WIDTH // (len(conduits) + 1) + shift
    return ports


def _line(
    link: _Link,
    boxes: dict[str, Box],
    *,
    ports: dict[tuple[str, bool, str], int],
    lane_y: dict[tuple[int, str], int],
    channels: dict[str, int],
    width: int,
) -> Line:
    (_, _), (_, bottom) = link.sides
    x1, x2 = ports[link.upper, True, link.conduit], ports[link.lower, bottom, link.conduit]
    if not bottom and abs(x1 - x2) <= 2 * _APART:
        x2 = x1  # nearly beneath one another: straight down
    y1, y2 = boxes[link.upper].y + BOX_HEIGHT, boxes[link.lower].y + (BOX_HEIGHT if bottom else 0)
    first, last = lane_y[link.start, link.conduit], lane_y[link.entry, link.conduit]
    turns = [(x1, first), (x2, last)]
    if link.entry > link.start:
        turns[1:1] = [(channels[link.conduit], first), (channels[link.conduit], last)]
    middle = (turns[0][0] + turns[1][0]) // 2
    middle = max(min(middle, width - _HALF_LABEL), min(_HALF_LABEL, width // 2))
    return Line(
        conduit=link.conduit,
        points=((x1, y1), *turns, (x2, y2)),
        label=(middle, first) if link.first else None,
    )
