# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from fakes.drawn_plants import conduit, large_plant, make, rich_overlay, rich_plant, zone
from plantproof.core.levels import SLVector
from plantproof.core.plant import KINDS, Asset, Plant
from plantproof.core.zoning import zoning_findings
from plantproof.render.drawing import MANY, Mark, Overlay, Standing, draw_plant, layout_numbers, marks_of, plan
from plantproof.render.drawing.measure import cut, text_width, two_lines
from plantproof.render.drawing.scene import joined_words, natural
from plantproof.render.drawing.shapes import ICONS

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawing: str, tag: str = "text") -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(drawing).iter(f"{SVG}{tag}")]


def label(plant: Plant, ident: str = "c") -> str:
    return next(line.link.label for line in plan(plant)[1].lines if line.link.id == ident)


def opens(plant: Plant) -> dict[str, list[str]]:
    return {
        line.link.id: [end for end, opened in zip(line.link.ends, line.link.opens, strict=True) if opened]
        for line in plan(plant)[1].lines
    }


def test_arrowheads_point_where_connections_are_opened_to() -> None:
    found = opens(rich_plant())
    assert found["reports"] == ["office", "dmz"]
    assert found["north-export"] == ["dmz"]
    assert found["laptop"] == []
    (line,) = (one for one in plan(make([zone("a", "3"), zone("b", "1")], [conduit("c", ("b", "a", "ssh"))]))[1].lines)
    assert line.start == "a"
    heads = [one for one in ET.fromstring(draw_plant(make([zone("a", "3"), zone("b", "1")], [conduit("c", ("b", "a", "ssh"))]))).iter() if one.get("class") == "pd-head"]  # fmt: skip
    assert len(heads) == 2, "one on the line, one in the legend"
    x, y = line.points[0]
    assert (heads[0].get("d") or "").startswith(f"M{x} {y}L")


def test_a_conduit_of_three_zones_has_a_line_for_each_pair_that_talks() -> None:
    lines = {line.link.id: line.link for line in plan(rich_plant())[1].lines}
    assert lines["jump"].ends == ("jump-host", "north-operations")
    assert lines["jump#2"].ends == ("jump-host", "south-operations")
    silent = make([zone("a", "3"), zone("b", "2"), zone("d", "1")], [conduit("c", ("a", "b", ""), ("b", "d", ""))])
    assert [line.link.ends for line in plan(silent)[1].lines] == [("a", "b"), ("a", "d")]


def test_words_on_a_line_are_few_and_by_name() -> None:
    zones = [zone("a", "3"), zone("b", "1")]
    assert label(make(zones, [conduit("c", ("a", "b", "s7, modbus, OPC UA, tcp/4840, http"))])) == "http, modbus +2"
    assert label(make(zones, [conduit("c", ("a", "b", "tcp/9999"))])) == "tcp/9999"
    assert label(make(zones, [conduit("c", ("a", "b", ""))])) == "no flows"
    assert joined_words(["modbus", "Modbus", "a" * 40]) == f"{'a' * 23}… +1"
    assert sorted(["c-10", "c-2", "c"], key=natural) == ["c", "c-2", "c-10"]


def test_each_kind_has_an_icon_and_a_word() -> None:
    assert set(ICONS) == {*KINDS, ""}
    assert len(set(ICONS.values())) == len(ICONS)
    for kind in KINDS:
        drawing = draw_plant(make([zone("z", "1", kind)], []))
        assert f"{kind.replace('-', ' ')} · 1 asset" in texts(drawing)
        assert f'd="{ICONS[kind]}"' in drawing


def test_diodes_boundaries_findings_and_levels_have_signs_and_words() -> None:
    drawing = draw_plant(rich_plant(), rich_overlay(), alone=True)
    said = texts(drawing)
    assert {"syslog · diode", "diode: one way only", "trust boundary", "findings with an error", "warnings"} <= {*said}
    assert {"SL-T proven", "not proven yet, gap 1", "not proven yet, gap 2", "missed, gap 1", "!1", "!2"} <= {*said}
    assert drawing.count('class="pd-sign"') == 2
    assert drawing.count('class="pd-bar"') == 2 * 3
    titles = texts(drawing, "title")
    assert "Error: office joined with a cell [office-apart]" in titles
    assert any("SL-A 1 proven, 1 possible" in one for one in titles)
    assert {"url(#plant-open)", "url(#plant-missed)"} <= {one.get("fill") for one in ET.fromstring(drawing).iter()}


def test_a_plain_drawing_has_no_sign_that_needs_no_legend() -> None:
    said = texts(draw_plant(make([zone("a", "3"), zone("b", "1")], [conduit("c", ("a", "b", "ssh"))])))
    assert "opens connections this way" in said
    assert not {"trust boundary", "diode: one way only", "target proven", "warnings"} & {*said}


