# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.checks.functions import FUNCTIONS
from plantproof.checks.functions.certificates import certificates_in_date
from plantproof.checks.functions.keys import keys_open_one_account
from plantproof.core.verdicts import Verdict

NOW = "2026-11-23T06:37:00Z"


def certificate(after: object, line: int = 1, **more: object) -> dict[str, object]:
    return {"path": f"/etc/{line}.pem", "not_after": after, "_line": line} | more


def judged(
    certificates: object, now: object = NOW, params: object = None, **more: object
) -> tuple[Verdict, str, tuple[int, ...]]:
    result = certificates_in_date(
        {"certificates": {"certificates": certificates, **more}, "now": now, "params": params or {}}
    )
    return result.verdict, result.message, result.lines


@pytest.mark.parametrize(
    ("certificates", "verdict", "message", "lines"),
    [
        ([certificate("2027-01-01T00:00:00Z", 4)], Verdict.SATISFIED, "1 certificate(s) are valid until after", (4,)),
        ([], Verdict.SATISFIED, "0 certificate(s)", ()),
        (
            [certificate("2026-11-23T06:36:59Z", 4)],
            Verdict.NOT_SATISFIED,
            "/etc/4.pem expired on 2026-11-23T06:36:59Z",
            (4,),
        ),
        ([certificate("2026-11-23T06:37:00Z", 4)], Verdict.SATISFIED, "1 certificate(s)", (4,)),
        (
            [certificate("2028-01-01T00:00:00Z", 2, not_before="2027-01-01T00:00:00Z")],
            Verdict.NOT_SATISFIED,
            "valid only from 2027",
            (2,),
        ),
        ([{"path": "/x", "_line": 7}], Verdict.INCONCLUSIVE, "could not be read", (7,)),
        ([{"path": "/x"}, certificate("2020-01-01T00:00:00Z", 3)], Verdict.NOT_SATISFIED, "expired", (3,)),
        (None, Verdict.INCONCLUSIVE, "not in the evidence", ()),
        (["x"], Verdict.INCONCLUSIVE, "not in the evidence", ()),
    ],
)
def test_certificates(certificates: object, verdict: Verdict, message: str, lines: tuple[int, ...]) -> None:
    result = judged(certificates)
    assert (result[0], result[2]) == (verdict, lines)
    assert message in result[1]


def test_certificates_with_a_margin() -> None:
    near = [certificate("2026-12-01T00:00:00Z", 4)]
    assert judged(near, params={"certificate_days": 7})[0] is Verdict.SATISFIED
    assert judged(near, params={"certificate_days": 8})[1] == "/etc/4.pem expires on 2026-12-01T00:00:00Z"
    for margin in ("soon", -1, 10**9):
        assert judged(near, params={"certificate_days": margin})[0] is Verdict.INCONCLUSIVE
    assert judged(near, now="9999-12-31", params={"certificate_days": 9})[0] is Verdict.INCONCLUSIVE
    assert judged(near, now="soon")[0] is Verdict.INCONCLUSIVE
    assert judged(near, now=3)[0] is Verdict.INCONCLUSIVE


def test_an_unreadable_certificate_leaves_it_open() -> None:
    result = judged([certificate("2027-01-01T00:00:00Z", 4)], unreadable=[{"path": "/y", "_line": 9}])
    assert (result[0], result[2]) == (Verdict.INCONCLUSIVE, (9,))


def test_keys() -> None:
    def run(*keys: dict[str, Any]) -> tuple[Verdict, str, tuple[int, ...]]:
        result = keys_open_one_account({"accounts": {"authorized_keys": list(keys)}})
        return result.verdict, result.message, result.lines

    one, again, other = (
        {"fingerprint": f, "users": u, "path": f"/home/{line}", "_line": line}
        for f, u, line in (("f", ["a"], 1), ("f", ["a"], 2), ("f", [], 3))
    )
    assert run(one, again) == (Verdict.SATISFIED, "1 key(s), each for one account", ())
    assert run(one, other) == (Verdict.NOT_SATISFIED, "f opens /home/3, a", (1, 3))
    assert run({"users": ["a"], "_line": 5})[::2] == (Verdict.INCONCLUSIVE, (5,))
    assert run({"users": ["a"]})[::2] == (Verdict.INCONCLUSIVE, ())


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["certificates", "authorized_keys", "fingerprint", "users", "not_after", "not_before", "path", "_line"]), inner
    ),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@given(facts=anything, params=anything)
def test_no_facts_make_a_function_raise(name: str, facts: object, params: object) -> None:
    names = {"certificates": facts, "accounts": facts, "params": params, "now": NOW}
    assert FUNCTIONS[name](names).verdict in set(Verdict)
