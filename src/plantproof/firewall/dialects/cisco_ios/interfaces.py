# SPDX-License-Identifier: Apache-2.0
"""Interfaces of IOS: addresses, the lists that are bound to them, and what else may decide about their packets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from typing import Final

from plantproof.firewall.dialects.cisco.homes import Way
from plantproof.firewall.dialects.cisco.operands import address, prefix, with_mask
from plantproof.firewall.dialects.cisco.text import Block, Line, UnreadError

__all__ = ["Interface", "read_interface"]

_OTHERS: Final[dict[tuple[str, ...], str]] = {
    ("crypto", "map"): "IPsec takes packets here: which is not read",
    ("ip", "policy"): "policy routing leads packets elsewhere",
    ("ipv6", "policy"): "policy routing leads packets elsewhere",
    ("ip", "admission"): "users are asked who they are",
    ("ip", "auth-proxy"): "users are asked who they are",
    ("ip", "ips"): "intrusion prevention may drop packets",
    ("ip", "wccp"): "packets are led to a cache",
    ("mac", "access-group"): "a list of hardware addresses",
}
"""Beginnings of lines that may decide about packets and are not read."""
_MISPLACED: Final = frozenset({"interface", "access-list", "router", "line", "object-group", "hostname"})
_BOUND: Final = 4


@dataclass(slots=True)
class Interface:
    """One interface. ``lists``: by family (4, 6) and way (in, out) the line that binds a list and its name."""

    name: str
    line: int
    lists: dict[tuple[int, str], tuple[Line, str]] = field(default_factory=dict)
    connected: list[Way] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    """Its IPv4 addresses."""
    nat: str = ""
    """inside, outside or nothing."""
    zone: str = ""
    shutdown: Line | None = None
    table: str = ""
    """Its VRF."""
    inspects: Line | None = None
    policies: list[Line] = field(default_factory=list)
    doubts: list[tuple[Line, str]] = field(default_factory=list)
    gaps: list[tuple[Line, str]] = field(default_factory=list)
    lines: int = 1
    switched: bool = False


def read_interface(block: Block, known: dict[str, Interface]) -> None:
    """Add what a block says; a second block about an interface adds to the first."""
    name = "".join(block.head.words[1:])
    if len(block.head.words) < 2 or block.head.words[1] == "range":  # noqa: PLR2004 - the word and the name
        name = " ".join(block.head.words[1:])
        found = known.setdefault(name.casefold(), Interface(name, block.head.number))
        found.gaps.append((block.head, "which interfaces it speaks of is not read"))
    else:
        found = known.setdefault(name.casefold(), Interface(name, block.head.number))
    for line in block.body:
        _line(found, line)
    if found.switched and (found.lists or found.doubts):
        line = next(iter(found.lists.values()))[0] if found.lists else found.doubts[0][0]
        found.gaps.append((line, "a list on a port that switches: packets of several interfaces pass it"))


def _line(found: Interface, line: Line) -> None:
    words, two = line.words, line.words[:2]
    if words[0] in _MISPLACED or two == ("ip", "access-list"):
        found.gaps.append((line, "stands beneath an interface: the text is indented as no device does it"))
    elif words[0] == "no":
        _no(found, line)
    elif two in _READ or words[0] in _MARKS:
        found.lines += 1
        (_READ.get(two) or _mark)(found, line)
    elif two in _OTHERS:
        found.lines += 1
        found.doubts.append((line, _OTHERS[two]))


def _bind(found: Interface, line: Line) -> None:
    words = line.words
    if len(words) == _BOUND and words[3] in {"in", "out"}:
        found.lists[6 if words[0] == "ipv6" else 4, words[3]] = (line, words[2])
    else:
        found.doubts.append((line, "how the list is bound is not understood"))


def _translates(found: Interface, line: Line) -> None:
    words = line.words
    if words[2:] in {("inside",), ("outside",)}:
        found.nat = words[2]
    else:
        found.gaps.append((line, "translation of this form is not read"))


def _mark(found: Interface, line: Line) -> None:
    words = line.words
    if words[:2] == ("zone-member", "security") and len(words) == 3:  # noqa: PLR2004 - two words and the name
        found.zone = words[2]
    elif words == ("shutdown",):
        found.shutdown = line
    elif words[0] == "switchport":
        found.switched = True
    elif "forwarding" in words[:3]:
        found.table = words[-1]
    elif words[0] == "service-policy":
        found.policies.append(line)
    elif "inspect" in words[:2]:
        found.inspects = line
    else:
        found.doubts.append((line, "is not understood"))


def _no(found: Interface, line: Line) -> None:
    """In a script, a line that takes another back."""
    words = line.words[1:]
    if words == ("shutdown",):
        found.shutdown = None
    elif words == ("switchport",):
        found.switched = False
    elif words[:2] in {("ip", "access-group"), ("ipv6", "traffic-filter")}:
        way = words[-1] if words[-1] in {"in", "out"} else ""
        if way:
            found.lists.pop((6 if words[0] == "ipv6" else 4, way), None)
        else:
            found.doubts.append((line, "which list it takes away is not understood"))
    elif words[:1] == ("zone-member",):
        found.zone = ""
    elif words[:2] == ("ip", "nat"):
        found.nat = ""
    elif words[:2] == ("ip", "address") and len(words) > 2:  # noqa: PLR2004 - a given address
        found.connected = []


def _address(found: Interface, line: Line) -> None:
    """Note the connected network; an address that comes from elsewhere says nothing."""
    words = line.words
    try:
        if words[0] == "ipv6":
            net: IPv4Network | IPv6Network = prefix(words[2])
            if "link-local" in words or (isinstance(net, IPv6Network) and IPv6Address(net[0]).is_link_local):
                return
        else:
            net = with_mask(words[2], words[3])
            found.own.append(int(address(words[2])))
    except (UnreadError, IndexError):
        return
    found.connected.append(Way(net, found.name))


_MARKS: Final = frozenset({"zone-member", "shutdown", "service-policy", "switchport", "vrf"})
_READ: Final[dict[tuple[str, ...], Callable[[Interface, Line], None]]] = {
    ("ip", "address"): _address,
    ("ipv6", "address"): _address,
    ("ip", "access-group"): _bind,
    ("ipv6", "traffic-filter"): _bind,
    ("ip", "nat"): _translates,
    ("ip", "vrf"): _mark,
    ("ip", "inspect"): _mark,
    ("ipv6", "inspect"): _mark,
}
