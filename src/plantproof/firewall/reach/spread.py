# SPDX-License-Identifier: Apache-2.0
"""Let the packets of a zone spread through the plant: firewall after firewall, translated on the way, exact as sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from plantproof.firewall.execution import Engine, Outcome, TooComplexError
from plantproof.firewall.match import match, outside
from plantproof.firewall.overlap import Overlap, bits
from plantproof.firewall.packets import V4, V6, Box, Dim, State, interface, join
from plantproof.firewall.program import Listing, Rule
from plantproof.firewall.ranges import Ranges
from plantproof.firewall.reach.topology import Port, Topology

__all__ = ["Device", "Hop", "Parcel", "Spread", "TooManyWaysError", "answering", "opening"]

_WAYS: Final = 20_000
"""So many steps through firewalls one zone's packets may take: far more than any plant has, fewer than a mesh could."""
_SYN: Final = 2
_ACK: Final = 16
_EVERYWHERE: Final = V4 | V6
_ENDS: Final = (Dim.SRC, Dim.DST)
_CARRIED: Final = (Dim.SRC, Dim.DST, Dim.PROTO, Dim.SPORT, Dim.DPORT)
"""What a packet takes along; interfaces, state and flags are asked anew at each firewall."""


class TooManyWaysError(Exception):
    """The plant is a mesh with more ways than can be walked. Stays inside this package."""


class Device:
    """A firewall's listing, ready to be asked."""

    def __init__(self, listing: Listing, routes: Mapping[str, Ranges] | None = None, source: str = "") -> None:
        """Take a configuration, its routing table if that is known (addresses by interface), and where it stands."""
        self.listing = listing
        self.source = source
        self._routes = routes
        self.translated = Ranges()
        """Destinations that it may lead elsewhere (destination NAT)."""
        for instruction in listing.program.instructions:
            if any(rewrite.dim is Dim.DST for rewrite in instruction.step.rewrites):
                self.translated |= instruction.box.get(Dim.DST, _EVERYWHERE)

    @cached_property
    def engine(self) -> Engine:
        """The program with its indices; made when the first packet comes by."""
        return Engine(self.listing.program)

    def leads_to(self, name: str) -> Ranges:
        """Destinations that may leave by an interface, as far as a routing table or the configuration tells."""
        if self._routes is not None:
            return self._routes.get(name, Ranges())
        homes = self.listing.homes
        elsewhere = Ranges.of(span for other, behind in homes.items() if other != name for span in behind)
        return _EVERYWHERE - (elsewhere - homes.get(name, Ranges()))


@dataclass(frozen=True, slots=True)
class Hop:
    """What one firewall did with a parcel: indices of the listing's rules."""

    entry: Port
    leaving: Port
    rules: tuple[int, ...]
    doubts: tuple[int, ...] = ()
    why: tuple[Rule, ...] = ()
    """Why nothing is certain here: reasons that are no rules of the listing."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Packets that take the same way: what they were when sent, what they are now, what let them through."""

    sent: Box
    now: Box
    certain: bool = True
    hops: tuple[Hop, ...] = ()
    translated: frozenset[Dim] = frozenset()
    loose: frozenset[Dim] = frozenset()
    """Translated to one of several values: who tells these apart tells only what is possible."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a firewall lets through, as it arrives and as it leaves."""

    arrived: Box
    left: Box
    certain: bool = False
    translated: frozenset[Dim] = frozenset()
    rules: tuple[int, ...] = ()
    doubts: tuple[int, ...] = ()
    why: tuple[Rule, ...] = ()


