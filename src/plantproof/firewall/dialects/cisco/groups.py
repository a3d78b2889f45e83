# SPDX-License-Identifier: Apache-2.0
"""Objects and object groups, nested in each other, and what each comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from plantproof.firewall.dialects.cisco.operands import Operand, operand
from plantproof.firewall.dialects.cisco.text import bad
from plantproof.firewall.match import Match, Part, either
from plantproof.firewall.packets import Box, Dim
from plantproof.firewall.ranges import Ranges

__all__ = ["Group", "Groups", "merged"]

_DEEPEST: Final = 64
"""Groups within groups; nobody writes more, and Python's stack has an end."""


@dataclass(slots=True)
class Group:
    """A group or a single object as written. ``kind``: network, service, ports, protocol, icmp, or unknown."""

    kind: str
    line: int
    sets: list[Operand] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    names: list[tuple[str, int]] = field(default_factory=list)
    """Groups within, and the lines that say so."""
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Resolved:
    set: Operand
    service: Match
    why: str


class Groups:
    """All groups by name."""

    def __init__(self) -> None:
        self._groups: dict[str, Group] = {}
        self._known: dict[str, _Resolved] = {}

    def add(self, kind: str, name: str, line: int) -> Group:
        """The group to fill; one that was begun before goes on."""
        return self._groups.setdefault(name, Group(kind, line))

    def kind(self, name: str) -> str:
        """Its kind; empty if there is no such group."""
        return self._groups[name].kind if name in self._groups else ""

    def numbers(self, name: str, kind: str, everything: Ranges) -> Operand:
        """The set that a group of a kind with numbers comes to; what is not known of it may be ``everything``.

        Raises:
            ContentError: it contains itself.
        """
        if self.kind(name) != kind:
            return Operand(maybe=everything, why=self._missing(name, kind))
        found = self._resolve(name, ())
        maybe = everything if found.why else found.set.maybe
        return Operand(found.set.sure, maybe, found.why or found.set.why)

    def services(self, name: str) -> tuple[Match, str]:
        """The services of a group, and what of it is not known.

        Raises:
            ContentError: it contains itself.
        """
        if self.kind(name) != "service":
            return (Part({}, sure=False),), self._missing(name, "service")
        found = self._resolve(name, ())
        doubt = (Part({}, sure=False),) if found.why else ()
        return either(found.service, doubt), found.why

    def check(self) -> None:
        """Resolve all, used or not.

        Raises:
            ContentError: one contains itself.
        """
        for name in self._groups:
            self._resolve(name, ())

    def _missing(self, name: str, kind: str) -> str:
        return f"there is no {kind} group {name!r}"

    def _resolve(self, name: str, path: tuple[str, ...]) -> _Resolved:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._resolved(name, (*path, name))
        return found

    def _resolved(self, name: str, path: tuple[str, ...]) -> _Resolved:
        group = self._groups[name]
        if len(path) > _DEEPEST:
            hint = "Flatten the groups and try again."
            raise bad(f"object groups are nested more than {_DEEPEST} deep", group.line, hint)
        sets, boxes, whys = list(group.sets), list(group.boxes), list(group.doubts)
        parts: list[Part] = []
        for inner, line in group.names:
            if inner in path:
                hint = "Take one of the names out; no device takes such groups."
                raise bad(f"object group {inner!r} contains itself: {' > '.join((*path, inner))}", line, hint)
            if self.kind(inner) != group.kind:
                whys.append(self._missing(inner, group.kind))
                continue
            found = self._resolve(inner, path)
            sets.append(found.set)
            parts += found.service
            whys.append(found.why)
        if not (sets or boxes or parts or any(whys)):
            whys.append(f"the {group.kind} group {name!r} is empty")
        service = merged([*boxes, *(part.box for part in parts)])
        return _Resolved(operand(sets), service, next((why for why in whys if why), ""))


def merged(boxes: Iterable[Box]) -> Match:
    """Services as few parts: what differs in the destination port alone becomes one."""
    found: dict[tuple[Ranges | None, Ranges | None], list[Ranges | None]] = {}
    for box in boxes:
        found.setdefault((box.get(Dim.PROTO), box.get(Dim.SPORT)), []).append(box.get(Dim.DPORT))
    parts = []
    for (proto, source), several in found.items():
        part: dict[Dim, Ranges] = {}
        if proto is not None:
            part[Dim.PROTO] = proto
        if source is not None:
            part[Dim.SPORT] = source
        if all(one is not None for one in several):
            part[Dim.DPORT] = Ranges.of(span for one in several if one is not None for span in one)
        parts.append(Part(part))
    return tuple(part for part in parts if all(part.box.values()))
