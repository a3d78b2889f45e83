# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.checks.compiled import CompiledCheck, compile_check
from plantproof.checks.engine import NOT_ASKED, evaluate
from plantproof.checks.explain import MAX_LINES, outcome_of, outcomes
from plantproof.checks.subjects import KindEvidence, Subject
from plantproof.core.checks import Assertion, Check
from plantproof.core.facts import Facts, SectionState
from plantproof.core.judgement import EvidenceRef, Outcome
from plantproof.core.plant import Asset
from plantproof.core.verdicts import Verdict
from plantproof.errors import ContentError, UsageError

NOW = "2026-11-23T00:00:00Z"
REF = EvidenceRef(
    path="cell/h/x.sshd.txt",
    sha256="0" * 64,
    commit="c",
    collected=NOW,
    valid_until="2026-01-01T00:00:00Z",
    simulated=False,
)


def check(*that: str, when: str = "", kinds: tuple[str, ...] = ("x.sshd",), function: str = "") -> CompiledCheck:
    assertions = tuple(Assertion(that=each, otherwise=f"not: {each}") for each in that)
    return compile_check(
        Check(
            id="a-check",
            title="It holds",
            kinds=kinds,
            when=when,
            assertions=assertions,
            rationale="r",
            remedy="r",
            caution="",
            function=function,
        )
    )


def found(
    data: Mapping[str, object] | None, kind: str = "x.sshd", unparsed: tuple[int, ...] = (), **more: Any
) -> KindEvidence:
    facts = None if data is None else Facts(kind=kind, parser="x/1", data=data, unparsed=unparsed)
    return KindEvidence(kind=kind, facts=facts, ref=REF, **more)


def judge(one: CompiledCheck, *evidence: KindEvidence, **more: Any) -> Outcome:
    subject = Subject(asset=Asset(id="h", zone="cell", platform="frr"), evidence={each.kind: each for each in evidence})
    return outcome_of(evaluate([one], [subject], now=NOW, **more), 0, 0)


def test_satisfied_tells_title_evidence_and_lines() -> None:
    outcome = judge(check("sshd.root == 'no'"), found({"root": "no", "_lines": {"root": 4}}))
    assert (outcome.verdict, outcome.message, outcome.lines) == (Verdict.SATISFIED, "It holds", (4,))
    assert (outcome.asset, outcome.zone, outcome.check, outcome.evidence) == ("h", "cell", "a-check", (REF,))


def test_not_satisfied_tells_every_failed_assertion() -> None:
    data = {"root": "yes", "x11": "yes", "port": 22, "_lines": {"root": 4, "x11": 2, "port": 9}}
    outcome = judge(check("sshd.root == 'no'", "sshd.port == 22", "sshd.x11 == 'no'"), found(data))
    assert outcome.verdict is Verdict.NOT_SATISFIED
    assert outcome.message == "not: sshd.root == 'no'; not: sshd.x11 == 'no'"
    assert outcome.lines == (2, 4)


@pytest.mark.parametrize(
    ("evidence", "verdict", "message"),
    [
        ((), Verdict.NO_EVIDENCE, "not collected: the locker holds no x.sshd of this asset"),
        ((found(None, state=SectionState.NOT_COLLECTED, reason="needs root"),), Verdict.NO_EVIDENCE, "not collected: needs root"),
        ((found({"root": "no"}, state=SectionState.NOT_COLLECTED),), Verdict.NO_EVIDENCE, "not collected: the locker holds no x.sshd of this asset"),
        ((found({"root": "no"}, state=SectionState.TRUNCATED),), Verdict.INCONCLUSIVE, "the collected text of x.sshd breaks off"),
        ((found({"root": "yes"}, state=SectionState.TRUNCATED),), Verdict.INCONCLUSIVE, "the collected text of x.sshd breaks off"),
        ((found(None),), Verdict.INCONCLUSIVE, "x.sshd could not be parsed"),
        ((found(None, reason="too large"),), Verdict.INCONCLUSIVE, "x.sshd could not be parsed: too large"),
        ((found({"root": "no"}, stale=True),), Verdict.STALE, "x.sshd was valid until 2026-01-01T00:00:00Z"),
        ((found({"root": "yes"}, stale=True),), Verdict.STALE, "x.sshd was valid until 2026-01-01T00:00:00Z"),
        ((KindEvidence(kind="x.sshd", facts=Facts(kind="x.sshd", parser="x/1", data={}), stale=True),), Verdict.STALE, "x.sshd is out of date"),
        ((found({}),), Verdict.INCONCLUSIVE, "sshd.root is not in the evidence"),
        ((found({"root": "no"}, unparsed=(3, 9)),), Verdict.INCONCLUSIVE, "2 line(s) of x.sshd were not understood"),
        ((found({"root": "yes"}, unparsed=(3, 9)),), Verdict.NOT_SATISFIED, "not: sshd.root == 'no'"),
        ((found({"root": "no"}, notes=("cannot read x",)),), Verdict.SATISFIED, "It holds"),
        ((found({"root": {"a": 1}}),), Verdict.NOT_SATISFIED, "not: sshd.root == 'no'"),
    ],
)  # fmt: skip
def test_state_of_the_evidence(evidence: tuple[KindEvidence, ...], verdict: Verdict, message: str) -> None:
    outcome = judge(check("sshd.root == 'no'"), *evidence)
    assert (outcome.verdict, outcome.message) == (verdict, message)


