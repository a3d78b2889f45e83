# SPDX-License-Identifier: Apache-2.0
"""The filters after ``|``: what Jinja2 and Ansible do with plain data, without their guesses.

Where Jinja2 would make something up (``'unknown' | int`` is 0 there), these say that they cannot decide: a made-up
value could satisfy a check. ``default``, ``map`` and the selecting filters are not here: they need the expression
itself, so the evaluations have them built in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from plantproof.checks.expressions.nodes import Pattern
from plantproof.checks.expressions.predicates import matching, scalar_text
from plantproof.checks.expressions.values import (
    MAX_TEXT,
    UNDEFINED,
    Undecided,
    frozen,
    lookup,
    need,
    sequence,
    truth,
    visible,
)

__all__ = ["FILTERS", "SELECTORS", "FilterRule", "attribute_of"]

SELECTORS: Final = frozenset({"selectattr", "rejectattr", "select", "reject"})
_DEPTH: Final = 50


@dataclass(frozen=True, slots=True)
class FilterRule:
    """One filter: how many arguments it takes, which named ones, and what it does.

    The function takes the value, then the arguments, then the named ones; ``attribute`` as the tuple of its keys.
    """

    function: Callable[..., object] | None
    least: int = 0
    most: int = 0
    options: frozenset[str] = frozenset()
    pattern: bool = False
    """The first argument is a regular expression, which must be a literal."""
    undefined: bool = False
    """May yield undefined: the first element of an empty list."""
    each: bool = False
    """May stand inside ``map``."""


def attribute_of(value: object, keys: tuple[str | int, ...]) -> object:
    """An element's attribute; without keys the element itself.

    Raises:
        Missing: the element has none.
    """
    return need(lookup(value, *keys), ".".join(map(str, keys))) if keys else value


def _folded(value: object, case_sensitive: object) -> object:
    return value.lower() if isinstance(value, str) and not case_sensitive else value


def _length(value: object) -> int:
    if isinstance(value, str | list | tuple):
        return len(value)
    if isinstance(value, dict):
        return len(visible(value))
    raise Undecided("a single value has no length")


def _integer(value: object, default: object = UNDEFINED) -> object:
    try:
        return _whole(value)
    except (TypeError, ValueError, OverflowError):
        return need(default, f"a whole number in {str(value)[:40]!r}")


def _whole(value: object) -> int:
    if isinstance(value, int | float):
        return int(value)
    try:
        return int(str(value))
    except ValueError:
        return int(float(str(value)))  # as in Jinja2: "42.23" is 42


def _floating(value: object, default: object = UNDEFINED) -> object:
    try:
        return float(value)  # type: ignore[arg-type] # whatever is no number is caught
    except (TypeError, ValueError, OverflowError):
        return need(default, f"a number in {str(value)[:40]!r}")


def _first(value: object) -> object:
    elements = sequence(value)
    return elements[0] if elements else UNDEFINED


def _last(value: object) -> object:
    elements = sequence(value)
    return elements[-1] if elements else UNDEFINED


def _extreme(
    pick: Callable[..., object], value: object, attribute: tuple[str | int, ...], case_sensitive: object
) -> object:
    elements = sequence(value)
    if not elements:
        return UNDEFINED
    return pick(elements, key=lambda each: _folded(attribute_of(each, attribute), case_sensitive))


def _max(value: object, *, attribute: tuple[str | int, ...] = (), case_sensitive: object = False) -> object:
    return _extreme(max, value, attribute, case_sensitive)


def _min(value: object, *, attribute: tuple[str | int, ...] = (), case_sensitive: object = False) -> object:
    return _extreme(min, value, attribute, case_sensitive)


def _sum(value: object, *, attribute: tuple[str | int, ...] = ()) -> int | float:
    total: int | float = 0
    for each in sequence(value):
        number = attribute_of(each, attribute)
        if not isinstance(number, int | float):
            raise Undecided("sum works on numbers only")
        total += number
    return total


def _sort(
    value: object, *, reverse: object = False, attribute: tuple[str | int, ...] = (), case_sensitive: object = False
) -> list[object]:
    def key(each: object) -> str:
        # sorted() compares whatever the elements are and raises TypeError if it cannot; the type is for the checker.
        return _folded(attribute_of(each, attribute), case_sensitive)  # type: ignore[return-value] # see above

    return sorted(sequence(value), key=key, reverse=truth(reverse))


def _unique(value: object, *, attribute: tuple[str | int, ...] = (), case_sensitive: object = False) -> list[object]:
    return _distinct(sequence(value), lambda each: frozen(_folded(attribute_of(each, attribute), case_sensitive)))


def _distinct(elements: Iterable[object], key: Callable[[object], Hashable]) -> list[object]:
    found: dict[Hashable, object] = {}
    for each in elements:
        found.setdefault(key(each), each)
    return list(found.values())


def _difference(value: object, other: object) -> list[object]:
    without = {frozen(each) for each in sequence(other)}
    return _distinct((each for each in sequence(value) if frozen(each) not in without), frozen)


def _intersect(value: object, other: object) -> list[object]:
    within = {frozen(each) for each in sequence(other)}
    return _distinct((each for each in sequence(value) if frozen(each) in within), frozen)


def _union(value: object, other: object) -> list[object]:
    return _distinct([*sequence(value), *sequence(other)], frozen)


def _join(value: object, glue: object = "", *, attribute: tuple[str | int, ...] = ()) -> str:
    texts = [scalar_text(attribute_of(each, attribute)) for each in sequence(value)]
    between = scalar_text(glue)
    if sum(map(len, texts)) + len(between) * len(texts) > MAX_TEXT:
        raise Undecided("the joined text is too long")
    return between.join(texts)


def _split(value: object, glue: object = None) -> list[str]:
    return scalar_text(value).split(None if glue is None else scalar_text(glue))


def _flatten(value: object, levels: object = None) -> list[object]:
    depth = _DEPTH if levels is None else levels
    if not isinstance(depth, int):
        raise Undecided("flatten takes a number of levels")
    flat: list[object] = []
    for each in sequence(value):
        if isinstance(each, list | tuple) and depth >= 1:
            flat.extend(_flatten(each, depth - 1))
        elif each is not None:  # as in Ansible
            flat.append(each)
    return flat


def _dict2items(value: object) -> list[object]:
    if not isinstance(value, dict):
        raise Undecided("dict2items works on a table")
    lines = value.get("_lines")
    known = lines if isinstance(lines, dict) else {}
    return [
        {"key": key, "value": each} | ({"_line": known[key]} if key in known else {})
        for key, each in visible(value).items()
    ]


def _regex_search(value: object, pattern: Pattern) -> str | None:
    found = matching(pattern, value, anchored=False)
    return found.group() if found else None


def _regex_replace(value: object, pattern: Pattern, replacement: object) -> str:
    text, new = scalar_text(value), scalar_text(replacement)
    if len(text) > pattern.limit or (len(text) + 1) * (len(new) + 1) > MAX_TEXT:
        raise Undecided(f"a text of {len(text)} characters is too long for regex_replace")
    return pattern.compiled.sub(lambda _: new, text)


def _trim(value: object, characters: object = None) -> str:
    return scalar_text(value).strip(None if characters is None else scalar_text(characters))


_ATTRIBUTE: Final = frozenset({"attribute"})
_CASED: Final = frozenset({"attribute", "case_sensitive"})

FILTERS: Final[Mapping[str, FilterRule]] = MappingProxyType(
    {
        "length": FilterRule(_length, each=True),
        "count": FilterRule(_length, each=True),
        "default": FilterRule(None, 0, 2),
        "d": FilterRule(None, 0, 2),
        "lower": FilterRule(lambda value: scalar_text(value).lower(), each=True),
        "upper": FilterRule(lambda value: scalar_text(value).upper(), each=True),
        "trim": FilterRule(_trim, 0, 1, each=True),
        "int": FilterRule(_integer, 0, 1, each=True),
        "float": FilterRule(_floating, 0, 1, each=True),
        "string": FilterRule(scalar_text, each=True),
        "list": FilterRule(lambda value: list(sequence(value)), each=True),
        "first": FilterRule(_first, undefined=True, each=True),
        "last": FilterRule(_last, undefined=True, each=True),
        "min": FilterRule(_min, options=_CASED, undefined=True),
        "max": FilterRule(_max, options=_CASED, undefined=True),
        "sum": FilterRule(_sum, options=_ATTRIBUTE),
        "unique": FilterRule(_unique, options=_CASED),
        "sort": FilterRule(_sort, options=_CASED | {"reverse"}),
        "join": FilterRule(_join, 0, 1, options=_ATTRIBUTE),
        "split": FilterRule(_split, 0, 1, each=True),
        "flatten": FilterRule(_flatten, 0, 1, options=frozenset({"levels"})),
        "any": FilterRule(lambda value: any(truth(each) for each in sequence(value))),
        "all": FilterRule(lambda value: all(truth(each) for each in sequence(value))),
        "difference": FilterRule(_difference, 1, 1),
        "intersect": FilterRule(_intersect, 1, 1),
        "union": FilterRule(_union, 1, 1),
        "dict2items": FilterRule(_dict2items),
        "regex_search": FilterRule(_regex_search, 1, 1, pattern=True, each=True),
        "regex_replace": FilterRule(_regex_replace, 2, 2, pattern=True, each=True),
        "selectattr": FilterRule(None, 1, 3),
        "rejectattr": FilterRule(None, 1, 3),
        "select": FilterRule(None, 0, 2),
        "reject": FilterRule(None, 0, 2),
        "map": FilterRule(None, 0, 3),
    }
)
