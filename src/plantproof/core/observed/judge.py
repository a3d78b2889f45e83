# SPDX-License-Identifier: Apache-2.0
"""What was seen on the network against what the conduits declare, and what they declare that nobody saw.

IEC 62443-3-2 asks for conduits that are known; traffic beside them is a finding, silence on one of them is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plantproof.core.observed.addresses import ZoneMap, is_everyone, stays_on_link
from plantproof.core.observed.declared import Declarations, Declared
from plantproof.core.observed.flow import Address
from plantproof.core.observed.traffic import Traffic
from plantproof.core.plant import Conduit
from plantproof.core.services import ICMP, ICMPV6

__all__ = ["FINDINGS", "Group", "Outcome", "Report", "Unseen", "judge"]


class Outcome(StrEnum):
    """What a group of flows is, seen from the plant's description."""

    UNDECLARED = "undeclared"
    BACKWARDS = "backwards"
    """Begun from the side to which the conduit only lets answers through."""
    NO_ZONE = "no zone"
    """One end is an address that no zone owns."""
    ATTEMPTED = "attempted"
    """Between two zones (or towards an address in no zone), and nobody answered."""
    DECLARED = "declared"
    INSIDE = "inside"
    """Within one zone: no conduit is asked."""
    APART = "apart"
    """Multicast, broadcast, addresses of one link, ICMP errors: not a flow from a host to a host in its own right."""


FINDINGS: Final = frozenset({Outcome.UNDECLARED, Outcome.BACKWARDS, Outcome.NO_ZONE})
"""What calls for somebody to act."""

