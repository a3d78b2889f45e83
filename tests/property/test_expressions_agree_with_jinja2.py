# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from jinja2.exceptions import UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from plantproof.checks.expressions import UNDECIDED, compile_expression, trace
from plantproof.errors import ContentError


class Chained(StrictUndefined):
    """Undefined as Ansible has it: a key of undefined is undefined."""

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        return self

    def __getitem__(self, name: object) -> Any:
        return self


ENVIRONMENT = SandboxedEnvironment(undefined=Chained)
ENVIRONMENT.tests["contains"] = lambda value, other: other in value
ENVIRONMENT.tests["subset"] = lambda value, other: set(value) <= set(other)
ENVIRONMENT.tests["superset"] = lambda value, other: set(value) >= set(other)
ENVIRONMENT.tests["truthy"] = lambda value: bool(value)  # noqa: PLW0108 - the table holds functions
ENVIRONMENT.tests["falsy"] = lambda value: not value

KEYS = ("mode", "tries", "flag", "words", "people", "deep", "gone")
scalars = st.one_of(st.none(), st.booleans(), st.integers(-3, 12), st.sampled_from(["no", "yes", "A", "a", "", "x y"]))
records = st.fixed_dictionaries(
    {}, optional={"name": st.sampled_from(["root", "Root", "bin"]), "uid": st.integers(0, 3), "locked": st.booleans()}
)
tables = st.fixed_dictionaries(
    {},
    optional={
        "mode": scalars,
        "tries": st.integers(-2, 9),
        "flag": st.booleans(),
        "words": st.lists(st.sampled_from(["a", "B", "b", "c"]), max_size=4),
        "people": st.lists(records, max_size=4),
        "deep": st.fixed_dictionaries({}, optional={"mode": scalars, "words": st.lists(scalars, max_size=3)}),
    },
)
data = st.fixed_dictionaries({"host": tables, "box": tables})

paths = st.builds(
    lambda name, keys, style: name + "".join(f".{key}" if style else f"['{key}']" for key in keys),
    st.sampled_from(["host", "box"]),
    st.lists(st.sampled_from(KEYS), min_size=1, max_size=2),
    st.booleans(),
)
literals = st.sampled_from(
    [
        "1",
        "0",
        "-2",
        "3.5",
        "'no'",
        "'yes'",
        "''",
        "true",
        "false",
        "none",
        "['no', 'yes']",
        "['a', 'b']",
        "[]",
        "[1, 2]",
    ]
)
simple_tests = ["defined", "undefined", "none", "string", "number", "mapping", "sequence", "boolean", "truthy", "falsy"]
tests = st.sampled_from(
    [*simple_tests, "contains('a')", "subset(['a', 'b'])", "superset(['a'])", "eq(1)", "ge(1)", "ne('no')", "integer"]
)
filters = st.sampled_from(
    [
        "length", "count", "default('no')", "d([])", "default('x', true)", "lower", "upper", "trim", "list", "first",
        "last", "min", "max", "sum", "sort", "unique|list", "unique(case_sensitive=true)|list", "join(',')", "string",
        "sort(reverse=true)", "map('upper')|list", "map('lower')|list", "map(attribute='uid')|list",
        "map(attribute='name', default='none')|list", "selectattr('uid')|list", "selectattr('uid', 'equalto', 0)|list",
        "rejectattr('locked')|list", "selectattr('name', 'in', ['root', 'bin'])|list", "rejectattr('uid', 'ge', 2)|list",
        "selectattr('name', 'defined')|list", "rejectattr('name', 'undefined')|list", "select('eq', 'a')|list",
        "select('in', box.words)|list", "reject('truthy')|list", "select|list", "sum(attribute='uid')",
        "min(attribute='uid')", "sort(attribute='uid')", "unique(attribute='name')|list", "join('-', attribute='name')",
        "selectattr('uid', 'lt', host.tries)|map(attribute='name')|list",
    ]
)  # fmt: skip


def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bracketed = inner.map(lambda text: f"({text})")
    return st.one_of(
        st.builds("{} {} {}".format, bracketed, st.sampled_from(["and", "or"]), bracketed),
        st.builds("not {}".format, bracketed),
        st.builds(
            "{} {} {}".format, bracketed, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in"]), bracketed
        ),
        st.builds("{} < {} <= {}".format, bracketed, bracketed, bracketed),
        st.builds("{} == {} != {}".format, bracketed, bracketed, bracketed),
        st.builds("{} {} {}".format, bracketed, st.sampled_from("+-*"), bracketed),
        st.builds("{} if {} else {}".format, bracketed, bracketed, bracketed),
        st.builds("{} is {}".format, bracketed, tests),
        st.builds("{} is not {}".format, bracketed, tests),
        st.builds("{} | {}".format, bracketed, filters),
        st.builds("[{}, {}]".format, bracketed, bracketed),
        st.builds("-{}".format, bracketed),
        st.builds("{}[{}]".format, bracketed, st.one_of(paths, st.sampled_from(["0", "-1", "'mode'", "'uid'"]))),
        st.builds("{}.mode".format, bracketed),
    )


