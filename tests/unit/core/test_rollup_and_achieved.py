# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.assessments import AT, make_attestation, make_control, make_outcome
from plantproof.core.achieved import zone_status
from plantproof.core.judgement import ControlStatus, Outcome, Proof
from plantproof.core.levels import FR, SLVector
from plantproof.core.rollup import control_status
from plantproof.core.statements import Attestation, Statements
from plantproof.core.verdicts import Strength, Verdict, worst

CONTROL = make_control("sr-1.1", FR.IAC, 1)
VERDICTS = st.sampled_from(list(Verdict))


def judged(
    proofs: list[tuple[str, Verdict, Strength]],
    assets: tuple[str, ...] = ("a", "b"),
    attestations: tuple[Attestation, ...] = (),
    at: str = AT,
) -> ControlStatus:
    made = [
        Proof(outcome=make_outcome("check", asset, "z", verdict), strength=strength)
        for asset, verdict, strength in proofs
    ]
    return control_status(
        CONTROL, zone="z", assets=assets, proofs=made, said=Statements(attestations=attestations), at=at
    )


D, S = Strength.DEMONSTRATES, Strength.SUPPORTS
OK, BAD, NA, NONE, STALE, MAYBE = Verdict


@pytest.mark.parametrize(
    ("proofs", "verdict", "said"),
    [
        ([("a", OK, D), ("b", OK, D)], OK, "demonstrated by check on a, b"),
        ([("a", OK, D)], NONE, "nothing speaks to it on b, and nobody attests to it|none demonstrates it on b"),
        ([("a", OK, S), ("b", OK, S)], NONE, "checks support it, but none demonstrates it on a, b"),
        ([("a", OK, D), ("b", OK, D), ("b", BAD, S)], BAD, "b: another port"),
        ([("a", BAD, D), ("b", BAD, D)], BAD, r"a: another port \(and 1 more\)"),
        ([("a", OK, D), ("b", STALE, D)], STALE, "b: "),
        ([("a", MAYBE, D), ("b", STALE, D)], MAYBE, "a: "),
        ([("a", NA, D), ("b", NA, D)], NA, "a: "),
        ([("a", NA, D), ("b", OK, D)], OK, "demonstrated by check on b"),
        ([("a", OK, D), ("a", STALE, S), ("b", OK, D)], OK, "demonstrated"),
        ([], NONE, "nothing speaks to it on a, b"),
        ([("a", NONE, D), ("b", OK, D)], NONE, "a: "),
    ],
)
def test_a_requirement_is_settled_for_each_asset_or_not_at_all(
    proofs: list[tuple[str, Verdict, Strength]], verdict: Verdict, said: str
) -> None:
    status = judged(proofs)
    assert status.verdict is verdict
    import re

    assert re.search(said, status.reason), status.reason


ATTESTED = make_attestation("sr-1.1", "z")


@pytest.mark.parametrize(
    ("proofs", "at", "verdict"),
    [
        ([], AT, OK),
        ([("a", OK, D)], AT, OK),
        ([("a", BAD, S)], AT, BAD),
        ([("a", STALE, D)], AT, STALE),
        ([("a", MAYBE, D)], AT, MAYBE),
        ([], "2027-06-02T00:00:00Z", STALE),
        ([], "2026-05-01T00:00:00Z", STALE),
    ],
)
def test_an_attestation_settles_what_no_check_can_and_nothing_else(
    proofs: list[tuple[str, Verdict, Strength]], at: str, verdict: Verdict
) -> None:
    assert judged(proofs, attestations=(ATTESTED,), at=at).verdict is verdict


def test_an_attestation_is_named_and_an_expired_one_says_when() -> None:
    assert "attested by A. Example (asset-owner), valid until 2027-06-01" in judged([], attestations=(ATTESTED,)).reason
    late = judged([], attestations=(ATTESTED,), at="2027-06-02T00:00:00Z")
    assert late.reason == "the attestation of A. Example ran out on 2027-06-01"


