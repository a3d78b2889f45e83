# SPDX-License-Identifier: Apache-2.0
"""nftables' expressions as matches. What has no known form, or no coordinate, is a match that nobody can be sure of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from plantproof.firewall.dialects.nftables.document import Key, SetOf
from plantproof.firewall.dialects.nftables.fields import Field, field_of, flag_bits
from plantproof.firewall.match import NEVER, UNKNOWN, Match, both, either, match, outside, unsure
from plantproof.firewall.packets import ANY, PORTED, Dim, State, whole
from plantproof.firewall.ranges import Ranges

__all__ = ["Reader"]

_ORDERS: Final = {"<", ">", "<=", ">="}
_BELIEVED: Final = 4096
"""Parts of one match after which it is only said to be possible: no rule that a person wrote has so many."""


class Reader:
    """Reads the matches of one chain.

    Args:
        sets: the named sets, by family, table and name.
        place: family and table of the chain.
        tracked: False before connection tracking, where every packet counts as invalid.
        opening: True in a NAT chain, which only a connection's first packet passes: later ones share its fate.
        hook: the chain's hook, or empty; some fields do not exist in all of them.
    """

    def __init__(
        self, sets: Mapping[Key, SetOf], place: tuple[str, str], *, tracked: bool, opening: bool, hook: str
    ) -> None:
        self.sets = sets
        self.place = place
        self.tracked = tracked
        self.opening = opening
        self.absent = {"prerouting": Dim.OUT, "ingress": Dim.OUT}.get(hook)

    def match(self, body: object) -> Match:  # noqa: PLR0911 - one line per form
        """One ``match`` expression."""
        if not isinstance(body, dict):
            return UNKNOWN
        left, right, op = body.get("left"), body.get("right"), str(body.get("op", "=="))
        if isinstance(left, dict) and "concat" in left:
            fields = _concat(left)
            if fields is None or op not in {"==", "!=", "in"}:
                return UNKNOWN
            found = self.lookup(fields, right)
            return self._negated(fields, found) if op == "!=" else found
        if isinstance(left, dict) and "&" in left:
            return self._masked(left["&"], op, right)
        field = field_of(left)
        if field is None:
            return UNKNOWN
        if field.dim is Dim.FLAGS and op in {"in", "!"}:
            bits = flag_bits(right)
            return UNKNOWN if bits is None else self._flags(field, bits, 0, negated=op == "in")
        if op in _ORDERS:
            return self._ordered(field, op, right)
        if op not in {"==", "!=", "in", "!"}:
            return UNKNOWN
        found = self.lookup([field], right)
        return self._negated([field], found) if op in {"!=", "!"} else found

    def lookup(self, fields: list[Field], right: object) -> Match:
        """The packets whose fields have a value of the right side: one value, a list, a set, a named set."""
        if isinstance(right, str) and right.startswith("@"):
            named = self.sets.get((*self.place, right[1:]))
            if named is None or named.fleeting:
                return unsure(self._implied(fields))
            elements: list[object] = named.elements
        elif isinstance(right, dict) and "set" in right:
            listed = right["set"]
            elements = listed if isinstance(listed, list) else [listed]
        else:
            elements = right if isinstance(right, list) else [right]
        if len(fields) == 1:
            return self._one_of(fields[0], elements)
        return either(*(self.element(fields, element) for element in elements[:_BELIEVED])) + (
            unsure(self._implied(fields)) if len(elements) > _BELIEVED else NEVER
        )

    def element(self, fields: list[Field], element: object) -> Match:
        """The packets that fit one element of a set or map."""
        value, lasting = _value(element)
        values = value.get("concat") if isinstance(value, dict) and len(fields) > 1 else [value]
        if not isinstance(values, list) or len(values) != len(fields):
            return unsure(self._implied(fields))
        found: Match = self._implied(fields)
        for field, single in zip(fields, values, strict=True):
            ranges = _read(field, single)
            found = both(found, UNKNOWN if ranges is None else self._box(field, ranges))
        return found if lasting else unsure(found)

    def _one_of(self, field: Field, elements: list[object]) -> Match:
        """Many values of one field are one set, not many boxes."""
        sure: list[tuple[int, int]] = []
        fading: list[tuple[int, int]] = []
        unread = False
        for element in elements:
            value, lasting = _value(element)
            ranges = _read(field, value)
            if ranges is None:
                unread = True
            else:
                (sure if lasting else fading).extend(ranges.spans)
        found = self._box(field, Ranges.of(sure))
        if fading:
            found = either(found, unsure(self._box(field, Ranges.of(fading))))
        if unread:
            found = either(found, unsure(self._implied([field])))
        return found

    def _box(self, field: Field, ranges: Ranges) -> Match:
        """The packets with the field, and a value of it in the set."""
        if field.dim is self.absent:
            return NEVER
        if field.dim is Dim.STATE:
            ranges = self._states(ranges)
        if field.dim in field.implied:
            ranges &= field.implied[field.dim]
        found = match({**field.implied, field.dim: ranges & field.all})
        if field.implied.get(Dim.PROTO) is PORTED:  # other protocols have something in the same bytes
            others = {Dim.PROTO: whole(Dim.PROTO) - PORTED}
            found = either(found, unsure(match(others)))
        return found if field.sure else unsure(found)

    def _states(self, ranges: Ranges) -> Ranges:
        if not self.tracked:
            return whole(Dim.STATE) if State.INVALID in ranges else Ranges()
        if self.opening:
            later = Ranges.only(State.ESTABLISHED)
            return ranges | later if State.NEW in ranges else ranges - later
        return ranges

    def _implied(self, fields: list[Field]) -> Match:
        found: Match = match(ANY)
        for field in fields:
            found = both(found, self._box(field, field.all))
        return found

    def _negated(self, fields: list[Field], found: Match) -> Match:
        """Not one of the values, though the fields are there."""
        return both(self._implied(fields), outside(found))

    def _ordered(self, field: Field, op: str, right: object) -> Match:
        ranges = _read(field, right)
        if ranges is None or ranges.size != 1 or field.dim is Dim.STATE:
            return unsure(self._implied([field]))
        value = ranges.spans[0][0]
        first, last = field.all.spans[0][0], field.all.spans[-1][1]
        spans = {
            "<": (first, value - 1),
            "<=": (first, value),
            ">": (value + 1, last),
            ">=": (value, last),
        }
        return self._box(field, Ranges.of([spans[op]]))

    def _masked(self, parts: object, op: str, right: object) -> Match:
        """``left & mask op value``: TCP flags, states, and addresses under a netmask."""
        left, mask = parts if isinstance(parts, list) and len(parts) == 2 else (None, None)  # noqa: PLR2004 - a pair
        field = field_of(left)
        if field is None or op not in {"==", "!="}:
            return UNKNOWN
        if field.dim is Dim.FLAGS:
            bits, value = flag_bits(mask), flag_bits(right)
            if bits is not None and value is not None:
                return self._flags(field, bits, value, negated=op == "!=")
        elif field.dim in {Dim.SRC, Dim.DST}:
            ranges = field.read(f"{right}/{mask}")
            if ranges is not None and ":" not in str(mask):
                found = self._box(field, ranges)
                return self._negated([field], found) if op == "!=" else found
        return unsure(self._implied([field]))

    def _flags(self, field: Field, mask: int, value: int, *, negated: bool) -> Match:
        fitting = Ranges.only(*(flags for flags in range(256) if (flags & mask == value) != negated))
        return self._box(field, fitting)


def _concat(left: Mapping[str, object]) -> list[Field] | None:
    parts = left["concat"]
    fields = [field_of(part) for part in parts] if isinstance(parts, list) else [None]
    known = [field for field in fields if field is not None]
    return known if known and len(known) == len(fields) else None


def _value(element: object) -> tuple[object, bool]:
    """An element's value, and whether it stays until somebody takes it out."""
    if isinstance(element, dict) and isinstance(element.get("elem"), dict):
        body = element["elem"]
        return body.get("val"), not body.keys() & {"timeout", "expires"}
    return element, True


def _read(field: Field, value: object) -> Ranges | None:
    if isinstance(value, dict) and isinstance(value.get("range"), list):
        ends = [field.read(end) for end in _ends(value["range"])]
        first, last = ends if len(ends) == 2 else (None, None)  # noqa: PLR2004 - a pair
        return Ranges.of([(first.spans[0][0], last.spans[-1][1])]) if first and last else None
    if value == "*":
        return field.all
    return field.read(value)


def _ends(span: object) -> Iterator[object]:
    yield from span if isinstance(span, list) else []