def test_a_standing_is_as_far_off_as_its_worst_requirement() -> None:
    target = SLVector((2, 2, 2, 2, 2, 2, 3))
    ones = SLVector.uniform(1)
    assert (Standing(sl_t=target, proven=ones, possible=ones).word, Standing(sl_t=target, proven=ones, possible=ones).gap) == ("missed", 2)  # fmt: skip
    assert Standing(sl_t=target, proven=ones, possible=SLVector.uniform(3)).word == "open"
    met = Standing(sl_t=target, proven=SLVector.uniform(4), possible=SLVector.uniform(4))
    assert (met.word, met.gap) == ("met", 0)


def test_findings_stand_where_they_are() -> None:
    zones = [zone("office", "5"), zone("cell", "1"), zone("alone", "1")]
    zones[1] = replace(zones[1], sl_t=SLVector.uniform(3))
    plant = make(zones, [conduit("direct", ("office", "cell", "ssh"))])
    marks = marks_of(zoning_findings(plant, "2026-11-23T00:00:00Z"), plant)
    assert [one.rule for one in marks["conduit/direct"]] == ["office-apart", "conduit-level"]
    assert [one.rule for one in marks["zone/alone"]] == ["zone-alone"]
    assert set(marks) == {"conduit/direct", "zone/alone"}


def test_a_large_plant_is_drawn_as_one_box_per_site_and_level() -> None:
    plant = large_plant()
    assert len(plant.zones) > MANY
    low = Standing(sl_t=SLVector.uniform(2), proven=SLVector.uniform(0), possible=SLVector.uniform(1))
    high = replace(low, possible=SLVector.uniform(2))
    marks = {
        "zone/site-1-sis-1": (Mark(warning=True, rule="r", message="m"),),
        "conduit/site-1-trip-1": (Mark(warning=False, rule="r", message="n"),),
    }
    overlay = Overlay(standings={"site-1-cell-1": high, "site-1-cell-2": low}, marks=marks)
    scene, layout = plan(plant, overlay)
    boxes = {node.id: node for node in scene.nodes}
    assert len(boxes) == 2 + 4 * 8
    cells = boxes["site 1 site-1"]
    assert (cells.title, cells.word, cells.facts) == ("16 zones", "8 safety · 8 control", "SL-T 2 · 16 assets")
    assert cells.standing == low
    assert scene.within["site 1 site-1"] == tuple(f"site-1-trip-{n}" for n in range(1, 9))
    assert [one.message for one in cells.marks] == ["n", "m"], "a finding about a conduit inside is not lost"
    lines = {line.link.id: line.link for line in layout.lines}
    assert lines["site 2 site-1 - site 1 site-1"].label == "8 conduits: profinet"
    assert lines["site 3.5 site-1 - site 3 site-1"].one_way == "site 3.5 site-1"
    said = texts(draw_plant(plant, overlay))
    assert "202 zones, drawn as one box per site and level." in said
    assert "SL-T 2 · 16 assets · 8 inside" in said


def test_levels_alone_put_sites_together() -> None:
    scene, layout = plan(large_plant(), how="level")
    assert [node.id for node in scene.nodes] == ["level 5", "level 3.5", "level 3", "level 2", "level 1"]
    assert layout.lanes == ()
    assert len(plan(large_plant(), how="none")[1].boxes) == 202


def test_one_site_shows_what_its_conduits_lead_to() -> None:
    scene, layout = plan(large_plant(), site="site-3", how="none")
    assert [node.id for node in scene.nodes if node.elsewhere] == ["hq-dmz"]
    assert {node.site for node in scene.nodes if not node.elsewhere} == {"site-3"}
    assert all(one.startswith("site-3-") for line in layout.lines for one in line.link.conduits)
    assert "elsewhere" in texts(draw_plant(large_plant(), site="site-3", how="none"))


def test_one_site_of_a_large_plant_is_put_together_too() -> None:
    scene, _ = plan(large_plant(), site="site-3", how="site")
    ids = ["elsewhere 3.5", "site 1 site-3", "site 2 site-3", "site 3 site-3", "site 3.5 site-3"]
    assert sorted(node.id for node in scene.nodes) == ids


def test_zones_in_one_another_in_a_circle_stand_side_by_side() -> None:
    ring = make([zone("a", parent="b"), zone("b", parent="a"), zone("c", parent="a")], [])
    boxes = {box.id: box for box in plan(ring)[1].boxes}
    assert boxes["a"].holds
    assert not boxes["b"].holds


def test_a_conduit_to_the_zone_around_is_drawn_inside_it() -> None:
    zones = [zone("line", "2"), zone("sis", "2", "safety", parent="line"), zone("plc", "1", parent="line")]
    plant = make(zones, [conduit("c", ("line", "sis", "modbus")), conduit("d", ("plc", "line", "s7"))])
    _, layout = plan(plant)
    outer = next(box for box in layout.boxes if box.id == "line")
    for line in layout.lines:
        for x, y in line.points:
            assert outer.x <= x <= outer.x + outer.width
            assert outer.y <= y <= outer.y + outer.height