_EXAMPLES: Final = 3
_ICMP_ERRORS: Final[Mapping[int, frozenset[int]]] = {
    ICMP: frozenset({3, 4, 11, 12}),  # RFC 792
    ICMPV6: frozenset({1, 2, 3, 4}),  # RFC 4443
}
_NEIGHBOURS: Final = range(133, 138)
"""ICMPv6 types that never leave a link (RFC 4861)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All traffic of one outcome from one zone to another for one service."""

    outcome: Outcome
    source: str
    """A zone; with ``no zone`` the address that none owns."""
    target: str
    protocol: int
    low: int | None
    high: int | None
    conduit: str = ""
    """What permits it; of ``backwards``, what it goes against."""
    number: int = 0
    """Which flow of the conduit, 1-based."""
    kind: str = ""
    """Of ``apart``: multicast, broadcast, one link, ICMP error."""
    pairs: int
    """Pairs of hosts."""
    records: int
    packets: int
    size: int
    first: int | None
    last: int | None
    examples: tuple[tuple[str, str], ...]
    """A few pairs of hosts, those with the most packets first."""
    seen_file: str
    """File and line of the first sighting."""
    seen_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A declared service of which no traffic was seen."""

    declared: Declared
    service: str
    attempted: bool
    """Somebody tried, and nobody answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the comparison says."""

    groups: tuple[Group, ...]
    """Findings first, then by zones and service."""
    unseen: tuple[Unseen, ...]
    not_comparable: tuple[tuple[Declared, str], ...]
    """Declared flows that no packet can be held against, with the reason."""
    first: int | None
    """The observed period in seconds since 1970, UTC; None if no record says when."""
    last: int | None

    def of(self, *outcomes: Outcome) -> tuple[Group, ...]:
        """The groups with one of these outcomes."""
        return tuple(group for group in self.groups if group.outcome in outcomes)


@dataclass(frozen=True, slots=True)
class _Verdict:
    outcome: Outcome
    source: str
    target: str
    protocol: int = 0
    low: int | None = None
    high: int | None = None
    conduit: str = ""
    number: int = 0
    kind: str = ""


class _Judge:
    def __init__(self, zones: ZoneMap, declarations: Declarations) -> None:
        self.zones = zones
        self.declarations = declarations
        self.seen: set[tuple[Declared, str]] = set()
        self.attempted: set[tuple[Declared, str]] = set()

    def verdict(self, traffic: Traffic) -> _Verdict:
        source, target = self.zones.zone_of(traffic.src), self.zones.zone_of(traffic.dst)
        kind = self._apart(traffic, source)
        if kind and (source is not None or stays_on_link(traffic.src)):
            return _Verdict(Outcome.APART, source or "", "", kind=kind)
        if source is None or target is None:
            silent = source is not None and traffic.only_attempted
            outcome = Outcome.ATTEMPTED if silent else Outcome.NO_ZONE
            names = (source or str(traffic.src), target or str(traffic.dst))
            return _Verdict(outcome, *names, traffic.protocol, traffic.low, traffic.high)
        if source == target:
            return _Verdict(Outcome.INSIDE, source, target)
        return self._between(source, target, traffic)

    def _between(self, source: str, target: str, traffic: Traffic) -> _Verdict:
        ports = (traffic.protocol, traffic.low, traffic.high)
        there, back = self.declarations.between(source, target), self.declarations.between(target, source)
        fits = _fitting(there, traffic)
        against = _fitting(back, traffic)
        if traffic.undirected == traffic.records and not fits:
            # Both ports are alike (NTP, IPsec): it may as well be the answer.
            fits, against = against, []
        marked = self.attempted if traffic.only_attempted else self.seen
        marked.update(fits)
        name = (fits[0][0].conduit, fits[0][0].number) if fits else ("", 0)
        if traffic.only_attempted:
            return _Verdict(Outcome.ATTEMPTED, source, target, *ports, *name)
        if fits:
            return _Verdict(Outcome.DECLARED, source, target, *ports, *name)
        if against:
            return _Verdict(Outcome.BACKWARDS, source, target, *ports, against[0][0].conduit, against[0][0].number)
        if back and not there:
            return _Verdict(Outcome.BACKWARDS, source, target, *ports, back[0].conduit)
        return _Verdict(Outcome.UNDECLARED, source, target, *ports)

    def _apart(self, traffic: Traffic, source: str | None) -> str:
        src, dst = traffic.src, traffic.dst
        if dst.is_multicast:
            return "multicast"
        if is_everyone(dst) or (source is not None and self.zones.is_broadcast_of(dst) == source):
            return "broadcast"
        if stays_on_link(src) or stays_on_link(dst):
            return "one link"
        kinds = _ICMP_ERRORS.get(traffic.protocol, frozenset())
        if traffic.low in kinds:
            return "ICMP error"
        if traffic.protocol == ICMPV6 and traffic.low in _NEIGHBOURS:
            return "one link"
        return ""

    def unseen(self) -> Iterator[Unseen]:
        for declared in self.declarations.all:
            if not _incomparable(declared, self.zones):
                for service in declared.services:
                    key = (declared, service.name)
                    if key not in self.seen:
                        yield Unseen(declared=declared, service=service.name, attempted=key in self.attempted)


def judge(traffic: Iterable[Traffic], zones: ZoneMap, conduits: Iterable[Conduit]) -> Report:
    """Compare; the order of the traffic changes nothing."""
    judging = _Judge(zones, Declarations(conduits))
    groups: dict[_Verdict, _Sum] = {}
    whole = _Sum()
    for each in traffic:
        groups.setdefault(judging.verdict(each), _Sum()).add(each)
        whole.period(each)
    reasons = [(declared, _incomparable(declared, zones)) for declared in judging.declarations.all]
    return Report(
        groups=tuple(groups[verdict].group(verdict) for verdict in sorted(groups, key=_place)),
        unseen=tuple(judging.unseen()),
        not_comparable=tuple((declared, reason) for declared, reason in reasons if reason),
        first=whole.first,
        last=whole.last,
    )


def _fitting(flows: Iterable[Declared], traffic: Traffic) -> list[tuple[Declared, str]]:
    found = []
    for declared in flows:
        service = declared.permitting(traffic.protocol, traffic.low, traffic.high)
        if service is not None:
            found.append((declared, service.name))
    return found


def _incomparable(declared: Declared, zones: ZoneMap) -> str:
    if not declared.services:
        return "its service has no number"
    blind = sorted({declared.source, declared.target} - zones.zones)
    return f"no networks are declared for {' and '.join(blind)}" if blind else ""


def _place(verdict: _Verdict) -> tuple[int, str, str, int, int, int, str, int, str]:
    return (
        list(Outcome).index(verdict.outcome),
        verdict.source,
        verdict.target,
        verdict.protocol,
        -1 if verdict.low is None else verdict.low,
        -1 if verdict.high is None else verdict.high,
        verdict.conduit,
        verdict.number,
        verdict.kind,
    )


class _Sum:
    """Adds up the traffic of one group."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[Address, Address], int] = {}
        self.records = self.packets = self.size = 0
        self.first: int | None = None
        self.last: int | None = None
        self.sighting: tuple[float, str, int] = (float("inf"), "\U0010ffff", 0)

    def add(self, traffic: Traffic) -> None:
        pair = (traffic.src, traffic.dst)
        self.pairs[pair] = self.pairs.get(pair, 0) + traffic.packets
        self.records += traffic.records
        self.packets += traffic.packets
        self.size += traffic.size
        self.period(traffic)
        moment = float("inf") if traffic.first is None else traffic.first
        self.sighting = min(self.sighting, (moment, traffic.source, traffic.line))

    def period(self, traffic: Traffic) -> None:
        if traffic.first is not None:
            self.first = traffic.first if self.first is None else min(self.first, traffic.first)
        if traffic.last is not None:
            self.last = traffic.last if self.last is None else max(self.last, traffic.last)

    def group(self, verdict: _Verdict) -> Group:
        most = sorted(self.pairs, key=lambda pair: (-self.pairs[pair], str(pair[0]), str(pair[1])))[:_EXAMPLES]
        return Group(
            outcome=verdict.outcome,
            source=verdict.source,
            target=verdict.target,
            protocol=verdict.protocol,
            low=verdict.low,
            high=verdict.high,
            conduit=verdict.conduit,
            number=verdict.number,
            kind=verdict.kind,
            pairs=len(self.pairs),
            records=self.records,
            packets=self.packets,
            size=self.size,
            first=self.first,
            last=self.last,
            examples=tuple((str(src), str(dst)) for src, dst in most),
            seen_file=self.sighting[1],
            seen_line=self.sighting[2],
        )