expressions = st.recursive(st.one_of(paths, literals), grow, max_leaves=6)

CANNOT = object()
UNHASHABLE = object()  # sets of records: ours can, Jinja2 cannot


def jinja(text: str, names: dict[str, Any]) -> object:
    # compile_expression(undefined_to_none=False) hands undefined out instead of raising.
    try:
        result = ENVIRONMENT.compile_expression(text, undefined_to_none=False)(**copy.deepcopy(names))
    except TypeError as error:
        return UNHASHABLE if "unhashable" in str(error) else CANNOT
    except (UndefinedError, ValueError, LookupError, AttributeError, ArithmeticError):
        return CANNOT
    return CANNOT if isinstance(result, Chained) or _holds_undefined(result) else result


def _holds_undefined(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(each, Chained) or _holds_undefined(each) for each in value)


def ours(text: str, names: dict[str, Any]) -> object:
    expression = compile_expression(text, names=names)
    try:
        return expression.run(names)
    except UNDECIDED:
        return CANNOT


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=expressions, names=data)
@example(text="host.tries | default(3) > 2", names={"host": {}, "box": {}})
@example(text="not host.gone is defined", names={"host": {}, "box": {}})
def test_where_both_decide_they_agree(text: str, names: dict[str, Any]) -> None:
    found = ours(text, names)
    if found is CANNOT:
        return  # refusing to decide is always allowed; that it is not overdone is the next test's matter
    expected = jinja(text, names)
    if expected is UNHASHABLE:
        return
    assert expected is not CANNOT, f"we say {found!r} where Jinja2 cannot"
    assert _same(found, expected), f"{text}: {found!r} is not {expected!r}"


def _same(left: object, right: object) -> bool:
    return type(left) is type(right) and left == right


@pytest.mark.parametrize(
    "text",
    [
        "host.mode in ['no', 'yes'] and host.tries <= 4",
        "host.people | selectattr('uid', 'equalto', 0) | list | length == 1",
        "host.people | map(attribute='name') | sort | join(',') == 'bin,root'",
        "host.gone | default('x') == 'x' and host.gone is not defined",
        "(host.words | unique | list | length) + 1 == 3",
        "'a' in host.words and 'telnet' not in host.words",
        "host.deep.mode if host.flag else host.mode",
        "host.people | rejectattr('locked', 'defined') | map(attribute='uid') | max >= 1",
    ],
)
def test_we_decide_what_ansible_users_write(text: str) -> None:
    host = {
        "mode": "no", "tries": 3, "flag": True, "words": ["a", "b"], "deep": {"mode": 1},
        "people": [{"name": "root", "uid": 0, "locked": False}, {"name": "bin", "uid": 1}],
    }  # fmt: skip
    names: dict[str, Any] = {"host": host, "box": {}}
    assert _same(ours(text, names), jinja(text, names))


def _lined(value: object, start: int = 1) -> Any:
    """The same facts, with lines as parsers add them."""
    if isinstance(value, dict):
        table = {key: _lined(each, start + place) for place, (key, each) in enumerate(value.items())}
        return table | {"_lines": {key: start + place for place, key in enumerate(value)}}
    if isinstance(value, list):
        return [
            {**each, "_line": start + place} if isinstance(each, dict) else each for place, each in enumerate(value)
        ]
    return value


def _bare(value: object) -> object:
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if not str(key).startswith("_")}
    return [_bare(each) for each in value] if isinstance(value, list) else value


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=expressions, names=data)
def test_tracing_finds_the_same_value_and_lines_change_nothing(text: str, names: dict[str, Any]) -> None:
    lined = {name: _lined(table) for name, table in names.items()}
    expression = compile_expression(text, names=names)
    fast, slow, plain = ours(text, lined), trace(expression, lined), ours(text, names)
    assert slow.decided is (fast is not CANNOT), slow.problem
    if slow.decided:
        assert _same(_bare(fast), _bare(slow.value))
    assert (fast is CANNOT) is (plain is CANNOT)
    if plain is not CANNOT:
        assert _same(_bare(fast), plain)
    assert slow.lines == tuple(sorted(set(slow.lines)))


@settings(max_examples=400, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("host.mode()[]{}'\"|=<>!andorisit 01-+*,_:#\\\n\x00é"), max_size=60))
def test_no_text_raises_anything_but_a_content_error(text: str) -> None:
    try:
        expression = compile_expression(text, names={"host"})
    except ContentError as refusal:
        error: ContentError | None = refusal
    else:
        error = None
        expression.holds({"host": {}})
        trace(expression, {"host": {}})
    assert error is None or (error.code == "content.expression" and error.hint)