def test_lines_not_understood_are_told() -> None:
    assert judge(check("true"), found({}, unparsed=(3, 9))).lines == (3, 9)
    assert judge(check("true", kinds=("x.a", "x.sshd")), found({}, "x.a"), found({}, unparsed=(3,))).lines == ()


def test_what_may_only_be_unread_does_not_satisfy() -> None:
    one = check("sshd.tunnel | default('no') == 'no'")
    assert judge(one, found({})).verdict is Verdict.SATISFIED
    outcome = judge(one, found({}, notes=("cannot read /etc/x: needs root",)))
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert outcome.message == "sshd.tunnel may only be unread: cannot read /etc/x: needs root"
    assert judge(one, found({"tunnel": "yes"}, notes=("cannot read x",))).verdict is Verdict.NOT_SATISFIED
    by_when = check("true", when="sshd.tunnel is not defined")
    assert judge(by_when, found({}, notes=("cannot read x",))).verdict is Verdict.INCONCLUSIVE


def test_applies_to() -> None:
    one = check("sshd.root == 'no'", when="sshd.installed")
    outcome = judge(one, found({"installed": False, "_lines": {"installed": 2}}))
    assert (outcome.verdict, outcome.message, outcome.lines) == (
        Verdict.NOT_APPLICABLE,
        "does not apply here: sshd.installed",
        (2,),
    )
    assert judge(one, found({})).verdict is Verdict.INCONCLUSIVE
    assert judge(one, found({"installed": True})).verdict is Verdict.INCONCLUSIVE
    assert judge(one, found({"installed": True, "root": "yes"})).verdict is Verdict.NOT_SATISFIED
    # Missing and a false condition that does not need it: the condition decides.
    assert (
        judge(check("sshd.root == 'no'", "sshd.b", when="not sshd.installed"), found({"installed": True})).verdict
        is Verdict.NOT_APPLICABLE
    )


def test_applies_to_that_asks_only_about_the_asset_needs_no_evidence() -> None:
    assert judge(check("sshd.root == 'no'", when="asset.platform == 'cisco_ios'")).verdict is Verdict.NOT_APPLICABLE
    assert judge(check("sshd.root == 'no'", when="asset.platform == 'frr'")).verdict is Verdict.NO_EVIDENCE
    assert judge(check("sshd.root == 'no'", when="sshd.installed")).verdict is Verdict.NO_EVIDENCE


def test_a_failed_assertion_decides_even_beside_a_missing_key() -> None:
    data = {"root": "yes", "_lines": {"root": 1}}
    for order in itertools.permutations(["sshd.gone == 1", "sshd.root == 'no'", "sshd.root is defined"]):
        outcome = judge(check(*order), found(data))
        assert (outcome.verdict, outcome.message) == (Verdict.NOT_SATISFIED, "not: sshd.root == 'no'")


def test_two_kinds() -> None:
    one = check("sshd.port in (listeners.ports | map(attribute='port') | list)", kinds=("x.sshd", "x.listeners"))
    ports = found({"ports": [{"port": 22, "_line": 5}]}, "x.listeners")
    assert judge(one, found({"port": 22, "_lines": {"port": 3}}), ports).lines == (3,)
    assert judge(one, found({"port": 22})).verdict is Verdict.NO_EVIDENCE
    stale = found({"ports": []}, "x.listeners", stale=True)
    assert judge(one, found({"port": 22}), stale).message.startswith("x.listeners was valid until")


def test_kinds_of_one_name_do_not_mix() -> None:
    frr, ios = check("config.a == 1", kinds=("frr.config",)), check("config.a == 2", kinds=("ios.config",))
    evidence = {"frr.config": found({"a": 1}, "frr.config"), "ios.config": found({"a": 2}, "ios.config")}
    evaluation = evaluate([frr, ios], [Subject(asset=Asset(id="h", zone="z"), evidence=evidence)], now=NOW)
    assert [verdict for _, _, verdict in evaluation.asked()] == [Verdict.SATISFIED, Verdict.SATISFIED]