@pytest.mark.parametrize(
    ("proofs", "assets", "attested"),
    [
        ([], ("a", "b"), True),
        ([("a", OK, D)], ("a", "b"), True),
        ([("a", OK, D), ("b", OK, D)], ("a", "b"), False),
        ([("a", OK, D), ("b", OK, S)], ("a", "b"), True),
        ([("a", BAD, D)], ("a", "b"), False),
        ([], (), True),
    ],
)
def test_what_rests_on_an_attestation_for_any_asset_is_marked(
    proofs: list[tuple[str, Verdict, Strength]], assets: tuple[str, ...], attested: bool
) -> None:
    status = judged(proofs, assets=assets, attestations=(ATTESTED,))
    assert status.attested is attested
    assert status.reason.startswith("attested by") is attested


def test_a_zone_without_assets_is_unknown_until_somebody_attests() -> None:
    assert judged([], assets=()).verdict is NONE
    assert "no asset" in judged([], assets=()).reason
    assert judged([], assets=(), attestations=(ATTESTED,)).verdict is OK


@given(st.lists(VERDICTS, max_size=8), st.randoms())
def test_rolling_up_does_not_depend_on_order(verdicts: list[Verdict], shuffler: random.Random) -> None:
    turned = list(verdicts)
    shuffler.shuffle(turned)
    assert worst(verdicts) is worst(turned)


@given(
    proofs=st.lists(st.tuples(st.sampled_from("ab"), VERDICTS, st.sampled_from(Strength)), max_size=6),
    attested=st.booleans(),
)
def test_more_failures_never_make_it_better(proofs: list[tuple[str, Verdict, Strength]], *, attested: bool) -> None:
    attestations = (ATTESTED,) if attested else ()
    assert judged([*proofs, ("a", BAD, S)], attestations=attestations).verdict is BAD


@given(st.lists(st.tuples(st.sampled_from("ab"), VERDICTS), max_size=6))
def test_support_alone_never_proves(proofs: list[tuple[str, Verdict]]) -> None:
    assert judged([(asset, verdict, S) for asset, verdict in proofs]).verdict is not OK


CONTROLS = {c.id: c for c in [make_control(f"sr-{fr}.{n}", FR(fr), n) for fr in (1, 5) for n in (1, 2, 3, 4)]}


def statuses(bad: dict[str, Verdict]) -> dict[str, ControlStatus]:
    return {ident: ControlStatus(control=ident, zone="z", verdict=bad.get(ident, OK), reason="") for ident in CONTROLS}


def test_sl_a_is_what_is_proven_and_what_is_possible_and_names_what_blocks() -> None:
    found = zone_status("z", SLVector.uniform(2), CONTROLS, statuses({"sr-1.2": NONE, "sr-1.4": BAD, "sr-5.1": BAD}))
    assert (found.proven[FR.IAC], found.possible[FR.IAC]) == (1, 3)
    assert (found.proven[FR.RDF], found.possible[FR.RDF]) == (0, 0)
    assert found.blockers[FR.IAC] == ("sr-1.2",)
    assert found.blockers[FR.RDF] == ("sr-5.1",)
    assert found.proven[FR.UC] == 4  # no requirement of the baseline is open there


@given(st.dictionaries(st.sampled_from(list(CONTROLS)), VERDICTS))
def test_the_lower_bound_never_passes_the_upper(bad: dict[str, Verdict]) -> None:
    found = zone_status("z", SLVector.uniform(1), CONTROLS, statuses(bad))
    assert found.possible.covers(found.proven)
    for fr in FR:
        assert (found.proven[fr] == 4) == (not found.blockers[fr])


def test_outcomes_know_their_words() -> None:
    assert Verdict.NOT_SATISFIED.label == "not satisfied"
    assert [verdict for verdict in Verdict if verdict.known] == [OK, BAD, NA]
    assert isinstance(make_outcome("c", "a", "z", OK), Outcome)