@dataclass(slots=True)
class Spread:
    """The packets of one zone on their way through the plant."""

    topology: Topology
    devices: Mapping[str, Device]
    dropped: list[tuple[str, int]] | None = None
    """If given, takes the rules that hold packets back: firewall and index of the rule."""
    used: set[tuple[str, int]] = field(default_factory=set)
    """Rules that let something through: firewall and index of the rule."""
    _ways: int = field(default=0, init=False)

    def of(self, zone: str, packets: Box) -> Iterator[tuple[int, Parcel]]:
        """All parcels with packets of the zone, wherever they arrive: segment and parcel.

        The packets have the state of one connection, new or established, at each firewall again.

        Raises:
            TooManyWaysError: the firewalls form a mesh with too many ways.
        """
        start = join(packets, {Dim.SRC: self.topology.addresses[zone]})
        for family in (V4, V6):
            part = join(start, {Dim.SRC: family, Dim.DST: family}) if start else None
            if part is not None:
                yield from self._on(self.topology.place[zone], [Parcel(part, part)], ())

    def _on(self, at: int, parcels: list[Parcel], passed: tuple[str, ...]) -> Iterator[tuple[int, Parcel]]:
        whole = _hull(parcel.now for parcel in parcels)
        ends = {dim: Overlap([parcel.now[dim] for parcel in parcels]) for dim in _ENDS}
        for entry, leaving, behind in self.topology.ways_on(at, passed):
            device = self.devices.get(entry.firewall)
            if device is None:
                continue
            self._ways += 1
            if self._ways > _WAYS:
                raise TooManyWaysError
            arrived = list(self._through(device, (entry, leaving, behind), parcels, whole, ends))
            yield from ((behind, parcel) for parcel in arrived)
            if arrived:
                yield from self._on(behind, arrived, (*passed, entry.firewall))

    def _through(
        self,
        device: Device,
        way: tuple[Port, Port, int],
        parcels: list[Parcel],
        whole: Box,
        ends: Mapping[Dim, Overlap],
    ) -> Iterator[Parcel]:
        """One firewall from one interface to another: one question for all parcels, then each takes its part.

        Args:
            device: The firewall.
            way: In, out, and the segment behind.
            parcels: What arrives.
            whole: A box that holds all of it.
            ends: The parcels' sources and destinations.
        """
        entry, leaving, behind = way
        beyond = self.topology.beyond(entry.firewall, behind) & device.leads_to(leaving.interface)
        ways = {Dim.IN: interface(entry.interface), Dim.OUT: interface(leaving.interface)}
        asked = join(whole, {**ways, Dim.DST: beyond | device.translated})
        for piece in self._pieces(device, asked, beyond, entry.firewall) if asked else ():
            near = -1
            for dim in _ENDS:
                if dim in piece.arrived:
                    near &= ends[dim].touching(piece.arrived[dim])
            for number in range(len(parcels)) if near < 0 else bits(near):
                found = _taken(parcels[number], piece, entry, leaving)
                if found is not None:
                    self.used.update((entry.firewall, rule) for rule in (*piece.rules, *piece.doubts))
                    yield found

    def _pieces(self, device: Device, asked: Box, beyond: Ranges, name: str) -> Iterator[_Piece]:
        """What the firewall lets through, for certain or perhaps."""
        listing = device.listing
        if listing.incomplete:
            yield _Piece(asked, asked, why=listing.incomplete)
            return
        for part in outside(match(listing.program.base), asked):
            yield _Piece(part.box, part.box, why=(_NOT_DESCRIBED,))
        described = join(asked, listing.program.base)
        if described is None:
            return
        try:
            outcomes = list(device.engine.run(described, drops=self.dropped is not None))
        except TooComplexError:
            yield _Piece(asked, asked, why=(_TOO_COMPLEX,))
            return
        for outcome in outcomes:
            rules = tuple(rule for rule in outcome.rules if listing.rules[rule].decides)
            if outcome.forwarded:
                yield from _leaving(outcome, rules, beyond)
            elif self.dropped is not None and rules:
                self.dropped.append((name, rules[-1]))


def _reason(why: str) -> Rule:
    return Rule(line=0, text="", action="", understood=False, why=why)


_NOT_DESCRIBED: Final = _reason("the configuration knows no such address family or interface")
_TOO_COMPLEX: Final = _reason("too many cases, or rules that call each other")


def _leaving(outcome: Outcome, rules: tuple[int, ...], beyond: Ranges) -> Iterator[_Piece]:
    """The part of an outcome that leaves towards the zones behind the interface."""
    arrived = outcome.arrived
    passed = outcome.left if outcome.translated else arrived
    left = join(passed, {Dim.DST: beyond})
    if left is None:
        return
    certain = outcome.certain
    if Dim.DST in outcome.translated:
        certain = certain and left[Dim.DST] == passed.get(Dim.DST)
    else:
        arrived = {**arrived, Dim.DST: left[Dim.DST]}
    yield _Piece(arrived, left, certain, outcome.translated, rules, outcome.doubts)


def _hull(boxes: Iterable[Box]) -> Box:
    """A box that holds them all."""
    several = list(boxes)
    shared = [dim for dim in Dim if all(dim in box for box in several)]
    return {dim: Ranges.of(span for spans in {box[dim] for box in several} for span in spans) for dim in shared}


def _taken(parcel: Parcel, piece: _Piece, entry: Port, leaving: Port) -> Parcel | None:
    """The part of a parcel that goes a piece's way."""
    arrived = join(parcel.now, piece.arrived)
    if arrived is None:
        return None
    certain = parcel.certain and piece.certain
    certain = certain and all(arrived.get(dim) == parcel.now.get(dim) for dim in parcel.loose)
    sent, now, loose = dict(parcel.sent), dict(parcel.now), set(parcel.loose)
    for dim in _CARRIED:
        if dim in arrived and dim not in parcel.translated:
            sent[dim] = arrived[dim]
        value = piece.left.get(dim) if dim in piece.translated else arrived.get(dim)
        if value is not None:
            now[dim] = value
        elif dim in piece.translated:
            now.pop(dim, None)
        if dim in piece.translated:
            loose = loose - {dim} if value is not None and value.size == 1 else loose | {dim}
    return Parcel(
        sent=sent,
        now=now,
        certain=certain,
        hops=(*parcel.hops, Hop(entry, leaving, piece.rules, piece.doubts, piece.why)),
        translated=parcel.translated | piece.translated,
        loose=frozenset(loose),
    )


def opening() -> Box:
    """Packets that open a connection: new, and of TCP with SYN alone."""
    return {Dim.STATE: Ranges.only(State.NEW), Dim.FLAGS: Ranges.only(_SYN)}


def answering() -> Box:
    """Packets of a connection that exists: of TCP with ACK alone."""
    return {Dim.STATE: Ranges.only(State.ESTABLISHED), Dim.FLAGS: Ranges.only(_ACK)}
