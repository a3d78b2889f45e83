# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest

from plantproof.checks.expressions import compile_expression, trace

NAMES: dict[str, Any] = {
    "sshd": {
        "root": "no", "ciphers": ["aes", "rc4"], "deep": {"a": 1, "_lines": {"a": 8}}, "rows": [{"v": [1, 2], "_line": 6}],
        "_lines": {"root": 3, "ciphers": 5, "deep": 7},
    },
    "accounts": {"users": [{"name": n, "uid": u, "_line": line} for n, u, line in [("root", 0, 2), ("toor", 0, 9), ("bin", 2, 4)]]},
    "params": {"limit": 1},
}  # fmt: skip
ROOTS = "accounts.users | selectattr('uid', 'eq', 0) | rejectattr('name', 'eq', 'root')"


@pytest.mark.parametrize(
    ("text", "first", "lines"),
    [
        ("sshd.root == 'no'", "sshd", (3,)), ("sshd.root == 'no'", "", (3,)), ("sshd.root == 'no'", "accounts", ()),
        ("sshd.deep.a == 1", "sshd", (8,)), ("sshd['deep']['a'] == 1", "sshd", (8,)), ("sshd.gone is not defined", "sshd", ()),
        (f"{ROOTS} | list | length == 0", "accounts", (9,)), (f"{ROOTS} | list | length > 0", "accounts", (9,)),
        (f"{ROOTS} | list | length == 0", "sshd", ()), ("accounts.users | selectattr('uid', 'gt', 7) | list | length == 0", "accounts", ()),
        ("'rc4' not in sshd.ciphers", "sshd", (5,)), ("'des' not in sshd.ciphers", "sshd", (5,)),
        ("'toor' in (accounts.users | map(attribute='name') | list)", "accounts", (9,)),
        ("accounts.users | map(attribute='name') | intersect(['toor', 'bin']) | length == 0", "accounts", (4, 9)),
        ("accounts.users | map(attribute='name') | join(',') == 'x'", "accounts", (2, 4, 9)),
        ("(accounts.users | first).name == 'root'", "accounts", (2,)), ("accounts.users[1].uid == 0", "accounts", (9,)),
        ("(accounts.users | max(attribute='uid')).uid < params.limit", "accounts", (4,)),
        ("sshd.root == 'no' and sshd.deep.a == 1", "sshd", (3, 8)), ("sshd.root == 'yes' and sshd.deep.a == 1", "sshd", (3,)),
        ("sshd.root == 'no' or sshd.deep.a == 2", "sshd", (3,)), ("sshd.root == 'yes' or sshd.deep.a == 2", "sshd", (3, 8)),
        ("1 if sshd.root == 'no' else sshd.deep.a", "sshd", (3,)), ("sshd.gone | default(sshd.deep.a)", "sshd", (8,)),
        ("sshd.root is match('n')", "sshd", (3,)), ("sshd.ciphers is contains('rc4')", "sshd", (5,)),
        ("sshd.root is in(['no'])".replace("in(", "ne(").replace("['no']", "'yes'"), "sshd", (3,)),
        ("sshd | dict2items | selectattr('key', 'eq', 'root') | list | length == 0", "sshd", (3,)),
        ("sshd.rows | map(attribute='v') | flatten | max == 2", "sshd", (6,)), ("-sshd.deep.a + 1 == 0", "sshd", (8,)),
        ("{'x': sshd.deep.a}.x == 1", "sshd", (8,)), ("[sshd.root, sshd.deep.a] | length == 2", "sshd", (3, 8)),
        ("sshd.root | split | length == 1", "sshd", (3,)), ("2 > sshd.deep.a >= 1", "sshd", (8,)), ("sshd.deep.a > 1 > sshd.root", "sshd", (8,)),
    ],
)  # fmt: skip
def test_lines(text: str, first: str, lines: tuple[int, ...]) -> None:
    assert trace(compile_expression(text, names=NAMES), NAMES, first).lines == lines


def test_reads_and_what_was_allowed_to_be_missing() -> None:
    text = "sshd.gone is defined or (sshd.lost | default('x')) == sshd.root or sshd['deep'].a == sshd.rows[params.limit - 1].v[0]"
    traced = trace(compile_expression(text, names=NAMES), NAMES)
    assert traced.value is True
    assert traced.reads == (
        "sshd.gone",
        "sshd.lost",
        "sshd.root",
        "sshd.deep.a",
        "sshd.rows",
        "params.limit",
        "sshd.rows[0]",
        "sshd.rows[0]['v']",
        "sshd.rows[0]['v'][0]",
    )
    assert traced.tolerated == ("sshd.gone", "sshd.lost")


def test_records_without_a_key_are_told_as_absent() -> None:
    text = "accounts.users | selectattr('locked', 'defined') | list | length == 0 and accounts.users | map(attribute='x', default=1) | sum == 3"
    traced = trace(compile_expression(text, names=NAMES), NAMES)
    assert traced.value is True
    assert traced.tolerated == ("accounts.users[].locked", "accounts.users[].x")


def test_facts_nested_too_deeply_leave_it_undecided() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    names = {**NAMES, "params": {"deep": deep, "also": [deep]}}
    for text in ("params.deep in params.also", "[params.deep] | unique | length == 1", "params.deep == params.also"):
        expression = compile_expression(text, names=names)
        assert expression.holds(names) is None
        assert not trace(expression, names).decided
    while deep:  # take it apart: Python's own clean-up of a very deep list is slow
        deep = deep.pop()
