# SPDX-License-Identifier: Apache-2.0
"""Waivers: what holds, what is shown, and that none of them ever moves a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.assessments import AT, make_control, make_measure, make_outcome, make_waiver
from plantproof.core.achieved import open_requirements, zone_status
from plantproof.core.judgement import ControlStatus, Proof
from plantproof.core.levels import FR, SLVector
from plantproof.core.rollup import control_status
from plantproof.core.statements import Measure, Statements, Waiver
from plantproof.core.verdicts import Strength, Verdict

CONTROL = make_control("sr-1.1", FR.IAC, 1)
WAIVER = replace(make_waiver("sr-1.1", "z"), id="until-stop")
MEASURE = replace(make_measure("sr-1.1", "z"), id="guarded")


def judged(verdicts: Mapping[str, Verdict], said: Statements, at: str = AT) -> ControlStatus:
    proofs = [
        Proof(outcome=make_outcome("check", asset, "z", verdict), strength=Strength.DEMONSTRATES)
        for asset, verdict in verdicts.items()
    ]
    return control_status(CONTROL, zone="z", assets=list(verdicts), proofs=proofs, said=said, at=at)


def waived(*waivers: Waiver, measures: tuple[Measure, ...] = ()) -> Statements:
    return Statements(waivers=waivers, measures=measures)


@pytest.mark.parametrize("verdict", [v for v in Verdict if not v.met])
def test_a_waiver_stands_beside_the_verdict_and_counts_for_nothing(verdict: Verdict) -> None:
    status = judged({"a": verdict}, waived(WAIVER))
    assert (status.verdict, status.waived, status.compensated, status.met) == (verdict, True, False, False)
    assert status.waived_until == WAIVER.until
    assert status.standing == f"{verdict.label}, waived"
    said = "waived by until-stop (Maintenance, approved by Plant manager) until 2026-12-31; "
    assert status.reason.startswith(said)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v.met])
def test_what_is_met_needs_no_waiver(verdict: Verdict) -> None:
    status = judged({"a": verdict}, waived(WAIVER))
    assert (status.waived, status.standing, status.met) == (False, verdict.label, True)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"until": "2026-03-01T23:59:59Z"}, "it ran out on 2026-03-01"),
        ({"granted": "2027-01-01T00:00:00Z"}, "it is granted from 2027-01-01 on"),
        ({"approved_by": "MAINTENANCE"}, "Maintenance approved what Maintenance asked for"),
    ],
)
def test_why_a_waiver_does_not_hold_is_said(changes: dict[str, str], why: str) -> None:
    waiver = replace(WAIVER, **changes)  # type: ignore[arg-type]  # all of these are texts
    assert waiver.why_not(AT) == why
    status = judged({"a": Verdict.NOT_SATISFIED}, waived(waiver))
    assert not status.waived
    assert status.reason.startswith(f"waiver until-stop does not hold: {why}; ")


def test_it_holds_to_its_last_second() -> None:
    assert WAIVER.why_not(WAIVER.granted) == ""
    assert WAIVER.why_not(WAIVER.until) == ""
    assert WAIVER.why_not("2027-01-01T00:00:00Z")


def test_measures_and_waivers_share_the_assets_and_the_first_end_counts() -> None:
    both = {"a": Verdict.NOT_SATISFIED, "b": Verdict.NO_EVIDENCE}
    one = replace(WAIVER, assets=("a",))
    part = judged(both, waived(one))
    assert not part.waived
    assert part.reason.startswith("waiver until-stop covers only a; ")
    other = replace(WAIVER, id="sooner", assets=("b",), until="2026-11-30T23:59:59Z")
    assert judged(both, waived(one, other)).waived_until == "2026-11-30T23:59:59Z"
    mixed = judged(both, waived(one, measures=(replace(MEASURE, assets=("b",)),)))
    assert (mixed.waived, mixed.compensated, mixed.met) == (True, False, False)
    assert "measure guarded covers only b" in mixed.reason
    whole = judged(both, waived(one, measures=(MEASURE,)))
    assert (whole.waived, whole.compensated, whole.met) == (False, True, True)


def test_without_assets_a_waiver_for_all_of_them_still_speaks_for_the_zone() -> None:
    assert judged({}, waived(WAIVER)).waived
    assert not judged({}, waived(replace(WAIVER, assets=("a",)))).waived


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from(list(Verdict)), max_size=3), st.integers(1, 4))
def test_no_waiver_moves_a_level(verdicts: dict[str, Verdict], level: int) -> None:
    controls = {CONTROL.id: replace(CONTROL, min_sl=level)}
    target = SLVector.uniform(4)
    plain, let = (
        zone_status("z", target, controls, {CONTROL.id: judged(verdicts, said)})
        for said in (Statements(), waived(WAIVER))
    )
    assert (plain.proven, plain.possible, plain.blockers) == (let.proven, let.possible, let.blockers)
    assert set(let.waived) == set(open_requirements(let, controls)) == set(open_requirements(plain, controls))


def test_statements_are_sorted_and_left_out_by_their_place() -> None:
    elsewhere = replace(WAIVER, zone="y")
    said = Statements(measures=(MEASURE,), waivers=(WAIVER, elsewhere))
    places = said.by_place()
    assert places["z", "sr-1.1"] == Statements(measures=(MEASURE,), waivers=(WAIVER,))
    assert places["y", "sr-1.1"] == waived(elsewhere)
    assert said.without([("z", "sr-1.1")]) == waived(elsewhere)
    assert waived(elsewhere).and_also(waived(WAIVER)).waivers == (elsewhere, WAIVER)
