# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.assessments import make_outcome
from fakes.html_reading import Page
from fakes.portal_views import HOSTILE, make_view
from plantproof.core.levels import FR, SLVector
from plantproof.core.verdicts import Verdict
from plantproof.render import long_tables
from plantproof.render.heatmap import cell
from plantproof.render.html import badge, in_markdown, prose, slug, table, text
from plantproof.render.long_tables import long_table
from plantproof.render.site import site_pages
from plantproof.render.view import PortalView


def pages(view: PortalView) -> dict[str, str]:
    made = list(site_pages(view))
    assert len(dict(made)) == len(made), "two pages have one path"
    return dict(made)


def test_the_number_of_pages_grows_with_zones_requirements_and_checks_never_with_assets() -> None:
    assert pages(make_view(3, 2)).keys() == pages(make_view(3, 90)).keys()
    assert len(pages(make_view(5, 2))) == len(pages(make_view(3, 2))) + 2


def test_the_same_view_gives_the_same_pages() -> None:
    assert pages(make_view()) == pages(make_view())


def test_the_overview_of_a_large_plant_stays_small() -> None:
    found = pages(make_view(60, 17))
    assert len(found["index.md"].encode()) < 170_000  # the frame around it takes 15 kB
    assert len(found["controls/sr-1.1.md"].encode()) < 200_000


@pytest.mark.parametrize("path", sorted(pages(make_view())))
def test_nothing_hostile_gets_out_of_its_text(path: str) -> None:
    tame, hostile = Page(pages(make_view())[path]), Page(pages(make_view(hostile=True))[path])
    assert not hostile.handlers
    assert not [href for href in hostile.links if ":" in href]
    assert set(hostile.tags) <= set(tame.tags) | {"p", "br", "small"}
    source = pages(make_view(hostile=True))[path]
    assert "\u202e" not in source
    assert "\x02" not in source


@given(st.text())
def test_escaped_text_holds_no_markup_and_says_the_same(value: str) -> None:
    assert not Page(f"<p>{text(value)}</p>").tags[1:]
    shown = in_markdown(value)
    assert not re.search(r"[<>\"'\n\\`*_{}\[\]|!]", shown)
    assert slug(value).strip(".-")
    assert not re.search(r"[^a-z0-9.-]", slug(value))


def test_long_and_hostile_values_in_small_pieces() -> None:
    assert text("a\x00\u202eb") == "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b"
    assert slug("../../Etc") == "etc"
    assert slug("???") == "unnamed"
    assert prose(" \n\n ") == ""
    assert prose("a\n\nb<") == "<p>a</p><p>b&lt;</p>"
    assert table(["A"], [], empty="No <row>.") == "<p>No &lt;row&gt;.</p>\n"


def test_every_verdict_has_a_word_and_a_sign_of_its_own() -> None:
    shown = {badge(verdict) for verdict in Verdict}
    assert len(shown) == len(Verdict)
    assert all(verdict.label in badge(verdict) for verdict in Verdict)


def test_attested_is_shown_apart_from_satisfied() -> None:
    view = make_view()
    found = pages(view)
    attested = [s for z in view.assessment.zones.values() for s in z.controls.values() if s.attested]
    assert len(attested) == 2
    assert re.search(r"<b>2</b><span[^>]*pp-said[^>]*><span[^>]*>✓</span> attested", found["index.md"])
    section = found["controls/sr-3.1.md"].split('id="zone-0"')[1].split("<h3")[0]
    assert "attested</span>" in section
    assert "> satisfied</span>" not in section
    assert "attested</span>" in found["zones/zone-0.md"]
    unattested = replace(
        view,
        assessment=replace(
            view.assessment,
            zones={
                zone.zone: replace(zone, controls={i: replace(s, attested=False) for i, s in zone.controls.items()})
                for zone in view.assessment.zones.values()
            },
        ),
    )
    assert "attested" not in pages(unattested)["index.md"].split("## Security")[0]


def test_a_requirement_in_many_zones_is_counted_not_listed() -> None:
    wide = pages(make_view(7))["controls/index.md"]
    assert '<th scope="col">Zones</th>' in wide
    assert "1 attested</span>" in wide
    assert "Zone zone-2</th>" in pages(make_view(3))["controls/index.md"]


def test_outcomes_beyond_a_page_are_left_to_the_check_with_the_bad_ones_first() -> None:
    page = pages(make_view(1, 30))["controls/sr-7.1.md"]
    assert "And 10 more, on the pages of the checks." in page
    assert page.index("not satisfied</span></td>") < page.index("> satisfied</span></td>")
    assert page.count("not satisfied</span></td>") == 10


def test_a_plant_in_order_says_so() -> None:
    view = make_view(1, 0)
    zone = next(iter(view.plant.zones.values()))
    status = view.assessment.zones[zone.id]
    nothing = SLVector.uniform(0)
    calm = replace(
        view,
        evidence=(),
        not_collected=(),
        downloads=(),
        assessment=replace(
            view.assessment,
            locker_commit="",
            outcomes=(),
            zones={zone.id: replace(status, sl_t=nothing, proven=nothing, possible=nothing)},
        ),
    )
    found = pages(calm)
    assert "Nothing: every target is proven." in found["index.md"]
    assert "No check is unsatisfied." in found["index.md"]
    assert "everything that was asked for came" in found["index.md"]
    assert "simulated devices" not in found["index.md"]
    assert "no target" in found["index.md"]
    assert "The locker is empty." in found["evidence.md"]
    assert "It was asked of no asset." in found["checks/login.md"]
    assert "git show COMMIT:" in found["verify.md"]
    assert "None." in found["verify.md"]
    assert "The plant declares no conduit." in found["zones/index.md"]


