# SPDX-License-Identifier: Apache-2.0
"""Flows added up by pair of hosts and service. The order in which they come changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from plantproof.core.observed.flow import Address, ObservedFlow, has_name
from plantproof.core.services import ICMP, ICMPV6

__all__ = ["MOST_PORTS", "Aggregate", "Traffic"]

MOST_PORTS: Final = 256
"""So many ports without a name are kept apart for a pair of hosts and a protocol; more become one range.

A scan of all ports would fill the memory otherwise. Ports that have a name in ``core.services`` always stay apart.
"""
_NEVER: Final = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """All that was seen from one host to another for one service."""

    src: Address
    dst: Address
    protocol: int
    low: int | None
    """First destination port (or the type of ICMP); equals ``high`` unless many ports were joined to a range."""
    high: int | None
    records: int = 1
    packets: int = 0
    size: int = 0
    """Bytes."""
    answered: int = 0
    """Records that were answered; those in neither count do not say."""
    unanswered: int = 0
    undirected: int = 0
    """Records of which nobody knows who began."""
    first: int | None = None
    """Seconds since 1970, UTC."""
    last: int | None = None
    source: str = ""
    """File and line of the first sighting."""
    line: int = 0

    @property
    def only_attempted(self) -> bool:
        """Whether each record says that nobody answered."""
        return self.unanswered == self.records

    @classmethod
    def of(cls, flow: ObservedFlow) -> Traffic:
        """The traffic of one flow."""
        return cls(
            src=flow.src,
            dst=flow.dst,
            protocol=flow.protocol,
            low=flow.port,
            high=flow.port,
            packets=flow.packets,
            size=flow.size,
            answered=flow.answered is True,
            unanswered=flow.answered is False,
            undirected=not flow.directed,
            first=flow.first,
            last=flow.last,
            source=flow.source,
            line=flow.line,
        )


class _Tally:
    """Sums of one pair and service; ``sighting`` is the least of (time, file, line)."""

    __slots__ = ("answered", "first", "last", "packets", "records", "sighting", "size", "unanswered", "undirected")

    def __init__(self) -> None:
        self.records = self.packets = self.size = self.answered = self.unanswered = self.undirected = 0
        self.first: int = _NEVER
        self.last: int = -_NEVER
        self.sighting: tuple[int, str, int] = (_NEVER, "\U0010ffff", 0)

    def flow(self, flow: ObservedFlow) -> None:
        self.records += 1
        self.packets += flow.packets
        self.size += flow.size
        if flow.answered is not None:
            if flow.answered:
                self.answered += 1
            else:
                self.unanswered += 1
        if not flow.directed:
            self.undirected += 1
        self._seen(flow.first, flow.last, flow.source, flow.line)

    def traffic(self, other: Traffic) -> None:
        self.records += other.records
        self.packets += other.packets
        self.size += other.size
        self.answered += other.answered
        self.unanswered += other.unanswered
        self.undirected += other.undirected
        self._seen(other.first, other.last, other.source, other.line)

    def tally(self, other: _Tally) -> None:
        self.records += other.records
        self.packets += other.packets
        self.size += other.size
        self.answered += other.answered
        self.unanswered += other.unanswered
        self.undirected += other.undirected
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.sighting = min(self.sighting, other.sighting)

    def _seen(self, first: int | None, last: int | None, source: str, line: int) -> None:
        begun = first if first is not None else last
        if begun is None or last is None:
            last = begun
        elif last < begun:
            begun, last = last, begun
        moment = _NEVER
        if begun is not None and last is not None:
            moment = begun
            self.first = min(self.first, begun)
            self.last = max(self.last, last)
        # So the sighting's time is always ``first``, also when sums are summed up again.
        if moment <= self.sighting[0]:
            self.sighting = min(self.sighting, (moment, source, line))


class _Pair:
    """The services between two hosts for one protocol."""

    __slots__ = ("ends", "ports", "unnamed", "wide")

    def __init__(self) -> None:
        self.ports: dict[int | None, _Tally] = {}
        self.unnamed = 0
        self.wide: _Tally | None = None
        self.ends = (65536, -1)

    def tally(self, protocol: int, port: int | None) -> _Tally:
        found = self.ports.get(port)
        if found is not None:
            return found
        if port is not None and protocol not in (ICMP, ICMPV6) and not has_name(protocol, port):
            if self.wide is not None or self.unnamed == MOST_PORTS:
                return self.widen(protocol, port, port)
            self.unnamed += 1
        return self.ports.setdefault(port, _Tally())

    def widen(self, protocol: int, low: int, high: int) -> _Tally:
        """Join the ports without a name to one range."""
        if self.wide is None:
            self.wide = _Tally()
            for port in [port for port in self.ports if port is not None and not has_name(protocol, port)]:
                self.wide.tally(self.ports.pop(port))
                self.ends = (min(self.ends[0], port), max(self.ends[1], port))
        self.ends = (min(self.ends[0], low), max(self.ends[1], high))
        return self.wide


class Aggregate:
    """Adds up flows; memory grows with pairs of hosts and services, not with flows."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[Address, Address, int], _Pair] = {}

    def add(self, flow: ObservedFlow) -> None:
        """Add one flow."""
        key = (flow.src, flow.dst, flow.protocol)
        pair = self._pairs.get(key)
        if pair is None:
            pair = self._pairs[key] = _Pair()
        pair.tally(flow.protocol, flow.port).flow(flow)

    def merge(self, traffic: Iterable[Traffic]) -> None:
        """Add what was added up before."""
        for each in traffic:
            pair = self._pairs.setdefault((each.src, each.dst, each.protocol), _Pair())
            if each.low is None or each.high is None or each.low == each.high:
                pair.tally(each.protocol, each.low).traffic(each)
            else:
                pair.widen(each.protocol, each.low, each.high).traffic(each)

    def __iter__(self) -> Iterator[Traffic]:
        """The traffic, sorted by addresses, protocol and port."""
        for key in sorted(self._pairs, key=lambda key: (key[0].version, key[0], key[1].version, key[1], key[2])):
            pair = self._pairs[key]
            spans = [((port, port), tally) for port, tally in pair.ports.items()]
            if pair.wide is not None:
                spans.append((pair.ends, pair.wide))
            for (low, high), tally in sorted(spans, key=lambda item: (item[0][0] is not None, item[0][0] or 0)):
                yield _traffic(key, low, high, tally)


def _traffic(key: tuple[Address, Address, int], low: int | None, high: int | None, tally: _Tally) -> Traffic:
    return Traffic(
        src=key[0],
        dst=key[1],
        protocol=key[2],
        low=low,
        high=high,
        records=tally.records,
        packets=tally.packets,
        size=tally.size,
        answered=tally.answered,
        unanswered=tally.unanswered,
        undirected=tally.undirected,
        first=None if tally.first == _NEVER else tally.first,
        last=None if tally.last == -_NEVER else tally.last,
        source=tally.sighting[1],
        line=tally.sighting[2],
    )
