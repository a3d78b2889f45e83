# SPDX-License-Identifier: Apache-2.0
"""What values mean inside expressions: undefined, truth, equality, the keys that cannot be seen, and size limits.

Both evaluations, the compiled and the tracing one, stand on these functions, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final

__all__ = [
    "MAX_NUMBER",
    "MAX_TEXT",
    "UNDECIDED",
    "UNDEFINED",
    "Missing",
    "Undecided",
    "Undefined",
    "arithmetic",
    "contains",
    "equal",
    "frozen",
    "item",
    "lookup",
    "need",
    "sequence",
    "truth",
    "visible",
]

MAX_TEXT: Final = 1_000_000
"""Longest text, in characters, that a filter may make."""
MAX_NUMBER: Final = 1 << 128


class Undecided(Exception):  # noqa: N818 - not an error: the evidence does not say, so the verdict is inconclusive
    """An expression has no value for this evidence; the text says why."""


class Missing(Undecided):
    """The expression touched something undefined; ``path`` names it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not in the evidence")
        self.path = path


class Undefined:
    """The type of :data:`UNDEFINED`, what a missing key yields."""

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED: Final = Undefined()

UNDECIDED: Final = (Undecided, LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
"""Everything that evaluating a compiled expression may raise: the evidence does not have the shape that it asks for."""


def lookup(value: object, *keys: object) -> object:
    """Follow keys through dicts and indexes through lists; :data:`UNDEFINED` as soon as one leads nowhere."""
    for key in keys:
        value = _step(value, key)
        if value is UNDEFINED:
            return value
    return value


def _step(value: object, key: object) -> object:
    if isinstance(value, dict):
        if type(key) is str and key[:1] == "_":
            return UNDEFINED
        try:
            return value.get(key, UNDEFINED)
        except TypeError:  # a key that no dict can have
            return UNDEFINED
    if isinstance(value, list | tuple | str) and isinstance(key, int):
        try:
            return value[key]
        except IndexError:
            return UNDEFINED
    return UNDEFINED


def need(value: object, path: str) -> object:
    """The value itself.

    Raises:
        Missing: it is undefined.
    """
    if value is UNDEFINED:
        raise Missing(path)
    return value


def item(value: object, key: object) -> object:
    """``value[key]`` with a key that is known only now.

    Raises:
        Missing: there is no such key, or it is one that expressions cannot name.
    """
    return need(_step(value, key), f"[{key!r}]")


def visible(value: Mapping[str, object]) -> dict[str, object]:
    """The dict without the keys that carry lines."""
    return {key: each for key, each in value.items() if type(key) is not str or key[:1] != "_"}


def truth(value: object) -> bool:
    """Whether the value counts as true; a table that holds nothing but its lines is empty."""
    if isinstance(value, dict):
        return any(type(key) is not str or key[:1] != "_" for key in value)
    return bool(value)


def sequence(value: object) -> list[object]:
    """The elements of a list, the keys of a table, the characters of a text.

    Raises:
        Undecided: the value has no elements.
    """
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(visible(value))
    if isinstance(value, tuple | str):
        return list(value)
    raise Undecided(f"{_kind(value)} stands where a list is needed")


def equal(left: object, right: object) -> bool:
    """Python's equality, blind to where a record was read."""
    if isinstance(left, dict | list | tuple) and isinstance(right, dict | list | tuple):
        return _strip(left) == _strip(right)
    return left == right


def contains(left: object, right: object) -> bool:
    """``left in right``, blind to where a record was read."""
    if isinstance(left, dict | list | tuple) and isinstance(right, list | tuple):
        bare = _strip(left)
        return any(bare == _strip(each) for each in right)
    if isinstance(right, dict) and type(left) is str and left[:1] == "_":
        return False
    return left in right  # type: ignore[operator] # a TypeError means undecided


def _strip(value: object) -> object:
    if isinstance(value, dict):
        return {key: _strip(each) for key, each in visible(value).items()}
    if isinstance(value, list):
        return [_strip(each) for each in value]
    return tuple(_strip(each) for each in value) if isinstance(value, tuple) else value


def frozen(value: object) -> Hashable:
    """A hashable stand-in: equal for equal values, so that sets of records cost no quadratic search."""
    if isinstance(value, dict):
        return ("dict", frozenset((key, frozen(each)) for key, each in visible(value).items()))
    if isinstance(value, list):
        return ("list", tuple(frozen(each) for each in value))
    if isinstance(value, tuple):
        return ("tuple", tuple(frozen(each) for each in value))
    if isinstance(value, Hashable):
        return value
    raise Undecided(f"{_kind(value)} cannot stand in a set")


def arithmetic(operator: str, left: object, right: object) -> int | float:
    """``+``, ``-`` or ``*`` on numbers.

    Raises:
        Undecided: an operand is no number, or the result is beyond any that evidence can mean.
    """
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        raise Undecided(f"'{operator}' works on numbers, not on {_kind(left)} and {_kind(right)}")
    result = left * right if operator == "*" else left + (right if operator == "+" else -right)
    if not -MAX_NUMBER < result < MAX_NUMBER:
        raise Undecided("a number is too large")
    return result


def _kind(value: object) -> str:
    names = {"str": "text", "int": "a number", "float": "a number", "bool": "true or false", "NoneType": "nothing"}
    names |= {"dict": "a table", "list": "a list", "tuple": "a list"}
    return names.get(type(value).__name__, type(value).__name__)
