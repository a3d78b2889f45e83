# SPDX-License-Identifier: Apache-2.0
"""Values that remember their lines, for :mod:`.trace`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from plantproof.checks.expressions.values import Undecided, frozen, sequence
from plantproof.core.facts import LINE, LINES

__all__ = ["Lines", "Seen", "elements_of", "line_of", "recorded", "related"]

Lines = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A value, the lines that it comes from, and for a list the lines of its elements."""

    value: object
    lines: Lines = ()
    origins: Mapping[Hashable, Lines] = field(default_factory=dict)
    """Lines by element; equal elements share theirs."""
    path: str = ""
    counts: bool = True
    """Whether lines in here are of the asked-for name."""

    def beside(self, lines: Lines) -> Seen:
        """The same value, decided by these lines too."""
        return replace(self, lines=self.lines + lines)

    def elements(self) -> list[object]:
        """See ``values.sequence``."""
        return sequence(self.value)

    def element_lines(self, element: object) -> Lines:
        """Where an element was read."""
        if not self.counts:
            return ()
        own = element.get(LINE) if isinstance(element, dict) else None
        return (own,) if isinstance(own, int) else self.origins.get(_key(element), ())

    def all_lines(self) -> Lines:
        """The value's own lines and, for a list, those of its elements."""
        if not isinstance(self.value, list | dict):
            return self.lines
        return self.lines + tuple(line for each in self.elements() for line in self.element_lines(each))

    def mapped(self, results: list[object], lines: Sequence[Lines]) -> Seen:
        """A list made element by element from this one."""
        origins: dict[Hashable, Lines] = {}
        for result, own in zip(results, lines, strict=True):
            origins[_key(result)] = origins.get(_key(result), ()) + own
        return Seen(results, (), origins, self.path, self.counts)

    def only(self) -> Seen:
        """The one element of this list of one."""
        element = self.elements()[0]
        return elements_of(element, self.element_lines(element), self.path, counts=self.counts)


def _key(element: object) -> Hashable:
    try:
        return frozen(element)
    except (Undecided, RecursionError):
        return id(element)


def line_of(holder: object, key: object) -> Lines:
    """Where a key of a table, or an element of a list, was read."""
    if isinstance(holder, dict):
        known = holder.get(LINES)
        line = known.get(key) if isinstance(known, dict) and isinstance(key, str) else holder.get(LINE)
        return (line,) if isinstance(line, int) else ()
    return ()


def elements_of(value: object, lines: Lines, path: str, *, counts: bool) -> Seen:
    """A value read from facts: a record's own line wins; a list's plain elements stand on the list's line."""
    if isinstance(value, dict):
        own = value.get(LINE)
        known = value.get(LINES)
        origins = {key: (line,) for key, line in known.items()} if isinstance(known, dict) and counts else {}
        return Seen(value, (own,) if isinstance(own, int) and counts else lines, origins, path, counts)
    if isinstance(value, list):
        plain = {_key(each): lines for each in value if not isinstance(each, dict)} if lines else {}
        return Seen(value, lines, plain, path, counts)
    return Seen(value, lines, path=path, counts=counts)


def recorded(result: list[object], sources: Iterable[Seen], path: str = "") -> Seen:
    """A list whose elements come from other lists, or are the values of other expressions."""
    origins: dict[Hashable, Lines] = {}
    counts = False
    for source in sources:
        counts = counts or source.counts
        if not isinstance(source.value, list | dict):
            origins[_key(source.value)] = origins.get(_key(source.value), ()) + source.lines
            continue
        for each in source.elements():
            _note(origins, each, source.element_lines(each))
    return Seen(result, (), origins, path, counts)


def _note(origins: dict[Hashable, Lines], element: object, lines: Lines) -> None:
    """Note an element's lines, and for a list inside a list those of its parts: flatten brings them out."""
    pending = [element]
    while pending and lines:
        each = pending.pop()
        if isinstance(each, list):
            pending.extend(each)
        known = origins.get(_key(each), ())
        if not set(lines) <= set(known):
            origins[_key(each)] = known + lines


def related(sign: str, left: Seen, right: Seen, *, result: bool) -> Lines:
    """Lines that decided a comparison: for membership the element that was found."""
    if sign not in {"in", "not in"} or not isinstance(right.value, list | dict):
        return left.all_lines() + right.all_lines()
    found = result is (sign == "in")
    return left.lines + (right.element_lines(left.value) if found else ()) or right.lines
