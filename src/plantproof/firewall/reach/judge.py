# SPDX-License-Identifier: Apache-2.0
"""What firewalls let through between zones, held against what the conduits declare (IEC 62443-3-2, ZCR 3; 3-3 FR 5).

A passage is undeclared if no conduit's flow asks for it, a flow is blocked if no way lets it through. What only
doubtful rules decide is neither: it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from plantproof.core.observed.declared import Declarations, Declared
from plantproof.core.plant import Plant
from plantproof.core.services import ICMP, ICMPV6, Service
from plantproof.firewall.match import Match, both, match, outside
from plantproof.firewall.packets import Box, Dim, State, join, whole
from plantproof.firewall.program import NO_RULE, Act, Rule
from plantproof.firewall.ranges import Ranges
from plantproof.firewall.reach.services import boxes_of
from plantproof.firewall.reach.spread import Device, Hop, Parcel, Spread, TooManyWaysError, answering, opening
from plantproof.firewall.reach.strays import Stray, strays_of
from plantproof.firewall.reach.topology import Topology

__all__ = ["Blocked", "Outcome", "Pair", "Passage", "Report", "Unknown", "judge"]


_OUTSIDE: Final = frozenset({"external", "cloud"})
_CLIENTS: Final = Ranges(((49152, 60999),))
"""Ports from which both Windows and Linux open connections."""


class Outcome(StrEnum):
    """What a passage between two zones, or a declared flow, comes to."""

    DECLARED = "declared"
    UNDECLARED = "undeclared"
    BACKWARDS = "backwards"
    """A conduit asks for it, but to be begun from the other side."""
    DOUBTFUL = "doubtful"
    """Perhaps: a rule that is not understood, or a match that a packet's addresses do not tell, decides."""
    BLOCKED = "blocked"
    """Declared, and no firewall on any way lets it through."""
    NO_ANSWER = "no answer"
    """Declared and let through, but the answers are not."""
    WRITES = "writes"
    """Declared to read only, and let through by what cannot tell reading from writing."""
    UNFILTERED = "unfiltered"
    """Two zones with no firewall between."""


