# SPDX-License-Identifier: Apache-2.0
"""What a packet is to a filter: nine coordinates. A box is a product of one set per coordinate; absent means any.

Addresses of both families lie on one line: IPv4 first, IPv6 behind it, so that one pair of coordinates serves both. The
type and code of ICMP stand in the destination port's place (``type * 256 + code``): no packet has both.
An interface is its name read as a number, so that all names with one beginning are neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from types import MappingProxyType
from typing import Final, TypeAlias

from plantproof.firewall.ranges import Ranges

__all__ = [
    "ANY",
    "BOUNDS",
    "PORTED",
    "V4",
    "V6",
    "Box",
    "Dim",
    "State",
    "address_text",
    "addresses",
    "interface",
    "interface_name",
    "interfaces_from",
    "join",
    "networks",
    "whole",
]


class Dim(IntEnum):
    """The coordinates."""

    SRC = 0
    DST = 1
    PROTO = 2
    SPORT = 3
    DPORT = 4
    FLAGS = 5
    """The byte of TCP flags."""
    STATE = 6
    IN = 7
    """The interface by which it arrives."""
    OUT = 8


class State(IntEnum):
    """What connection tracking says of a packet (nftables' and iptables' words; other makes are mapped on them)."""

    NEW = 0
    ESTABLISHED = 1
    RELATED = 2
    INVALID = 3
    UNTRACKED = 4


Box: TypeAlias = Mapping[Dim, Ranges]

_V6_AT: Final = 2**32
V4: Final = Ranges(((0, _V6_AT - 1),))
V6: Final = Ranges(((_V6_AT, _V6_AT + 2**128 - 1),))
_NAME: Final = 48
_INTERFACES: Final = 256**_NAME

BOUNDS: Final[Mapping[Dim, tuple[int, int]]] = MappingProxyType(
    {
        Dim.SRC: (0, _V6_AT + 2**128 - 1),
        Dim.DST: (0, _V6_AT + 2**128 - 1),
        Dim.PROTO: (0, 255),
        Dim.SPORT: (0, 65535),
        Dim.DPORT: (0, 65535),
        Dim.FLAGS: (0, 255),
        Dim.STATE: (0, len(State) - 1),
        Dim.IN: (0, _INTERFACES - 1),
        Dim.OUT: (0, _INTERFACES - 1),
    }
)
"""First and last value of each coordinate."""

ANY: Final[Box] = MappingProxyType({})
PORTED: Final = Ranges.only(6, 17, 33, 132, 136)
"""Protocols with ports: TCP, UDP, DCCP, SCTP, UDP-Lite."""

_Network: TypeAlias = IPv4Network | IPv6Network
_Address: TypeAlias = IPv4Address | IPv6Address


def whole(dim: Dim) -> Ranges:
    """All values of a coordinate."""
    return Ranges((BOUNDS[dim],))


def join(one: Box, other: Box) -> Box | None:
    """The packets in both boxes; None if there is none."""
    found = dict(one)
    for dim, ranges in other.items():
        both = found[dim] & ranges if dim in found else ranges
        if not both:
            return None
        found[dim] = both
    return found


def addresses(first: _Address, last: _Address) -> Ranges:
    """From one address to another of the same family, both included."""
    shift = _V6_AT if isinstance(first, IPv6Address) else 0
    return Ranges.of([(int(first) + shift, int(last) + shift)])


def networks(*several: _Network) -> Ranges:
    """All addresses of networks."""
    shifted = ((net, _V6_AT if isinstance(net, IPv6Network) else 0) for net in several)
    return Ranges.of((int(net[0]) + shift, int(net[-1]) + shift) for net, shift in shifted)


def address_text(value: int) -> str:
    """The address at a place of the line."""
    return str(ip_address(value) if value < _V6_AT else IPv6Address(value - _V6_AT))


def interface(name: str) -> Ranges:
    """One interface by name. Names are told apart by their first 48 bytes."""
    data = name.encode("utf-8", "replace")[:_NAME]
    return Ranges.only(int.from_bytes(data.ljust(_NAME, b"\0"), "big"))


def interfaces_from(prefix: str) -> Ranges:
    """All interfaces whose names begin so (``eth*``, ``eth+``)."""
    data = prefix.encode("utf-8", "replace")[:_NAME]
    first, last = (int.from_bytes(data.ljust(_NAME, fill), "big") for fill in (b"\0", b"\xff"))
    return Ranges.of([(first, last)])


def interface_name(value: int) -> str:
    """The name at a place of the line of names."""
    return value.to_bytes(_NAME, "big").rstrip(b"\0").decode("utf-8", "replace")
