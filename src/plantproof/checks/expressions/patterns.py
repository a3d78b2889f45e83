# SPDX-License-Identifier: Apache-2.0
"""Regular expressions that cannot hang: what may backtrack without bound is refused when a check is loaded.

Python's engine backtracks. A pattern is admitted when it has no backreference and no lookaround and when no repetition
stands inside a varying repetition. What is left costs at most text length to the power of its ambiguous repetitions
(those whose end the next character does not decide), so each pattern gets the text length at which a search still ends
in about a second.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["PatternError", "safe_pattern"]

MAX_PATTERN: Final = 200
_BUDGET: Final = 2e7  # steps; the engine does 10 to 50 million a second
_MIN_LIMIT: Final = 200
_MAX_UNROLL: Final = 8
_SMALL: Final = 16
_MAX_REPEAT: Final = 1000
_MAX_LIMIT: Final = 1_000_000

_parser = importlib.import_module("re._parser")  # the standard library's own reading, so that we judge what will run


class PatternError(Exception):
    """The pattern is refused; the text says why."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a part of a pattern can cost and begin with."""

    first: frozenset[str]
    nullable: bool
    power: int = 0
    factor: float = 1
    repeats: bool = False
    """Holds a repetition that varies."""
    scans: bool = False
    """Holds a repetition that varies and whose end the next character decides: it costs one pass."""