def test_simulated_devices_are_named_on_the_first_page_and_counted_beyond_a_dozen() -> None:
    assert "zone-0-1, zone-1-1, zone-2-1)" in pages(make_view(3))["index.md"]
    assert " and 3 more)" in pages(make_view(15))["index.md"]


@pytest.mark.parametrize(
    ("target", "proven", "possible", "mark", "words"),
    [
        (2, 2, 2, "✓", "target proven"),
        (2, 1, 4, "○", "not proven yet"),
        (2, 0, 1, "✗", "out of reach"),
        (0, 0, 0, "\N{EN DASH}", "no target"),
    ],
)
def test_a_heat_map_cell_tells_its_state_without_its_colour(
    target: int, proven: int, possible: int, mark: str, words: str
) -> None:
    vector = SLVector.uniform
    status = replace(
        make_view(1).assessment.zones["zone-0"],
        sl_t=vector(target),
        proven=vector(proven),
        possible=vector(possible),
    )
    shown = cell(status, FR.UC, "p.html")
    assert f">{mark}</span>" in shown
    assert words in shown
    assert f"SL-A proven {proven}, possible {possible}, SL-T {target}" in shown
    assert 'href="p.html#' in shown
    assert f"<b>{proven}</b>" in shown if proven == possible else f"<b>{proven}\N{EN DASH}{possible}</b>" in shown


def test_a_long_list_of_blockers_is_cut_on_the_overview_and_whole_on_the_zones_page() -> None:
    view = make_view(1)
    status = view.assessment.zones["zone-0"]
    idents = tuple(view.assessment.controls)[:6]
    long = replace(status, blockers={**status.blockers, FR.IAC: idents})
    found = pages(replace(view, assessment=replace(view.assessment, zones={"zone-0": long})))
    assert "<li>and 2 more</li>" in found["index.md"]
    blockers = found["zones/zone-0.md"].split("## What blocks")[1].split("## Assets")[0]
    assert all(f"controls/{ident}.html#zone-0" in blockers for ident in idents)


def test_findings_come_by_security_level_and_those_without_one_last() -> None:
    view = make_view()
    stray = make_outcome("stray", "zone-0-0", "zone-0", Verdict.NOT_SATISFIED)
    more = replace(
        view,
        checks={**view.checks, "stray": replace(view.checks["login"], id="stray", title="Stray")},
        assessment=replace(view.assessment, outcomes=(stray, *view.assessment.outcomes)),
    )
    levels = re.findall("<tr><td>(SL&nbsp;\\d|\N{EN DASH})</td>", pages(more)["findings.md"])
    assert levels == ["SL&nbsp;1", "SL&nbsp;1", "\N{EN DASH}"]
    assert "It speaks to no requirement of this baseline." in pages(more)["checks/stray.md"]
    many = replace(view, assessment=replace(view.assessment, outcomes=view.assessment.outcomes * 9))
    assert "All 18 open findings" in pages(many)["index.md"]


@pytest.mark.parametrize(
    ("seconds", "shown"), [("06:36:18", "42 s"), ("06:07:00", "30 min"), ("03:37:00", "3 h"), ("06:38:00", "-1 min")]
)
def test_an_age_is_told_in_one_unit(seconds: str, shown: str) -> None:
    view = make_view(1, 1)
    item = view.evidence[0]
    late = replace(item, clocks=replace(item.clocks, collected=f"2026-11-23T{seconds}Z"))
    assert f">{shown}</span>" in pages(replace(view, evidence=[late]))["evidence.md"]


def test_rows_beyond_what_a_page_carries_become_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_tables, "LONGEST", 3)
    found = pages(make_view(3, 2, hostile=True))
    assert sorted(path for path in found if not path.endswith(".md")) == [
        "data/check-clock.js",
        "data/check-login.js",
        "data/check-ports.js",
        "data/evidence.js",
    ]
    assert 'data-source="../data/check-login.js"' in found["checks/login.md"]
    assert 'data-source="data/evidence.js"' in found["evidence.md"]
    call, _, rest = found["data/evidence.js"].partition(", ")
    assert call == 'plantproofRows("evidence"'
    rows = json.loads(rest.removesuffix(");\n"))
    assert len(rows) == 6
    assert all(len(row) == 8 for row in rows)
    for row in rows:
        for shown in row:
            assert set(Page(shown).tags) <= {"code", "span", "br", "small"}
            assert not Page(shown).handlers


def test_a_long_table_is_static_up_to_the_limit() -> None:
    rows = [["a"]] * long_tables.LONGEST
    assert long_table("x", ["A"], rows)[1] == ()
    shown, files = long_table("x", ["A"], [*rows, ["b"]])
    assert len(shown) < 600
    assert files[0][0] == "data/x.js"


def test_hostile_names_are_still_readable() -> None:
    heading = Page(pages(make_view(hostile=True))["zones/zone-0.md"].split("\n\n")[1])
    assert HOSTILE[0] in heading.text
