# SPDX-License-Identifier: Apache-2.0
"""The tests after ``is``, and inside ``selectattr``, ``rejectattr``, ``select`` and ``reject``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from plantproof.checks.expressions.nodes import Pattern
from plantproof.checks.expressions.values import Undecided, contains, equal, frozen, sequence, truth

__all__ = ["ORDER", "TESTS", "VERSION_OPERATORS", "TestRule", "matching", "scalar_text"]


@dataclass(frozen=True, slots=True)
class TestRule:
    """One test: how many arguments it takes and what it does.

    ``defined`` and ``undefined`` have no function: they ask about the lookup, not about a value.
    """

    function: Callable[..., bool] | None
    least: int = 0
    most: int = 0
    pattern: bool = False
    """The first argument is a regular expression, which must be a literal."""


ORDER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "==": "==", "eq": "==", "equalto": "==",
        "!=": "!=", "ne": "!=",
        "<": "<", "lt": "<", "lessthan": "<",
        "<=": "<=", "le": "<=",
        ">": ">", "gt": ">", "greaterthan": ">",
        ">=": ">=", "ge": ">=",
        "in": "in",
    }
)  # fmt: skip
"""Tests that are comparisons, with their operator."""

VERSION_OPERATORS: Final[Mapping[str, str]] = MappingProxyType(
    {name: sign for name, sign in ORDER.items() if sign != "in" and name not in {"equalto", "lessthan", "greaterthan"}}
    | {"=": "==", "<>": "!="}
)

_PART: Final = re.compile(r"\d+|[A-Za-z]+")


def scalar_text(value: object) -> str:
    """Text as it stands; numbers and truth values as Python writes them.

    Raises:
        Undecided: the value is a list, a table or nothing.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value)
    raise Undecided(f"{_shape(value)} stands where text is needed")


def _shape(value: object) -> str:
    return "nothing" if value is None else "a table" if isinstance(value, dict) else "a list"


def matching(pattern: Pattern, value: object, *, anchored: bool) -> re.Match[str] | None:
    """Run a pattern on a value, if the text is short enough for it.

    Raises:
        Undecided: the value is no text, or too long for this pattern.
    """
    text = scalar_text(value)
    if len(text) > pattern.limit:
        raise Undecided(f"a text of {len(text)} characters is too long for the pattern {pattern.compiled.pattern!r}")
    return pattern.compiled.match(text) if anchored else pattern.compiled.search(text)


def _match(value: object, pattern: Pattern) -> bool:
    return matching(pattern, value, anchored=True) is not None


def _search(value: object, pattern: Pattern) -> bool:
    return matching(pattern, value, anchored=False) is not None


def _version(value: object, other: object, operator: object = "==") -> bool:
    mine, theirs = _parts(value), _parts(other)
    sign = VERSION_OPERATORS.get(str(operator))
    if sign is None:
        raise Undecided(f"{operator!r} does not compare versions")
    if sign in {"==", "!="}:
        return (mine == theirs) is (sign == "==")
    for left, right in zip(mine, theirs, strict=False):
        if type(left) is not type(right):
            raise Undecided(f"the versions {value} and {other} cannot be compared")
        if left != right:
            break
    if sign in {"<", "<="}:
        return mine < theirs or (sign == "<=" and mine == theirs)
    return mine > theirs or (sign == ">=" and mine == theirs)


def _parts(value: object) -> list[int | str]:
    parts: list[int | str] = [int(part) if part.isdigit() else part for part in _PART.findall(scalar_text(value))]
    if not parts:
        raise Undecided(f"{value!r} is no version")
    return parts


def _subset(value: object, other: object) -> bool:
    return {frozen(each) for each in sequence(value)} <= {frozen(each) for each in sequence(other)}


def _superset(value: object, other: object) -> bool:
    return _subset(other, value)


def _is_sequence(value: object) -> bool:
    return isinstance(value, str | list | tuple | dict)


def _truthy(value: object) -> bool:
    return truth(value)


def _compare(sign: str) -> TestRule:
    functions: dict[str, Callable[..., bool]] = {
        "==": equal,
        "!=": lambda left, right: not equal(left, right),
        "<": lambda left, right: left < right,
        "<=": lambda left, right: left <= right,
        ">": lambda left, right: left > right,
        ">=": lambda left, right: left >= right,
        "in": contains,
    }
    return TestRule(functions[sign], 1, 1)


TESTS: Final[Mapping[str, TestRule]] = MappingProxyType(
    {name: _compare(sign) for name, sign in ORDER.items()}
    | {
        "defined": TestRule(None),
        "undefined": TestRule(None),
        "none": TestRule(lambda value: value is None),
        "true": TestRule(lambda value: value is True),
        "false": TestRule(lambda value: value is False),
        "string": TestRule(lambda value: isinstance(value, str)),
        "number": TestRule(lambda value: isinstance(value, int | float)),
        "integer": TestRule(lambda value: isinstance(value, int) and not isinstance(value, bool)),
        "float": TestRule(lambda value: isinstance(value, float)),
        "mapping": TestRule(lambda value: isinstance(value, dict)),
        "sequence": TestRule(_is_sequence),
        "boolean": TestRule(lambda value: isinstance(value, bool)),
        "truthy": TestRule(_truthy),
        "falsy": TestRule(lambda value: not truth(value)),
        "any": TestRule(lambda value: any(truth(each) for each in sequence(value))),
        "all": TestRule(lambda value: all(truth(each) for each in sequence(value))),
        "contains": TestRule(lambda value, other: contains(other, value), 1, 1),
        "subset": TestRule(_subset, 1, 1),
        "superset": TestRule(_superset, 1, 1),
        "version": TestRule(_version, 1, 2),
        "match": TestRule(_match, 1, 1, pattern=True),
        "search": TestRule(_search, 1, 1, pattern=True),
    }
)
