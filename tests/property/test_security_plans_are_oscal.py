# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.assessments import make_assessment, make_attestation, make_control, make_outcome, make_plant
from plantproof.core.identity import PROP_NS
from plantproof.core.judgement import Assessment
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.statements import Measure, Statements
from plantproof.core.verdicts import Strength, Verdict
from plantproof.oscal.references import reference_defects
from plantproof.oscal.schema import schema_defects
from plantproof.oscal.ssp import write_ssp

CONTROLS = [make_control("sr-1.1", FR.IAC, 1), make_control("sr-1.2", FR.IAC, 2), make_control("sr-7.1", FR.RA, 1)]
SOURCE = {"sr-1.1": {"props": [{"name": "duty", "ns": PROP_NS, "value": one} for one in ("integrator", "stranger")]}}


@st.composite
def plants(draw: st.DrawFn) -> tuple[Plant, Assessment]:
    zones = draw(st.lists(st.sampled_from(["alpha", "beta", "gamma"]), unique=True, min_size=1))
    plant = make_plant(zones, assets_per_zone=draw(st.integers(0, 2)))
    outcomes = [
        make_outcome(f"check-{control.id}", asset.id, asset.zone, draw(st.sampled_from(list(Verdict))))
        for control in CONTROLS
        for asset in plant.assets.values()
    ]
    claims = [(f"check-{control.id}", control.id, Strength.DEMONSTRATES) for control in CONTROLS]
    stated = [make_attestation("sr-7.1", zone) for zone in zones if draw(st.booleans())]
    return plant, make_assessment(plant, CONTROLS, outcomes, claims, stated)


def written(plant: Plant, assessment: Assessment) -> dict[str, Any]:
    chunks: list[bytes] = []
    write_ssp(assessment, plant, SOURCE, chunks.append, profile="urn:plantproof:profile:x", tool="test")
    found: dict[str, Any] = json.loads(b"".join(chunks))
    return found


@cache
def nist_schema() -> jsonschema_rs.Validator | None:
    folder = Path(os.environ.get("PLANTPROOF_OSCAL_SCHEMAS", Path(__file__).parents[3] / "shared" / "oscal-schemas"))
    path = folder / "oscal_ssp_schema.json"
    return jsonschema_rs.validator_for(json.loads(path.read_text())) if path.is_file() else None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=plants())
def test_a_plan_is_valid_repeats_itself_and_claims_only_what_is_proven(case: tuple[Plant, Assessment]) -> None:
    plant, assessment = case
    data = written(plant, assessment)
    assert data == written(plant, assessment)
    assert [str(defect) for defect in schema_defects(data)] == []
    assert [str(defect) for defect in reference_defects(data)] == []
    if (schema := nist_schema()) is not None:
        assert [error.message for error in schema.iter_errors(data)] == []
    for requirement in data["system-security-plan"]["control-implementation"]["implemented-requirements"]:
        for one in requirement["by-components"]:
            verdict = next(prop["value"] for prop in one["props"] if prop["name"] == "verdict")
            assert (one["implementation-status"]["state"] == "implemented") == (verdict == "satisfied")


def test_roles_components_and_what_is_done_instead() -> None:
    plant = make_plant(["alpha"], assets_per_zone=1)
    (asset,) = plant.assets.values()
    outcomes = [make_outcome("check", asset.id, "alpha", Verdict.NOT_SATISFIED)]
    assessment = make_assessment(plant, CONTROLS, outcomes, [("check", "sr-1.1", Strength.DEMONSTRATES)], [])
    measure = Measure(
        id="m", control="sr-1.1", zone="alpha", instead="watched", declared_by="a", declared="2026-01-01T00:00:00Z",
        reviewed_by="b", reviewed="2026-01-02T00:00:00Z", until="2027-01-01T00:00:00Z",
    )  # fmt: skip
    zone = assessment.zones["alpha"]
    status = replace(zone.controls["sr-1.1"], compensated=True, said=Statements(measures=(measure,)))
    zone = replace(zone, controls={**zone.controls, "sr-1.1": status})
    plan = written(plant, replace(assessment, zones={"alpha": zone}))["system-security-plan"]
    first = plan["control-implementation"]["implemented-requirements"][0]
    assert first["responsible-roles"] == [{"role-id": "integrator"}]
    assert first["by-components"][0]["implementation-status"]["state"] == "alternative"
    assert [item["description"] for item in plan["system-implementation"]["inventory-items"]] == [
        asset.title or asset.id
    ]
    assert {component["type"] for component in plan["system-implementation"]["components"]} >= {
        "this-system",
        "network",
    }
