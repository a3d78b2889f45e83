# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.assessments import make_assessment, make_attestation, make_control, make_outcome, make_plant
from plantproof.core.judgement import Assessment
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.roadmap import Estimate, OutOfScope, Range, Scope, Terms, plan_road
from plantproof.core.verdicts import Strength, Verdict
from plantproof.oscal.references import reference_defects
from plantproof.oscal.results import write_milestones
from plantproof.oscal.schema import schema_defects

CONTROLS = [
    make_control("sr-1.1", FR.IAC, 1), make_control("sr-1.2", FR.IAC, 2), make_control("sr-1.3", FR.IAC, 2),
    make_control("sr-7.1", FR.RA, 1), make_control("sr-7.2", FR.RA, 2),
]  # fmt: skip
SHARED = Estimate(control="sr-1.2", scope=Scope.PLANT, show=Range(1, 2), do=Range(3, 4), reason="once")


@st.composite
def roads(draw: st.DrawFn) -> tuple[Plant, Assessment, Terms]:
    zones = draw(st.lists(st.sampled_from(["alpha", "beta", "gamma"]), unique=True, min_size=1))
    plant = make_plant(zones, assets_per_zone=draw(st.integers(0, 2)))
    outcomes = [
        make_outcome(f"check-{control.id}", asset.id, asset.zone, draw(st.sampled_from(list(Verdict))))
        for control in CONTROLS
        for asset in plant.assets.values()
    ]
    claims = [(f"check-{control.id}", control.id, Strength.DEMONSTRATES) for control in CONTROLS]
    stated = [make_attestation("sr-7.1", zone) for zone in zones if draw(st.booleans())]
    out = [OutOfScope(zone="", control="sr-7.2", reason="later")] if draw(st.booleans()) else []
    assessment = make_assessment(plant, CONTROLS, outcomes, claims, stated)
    prepared = {"month": Range(1, 2), "zoning-warning": Range(0, 1)}
    estimates = {("sr-1.2", ""): SHARED}
    return plant, assessment, Terms(estimates=estimates, preparation=prepared, out_of_scope=tuple(out))


def written(plant: Plant, assessment: Assessment, terms: Terms) -> dict[str, Any]:
    chunks: list[bytes] = []
    assert write_milestones(plan_road(assessment, plant, terms), assessment, plant, chunks.append, tool="test")
    found: dict[str, Any] = json.loads(b"".join(chunks))
    return found


@cache
def nist_schema() -> jsonschema_rs.Validator | None:
    folder = Path(os.environ.get("PLANTPROOF_OSCAL_SCHEMAS", Path(__file__).parents[3] / "shared" / "oscal-schemas"))
    path = folder / "oscal_poam_schema.json"
    return jsonschema_rs.validator_for(json.loads(path.read_text())) if path.is_file() else None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=roads())
def test_a_road_map_is_a_valid_plan_and_repeats_itself(case: tuple[Plant, Assessment, Terms]) -> None:
    plant, assessment, terms = case
    data = written(plant, assessment, terms)
    assert data == written(plant, assessment, terms)
    assert [str(defect) for defect in schema_defects(data)] == []
    assert [str(defect) for defect in reference_defects(data)] == []
    if (schema := nist_schema()) is not None:
        assert [error.message for error in schema.iter_errors(data)] == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=roads())
def test_each_gap_is_a_risk_each_step_a_milestone_and_each_job_an_action(
    case: tuple[Plant, Assessment, Terms],
) -> None:
    plant, assessment, terms = case
    road = plan_road(assessment, plant, terms)
    plan = written(plant, assessment, terms)["plan-of-action-and-milestones"]
    tasks = [task for risk in plan["risks"] for one in risk.get("remediations", []) for task in one["tasks"]]
    assert sorted(task["title"] for task in tasks) == sorted(step.title for step in road.steps)
    assert {task["type"] for task in tasks} == {"milestone"}
    actions = [action for task in tasks for action in task.get("tasks", [])]
    assert len(actions) == sum(len(step.jobs) for step in road.steps)
    known = {one["uuid"] for one in (*tasks, *actions)}
    assert len(known) == len(tasks) + len(actions)
    assert {d["task-uuid"] for task in tasks for d in task.get("dependencies", [])} <= {t["uuid"] for t in tasks}
    risks = {risk["uuid"] for risk in plan["risks"]}
    assert [item["related-risks"][0]["risk-uuid"] for item in plan["poam-items"]] == [r["uuid"] for r in plan["risks"]]
    assert len(risks) == len(plan["risks"])
    begins = {t["uuid"]: t["timing"].get("within-date-range", {}).get("start", "9") for t in tasks}
    for task in tasks:
        for dependency in task.get("dependencies", []):
            assert begins[dependency["task-uuid"]] <= begins[task["uuid"]]


def test_uuids_stay_when_dates_and_estimates_change() -> None:
    plant = make_plant(["alpha"])
    outcomes = [make_outcome("check", "alpha-0", "alpha", Verdict.NOT_SATISFIED)]
    assessment = make_assessment(plant, CONTROLS, outcomes, [("check", "sr-1.1", Strength.DEMONSTRATES)])
    first, second = (
        written(plant, assessment, Terms(start=day, day_rate=rate))["plan-of-action-and-milestones"]
        for day, rate in (("2027-01-01", Range(0, 0)), ("2028-01-01", Range(1, 2)))
    )
    assert [risk["uuid"] for risk in first["risks"]] == [risk["uuid"] for risk in second["risks"]]
    assert first["risks"][0] != second["risks"][0]


def test_trestle_reads_it(tmp_path: Path) -> None:
    from trestle.oscal.poam import PlanOfActionAndMilestones

    plant = make_plant(["alpha", "beta"])
    assessment = make_assessment(plant, CONTROLS, [], [])
    path = tmp_path / "poam.json"
    path.write_text(json.dumps(written(plant, assessment, Terms(estimates={("sr-1.2", ""): SHARED}))))
    read = PlanOfActionAndMilestones.oscal_read(path)
    assert read is not None
    assert read.risks[0].remediations[0].tasks[0].type.root == "milestone"


def test_the_schema_of_nist_is_at_hand_or_the_test_says_so() -> None:
    if nist_schema() is None:
        pytest.skip("set PLANTPROOF_OSCAL_SCHEMAS to a folder with NIST's OSCAL 1.2.1 JSON schemas")