@dataclass(slots=True)
class Passage:
    """All packets from one zone to another that the same rules let through."""

    source: str
    target: str
    outcome: Outcome
    hops: tuple[Hop, ...]
    sent: list[Box] = field(default_factory=list)
    """As they leave the source."""
    arriving: list[Box] = field(default_factory=list)
    """As they arrive, translated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A declared flow that is not as declared, and the rules that make it so (firewall, rule)."""

    declared: Declared
    service: str
    outcome: Outcome
    rules: tuple[tuple[str, Rule], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One zone to another."""

    source: str
    target: str
    passages: tuple[Passage, ...]
    blocked: tuple[Blocked, ...]
    unfiltered: bool = False
    """No firewall stands between; whether a conduit joins them is ``joined``."""
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A zone or firewall of which nothing can be said, and why."""

    about: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All pairs that were asked for, sources in the order of the plant."""

    pairs: Mapping[tuple[str, str], Pair]
    unknown: tuple[Unknown, ...]
    unused: tuple[tuple[str, Rule], ...]
    """Rules that permit, and through which nothing gets from zone to zone (firewall, rule); known if all were asked."""
    strays: tuple[Stray, ...] = ()
    """What is let through from or to addresses that no zone has; known if all were asked."""


def judge(
    plant: Plant,
    devices: Mapping[str, Device],
    sources: Collection[str] = (),
    targets: Collection[str] = (),
    notes: Mapping[str, str] | None = None,
    *,
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Hold the plant's firewalls against its conduits.

    Args:
        plant: Zones with networks, conduits with flows, firewalls with interfaces.
        devices: The configurations by the firewall's id. Through a firewall that is missing here nothing is known.
        sources: Zones to begin at; none: all.
        targets: Zones to arrive in; none: all.
        notes: What is to be known of a firewall: why its configuration is missing, that it is stale.
        tell: Called with the id of each zone to begin at when its packets have been followed.
    """
    topology = Topology.of(plant)
    unknown = [Unknown(about=name, why=why) for name, why in (notes or {}).items()]
    unknown += _unplaced(plant, topology)
    known = [zone for zone in plant.zones if zone in topology.place and topology.addresses[zone]]
    pairs: dict[tuple[str, str], Pair] = {}
    judging = _Judging(plant, topology, devices, Declarations(plant.conduits.values()))
    for source in known:
        if sources and source not in sources:
            continue
        wanted = [zone for zone in known if zone != source and (not targets or zone in targets)]
        try:
            pairs |= {(source, pair.target): pair for pair in judging.from_zone(source, wanted)}
        except TooManyWaysError:
            unknown.append(Unknown(about=source, why="there are too many ways through the firewalls to follow"))
        tell(source)
    unused = () if sources or unknown else tuple(_unused(devices, judging.used))
    strays = () if sources or targets else tuple(strays_of(topology, devices))
    return Report(pairs=pairs, unknown=tuple(unknown), unused=unused, strays=strays)


def _unused(devices: Mapping[str, Device], used: Collection[tuple[str, int]]) -> Iterator[tuple[str, Rule]]:
    """Rules for new connections that let nothing through. What only answers may need is left out."""
    for name, device in devices.items():
        permitting = {
            instruction.rule
            for instruction in device.listing.program.instructions
            if instruction.rule != NO_RULE and instruction.step.act is not Act.DROP and not instruction.step.rewrites
            if State.NEW in instruction.box.get(Dim.STATE, whole(Dim.STATE))
        }
        for index in sorted(permitting, key=lambda rule: (device.listing.rules[rule].line, rule)):
            rule = device.listing.rules[index]
            if rule.line and rule.decides and not rule.is_policy and (name, index) not in used:
                yield name, rule


def _unplaced(plant: Plant, topology: Topology) -> Iterator[Unknown]:
    for zone in plant.zones:
        if zone not in topology.place:
            if plant.assets_of(zone) or topology.addresses[zone]:
                yield Unknown(about=zone, why="no interface of a firewall leads to this zone")
        elif not topology.addresses[zone] and not plant.children_of(zone):
            yield Unknown(about=zone, why="the zone names no networks, so its packets cannot be told apart")


@dataclass(frozen=True, slots=True)
class _Judging:
    plant: Plant
    topology: Topology
    devices: Mapping[str, Device]
    declarations: Declarations
    used: set[tuple[str, int]] = field(default_factory=set)

    def from_zone(self, source: str, targets: list[str]) -> Iterator[Pair]:
        """Every pair that begins at a zone."""
        arrived: dict[str, list[Parcel]] = {target: [] for target in targets}
        for at, parcel in Spread(self.topology, self.devices, used=self.used).of(source, opening()):
            for target in self.topology.segments[at].zones:
                if target in arrived:
                    part = _narrowed(parcel, self.topology.addresses[target])
                    arrived[target] += [part] if part else []
        for target in targets:
            parcels = arrived[target]
            flows = self.declarations.between(source, target)
            yield Pair(
                source=source,
                target=target,
                passages=tuple(self.passages(source, target, parcels, flows)),
                blocked=tuple(self.blocked(parcels, flows)),
                unfiltered=self._unfiltered(source, target),
                joined=any({source, target} <= set(conduit.zones) for conduit in self.plant.conduits.values()),
            )

    def _unfiltered(self, source: str, target: str) -> bool:
        """Whether nothing stands between; what lies outside of the plant altogether is not the plant's concern."""
        outside_both = {self.plant.zones[source].kind, self.plant.zones[target].kind} <= _OUTSIDE
        return self.topology.place[source] == self.topology.place[target] and not outside_both

    def passages(self, source: str, target: str, parcels: list[Parcel], flows: list[Declared]) -> Iterator[Passage]:
        """What is let through, by outcome and by the rules that do it."""
        wanted = _requests(flows)
        turned = _requests(self.declarations.between(target, source))
        found: dict[object, Passage] = {}
        for parcel in parcels:
            if not parcel.certain:
                _collect(found, Passage(source, target, Outcome.DOUBTFUL, parcel.hops), parcel, parcel.now)
                continue
            for inside in both(match(parcel.now), wanted):
                _collect(found, Passage(source, target, Outcome.DECLARED, parcel.hops), parcel, inside.box)
            for rest in outside(wanted, parcel.now):
                backwards = self._diode(target, source) or (turned and not outside(turned, rest.box))
                outcome = Outcome.BACKWARDS if backwards else Outcome.UNDECLARED
                _collect(found, Passage(source, target, outcome, parcel.hops), parcel, rest.box)
        order = list(Outcome)
        yield from sorted(found.values(), key=lambda passage: order.index(passage.outcome))

    def _diode(self, source: str, target: str) -> bool:
        """Whether a one-way conduit leads from one to the other."""
        ways = [conduit.one_way for conduit in self.plant.conduits.values() if conduit.one_way]
        return any((way.source, way.target) == (source, target) for way in ways)

    def blocked(self, parcels: list[Parcel], flows: list[Declared]) -> Iterator[Blocked]:
        """Declared services that do not get through, whose answers do not, or that may write though they should not."""
        if flows and self.topology.place[flows[0].source] == self.topology.place[flows[0].target]:
            return
        for flow in flows:
            for service in flow.services:
                passing = [(parcel, both(match(parcel.now), _service(service))) for parcel in parcels]
                passing = [(parcel, parts) for parcel, parts in passing if parts]
                if not passing:
                    rules = self._holding_back(flow, service)
                    yield Blocked(declared=flow, service=service.name, outcome=Outcome.BLOCKED, rules=rules)
                    continue
                if flow.write is False and service.industrial:
                    rules = self._letting_through(parcel for parcel, _ in passing)
                    yield Blocked(declared=flow, service=service.name, outcome=Outcome.WRITES, rules=rules)
                held: list[tuple[str, int]] = []
                if not any(self._answered(flow, parcel, parts, held) for parcel, parts in passing):
                    rules = self._named(held)
                    yield Blocked(declared=flow, service=service.name, outcome=Outcome.NO_ANSWER, rules=rules)

    def _letting_through(self, parcels: Iterable[Parcel]) -> tuple[tuple[str, Rule], ...]:
        return self._named((hop.entry.firewall, rule) for one in parcels for hop in one.hops for rule in hop.rules)

    def _holding_back(self, flow: Declared, service: Service) -> tuple[tuple[str, Rule], ...]:
        held: list[tuple[str, int]] = []
        target = {**opening(), Dim.DST: self.topology.addresses[flow.target]}
        for box in boxes_of(service):
            spread = Spread(self.topology, self.devices, held)
            for _ in spread.of(flow.source, {**target, **box}):
                pass
        return self._named(held)

    def _answered(self, flow: Declared, parcel: Parcel, parts: Match, held: list[tuple[str, int]]) -> bool:
        """Whether answers may come back. Translated packets' answers are led back by the device that translated."""
        if parcel.translated:
            return True
        for part in parts:
            protocols = part.box.get(Dim.PROTO)
            if protocols is None or protocols & Ranges.only(ICMP, ICMPV6):
                return True
            back = {**answering(), Dim.DST: part.box[Dim.SRC], Dim.SRC: part.box[Dim.DST], Dim.PROTO: protocols}
            if Dim.DPORT in part.box:
                back[Dim.SPORT] = part.box[Dim.DPORT]
            back[Dim.DPORT] = part.box.get(Dim.SPORT, _CLIENTS)
            home = self.topology.place[flow.source]
            if any(at == home for at, _ in Spread(self.topology, self.devices, held).of(flow.target, back)):
                return True
        return False

    def _named(self, held: Iterable[tuple[str, int]]) -> tuple[tuple[str, Rule], ...]:
        return tuple((name, self.devices[name].listing.rules[rule]) for name, rule in dict.fromkeys(held))


def _service(service: Service) -> Match:
    return tuple(part for box in boxes_of(service) for part in match(box))


def _requests(flows: Iterable[Declared]) -> Match:
    return tuple(part for flow in flows for service in flow.services for part in _service(service))


def _narrowed(parcel: Parcel, addresses: Ranges) -> Parcel | None:
    """The part of a parcel that is addressed to a zone."""
    now = join(parcel.now, {Dim.DST: addresses})
    if now is None:
        return None
    certain = parcel.certain and (Dim.DST not in parcel.loose or now[Dim.DST] == parcel.now[Dim.DST])
    sent = parcel.sent if Dim.DST in parcel.translated else {**parcel.sent, Dim.DST: now[Dim.DST]}
    return Parcel(sent, now, certain, parcel.hops, parcel.translated, parcel.loose)


def _collect(found: dict[object, Passage], passage: Passage, parcel: Parcel, box: Box) -> None:
    key = (passage.outcome, passage.hops)
    known = found.setdefault(key, passage)
    sent = dict(parcel.sent)
    for dim in (Dim.PROTO, Dim.SPORT, Dim.DPORT):
        if dim in box and dim not in parcel.translated:
            sent[dim] = box[dim]
    known.sent.append(sent)
    known.arriving.append(box)
