# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.assessments import AT, make_assessment, make_attestation, make_control, make_outcome, make_plant
from plantproof.core.judgement import Assessment
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import Plant
from plantproof.core.roadmap import Estimate, Phase, Range, RoadMap, Scope, Terms, Work, gaps_of, plan_road
from plantproof.core.verdicts import Strength, Verdict

ONE, TWO, RE, RA = (
    make_control("sr-1.1", FR.IAC, 1),
    make_control("sr-1.2", FR.IAC, 2),
    make_control("sr-1.1.re-1", FR.IAC, 2),
    make_control("sr-7.1", FR.RA, 1),
)
CONTROLS = [ONE, TWO, RE, RA]


def estimate(control: str, days: float, scope: Scope = Scope.ZONE, cost: float = 0) -> Estimate:
    return Estimate(control=control, scope=scope, show=Range(1, 1), do=Range(days, days), cost=Range(cost, cost))


def plant_of(*zones: str, target: int = 2, kind: str = "control", assets: int = 2) -> Plant:
    plant = make_plant(zones, assets_per_zone=assets)
    made = {name: replace(zone, sl_t=SLVector.uniform(target), kind=kind) for name, zone in plant.zones.items()}
    return replace(plant, zones=made, conduits={})


def judged(plant: Plant, failing: tuple[str, ...] = ("sr-1.1", "sr-1.2", "sr-1.1.re-1", "sr-7.1")) -> Assessment:
    outcomes = [
        make_outcome(f"check-{control}", asset.id, asset.zone, Verdict.NOT_SATISFIED)
        for control in failing
        for asset in plant.assets.values()
    ]
    outcomes += [
        make_outcome(f"check-{one.id}", asset.id, asset.zone, Verdict.SATISFIED)
        for one in CONTROLS
        for asset in plant.assets.values()
        if one.id not in failing
    ]
    return make_assessment(
        plant, CONTROLS, outcomes, [(f"check-{c.id}", c.id, Strength.DEMONSTRATES) for c in CONTROLS]
    )


def terms_of(*estimates: Estimate, **more: object) -> Terms:
    given = {(one.control, ""): one for one in estimates}
    return Terms(estimates=given, capacity=Range(30.4375, 30.4375), **more)  # type: ignore[arg-type]


def lifts(road: RoadMap) -> list[str]:
    return [step.id.removeprefix("lift/") for step in road.steps if step.lift]


ALL = (estimate("sr-1.1", 2), estimate("sr-1.2", 3), estimate("sr-1.1.re-1", 4), estimate("sr-7.1", 1))


def test_the_blockers_of_a_level_are_one_step() -> None:
    plant = plant_of("cell")
    road = plan_road(judged(plant), plant, terms_of(*ALL))
    assert lifts(road) == ["cell/RA/2", "cell/IAC/1", "cell/IAC/2"]
    last = next(step for step in road.steps if step.id == "lift/cell/IAC/2")
    assert [job.control for job in last.jobs] == ["sr-1.2", "sr-1.1.re-1"]
    assert (last.effort, last.phase) == (Range(7, 7), Phase.MEASURES)
    assert road.effort == Range(10, 10)


def test_a_failed_check_is_fixed_and_the_unknown_may_turn_out_to_hold() -> None:
    plant = plant_of("cell", target=1)
    assessment = judged(plant, failing=("sr-1.1",))
    silent = make_assessment(plant, CONTROLS, assessment.outcomes, [("check-sr-1.1", "sr-1.1", Strength.DEMONSTRATES)])
    road = plan_road(silent, plant, terms_of(*ALL, day_rate=Range(100, 200)))
    jobs = {job.control: job for step in road.steps for job in step.jobs}
    assert (jobs["sr-1.1"].work, jobs["sr-1.1"].effort) == (Work.FIX, Range(2, 2))
    assert (jobs["sr-7.1"].work, jobs["sr-7.1"].effort) == (Work.ATTEST, Range(1, 2))
    assert (jobs["sr-1.1"].cost, jobs["sr-7.1"].cost) == (Range(200, 400), Range(100, 400))
    assert road.phase_effort(Phase.GAPS) == Range(1, 1)
    assert road.phase_effort(Phase.MEASURES) == Range(2, 3)
    assert {step.id: step.phase for step in road.steps if step.lift} == {
        "lift/cell/IAC/1": Phase.MEASURES,
        "lift/cell/RA/1": Phase.GAPS,
    }


