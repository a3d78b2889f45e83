# SPDX-License-Identifier: Apache-2.0
"""Packets from or to addresses that no zone has: what the plant's files do not know of, and a firewall lets through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from plantproof.core.plant import ROUTER
from plantproof.firewall.execution import TooComplexError
from plantproof.firewall.match import match, outside
from plantproof.firewall.packets import V4, V6, Box, Dim, interface, interface_name, join, networks
from plantproof.firewall.program import NO_RULE, Act, Rule
from plantproof.firewall.ranges import Ranges
from plantproof.firewall.reach.spread import Device, opening
from plantproof.firewall.reach.topology import Topology

__all__ = ["Stray", "Way", "strays_of"]

_Network = IPv4Network | IPv6Network
_UNROUTED: Final[tuple[_Network, ...]] = tuple(
    ip_network(text)
    for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/127", "fe80::/10", "ff00::/8")
)
"""This host, loopback, the link alone, many hosts or none (RFC 6890): nothing carries them between networks."""


class Way(Enum):
    """What of it the plant's files do not know."""

    IN = "in"
    """Where it comes from."""
    OUT = "out"
    """Where it goes."""
    BETWEEN = "between"
    """Neither."""
    INTERFACE = "interface"
    """By which interface: a rule names one of which nobody says what lies behind."""


@dataclass(frozen=True, slots=True)
class Stray:
    """What one firewall lets through beside the zones that the plant's files know."""

    firewall: str
    way: Way
    family: str
    """``IPv4`` or ``IPv6``; of an interface: its name, as far as the rule tells it."""
    rules: tuple[Rule, ...]
    """Those that let it through; empty: nothing in the configuration holds it back, or it does not say."""

    def __str__(self) -> str:
        """``lets in IPv4 from addresses of no zone``."""
        said = {
            Way.IN: f"lets in {self.family} from addresses of no zone",
            Way.OUT: f"lets out {self.family} to addresses of no zone",
            Way.BETWEEN: f"lets through {self.family} between addresses of no zone",
            Way.INTERFACE: f"has rules for {self.family}, of which nobody says what lies behind",
        }
        return said[self.way]


def strays_of(topology: Topology, devices: Mapping[str, Device]) -> Iterator[Stray]:
    """Ask every packet filter of the plant for new connections, by whatever interface, for certain or perhaps.

    A listing that ends too early is left out: everything through it is doubtful anyway.
    """
    known = Ranges.of(span for addresses in topology.addresses.values() for span in addresses)
    nobody = (V4 | V6) - known - networks(*_UNROUTED)
    ways = {Way.IN: (nobody, known), Way.OUT: (known, nobody), Way.BETWEEN: (nobody, nobody)}
    for name, device in devices.items():
        ports = [port.interface for segment in topology.segments for port in segment.ports if port.firewall == name]
        if device.listing.dialect == ROUTER or device.listing.incomplete or not ports:
            continue
        for way, (source, target) in ways.items():
            for family, word in ((V4, "IPv4"), (V6, "IPv6")):
                ends = {Dim.SRC: source & family, Dim.DST: target & family}
                if all(ends.values()):
                    for rules in _let_through(device, {**opening(), **ends}):
                        yield Stray(name, way, word, tuple(device.listing.rules[rule] for rule in rules))
        yield from _elsewhere(name, device, ports)


def _let_through(device: Device, asked: Box) -> Iterator[tuple[int, ...]]:
    """The rules that let some of it through; none, where the configuration knows no such packets or tells too much."""
    listing = device.listing
    if outside(match(listing.program.base), asked):
        yield ()
    described = join(asked, listing.program.base)
    try:
        outcomes = list(device.engine.run(described, drops=False)) if described else []
    except TooComplexError:
        yield ()
        return
    told = (tuple(rule for rule in outcome.rules if listing.rules[rule].decides) for outcome in outcomes)
    yield from dict.fromkeys(told)


def _elsewhere(name: str, device: Device, ports: list[str]) -> Iterator[Stray]:
    """What is let through because a rule names an interface which no zone and no link is declared for."""
    declared = Ranges.of(span for port in (*ports, "lo") for span in interface(port))
    naming: dict[Dim, dict[int, Ranges]] = {Dim.IN: {}, Dim.OUT: {}}
    for instruction in device.listing.program.instructions:
        rule, step = instruction.rule, instruction.step
        if rule == NO_RULE or step.act is Act.DROP or step.rewrites:  # a translation lets nothing through
            continue
        for dim, rules in naming.items():
            named = instruction.box.get(dim)
            if named is not None and not named.meets(declared):
                rules[rule] = rules.get(rule, Ranges()) | named
    for dim, rules in naming.items():
        if not rules:
            continue
        ways = Ranges.of(span for named in rules.values() for span in named)
        passing = dict.fromkeys(rule for met in _met(device, {**opening(), dim: ways}) for rule in met if rule in rules)
        told: dict[str, list[Rule]] = {}
        for rule in passing:
            names = ", ".join(interface_name(first) for first, last in rules[rule] if first == last)
            told.setdefault(names or "other interfaces", []).append(device.listing.rules[rule])
        for names, several in told.items():
            yield Stray(name, Way.INTERFACE, names, tuple(several))


def _met(device: Device, asked: Box) -> Iterator[tuple[int, ...]]:
    """Per piece that is let through the rules that it met; all, if there are too many pieces to follow."""
    described = join(asked, device.listing.program.base)
    try:
        outcomes = device.engine.run(described, drops=False) if described else ()
        yield from (one.rules for one in outcomes if one.forwarded)
    except TooComplexError:
        yield tuple(range(len(device.listing.rules)))
