# SPDX-License-Identifier: Apache-2.0
"""A small road map as it was looked at, as text and as a picture; ``PLANTPROOF_WRITE_GOLDEN=1`` writes it anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.assessments import make_assessment, make_control, make_outcome, make_plant
from plantproof.cli.roadmap.telling import print_road
from plantproof.core.judgement import Assessment
from plantproof.core.levels import FR, SLVector
from plantproof.core.roadmap import Estimate, OutOfScope, Range, RoadMap, Scope, Terms, plan_road, reached
from plantproof.core.verdicts import Strength, Verdict
from plantproof.render.road_chart import draw_road

KEPT = Path(__file__).parent / "roadmap"
CONTROLS = [
    make_control("sr-1.1", FR.IAC, 1),
    make_control("sr-1.3.re-1", FR.IAC, 2),
    make_control("sr-6.1", FR.TRE, 1),
    make_control("sr-6.2", FR.TRE, 2),
    make_control("sr-7.3", FR.RA, 1),
]


def example() -> tuple[RoadMap, Assessment]:
    plant = make_plant(["cell-1", "trip"])
    target = SLVector.from_value({"IAC": 2, "TRE": 2, "RA": 1, "default": 0})
    kinds = {"cell-1": "control", "trip": "safety"}
    zones = {name: replace(zone, sl_t=target, kind=kinds[name]) for name, zone in plant.zones.items()}
    plant = replace(plant, zones=zones)
    seen = {"cell-1-0": Verdict.NOT_SATISFIED, "cell-1-1": Verdict.STALE, "trip-0": Verdict.SATISFIED}
    outcomes = [make_outcome("check", asset, plant.assets[asset].zone, verdict) for asset, verdict in seen.items()]
    assessment = make_assessment(plant, CONTROLS, outcomes, [("check", "sr-1.1", Strength.DEMONSTRATES)])
    estimates = [
        Estimate(control="sr-1.1", scope=Scope.ASSET, show=Range(0.1, 0.3), do=Range(1, 2), cost=Range(0, 50)),
        Estimate(control="sr-1.3.re-1", scope=Scope.PLANT, show=Range(0.5, 1), do=Range(10, 30), cost=Range(0, 20000)),
        Estimate(control="sr-6.1", scope=Scope.ZONE, show=Range(0.2, 0.5), do=Range(0.5, 2)),
        Estimate(control="sr-7.3", scope=Scope.ASSET, show=Range(0.1, 0.3), do=Range(0.5, 1)),
    ]
    terms = Terms(
        day_rate=Range(800, 1000),
        capacity=Range(8, 12),
        start="2027-01-04",
        estimates={(one.control, ""): one for one in estimates},
        preparation={"risk-zone": Range(0.5, 2), "month": Range(0.2, 0.5), "zoning-error": Range(1, 2)},
        kinds={"safety": 5, "control": 2},
        out_of_scope=(OutOfScope(zone="cell-1", control="sr-6.2", reason="Comes with the new centre."),),
    )
    return plan_road(assessment, plant, terms), assessment


def told(capsys: pytest.CaptureFixture[str], *, details: bool) -> str:
    road, assessment = example()
    print_road(road, assessment, reached(assessment, road), details=details)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("steps.txt", lambda capsys: told(capsys, details=False)),
        ("details.txt", lambda capsys: told(capsys, details=True)),
        ("chart.svg", lambda _: draw_road(example()[0])),
    ],
)
def test_the_road_map_is_told_as_it_was_looked_at(
    name: str, make: Callable[[pytest.CaptureFixture[str]], str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = make(capsys)
    if os.environ.get("PLANTPROOF_WRITE_GOLDEN"):
        (KEPT / name).write_text(text, encoding="utf-8")
    assert text == (KEPT / name).read_text(encoding="utf-8")