def test_work_is_told_apart_by_why_a_control_is_not_met() -> None:
    plant = plant_of("cell", target=1)
    assets = list(plant.assets.values())
    outcomes = [
        make_outcome("stale", assets[0].id, "cell", Verdict.STALE),
        make_outcome("stale", assets[1].id, "cell", Verdict.SATISFIED),
        make_outcome("silent", assets[0].id, "cell", Verdict.NO_EVIDENCE),
    ]
    claims = [("stale", "sr-1.1", Strength.DEMONSTRATES), ("silent", "sr-7.1", Strength.DEMONSTRATES)]
    gaps = gaps_of(make_assessment(plant, [ONE, RA], outcomes, claims), plant)
    told = {one.control: (one.work, one.assets, one.checks) for gap in gaps for one in gap.missing}
    assert told == {
        "sr-1.1": (Work.RENEW, (assets[0].id,), ("stale",)),
        "sr-7.1": (Work.COLLECT, (assets[0].id, assets[1].id), ("silent",)),
    }


def test_what_an_attestation_settles_needs_no_work_on_that_asset() -> None:
    plant = plant_of("cell", target=1)
    outcomes = [make_outcome("check", "cell-0", "cell", Verdict.NOT_SATISFIED)]
    claims = [("check", "sr-1.1", Strength.DEMONSTRATES)]
    found = make_assessment(plant, [ONE], outcomes, claims, [make_attestation("sr-1.1", "cell")])
    assert [one.assets for gap in gaps_of(found, plant) for one in gap.missing] == [("cell-0",)]
    bare = make_assessment(plant, [ONE], outcomes, claims)
    assert [one.assets for gap in gaps_of(bare, plant) for one in gap.missing] == [("cell-0", "cell-1")]
    per_asset = terms_of(estimate("sr-1.1", 2, Scope.ASSET, cost=10), price_factor=3)
    assert plan_road(found, plant, per_asset).effort == Range(2, 2)
    road = plan_road(bare, plant, per_asset)
    assert (road.effort, road.cost) == (Range(3, 5), Range(30, 60))


def test_each_asset_takes_the_work_that_it_needs() -> None:
    plant = plant_of("cell", target=1, assets=4)
    verdicts = [Verdict.NOT_SATISFIED, Verdict.STALE, Verdict.NO_EVIDENCE, Verdict.SATISFIED]
    outcomes = [make_outcome("check", f"cell-{n}", "cell", verdict) for n, verdict in enumerate(verdicts)]
    by = Estimate(control="sr-1.1", scope=Scope.ASSET, show=Range(1, 2), do=Range(10, 20))
    shown = make_assessment(plant, [ONE], outcomes, [("check", "sr-1.1", Strength.DEMONSTRATES)])
    (job,) = (job for step in plan_road(shown, plant, terms_of(by)).steps for job in step.jobs)
    # Fixed: 10-20. Renewed: 1-2. Unknown: 1-2 to show, and up to 20 to do.
    assert (job.work, job.assets, job.show, job.do) == (
        Work.FIX, ("cell-0", "cell-1", "cell-2"), Range(2, 4), Range(10, 40),
    )  # fmt: skip
    once = replace(by, scope=Scope.ZONE)
    assert plan_road(shown, plant, terms_of(once)).effort == Range(11, 22)
    # A check that only supports the control shows nothing, even when it is repaired.
    hinted = make_assessment(plant, [ONE], outcomes[:1], [("check", "sr-1.1", Strength.SUPPORTS)])
    (job,) = (job for step in plan_road(hinted, plant, terms_of(by)).steps for job in step.jobs)
    assert (job.assets, job.show, job.do) == (tuple(plant.assets), Range(4, 8), Range(10, 80))


def test_work_for_the_plant_is_done_once_and_weighed_by_its_share() -> None:
    plant = plant_of("a", "b", "c", target=1)
    shared = terms_of(estimate("sr-1.1", 6, Scope.PLANT), estimate("sr-7.1", 3))
    road = plan_road(judged(plant, failing=("sr-1.1", "sr-7.1")), plant, shared)
    assert road.effort == Range(15, 15)
    first, second = (step for step in road.steps if step.id in {"lift/a/IAC/1", "lift/b/IAC/1"})
    assert (first.effort, first.shared) == (Range(6, 6), ())
    assert (second.effort, second.shared) == (Range(0, 0), (("sr-1.1", ""),))
    # Alone, six days would come after three; shared by three zones they are two each and come first.
    assert lifts(road)[:3] == ["a/IAC/1", "b/IAC/1", "c/IAC/1"]
    assert lifts(plan_road(judged(plant, failing=("sr-1.1", "sr-7.1")), plant, shared, zones=["b"])) == [
        "b/RA/1",
        "b/IAC/1",
    ]


def test_a_cheap_high_level_makes_up_for_a_dear_low_one() -> None:
    plant = plant_of("cell")
    terms = terms_of(estimate("sr-1.1", 10), estimate("sr-1.2", 0), estimate("sr-1.1.re-1", 0), estimate("sr-7.1", 14))
    # IAC: 2 for 10 days, then 4 for 10 days altogether; RA: 4 for 14 days, which is more than IAC's first level alone.
    assert lifts(plan_road(judged(plant), plant, terms)) == ["cell/IAC/1", "cell/IAC/2", "cell/RA/2"]


