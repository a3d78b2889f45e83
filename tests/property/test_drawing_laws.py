# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from random import Random
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.drawn_plants import make, zone
from plantproof.core.levels import SLVector
from plantproof.core.plant import KINDS, Conduit, Flow, Plant
from plantproof.render.drawing import COLLAPSES, draw_plant, plan
from plantproof.render.drawing.layout import Box
from plantproof.render.drawing.scene import ROWS

_T = TypeVar("_T")
LEVELS = ("", "0", "1", "2", "3", "3.5", "4", "5")


@st.composite
def plants(draw: st.DrawFn, nests: bool = True) -> Plant:
    count = draw(st.integers(1, 14))
    zones = [
        zone(
            f"z{n}",
            draw(st.sampled_from(LEVELS)),
            draw(st.sampled_from(("", *KINDS))),
            # Any parent, also itself, one that is not there, and circles.
            parent=draw(st.sampled_from(["", "", "gone", *(f"z{m}" for m in range(count))])) if nests else "",
            site=draw(st.sampled_from(["", "north", "south"])),
        )
        for n in range(count)
    ]
    conduits = []
    for n in range(draw(st.integers(0, 12)) if count > 1 else 0):
        ends = [f"z{m}" for m in draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=4, unique=True))]
        flows = draw(st.lists(st.tuples(st.sampled_from(ends), st.sampled_from(ends)), max_size=3))
        conduits.append(
            Conduit(
                id=f"c{n}",
                title="C",
                zones=tuple(ends),
                sl_t=SLVector.uniform(1),
                flows=tuple(Flow(source=a, target=b, service="opcua") for a, b in flows),
                trust_boundary=draw(st.booleans()),
            )
        )
    return make(zones, conduits)


def overlap(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not beside and not (one.y + one.height <= other.y or other.y + other.height <= one.y)


@given(plants(), st.sampled_from(COLLAPSES))
def test_boxes_lie_in_their_parents_and_beside_all_others(plant: Plant, how: str) -> None:
    scene, layout = plan(plant, how=how)
    boxes = {box.id: box for box in layout.boxes}
    parent = {node.id: node.parent for node in scene.nodes}
    assert sorted(zone for node in scene.nodes for zone in node.zones) == sorted(plant.zones)
    assert boxes.keys() == parent.keys()

    def around(ident: str) -> list[str]:
        return [parent[ident], *around(parent[ident])] if parent[ident] else []

    for one, other in combinations(boxes, 2):
        if one not in around(other) and other not in around(one):
            assert not overlap(boxes[one], boxes[other])
    for ident, box in boxes.items():
        assert 0 < box.x < box.x + box.width < layout.width
        assert 0 < box.y < box.y + box.height < layout.height
        if parent[ident]:
            outer = boxes[parent[ident]]
            assert outer.x < box.x < box.x + box.width < outer.x + outer.width
            assert outer.y < box.y < box.y + box.height < outer.y + outer.height


@given(plants(), st.sampled_from(COLLAPSES))
def test_levels_are_rows_from_the_top_and_each_box_stands_on_its_own(plant: Plant, how: str) -> None:
    scene, layout = plan(plant, how=how)
    bands = {band.level: band for band in layout.bands}
    assert list(bands) == sorted(bands, key=ROWS.index)
    assert all(one.y + one.height <= other.y for one, other in pairwise(layout.bands))
    boxes = {box.id: box for box in layout.boxes}
    for node in scene.nodes:
        if node.row and not boxes[node.id].holds:
            band = bands[node.row]
            assert band.y < boxes[node.id].y < boxes[node.id].y + boxes[node.id].height < band.y + band.height


@given(plants(), st.sampled_from(COLLAPSES))
def test_every_conduit_is_drawn_upright_and_sideways_from_zone_to_zone_and_behind_none(plant: Plant, how: str) -> None:
    scene, layout = plan(plant, how=how)
    inside = {conduit for ids in scene.within.values() for conduit in ids}
    assert {one for line in layout.lines for one in line.link.conduits} | inside == set(plant.conduits)
    boxes = {box.id: box for box in layout.boxes}
    for line in layout.lines:
        assert len(line.points) > 1
        touched = [boxes[end] for end in line.link.ends]
        for x, y in (line.points[0], line.points[-1]):
            assert any(b.x <= x <= b.x + b.width and b.y <= y <= b.y + b.height for b in touched)
        for (x1, y1), (x2, y2) in pairwise(line.points):
            assert (x1 == x2) != (y1 == y2)
            assert 0 < min(x1, x2) <= max(x1, x2) < layout.width
            assert 0 < min(y1, y2) <= max(y1, y2) < layout.height
            for box in layout.boxes:
                aside = max(x1, x2) <= box.x or min(x1, x2) >= box.x + box.width
                above = max(y1, y2) <= box.y or min(y1, y2) >= box.y + box.height
                assert box.holds or aside or above


@given(plants(), st.sampled_from(COLLAPSES), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_declaration_never_shows(plant: Plant, how: str, random: Random) -> None:
    def mixed(values: dict[str, _T]) -> dict[str, _T]:
        items = list(values.items())
        random.shuffle(items)
        return dict(items)

    conduits = {
        ident: replace(one, zones=one.zones[::-1], flows=one.flows[::-1]) for ident, one in plant.conduits.items()
    }
    turned = replace(plant, zones=mixed(dict(plant.zones)), conduits=mixed(conduits), assets=mixed(dict(plant.assets)))
    assert draw_plant(plant, how=how) == draw_plant(turned, how=how)
