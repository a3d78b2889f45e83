# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.assessments import make_assessment, make_control, make_outcome, make_plant
from plantproof.core.levels import FR
from plantproof.core.roadmap import Terms, plan_road
from plantproof.core.verdicts import Strength, Verdict
from plantproof.core.whatif import Change, Views, compare, is_worse, overruled, rehoused, views_of

CONTROLS = [make_control("sr-1.1", FR.IAC, 1), make_control("sr-7.1", FR.RA, 2)]


def test_a_comparison_tells_what_appears_vanishes_and_changes_and_nothing_else() -> None:
    before: Views = {"reach": {"a": 1, "b": "x", "c": 2}, "gone": {"k": 1}}
    after: Views = {"reach": {"d": 3, "b": "y", "c": 2}, "new": {"k": 0}}
    assert compare(before, after) == (
        Change(view="reach", key="a", before=1, after=None),
        Change(view="reach", key="b", before="x", after="y"),
        Change(view="reach", key="d", before=None, after=3),
        Change(view="gone", key="k", before=1, after=None),
        Change(view="new", key="k", before=None, after=0),
    )
    assert compare(before, before) == ()


@pytest.mark.parametrize(
    ("view", "before", "after", "worse"),
    [
        ("gap", 1, 2, True),
        ("gap", 2, 1, False),
        ("gap", None, 1, True),
        ("gap", 1, None, False),
        ("gap", None, 0, False),
        ("zoning", None, "error", True),
        ("zoning", "error", None, False),
        ("zoning", None, "warning", False),
        ("proven", 2, 1, False),
    ],
)
def test_worse_is_a_larger_gap_or_a_new_error(
    view: str, before: int | str | None, after: int | str | None, *, worse: bool
) -> None:
    assert is_worse([Change(view=view, key="k", before=before, after=after)]) is worse


def test_a_supposed_verdict_changes_the_views_that_hang_on_it() -> None:
    plant = make_plant(["cell"])
    outcomes = [make_outcome("check", asset, "cell", Verdict.NOT_SATISFIED) for asset in plant.assets]
    assessment = make_assessment(plant, CONTROLS, outcomes, [("check", "sr-1.1", Strength.DEMONSTRATES)])
    supposed = overruled(assessment, {("cell", "sr-1.1"): Verdict.SATISFIED})
    assert supposed.zones["cell"].controls["sr-1.1"].reason == "supposed"
    assert supposed.zones["cell"].proven[FR.IAC] == 4
    assert assessment.zones["cell"].proven[FR.IAC] == 0
    before, after = (views_of(one, plant, plan_road(one, plant, Terms())) for one in (assessment, supposed))
    assert {change.view for change in compare(before, after)} == {
        "proven", "possible", "gap", "verdict", "blockers", "road map",
    }  # fmt: skip
    assert overruled(assessment, {}) == assessment


def test_evidence_follows_an_asset_into_its_new_zone_and_stays_where_it_was() -> None:
    before = make_plant(["a", "b"])
    moved = {**before.assets, "a-0": replace(before.assets["a-0"], zone="b")}
    items = {"a/a-0/linux.sshd.txt": 1, "a/a-1/linux.sshd.txt": 2, "b/b-0/linux.sshd.txt": 3}
    found = rehoused(items, before, replace(before, assets=moved))
    assert found == {**items, "b/a-0/linux.sshd.txt": 1}
    assert rehoused(items, before, before) == items