def safe_pattern(text: str, *, ignorecase: bool, multiline: bool, anchored: bool) -> tuple[re.Pattern[str], int]:
    """Compile a pattern and say on texts of how many characters it may run.

    Raises:
        PatternError: it is no pattern, or one that may take too long.
    """
    if len(text) > MAX_PATTERN:
        raise PatternError(f"the pattern has {len(text)} characters; {MAX_PATTERN} are allowed")
    if any(ord(char) < ord(" ") for char in text):
        raise PatternError(r"the pattern holds a control character; write a backslash twice: '\\b', '\\t'")
    flags = (re.IGNORECASE if ignorecase else 0) | (re.MULTILINE if multiline else 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiled = re.compile(text, flags)
            tree = _parser.parse(text, flags)
    except (re.error, Warning, OverflowError, RecursionError) as problem:
        raise PatternError(f"is no regular expression: {problem}") from None
    walk = _Walk(_alphabet(text), ignorecase=bool(compiled.flags & re.IGNORECASE))
    shape = walk.sequence(list(tree), frozenset())
    scans = 0 if anchored or (text.startswith(("^", r"\A")) and not compiled.flags & re.MULTILINE) else 1
    power = shape.power + shape.scans + scans
    limit = int((_BUDGET / shape.factor) ** (1 / max(power, 1)))
    if limit < _MIN_LIMIT:
        raise PatternError("the pattern may take too long: too many of its repetitions can trade characters")
    return compiled, min(limit, _MAX_LIMIT)


def _alphabet(text: str) -> frozenset[str]:
    """Characters that tell classes apart: ASCII, one of each other sort, and the pattern's own."""
    own = set(text) | set(text.lower()) | set(text.upper())
    return frozenset({chr(code) for code in range(128)} | own | set("\u00e9\u4e00\u00a0\u0660\u2028"))


_CATEGORIES: Final = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


class _Walk:
    """One pass over the standard library's parse of a pattern, from its end to its start."""

    def __init__(self, alphabet: frozenset[str], *, ignorecase: bool) -> None:
        self.alphabet = alphabet
        self.ignorecase = ignorecase

    def sequence(self, items: list[tuple[object, object]], after: frozenset[str]) -> _Shape:
        first, nullable, power, factor, repeats, scans = after, True, 0, 1.0, False, False
        own: frozenset[str] = frozenset()
        for operation, argument in reversed(items):
            shape = self.part(str(operation), argument, first)
            power, factor = power + shape.power, factor * shape.factor
            repeats, scans = repeats or shape.repeats, scans or shape.scans
            own = shape.first | own if shape.nullable else shape.first
            first = shape.first | first if shape.nullable else shape.first
            nullable = nullable and shape.nullable
        return _Shape(own, nullable, power, factor, repeats, scans)

    def part(self, operation: str, argument: object, after: frozenset[str]) -> _Shape:
        if operation in {"LITERAL", "NOT_LITERAL", "ANY", "IN"}:
            return _Shape(self.characters(operation, argument), nullable=False)
        if operation == "AT":
            # An end anchor lets only a line's end follow; a word boundary can be followed by anything.
            ends = str(argument) in {"AT_END", "AT_END_STRING"}
            return _Shape(frozenset("\n") if ends else self.alphabet, nullable=True)
        if operation == "SUBPATTERN" and isinstance(argument, tuple):
            if argument[1] or argument[2]:
                raise PatternError("flags inside a group are not allowed; use ignorecase=true")
            return self.sequence(list(argument[3]), after)
        if operation == "BRANCH" and isinstance(argument, tuple):
            return self.branch([self.sequence(list(each), after) for each in argument[1]], after)
        if operation in {"MAX_REPEAT", "MIN_REPEAT"} and isinstance(argument, tuple):
            return self.repeat(int(argument[0]), int(argument[1]), list(argument[2]), after)
        name = operation.lower().replace("_", " ")
        raise PatternError(f"{name} is not allowed: no backreferences, lookarounds or atomic groups")

    def branch(self, shapes: list[_Shape], after: frozenset[str]) -> _Shape:
        first = frozenset[str]().union(*(shape.first for shape in shapes))
        starts = [shape.first | after if shape.nullable else shape.first for shape in shapes]
        disjoint = len(frozenset[str]().union(*starts)) == sum(map(len, starts))
        factor = max(shape.factor for shape in shapes)
        return _Shape(
            first,
            any(shape.nullable for shape in shapes),
            max(shape.power for shape in shapes),
            factor if disjoint else factor * len(shapes),
            any(shape.repeats for shape in shapes),
            any(shape.scans for shape in shapes),
        )

    def repeat(self, low: int, high: int, body: list[tuple[object, object]], after: frozenset[str]) -> _Shape:
        once = self.sequence(body, after)
        shape = self.sequence(body, after | once.first) if high > 1 else once
        varies = shape.repeats or shape.factor > 1 or shape.power > 0
        if high > 1 and shape.nullable:
            raise PatternError("what is repeated must not be able to match nothing")
        if high == 1 or (low == high and varies):
            return self.few(low, high, shape, after)
        if varies:
            raise PatternError("a repetition inside a repetition can take very long: spell the repeated part out")
        span = high - low + 1
        if min(low, high) > _MAX_REPEAT:
            raise PatternError(f"a repetition of more than {_MAX_REPEAT} is not allowed")
        settled = low == high or not shape.first & after
        power = int(not settled and span > _SMALL)
        factor = 1.0 if settled or power else float(span)
        varying = low != high
        return _Shape(shape.first, low == 0, power, factor, repeats=varying, scans=varying and not power)

    def few(self, low: int, high: int, shape: _Shape, after: frozenset[str]) -> _Shape:
        if high > _MAX_UNROLL:
            raise PatternError(f"a repetition inside one of more than {_MAX_UNROLL} times can take very long")
        times = max(high, 1)
        unsure = 2.0 if low == 0 and shape.first & after else 1.0
        factor = unsure * shape.factor**times
        return _Shape(shape.first, shape.nullable or low == 0, shape.power * times, factor, shape.repeats, shape.scans)

    def characters(self, operation: str, argument: object) -> frozenset[str]:
        if operation == "ANY":
            return self.alphabet - {"\n"}
        if operation == "IN" and isinstance(argument, list):
            found: frozenset[str] = frozenset()
            negated = False
            for kind, value in argument:
                negated = negated or str(kind) == "NEGATE"
                found |= self.member(str(kind), value)
            return self.alphabet - found if negated else found
        literal = self.folded([chr(int(str(argument)))])
        return self.alphabet - literal if operation == "NOT_LITERAL" else literal

    def member(self, kind: str, value: object) -> frozenset[str]:
        if kind == "LITERAL":
            return self.folded([chr(int(str(value)))])
        if kind == "RANGE" and isinstance(value, tuple):
            return self.folded(char for char in self.alphabet if value[0] <= ord(char) <= value[1])
        if kind == "CATEGORY":
            return frozenset(char for char in self.alphabet if re.match(_CATEGORIES[str(value)], char))
        return frozenset()

    def folded(self, characters: Iterable[str]) -> frozenset[str]:
        if not self.ignorecase:
            return frozenset(characters)
        return frozenset(each for char in characters for each in (char, char.lower(), char.upper(), char.swapcase()))
