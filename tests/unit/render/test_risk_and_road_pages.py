# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from dataclasses import replace

from fakes.portal_views import make_view
from plantproof.core.risk import RiskAssessment, risk_findings, zcr_steps
from plantproof.core.roadmap import plan_road
from plantproof.core.statements import Statements
from plantproof.core.verdicts import Verdict
from plantproof.render.risk_page import RiskView, risk_page
from plantproof.render.road_page import road_page

AT = "2026-11-23T06:37:00Z"


def test_scenarios_come_by_what_remains_and_say_how_they_stand() -> None:
    view = make_view()
    assert view.risk
    page = risk_page(view.plant, view.risk, view.assessment)
    places = [page.index(f'<b id="{name}">') for name in ("leak", "stop", "delay")]
    assert places == sorted(places)
    assert "not tolerable" in page
    assert "accepted" in page
    assert "other words" in page
    assert "nobody judged it" in page
    assert re.search(r"residual risk .* is not tolerable for production", page)
    assert '<a href="conduits/c1.html">' in page
    assert re.search(r'controls/sr-1.1.html#zone-2">[^<]*</a> <span class="pp-badge', page)
    # Each reason for a target leads to its scenario.
    assert {*re.findall(r'href="#([a-z]+)"', page)} <= {*re.findall(r'<b id="([a-z]+)">', page)}


def test_the_matrix_counts_every_scenario_before_and_after() -> None:
    view = make_view()
    assert view.risk
    counts = re.findall(r"<b>(\d+) → (\d+)</b>", risk_page(view.plant, view.risk, view.assessment))
    assert [sum(int(one[side]) for one in counts) for side in (0, 1)] == [3, 3]


def test_without_a_risk_assessment_the_page_says_where_to_begin() -> None:
    view, nothing = make_view(), RiskAssessment()
    plant = view.plant
    empty = RiskView(nothing, risk_findings(plant, nothing, AT), zcr_steps(plant, nothing, AT), AT)
    page = risk_page(plant, empty, view.assessment)
    assert "plantproof zones steps says where to begin" in page
    assert "this is the proposal of Plantproof" in page
    assert "No scenario asks for a target." in page


def test_the_road_map_links_what_each_step_is_made_of_and_draws_the_first_steps() -> None:
    view = make_view(6)
    assert view.road
    page = road_page(view.plant, view.assessment, view.road)
    assert len(view.road.once) > 25
    assert f"{len(view.road.once) - 25} more steps follow" in page
    assert page.count('class="sure"') == 25
    assert page.count("<tr>") >= len(view.road.steps)
    assert '<a href="controls/sr-' in page
    assert "## Out of reach" not in page
    assert not re.search(r"\n\s*\n[^#<A-Z\n]", page[page.index("<svg") : page.index("</svg>")])


def test_a_plant_at_its_targets_has_an_empty_road() -> None:
    view = make_view()
    met = {
        zone: replace(
            status,
            proven=status.sl_t,
            possible=status.sl_t,
            controls={
                ident: replace(one, verdict=Verdict.SATISFIED, said=Statements())
                for ident, one in status.controls.items()
            },
        )
        for zone, status in view.assessment.zones.items()
    }
    assert view.road
    assessment = replace(view.assessment, zones=met)
    road = plan_road(assessment, view.plant, view.road.terms)
    assert not road.gaps
    assert "None." in road_page(view.plant, assessment, road)
