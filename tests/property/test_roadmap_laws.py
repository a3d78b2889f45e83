# SPDX-License-Identifier: Apache-2.0
"""What holds of every road map, whatever the plant, the verdicts, the estimates and the team."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import isclose

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fakes.assessments import AT, make_control, make_plant
from plantproof.core.achieved import zone_status
from plantproof.core.judgement import Assessment, ControlStatus
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import KINDS, Plant
from plantproof.core.roadmap import Estimate, OutOfScope, Phase, Range, RoadMap, Scope, Terms, plan_road, reached
from plantproof.core.verdicts import Verdict

CONTROLS = [
    make_control(f"sr-{int(fr)}.{number}", fr, 1 + (number + int(fr)) % 4) for fr in FR for number in range(1, 6)
]
INFOS = {control.id: control for control in CONTROLS}
RANGES = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda two: Range(min(two) / 10, max(two) / 10))
CASE = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def plants(draw: st.DrawFn) -> tuple[Plant, Assessment]:
    names = draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True, min_size=1, max_size=3))
    plant = make_plant(names, assets_per_zone=draw(st.integers(0, 2)))
    zones = {}
    statuses = {}
    for name, zone in plant.zones.items():
        target = SLVector.from_value(draw(st.lists(st.integers(0, 4), min_size=7, max_size=7)))
        zones[name] = replace(zone, sl_t=target, kind=draw(st.sampled_from(KINDS)))
        verdicts = {info.id: draw(st.sampled_from(list(Verdict))) for info in CONTROLS}
        controls = {
            ident: ControlStatus(control=ident, zone=name, verdict=verdict, reason="because")
            for ident, verdict in verdicts.items()
        }
        statuses[name] = zone_status(name, target, INFOS, controls)
    assessment = Assessment(at=AT, baseline="B", locker_commit="", controls=INFOS, zones=statuses, outcomes=())
    return replace(plant, zones=zones), assessment


@st.composite
def terms(draw: st.DrawFn, *, out: bool = False) -> Terms:
    estimates = {
        (control.id, ""): Estimate(
            control=control.id,
            scope=draw(st.sampled_from(Scope)),
            show=draw(RANGES),
            do=draw(RANGES),
            cost=draw(RANGES),
        )
        for control in draw(st.lists(st.sampled_from(CONTROLS), unique_by=lambda one: one.id))
    }
    left = st.builds(
        OutOfScope,
        zone=st.sampled_from(["", "a", "b"]),
        control=st.sampled_from([control.id for control in CONTROLS]),
        reason=st.just("not now"),
    )
    capacity = draw(st.integers(1, 40))
    return Terms(
        day_rate=draw(RANGES),
        capacity=Range(capacity, capacity + draw(st.integers(0, 20))),
        estimates=estimates,
        kinds={kind: draw(st.integers(0, 5)) for kind in KINDS},
        out_of_scope=tuple(draw(st.lists(left, max_size=4))) if out else (),
        preparation={"risk-zone": Range(1, 2), "month": Range(0.5, 1), "empty-zone": Range(1, 3)},
    )


@CASE
@given(case=plants(), terms=terms())
def test_when_every_step_is_done_every_target_is_proven(case: tuple[Plant, Assessment], terms: Terms) -> None:
    plant, assessment = case
    road = plan_road(assessment, plant, terms)
    after = reached(assessment, road)
    assert list(after) == list(plant.zones)
    assert all(after[zone].proven.covers(plant.zones[zone].sl_t) for zone in plant.zones)
    assert road.unreachable == ()


@CASE
@given(case=plants(), terms=terms())
def test_every_lift_keeps_its_word_when_the_steps_up_to_it_are_done(
    case: tuple[Plant, Assessment], terms: Terms
) -> None:
    plant, assessment = case
    road = plan_road(assessment, plant, terms)
    for number, step in enumerate(road.steps):
        if step.lift is None:
            continue
        before = reached(assessment, replace(road, steps=road.steps[:number]))[step.zone]
        after = reached(assessment, replace(road, steps=road.steps[: number + 1]))[step.zone]
        # Work that is shared with other zones may have raised it beyond what the step says it begins with.
        assert before.proven[step.lift.fr] >= step.lift.before
        assert after.proven[step.lift.fr] >= step.lift.after


@CASE
@given(case=plants(), terms=terms(out=True))
def test_what_is_out_of_scope_is_said_and_nothing_else_falls_short(
    case: tuple[Plant, Assessment], terms: Terms
) -> None:
    plant, assessment = case
    road = plan_road(assessment, plant, terms)
    after = reached(assessment, road)
    short = {(one.zone, one.fr): one for one in road.unreachable}
    for zone in plant.zones.values():
        for fr in FR:
            if (zone.id, fr) in short:
                assert after[zone.id].proven[fr] == short[zone.id, fr].reached < zone.sl_t[fr]
            else:
                assert after[zone.id].proven[fr] >= zone.sl_t[fr]
    for step in road.steps:
        for job in step.jobs:
            assert not [zone for zone in job.zones if terms.left_out(zone, job.control)]


def by_hand(plant: Plant, assessment: Assessment, terms: Terms) -> float:
    """Person-days at most for all controls, reckoned from the verdicts alone: once for each control and scope."""
    open_in: dict[str, list[tuple[str, Verdict]]] = {}
    for zone in plant.zones.values():
        for ident, status in assessment.zones[zone.id].controls.items():
            met = status.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}
            if not met and INFOS[ident].min_sl <= zone.sl_t[INFOS[ident].fr]:
                open_in.setdefault(ident, []).append((zone.id, status.verdict))
    total = 0.0
    for ident, places in open_in.items():
        estimate = terms.estimate(ident, "")
        if estimate.scope is Scope.PLANT:
            verdicts = {verdict for _, verdict in places}
            total += highest(estimate, verdicts)
        for place, verdict in places if estimate.scope is not Scope.PLANT else ():
            times = max(len(plant.assets_of(place)), 1) if estimate.scope is Scope.ASSET else 1
            total += highest(estimate, {verdict}) * times
    return total


def highest(estimate: Estimate, verdicts: set[Verdict]) -> float:
    if verdicts == {Verdict.NOT_SATISFIED}:
        return estimate.do.high
    if verdicts == {Verdict.STALE}:
        return estimate.show.high
    return estimate.show.high + estimate.do.high


@CASE
@given(case=plants(), terms=terms())
def test_the_whole_effort_is_that_of_each_control_once(case: tuple[Plant, Assessment], terms: Terms) -> None:
    plant, assessment = case
    road = plan_road(assessment, plant, terms)
    lifts = sum(step.effort.high for step in road.steps if step.lift)
    assert isclose(lifts, by_hand(plant, assessment, terms), abs_tol=1e-6)
    jobs = [(job.control, zone) for step in road.steps for job in step.jobs for zone in job.zones]
    assert len(jobs) == len(set(jobs))
    phases = sum(road.phase_effort(phase).high for phase in Phase)
    assert isclose(phases, road.effort.high + road.yearly.high, abs_tol=1e-6)


def days_of(road: RoadMap) -> list[tuple[str, str, str, str]]:
    return [(w.begins, w.begins_late, w.ends, w.ends_late) for w in (step.when for step in road.once) if w]


@CASE
@given(case=plants(), terms=terms(), more=st.integers(0, 20))
def test_more_hands_never_delay(case: tuple[Plant, Assessment], terms: Terms, more: int) -> None:
    plant, assessment = case
    few = plan_road(assessment, plant, terms)
    capacity = Range(terms.capacity.low + more, terms.capacity.high + more)
    many = plan_road(assessment, plant, replace(terms, capacity=capacity))
    assert [step.id for step in few.steps] == [step.id for step in many.steps]
    for slow, fast in zip(days_of(few), days_of(many), strict=True):
        assert all(after <= before for before, after in zip(slow, fast, strict=True))


@CASE
@given(case=plants(), terms=terms())
def test_dates_follow_one_another_and_the_same_question_gets_the_same_answer(
    case: tuple[Plant, Assessment], terms: Terms
) -> None:
    plant, assessment = case
    road = plan_road(assessment, plant, terms)
    assert road == plan_road(assessment, plant, terms)
    assert len({step.id for step in road.steps}) == len(road.steps)
    days = days_of(road)
    assert all(begins <= late and ends <= last and begins <= ends for begins, late, ends, last in days)
    assert all(one[2] == following[0] for one, following in pairwise(days))
    order = [list(Phase).index(step.phase) for step in road.steps if step.lift is None]
    assert order == sorted(order)


@CASE
@given(case=plants(), terms=terms())
def test_levels_rise_from_the_bottom_and_all_of_the_risk_goes_away(
    case: tuple[Plant, Assessment], terms: Terms
) -> None:
    plant, assessment = case
    assume(plant.zones)
    road = plan_road(assessment, plant, terms)
    for gap in road.gaps:
        lifts = [s.lift for s in road.steps if s.lift and (s.lift.zone, s.lift.fr) == (gap.zone, gap.fr)]
        assert [lift.before for lift in lifts] == [gap.proven, *(lift.after for lift in lifts[:-1])]
        assert lifts[-1].after == gap.target
        zone = plant.zones[gap.zone]
        weight = terms.kinds[zone.kind] * gap.target * (gap.target - gap.proven)
        assert isclose(sum(lift.weight for lift in lifts), weight, abs_tol=1e-6)