def test_safety_weighs_more_and_a_risk_assessment_decides_over_both() -> None:
    plant = plant_of("cell", "trip", target=1)
    zones = {**plant.zones, "trip": replace(plant.zones["trip"], kind="safety")}
    plant = replace(plant, zones=zones)
    assessment = judged(plant, failing=("sr-7.1",))
    terms = terms_of(*ALL, kinds={"safety": 5, "control": 2})
    assert lifts(plan_road(assessment, plant, terms)) == ["trip/RA/1", "cell/RA/1"]
    assert lifts(plan_road(assessment, plant, replace(terms, zones={"cell": 9}))) == ["cell/RA/1", "trip/RA/1"]
    residual = {("cell", FR.RA): 3.0}  # 2 x 3 x 1 against 5 x 1 x 1
    road = plan_road(assessment, plant, terms, residual=residual)
    assert lifts(road) == ["cell/RA/1", "trip/RA/1"]
    assert [step.zone for step in road.steps if step.phase is Phase.RISK] == ["trip"]


def test_preparation_comes_first_and_what_recurs_last() -> None:
    plant = plant_of("cell", "empty", target=1)
    assets = {ident: replace(one, collectors=()) for ident, one in plant.assets.items() if one.zone == "cell"}
    plant = replace(plant, assets=assets)
    outcomes = [make_outcome("check", asset, "cell", Verdict.NOT_SATISFIED) for asset in assets]
    claims = [("check", "sr-1.1", Strength.DEMONSTRATES)]
    found = make_assessment(plant, [ONE], outcomes, claims, [make_attestation("sr-1.1", "empty")])
    prepared = {
        "collector": Range(1, 2),
        "empty-zone": Range(3, 4),
        "zoning-warning": Range(0.5, 1),
        "risk-zone": Range(1, 1),
        "month": Range(1, 2),
        "renewal": Range(0.5, 0.5),
    }
    road = plan_road(found, plant, terms_of(*ALL, preparation=prepared))
    told = [(step.phase, step.zone, step.effort, bool(step.when)) for step in road.steps if step.lift is None]
    assert told == [
        (Phase.INVENTORY, "cell", Range(2, 4), True),
        (Phase.INVENTORY, "empty", Range(3, 4), True),
        (Phase.ZONING, "", Range(0.5, 1), True),
        (Phase.ZONING, "", Range(0.5, 1), True),
        (Phase.RISK, "cell", Range(1, 1), True),
        (Phase.RISK, "empty", Range(1, 1), True),
        (Phase.IMPROVEMENT, "", Range(12, 24), False),
        (Phase.IMPROVEMENT, "empty", Range(0.5, 0.5), False),
    ]
    assert road.yearly == Range(12.5, 24.5)
    assert "first runs out on 2027-06-01: sr-1.1" in road.steps[-1].why
    assert road.steps[0].why == "no collector reads cell-0, cell-1"


@pytest.mark.parametrize(("start", "first"), [("", "2026-11-23"), ("2027-01-04", "2027-01-04")])
def test_dates_come_from_effort_and_capacity(start: str, first: str) -> None:
    plant = plant_of("cell", target=1)
    # One person-day a day at least, two at most.
    terms = replace(terms_of(*ALL, start=start), capacity=Range(30.4375, 60.875))
    road = plan_road(judged(plant, failing=("sr-1.1", "sr-7.1")), plant, terms)
    dated = [step.when for step in road.once if step.lift and step.when]
    assert dated[0].begins == first
    assert [(when.ends[-2:], when.ends_late[-2:]) for when in dated] == (
        [("24", "24"), ("25", "26")] if not start else [("05", "05"), ("06", "07")]
    )


def test_a_team_without_end_does_not_end_the_calendar() -> None:
    plant = plant_of("cell")
    road = plan_road(judged(plant), plant, replace(terms_of(estimate("sr-1.1", 1e6)), capacity=Range(0.01, 0.01)))
    assert road.once[-1].when
    assert road.once[-1].when.ends_late == "9999-12-31"


def test_a_control_that_nobody_estimated_gets_a_wide_range_that_says_so() -> None:
    plant = plant_of("cell", target=1)
    road = plan_road(judged(plant, failing=("sr-1.1",)), plant, terms_of())
    (job,) = (job for step in road.steps for job in step.jobs)
    assert job.effort == Range(0.5, 20)
    assert "nobody has estimated" in job.estimate.reason


def test_a_plant_at_its_target_has_nothing_to_lift() -> None:
    plant = plant_of("cell")
    road = plan_road(judged(plant, failing=()), plant, terms_of())
    assert (road.gaps, lifts(road), road.effort, road.at) == ((), [], Range(0, 0), AT)
