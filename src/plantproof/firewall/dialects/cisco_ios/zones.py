# SPDX-License-Identifier: Apache-2.0
"""The zone firewall of IOS: classes of packets, what policies do with them, and pairs of zones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from plantproof.firewall.dialects.cisco.services import protocol
from plantproof.firewall.dialects.cisco.text import Block, Line, UnreadError, bad
from plantproof.firewall.match import ALWAYS, UNKNOWN, Match, both, match
from plantproof.firewall.packets import PORTED, Dim

__all__ = ["ClassMap", "Criterion", "Pair", "PolicyClass", "Zones"]

_DEEPEST: Final = 16
_MOST: Final = 256
"""Alternatives of one class; more are not told apart."""
_WHOLE: Final = frozenset({"tcp", "udp", "icmp"})
_ACTIONS: Final = frozenset({"inspect", "pass", "drop"})


@dataclass(frozen=True, slots=True)
class Criterion:
    """Packets that belong to a class: those of a list, if there is one, and of a match."""

    acl: str
    found: Match


@dataclass(slots=True)
class ClassMap:
    """A class as written."""

    line: int
    whole: bool
    """All of its lines have to match."""
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class PolicyClass:
    """What a policy does with one class. ``action``: inspect, pass, drop or nothing."""

    line: Line
    name: str
    action: str = ""
    doubt: str = ""


@dataclass(slots=True)
class Pair:
    """From one zone to another."""

    line: Line
    source: str
    target: str
    policy: str = ""


class Zones:
    """All lines about zones."""

    def __init__(self) -> None:
        self.names: dict[str, Line] = {}
        self.classes: dict[str, ClassMap] = {}
        self.policies: dict[str, list[PolicyClass]] = {}
        self.pairs: dict[tuple[str, str], Pair] = {}
        self.gaps: list[tuple[Line, str]] = []
        self.drops: Line | None = None
        """A policy for quality of service that drops."""

    def class_map(self, block: Block) -> None:
        """A class."""
        words = [word for word in block.head.words[1:] if word not in {"type", "inspect"}]
        whole = "match-any" not in words
        name = words[-1] if words else ""
        found = self.classes.setdefault(name, ClassMap(block.head.number, whole))
        found.lines += [line for line in block.body if line.words[0] not in {"description", "exit"}]

    def policy_map(self, block: Block) -> None:
        """A policy; of one for quality of service only whether it drops."""
        words = block.head.words
        if words[1:3] != ("type", "inspect"):
            self.drops = self.drops or next((x for x in block.body if x.words[0] in {"drop", "police"}), None)
            return
        classes = self.policies.setdefault(words[-1], [])
        for line in block.body:
            if line.words[0] == "class":
                classes.append(PolicyClass(line, line.words[-1]))
            elif line.words[0] in {"description", "exit"}:
                continue
            elif not classes:
                self.gaps.append((line, "stands outside of a class"))
            elif line.words[0] in _ACTIONS and not classes[-1].action:
                classes[-1].action = line.words[0]
            else:
                classes[-1].doubt = f"{line.text!r} is not read"

    def pair(self, block: Block) -> None:
        """From where to where, and by which policy."""
        words = block.head.words
        if len(words) != 7 or (words[1], words[3], words[5]) != ("security", "source", "destination"):  # noqa: PLR2004
            self.gaps.append((block.head, "the pair of zones is not understood"))
            return
        found = self.pairs.setdefault((words[4], words[6]), Pair(block.head, words[4], words[6]))
        for line in block.body:
            if line.words[:3] == ("service-policy", "type", "inspect"):
                found.policy = line.words[-1]
            elif line.words[0] not in {"description", "exit"}:
                self.gaps.append((line, "stands beneath a pair of zones and is not understood"))

    def actions(self, policy: str) -> set[str]:
        """What a policy does with its classes; ``?`` for what is not read."""
        return {"?" if one.doubt else one.action or "drop" for one in self.policies.get(policy, ())}

    def criteria(self, name: str, path: tuple[str, ...] = ()) -> list[Criterion]:
        """Ways to belong to a class; what is not understood may belong.

        Raises:
            ContentError: classes contain each other.
        """
        found = self.classes.get(name)
        if found is None or not found.lines:
            return [Criterion("", UNKNOWN)]
        if name in path or len(path) > _DEEPEST:
            hint = "Take one of the names out; no device takes such classes."
            raise bad(f"class {name!r} contains itself, or classes are nested too deep", found.line, hint)
        listed: list[Criterion] = [] if not found.whole else [Criterion("", ALWAYS)]
        for line in found.lines:
            ways = self._line(line, (*path, name))
            listed = [_and(one, other) for one in listed for other in ways] if found.whole else [*listed, *ways]
            if len(listed) > _MOST:
                return [Criterion("", UNKNOWN)]
        return listed

    def _line(self, line: Line, path: tuple[str, ...]) -> list[Criterion]:
        words = line.words
        if words[:2] == ("match", "access-group") and len(words) > 2:  # noqa: PLR2004 - two words and the list
            return [Criterion(words[-1], ALWAYS)]
        if words[:2] == ("match", "class-map") and len(words) == 3:  # noqa: PLR2004
            return self.criteria(words[2], path)
        if words[:2] == ("match", "protocol") and len(words) == 3:  # noqa: PLR2004
            try:
                numbers = protocol(words[2]) if words[2] in _WHOLE else None
            except UnreadError:
                numbers = None
            if numbers is not None:
                return [Criterion("", match({Dim.PROTO: numbers}))]
            # which ports an application has can be changed, and it may be recognised by what it says
            return [Criterion("", both(UNKNOWN, match({Dim.PROTO: PORTED})))]
        return [Criterion("", UNKNOWN)]


def _and(one: Criterion, other: Criterion) -> Criterion:
    if one.acl and other.acl and one.acl != other.acl:
        return Criterion("", UNKNOWN)
    return Criterion(one.acl or other.acl, both(one.found, other.found))