HOSTILE = "<script>alert(1)</script>\"'&\x00\x1b\u202e\ud800]]>"


@given(st.text(max_size=20).map(lambda text: HOSTILE + text))
def test_any_name_gives_well_formed_inert_text(name: str) -> None:
    zones = [replace(zone("z0", "3", site=name), title=name), replace(zone("z1", "1"), title=name)]
    plant = make(zones, [replace(conduit("c", ("z0", "z1", name)), title=name)], name)
    marks = {"conduit/c": (Mark(warning=False, rule=name, message=name),)}
    drawing = draw_plant(plant, Overlay(marks=marks), links={"z0": f'x"{name}'}, alone=True)
    root = ET.fromstring(drawing.encode())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "g", "line", "text", "path", "rect", "a", "defs", "pattern",
    }  # fmt: skip
    assert "" not in drawing.splitlines()
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on")]


def test_the_drawing_tells_itself_to_those_who_do_not_see_it() -> None:
    alone = ET.fromstring(draw_plant(rich_plant(), ident="m", alone=True))
    assert (alone.get("role"), alone.get("aria-labelledby")) == ("img", "m-title m-desc")
    assert alone.get("width") is None
    desc = alone.findtext(f"{SVG}desc") or ""
    assert "14 zones, 14 conduits." in desc
    assert all(one.title in desc for one in rich_plant().zones.values())
    assert all(f"({one})" in desc for one in rich_plant().conduits)
    assert "north-operations opens syslog to dmz; diode, one way from north-operations to dmz" in desc
    linked = ET.fromstring(draw_plant(rich_plant(), links={"dmz": "zones/dmz.html"}))
    assert linked.get("role") == "group"
    assert [one.get("href") for one in linked.iter(f"{SVG}a")] == ["zones/dmz.html"]


def test_an_empty_plant_draws_nothing_but_says_so() -> None:
    assert "0 zones, 0 conduits." in texts(draw_plant(make([], [])), "desc")


def test_simulated_assets_are_named() -> None:
    assets = {"a": Asset(id="a", zone="z", simulated=True), "b": Asset(id="b", zone="z")}
    plant = make([zone("z", "1")], [])
    assert "SL-T 2 · 1 simulated" in texts(draw_plant(replace(plant, assets=assets)))
    assert "SL-T 2 · simulated" in texts(draw_plant(replace(plant, assets={"a": assets["a"]})))


def test_words_fit_or_are_cut() -> None:
    assert cut("abc", 10, 100) == "abc"
    assert cut("a" * 50, 10, 100).endswith("…")
    assert text_width(cut("a" * 50, 10, 100), 10) <= 105
    assert two_lines("Turbine vendor's service centre", 14, 180) == ("Turbine vendor's", "service centre")
    assert two_lines("a" * 50, 10, 60)[0].endswith("…")
    assert text_width("漢字", 10) == 20


def test_numbers_are_those_of_the_picture() -> None:
    scene, layout = plan(rich_plant(), rich_overlay())
    told = layout_numbers(scene, layout)
    assert [one["level"] for one in told["levels"]] == ["outside", "4", "3.5", "3", "2", "1", "0"]  # type: ignore[attr-defined]
    boxes = {box["id"]: box for box in told["boxes"]}  # type: ignore[attr-defined]
    assert boxes["north-sis"]["status"]["word"] == "missed"
    assert boxes["north-sis"]["parent"] == "north-line"
    lines = {line["id"]: line for line in told["lines"]}  # type: ignore[attr-defined]
    assert lines["office-to-cell"]["findings"][0]["id"] == "office-apart"
    assert lines["north-export"]["one-way-to"] == "dmz"
    assert all(x1 == x2 or y1 == y2 for one in lines.values() for (x1, y1), (x2, y2) in pairwise(one["points"]))


def test_a_conduit_shows_how_far_its_target_is_proven_if_its_assets_are_known() -> None:
    plant, overlay = rich_plant(), rich_overlay()
    target = SLVector.uniform(2)
    known = {
        "jump": Standing(sl_t=target, proven=target, possible=target),
        "reports": Standing(sl_t=target, proven=SLVector.uniform(0), possible=SLVector.uniform(1)),
        "laptop": Standing(sl_t=target, proven=SLVector.uniform(0), possible=target),
    }
    drawing = draw_plant(plant, replace(overlay, standings={**overlay.standings, **known}))
    for sign in ("✓ ssh", "✗ https, smtp", "? no flows"):
        assert f">{sign}</text>" in drawing
    for word in ("met", "missed", "open"):
        assert f"pd-way-{word}" in drawing.partition("</style>")[2]
    assert "SL-A 0 proven, 1 possible" in drawing
    scene, _ = plan(plant, Overlay(standings=known), how="level")
    assert {link.standing.word for link in scene.links if link.standing} == {"met", "missed", "open"}
