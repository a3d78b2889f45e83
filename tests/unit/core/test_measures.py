# SPDX-License-Identifier: Apache-2.0
"""Compensating measures: what counts, what is shown, and that they never lift more than meeting the control would."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.assessments import AT, make_control, make_measure, make_outcome
from plantproof.core.achieved import zone_status
from plantproof.core.judgement import ControlStatus, Proof
from plantproof.core.levels import FR, SLVector
from plantproof.core.rollup import control_status
from plantproof.core.statements import Measure, Statements
from plantproof.core.verdicts import Strength, Verdict

CONTROL = make_control("sr-1.1", FR.IAC, 1)
MEASURE = replace(make_measure("sr-1.1", "z"), id="guarded")


def judged(verdicts: dict[str, Verdict], *measures: Measure, at: str = AT) -> ControlStatus:
    proofs = [
        Proof(outcome=make_outcome("check", asset, "z", verdict), strength=Strength.DEMONSTRATES)
        for asset, verdict in verdicts.items()
    ]
    return control_status(
        CONTROL, zone="z", assets=list(verdicts), proofs=proofs, said=Statements(measures=measures), at=at
    )


@pytest.mark.parametrize("verdict", [v for v in Verdict if not v.met])
def test_a_measure_that_counts_is_shown_beside_the_verdict_and_never_in_its_place(verdict: Verdict) -> None:
    status = judged({"a": verdict}, MEASURE)
    assert (status.verdict, status.compensated, status.met) == (verdict, True, True)
    said = "compensated by measure guarded (Plant manager, reviewed by Security officer) until 2026-12-31; "
    assert status.reason.startswith(said)
    assert status.said.measures == (MEASURE,)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"until": "2026-03-01T23:59:59Z"}, "it ran out on 2026-03-01"),
        ({"declared": "2027-01-01T00:00:00Z"}, "it is declared from 2027-01-01 on"),
        ({"reviewed_by": "", "reviewed": ""}, "nobody has reviewed it"),
        ({"reviewed": "2027-01-01T00:00:00Z"}, "nobody has reviewed it"),
        ({"reviewed_by": "plant MANAGER"}, "Plant manager reviewed what Plant manager declared"),
    ],
)
def test_what_does_not_count_is_said(changes: dict[str, str], why: str) -> None:
    measure = replace(MEASURE, **changes)  # type: ignore[arg-type]  # all of these are texts
    assert measure.why_not(AT) == why
    status = judged({"a": Verdict.NOT_SATISFIED}, measure)
    assert not status.met
    assert status.reason.startswith(f"measure guarded does not count: {why}; ")


def test_every_asset_that_lacks_it_has_to_be_covered() -> None:
    one = replace(MEASURE, assets=("a",))
    both = {"a": Verdict.NOT_SATISFIED, "b": Verdict.NO_EVIDENCE}
    assert judged({"a": Verdict.NOT_SATISFIED, "b": Verdict.SATISFIED}, one).compensated
    status = judged(both, one)
    assert not status.compensated
    assert status.reason.startswith("measure guarded covers only a; ")
    assert judged(both, one, replace(MEASURE, id="other", assets=("b",))).compensated


def test_what_is_met_needs_no_measure_and_says_nothing_of_it() -> None:
    status = judged({"a": Verdict.SATISFIED}, MEASURE)
    assert (status.compensated, status.met, status.reason) == (False, True, "demonstrated by check on a")


def test_a_zone_without_assets_is_covered_by_a_measure_for_the_whole_zone_only() -> None:
    assert judged({}, MEASURE).compensated
    assert not judged({}, replace(MEASURE, assets=("a",))).compensated


VERDICTS = st.sampled_from(list(Verdict))
LEVELS = st.lists(st.tuples(VERDICTS, st.booleans(), st.integers(1, 4)), min_size=1, max_size=8)


@given(LEVELS)
def test_measures_lift_no_more_than_meeting_the_controls_would(rows: list[tuple[Verdict, bool, int]]) -> None:
    controls = {f"sr-{n}": make_control(f"sr-{n}", FR.IAC, level) for n, (_, _, level) in enumerate(rows)}

    def status(kind: str) -> SLVector:
        found = {}
        for ident, (verdict, covered, _) in zip(controls, rows, strict=True):
            one = ControlStatus(control=ident, zone="z", verdict=verdict, reason="")
            if covered and not verdict.met and kind == "measures":
                one = replace(one, compensated=True)
            if covered and kind == "met":
                one = replace(one, verdict=Verdict.SATISFIED)
            found[ident] = one
        return zone_status("z", SLVector.uniform(4), controls, found).proven

    without, measured, met = status("none"), status("measures"), status("met")
    assert measured.covers(without)
    assert met.covers(measured)
    assert measured == met


def test_a_zone_names_what_its_level_rests_on() -> None:
    found = {"sr-1.1": judged({"a": Verdict.NOT_SATISFIED}, MEASURE)}
    zone = zone_status("z", SLVector.uniform(1), {"sr-1.1": CONTROL}, found)
    assert (zone.compensated, zone.proven[FR.IAC], zone.possible[FR.IAC]) == (("sr-1.1",), 4, 4)
    expired = {"sr-1.1": judged({"a": Verdict.NOT_SATISFIED}, MEASURE, at="2027-01-01T00:00:00Z")}
    zone = zone_status("z", SLVector.uniform(1), {"sr-1.1": CONTROL}, expired)
    assert (zone.compensated, zone.proven[FR.IAC], zone.possible[FR.IAC]) == ((), 0, 0)
