# SPDX-License-Identifier: Apache-2.0
"""Addresses and address groups of both families, as ranges; what the file does not tell may be any address."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from plantproof.firewall.dialects.fortios.tree import Node, broken
from plantproof.firewall.packets import V4, V6, addresses, networks
from plantproof.firewall.ranges import Ranges

__all__ = ["Addresses", "Reach", "network", "span"]

_GROUPS_DEEP: Final = 64
_FREE_BITS: Final = 12
"""So many bits that a wildcard leaves open in the middle are spelled out: 4096 ranges."""

_NOTHING: Final = Ranges()


@dataclass(frozen=True, slots=True)
class Reach:
    """Addresses that are meant for sure, those that may be, and why the file does not tell."""

    sure: Ranges = _NOTHING
    maybe: Ranges = _NOTHING
    why: tuple[str, ...] = ()

    def outside(self, family: Ranges) -> Reach:
        """All other addresses of the family."""
        return Reach(family - self.sure - self.maybe, (self.maybe - self.sure) & family, self.why)

    def without(self, other: Reach) -> Reach:
        """These addresses but for others."""
        possible = (self.sure | self.maybe) - other.sure
        sure = self.sure - other.sure - other.maybe
        return Reach(sure, possible - sure, (*self.why, *other.why))


def _union(several: list[Reach]) -> Reach:
    sure = Ranges.of(span for each in several for span in each.sure)
    maybe = Ranges.of(span for each in several for span in each.maybe)
    return Reach(sure, maybe - sure, tuple(dict.fromkeys(why for each in several for why in each.why)))


def network(words: tuple[str, ...]) -> Ranges:
    """``10.1.2.0 255.255.255.0`` or ``10.1.2.0/24``: bits that the mask has not set are free, wherever they stand.

    Raises:
        ValueError: neither.
    """
    if len(words) == 1 and "/" in words[0]:
        return networks(ip_network(words[0], strict=False))
    if len(words) == 1:
        return addresses(ip_address(words[0]), ip_address(words[0]))
    if len(words) != 2:  # noqa: PLR2004 - address and mask
        raise ValueError(" ".join(words))
    base, mask = int(IPv4Address(words[0])), int(IPv4Address(words[1]))
    low = next((bit for bit in range(32) if mask >> bit & 1), 32)
    free = [bit for bit in range(low, 32) if not mask >> bit & 1]
    if len(free) > _FREE_BITS:
        raise ValueError(" ".join(words))
    first = base & mask
    starts = [first]
    for bit in free:
        starts += [start | 1 << bit for start in starts]
    return Ranges.of((start, start + (1 << low) - 1) for start in starts)


def span(text: str) -> Ranges:
    """``a``, ``a-b`` or ``a/len``.

    Raises:
        ValueError: none of these.
    """
    first, dash, last = text.partition("-")
    if not dash:
        return network((text,))
    one, two = ip_address(first.strip()), ip_address(last.strip())
    if one.version != two.version or int(one) > int(two):
        raise ValueError(text)
    return addresses(one, two)


class Addresses:
    """Address objects of one family by name."""

    def __init__(self, scope: Node, *, six: bool) -> None:
        suffix = "6" if six else ""
        self.family = V6 if six else V4
        self._single = scope.table(f"firewall address{suffix}").entries
        self._groups = scope.table(f"firewall addrgrp{suffix}").entries
        self._read = _six if six else _four
        self._none = addresses(*[IPv6Address(0) if six else IPv4Address(0)] * 2)
        self._known: dict[str, Reach] = {}

    def of(self, names: tuple[str, ...]) -> Reach:
        """What a list of names means."""
        return _union([self._one(name, ()) for name in names])

    def _one(self, name: str, within: tuple[str, ...]) -> Reach:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._resolve(name, within)
        return found

    def _resolve(self, name: str, within: tuple[str, ...]) -> Reach:
        single = self._single.get(name)
        if single is not None:
            return self._read(single, self.family)
        group = self._groups.get(name)
        if group is None:
            return self._undefined(name)
        if name in within:
            what = f"has address groups that contain each other: {', '.join(within[within.index(name) :])}"
            raise broken(group.line, what, "Correct the groups on the device, and collect the configuration again.")
        if len(within) >= _GROUPS_DEEP:
            raise broken(group.line, "has address groups nested too deep", f"At most {_GROUPS_DEEP} levels are read.")
        inner = (*within, name)
        found = _union([self._one(member, inner) for member in group.values("member")])
        if group.on("exclude"):
            found = found.without(_union([self._one(member, inner) for member in group.values("exclude-member")]))
        return found

    def _undefined(self, name: str) -> Reach:
        if name == "all":
            return Reach(self.family)
        if name == "none":
            return Reach(self._none)
        return Reach(maybe=self.family, why=(f"address '{name}' is not defined in the file",))


def _within(ranges: Ranges, family: Ranges) -> Reach:
    if ranges - family:
        raise ValueError(ranges)
    return Reach(ranges)


def _four(node: Node, family: Ranges) -> Reach:
    kind = node.value("type", "ipmask")
    try:
        if kind == "ipmask":
            return _within(network(node.values("subnet")) if "subnet" in node.settings else family, family)
        if kind == "iprange":
            return _within(span(f"{node.value('start-ip', '0.0.0.0')}-{node.value('end-ip')}"), family)  # noqa: S104
        if kind == "wildcard":
            return _within(network(node.values("wildcard")) if "wildcard" in node.settings else family, family)
    except ValueError:
        return Reach(maybe=family, why=(f"address '{node.name}' is not understood",))
    return Reach(maybe=family, why=(f"address '{node.name}' is of type {kind}",))


def _six(node: Node, family: Ranges) -> Reach:
    kind = node.value("type", "ipprefix")
    try:
        if kind == "ipprefix":
            return _within(network(node.values("ip6")) if "ip6" in node.settings else family, family)
        if kind == "iprange":
            return _within(span(f"{node.value('start-ip', '::')}-{node.value('end-ip')}"), family)
    except ValueError:
        return Reach(maybe=family, why=(f"address '{node.name}' is not understood",))
    return Reach(maybe=family, why=(f"address '{node.name}' is of type {kind}",))
