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
from plantproof.firewall.packets import V4, V6, Box, Dim, interface, join, networks
from plantproof.firewall.program import Rule
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
    """Between which addresses."""

    IN = "in"
    """From such addresses into zones."""
    OUT = "out"
    """Out of zones to them."""
    BETWEEN = "between"
    """Neither end is a zone's."""


@dataclass(frozen=True, slots=True)
class Stray:
    """What one firewall lets through from or to addresses that no zone has."""

    firewall: str
    way: Way
    family: str
    """``IPv4`` or ``IPv6``."""
    rules: tuple[Rule, ...]
    """Those that let it through; empty: nothing in the configuration holds it back, or it does not say."""
    ends: Ranges
    """The addresses on the zones' side; of what passes between others, those of the zones beside the firewall."""

    def __str__(self) -> str:
        """``lets in IPv4 from addresses of no zone``."""
        said = {
            Way.IN: f"lets in {self.family} from addresses of no zone",
            Way.OUT: f"lets out {self.family} to addresses of no zone",
            Way.BETWEEN: f"lets through {self.family} between addresses of no zone",
        }
        return said[self.way]


def strays_of(topology: Topology, devices: Mapping[str, Device]) -> Iterator[Stray]:
    """Ask every packet filter of the plant for new connections, for certain or perhaps.

    A listing that ends too early is left out: everything through it is doubtful anyway.
    """
    known = Ranges.of(span for addresses in topology.addresses.values() for span in addresses)
    nobody = (V4 | V6) - known - networks(*_UNROUTED)
    ways = {Way.IN: (nobody, known), Way.OUT: (known, nobody), Way.BETWEEN: (nobody, nobody)}
    for name, device in devices.items():
        beside = [segment for segment in topology.segments if any(port.firewall == name for port in segment.ports)]
        names = [interface(port.interface) for segment in beside for port in segment.ports if port.firewall == name]
        if device.listing.dialect == ROUTER or device.listing.incomplete or not names:
            continue
        through = Ranges.of(span for one in names for span in one)
        zones = Ranges.of(span for one in beside for zone in one.zones for span in topology.addresses[zone])
        for way, (source, target) in ways.items():
            for family, word in ((V4, "IPv4"), (V6, "IPv6")):
                ends = {Dim.SRC: source & family, Dim.DST: target & family}
                if all(ends.values()):
                    asked = {**opening(), **ends, Dim.IN: through, Dim.OUT: through}
                    for rules, box in _let_through(device, asked):
                        side = zones if way is Way.BETWEEN else box[Dim.DST if way is Way.IN else Dim.SRC]
                        yield Stray(name, way, word, tuple(device.listing.rules[rule] for rule in rules), side)


def _let_through(device: Device, asked: Box) -> Iterator[tuple[tuple[int, ...], Box]]:
    """What is let through, by the rules that do it; no rule, where the configuration knows no such packets."""
    listing = device.listing
    for part in outside(match(listing.program.base), asked):
        yield (), part.box
    described = join(asked, listing.program.base)
    try:
        outcomes = list(device.engine.run(described)) if described else []
    except TooComplexError:
        return  # every passage through it is doubtful for the same reason
    for outcome in outcomes:
        if outcome.forwarded:
            yield tuple(rule for rule in outcome.rules if listing.rules[rule].decides), {**asked, **outcome.arrived}
