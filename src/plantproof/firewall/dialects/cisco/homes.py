# SPDX-License-Identifier: Apache-2.0
"""What lies behind each interface: connected networks and static routes; the longest prefix wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

from plantproof.firewall.packets import networks
from plantproof.firewall.ranges import Ranges

__all__ = ["Network", "Way", "as_reached", "gateways", "homes", "toward"]

Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Way:
    """A network and the interface that leads to it; none if it is not known which, or if it is dropped."""

    network: Network
    interface: str


def homes(ways: Iterable[Way]) -> Mapping[str, Ranges]:
    """Per interface the addresses behind it; default routes are left out."""
    levels: dict[int, dict[str, list[Network]]] = {}
    for way in ways:
        if way.network.prefixlen:
            length = way.network.prefixlen + (1000 if way.network.version == 6 else 0)  # noqa: PLR2004 - families never overlap
            levels.setdefault(length, {}).setdefault(way.interface, []).append(way.network)
    found: dict[str, list[tuple[int, int]]] = {}
    taken = Ranges()
    for length in sorted(levels, reverse=True):
        level = {name: networks(*several) for name, several in levels[length].items()}
        for name, ranges in level.items():
            found.setdefault(name, []).extend(ranges - taken)
        taken = Ranges.of(span for ranges in (taken, *level.values()) for span in ranges)
    return {name: Ranges.of(spans) for name, spans in found.items() if name and spans}


def as_reached(behind: Mapping[str, Ranges], pairs: Iterable[tuple[Ranges, Ranges]]) -> Mapping[str, Ranges]:
    """The addresses as packets arrive with them: who is translated has its outer address behind the inner interface.

    Args:
        behind: Per interface the addresses behind it.
        pairs: Outer addresses, and those that they are led to; none if it depends on more than the address.
    """
    several = list(pairs)
    outer = Ranges.of(span for one, _ in several for span in one)
    found = {name: ranges - outer for name, ranges in behind.items()}
    for one, inner in several:
        for name, ranges in behind.items():
            if inner and not inner - ranges:
                found[name] |= one
    return {name: ranges for name, ranges in found.items() if ranges}


def gateways(connected: Iterable[Way]) -> Mapping[Network, str]:
    """Connected networks by themselves, to look up by which interface a next hop is reached."""
    return {way.network: way.interface for way in connected}


def toward(hop: IPv4Address | IPv6Address, connected: Mapping[Network, str]) -> str:
    """The interface by which a next hop is reached; empty if it is not connected."""
    for length in range(hop.max_prefixlen, 0, -1):
        bits = hop.max_prefixlen - length
        base = int(hop) >> bits << bits
        network: Network = IPv4Network((base, length)) if isinstance(hop, IPv4Address) else IPv6Network((base, length))
        if network in connected:
            return connected[network]
    return ""
