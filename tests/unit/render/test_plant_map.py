# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from plantproof.core.levels import SLVector
from plantproof.core.plant import Asset, Conduit, Flow, Plant, Zone
from plantproof.render.map_layout import BOX_HEIGHT, BOX_WIDTH, lay_out
from plantproof.render.plant_map import plant_map
from plantproof.render.zone_rows import sl_text, zone_rows

LEVELS = ("", "0", "1", "2", "3", "3.5", "4", "5")
SVG = "{http://www.w3.org/2000/svg}"


def make_plant(levels: list[str], joins: list[list[int]], title: str = "T") -> Plant:
    zones = {
        f"z{n}": Zone(id=f"z{n}", title=f"{title}{n}", purdue=level, sl_t=SLVector.uniform(n % 5))
        for n, level in enumerate(levels)
    }
    conduits = {
        f"c{n}": Conduit(
            id=f"c{n}",
            title=f"{title} conduit {n}",
            zones=tuple(f"z{one}" for one in ends),
            sl_t=SLVector.uniform(2),
            flows=(Flow(source=f"z{ends[0]}", target=f"z{ends[1]}", service=title),),
        )
        for n, ends in enumerate(joins)
    }
    assets = {"a": Asset(id="a", zone="z0", collectors=("linux_host",), simulated=True), "b": Asset(id="b", zone="z0")}
    return Plant(name=title, owner="O", zones=zones, conduits=conduits, assets=assets)


@st.composite
def plants(draw: st.DrawFn) -> Plant:
    levels = draw(st.lists(st.sampled_from(LEVELS), min_size=2, max_size=9))
    ends = st.lists(st.integers(0, len(levels) - 1), min_size=2, max_size=4, unique=True)
    return make_plant(levels, draw(st.lists(ends, max_size=8)))


@given(plants())
def test_no_line_runs_through_a_zone_and_everything_lies_inside(plant: Plant) -> None:
    layout = lay_out(plant)
    assert {box.zone for box in layout.boxes} == set(plant.zones)
    for line in layout.lines:
        for (x1, y1), (x2, y2) in pairwise(line.points):
            assert x1 == x2 or y1 == y2
            assert 0 < min(x1, x2) <= max(x1, x2) < layout.width
            assert 0 < min(y1, y2) <= max(y1, y2) < layout.height
            for box in layout.boxes:
                beside = max(x1, x2) <= box.x or min(x1, x2) >= box.x + BOX_WIDTH
                apart = max(y1, y2) <= box.y or min(y1, y2) >= box.y + BOX_HEIGHT
                assert beside or apart
    assert [line.conduit for line in layout.lines if line.label] == sorted(plant.conduits)


@given(plants())
def test_zones_do_not_overlap_and_higher_levels_stand_higher(plant: Plant) -> None:
    boxes = lay_out(plant).boxes
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            assert abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT
            upper, lower = (float(plant.zones[box.zone].purdue or -1) for box in (one, other))
            assert (one.y < other.y) == (upper > lower)


@given(plants())
def test_lines_end_at_the_zones_that_the_conduit_joins(plant: Plant) -> None:
    layout = lay_out(plant)
    boxes = {box.zone: box for box in layout.boxes}
    touched: dict[str, set[str]] = {conduit: set() for conduit in plant.conduits}
    for line in layout.lines:
        for x, y in (line.points[0], line.points[-1]):
            touched[line.conduit] |= {
                zone
                for zone, box in boxes.items()
                if box.x < x < box.x + BOX_WIDTH and y in {box.y, box.y + BOX_HEIGHT}
            }
    assert touched == {conduit.id: set(conduit.zones) for conduit in plant.conduits.values()}


@given(st.text(max_size=20))
def test_any_title_gives_well_formed_inert_text(title: str) -> None:
    drawing = plant_map(make_plant(["3", "1"], [[0, 1]], title), links={"z0": f'x"{title}'})
    root = ET.fromstring(drawing)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg", "title", "desc", "style", "g", "line", "text", "path", "circle", "rect", "a",
    }  # fmt: skip
    assert "" not in drawing.splitlines()


def test_the_same_plant_gives_the_same_bytes_whatever_the_order() -> None:
    plant = make_plant(["3", "1", "1"], [[0, 1], [1, 2], [2, 0]])
    turned = Plant(
        name=plant.name,
        owner=plant.owner,
        zones=dict(reversed(list(plant.zones.items()))),
        conduits=plant.conduits,
        assets=dict(reversed(list(plant.assets.items()))),
    )
    assert plant_map(plant) == plant_map(turned)


def test_the_drawing_says_what_it_shows() -> None:
    root = ET.fromstring(plant_map(make_plant(["3", ""], [[0, 1]]), links={"z0": "zones/z0.html"}, ident="m"))
    assert root.get("aria-labelledby") == "m-title m-desc"
    texts = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
    assert {"SL-T 0", "SL-T 1", "LEVEL 3", "NO LEVEL", "2 assets, 1 simulated", "0 assets"} <= set(texts)
    assert "T conduit 0 · SL-T 2" in texts
    titles = ["".join(element.itertext()) for element in root.iter(f"{SVG}title")]
    assert "Conduit T conduit 0, SL-T 2. z0 to z1: T" in titles
    assert [element.get("href") for element in root.iter(f"{SVG}a")] == ["zones/z0.html"]


def test_an_empty_plant_draws_nothing_but_says_so() -> None:
    root = ET.fromstring(plant_map(make_plant([], [])))
    assert "0 zones, 0 conduits" in "".join(root.itertext())


def test_a_long_title_is_cut_on_the_map_but_not_in_what_it_says() -> None:
    drawing = plant_map(make_plant(["3"], [], "Very long name of a zone in a plant"))
    assert "Very long name of a zone in a…<" in drawing
    assert "Zone Very long name of a zone in a plant0" in drawing


def test_rows_begin_at_the_top_and_count() -> None:
    rows = zone_rows(make_plant(["1", "3.5", "", "3"], [[0, 1]]))
    assert [row.zone for row in rows] == ["z1", "z3", "z0", "z2"]
    assert (rows[2].assets, rows[2].simulated, rows[2].collectors, rows[2].conduits) == (
        2,
        1,
        {"linux_host": 1},
        ("c0",),
    )
    assert sl_text(SLVector((1, 2, 3, 4, 0, 1, 2))) == "1 2 3 4 0 1 2"