def test_parameters_are_numbers_where_they_look_so() -> None:
    one = check(
        "sshd.tries <= params['sr-1.11_attempts'] and params.share < 0.6 and params.word == 'inf' and params.n == 3"
    )
    params = {"sr-1.11_attempts": "3", "share": "0.5", "word": "inf", "n": 3}
    assert judge(one, found({"tries": 3}), params=params).verdict is Verdict.SATISFIED
    assert judge(one, found({"tries": 3}), params={}).message == "params['sr-1.11_attempts'] is not in the evidence"
    subject = Subject(asset=Asset(id="h", zone="z"), evidence={"x.sshd": found({"tries": 3})}, params=params)
    assert outcome_of(evaluate([one], [subject], now=NOW), 0, 0).verdict is Verdict.SATISFIED


def test_the_instant_is_a_name() -> None:
    assert judge(check("now == '2026-11-23T00:00:00Z' and now_days == 20780"), found({})).verdict is Verdict.SATISFIED
    with pytest.raises(UsageError):
        evaluate([], [], now="yesterday")


def test_a_check_is_not_asked_where_no_collector_could_answer() -> None:
    subject = Subject(asset=Asset(id="h", zone="z"), evidence={}, expected=frozenset({"x.modbus"}))
    evaluation = evaluate([check("true")], [subject], now=NOW)
    assert list(evaluation.verdicts[0]) == [NOT_ASKED]
    assert not list(evaluation.asked())
    assert not list(outcomes(evaluation))
    with pytest.raises(ValueError, match="not asked"):
        outcome_of(evaluation, 0, 0)


def test_outcomes_are_rendered_for_the_verdicts_asked_for() -> None:
    subjects = [Subject(asset=Asset(id=f"h{n}", zone="z"), evidence={"x.sshd": found({"n": n})}) for n in range(4)]
    evaluation = evaluate([check("sshd.n > 1"), check("sshd.n < 9")], subjects, now=NOW)
    assert [one.asset for one in outcomes(evaluation, [Verdict.NOT_SATISFIED])] == ["h0", "h1"]
    assert len(list(outcomes(evaluation))) == 8


def test_many_lines_are_cut() -> None:
    rows = [{"a": 1, "_line": n + 1} for n in range(80)]
    assert judge(check("sshd.rows | selectattr('a') | list | length == 0"), found({"rows": rows})).lines == tuple(
        range(1, MAX_LINES + 1)
    )


def test_functions() -> None:
    one = check(kinds=("linux.accounts",), function="keys_open_one_account", when="accounts.on | default(true)")
    keys = [{"fingerprint": "f", "users": [user], "_line": line} for line, user in ((3, "a"), (5, "b"))]
    accounts = {"authorized_keys": keys}
    failed = judge(one, found(accounts, "linux.accounts"))
    assert (failed.verdict, failed.message, failed.lines) == (Verdict.NOT_SATISFIED, "f opens a, b", (3, 5))
    held = judge(one, found({"authorized_keys": keys[:1]}, "linux.accounts"))
    assert (held.verdict, held.message) == (Verdict.SATISFIED, "1 key(s), each for one account")
    unclear = judge(one, found({}, "linux.accounts"))
    assert (unclear.verdict, unclear.message) == (
        Verdict.INCONCLUSIVE,
        "accounts.authorized_keys is not in the evidence",
    )
    partly = judge(one, found({"authorized_keys": []}, "linux.accounts", unparsed=(4,)))
    assert (partly.verdict, partly.lines) == (Verdict.INCONCLUSIVE, (4,))
    assert judge(one, found({"on": False}, "linux.accounts")).verdict is Verdict.NOT_APPLICABLE
    assert judge(one, found({"on": False, "authorized_keys": keys}, "linux.accounts")).verdict is Verdict.NOT_APPLICABLE


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(ContentError, match="did you mean 'certificates_in_date'") as caught:
        check(function="certificate_in_date")
    assert caught.value.code == "content.check"


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.sampled_from(["no", "yes"]),
    st.lists(st.integers(0, 2), max_size=2),
)
rules = st.sampled_from(
    [
        "sshd.a == 1",
        "sshd.b is defined",
        "sshd.a < sshd.b",
        "sshd.c | default('x') == 'no'",
        "sshd.b | length > 0",
        "not sshd.a",
        "1 in sshd.c",
    ]
)


@given(
    data=st.dictionaries(st.sampled_from("abc"), values),
    that=st.lists(rules, min_size=1, max_size=4),
    when=st.one_of(st.just(""), rules),
)
def test_order_never_matters_and_nothing_is_raised(data: dict[str, object], that: list[str], when: str) -> None:
    def verdicts(order: Sequence[str]) -> Verdict:
        outcome = judge(check(*order, when=when), found(data))
        assert outcome.message
        return outcome.verdict

    assert len({verdicts(order) for order in itertools.permutations(that)}) == 1
