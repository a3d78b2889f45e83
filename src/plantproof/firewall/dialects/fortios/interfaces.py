# SPDX-License-Identifier: Apache-2.0
"""Interfaces, the zones that bundle them, and the networks that addresses and static routes put behind them."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Network, ip_interface, ip_network

from plantproof.firewall.dialects.fortios.tree import Node
from plantproof.firewall.packets import interface, networks
from plantproof.firewall.ranges import Ranges

__all__ = ["Interfaces"]

_SDWAN = ("system sdwan", "system virtual-wan-link")


class Interfaces:
    """The interfaces of one VDOM."""

    def __init__(self, scope: Node, everywhere: Node, vdom: str) -> None:
        listed = {**everywhere.table("system interface").entries, **scope.table("system interface").entries}
        self._listed = {name: node for name, node in listed.items() if not vdom or node.value("vdom", vdom) == vdom}
        self._routes = [scope.table("router static"), scope.table("router static6")]
        self.intrazone: dict[str, Node] = {}
        self._zones: dict[str, tuple[str, ...]] = {}
        for name, zone in scope.table("system zone").entries.items():
            self._zones[name] = zone.values("interface")
            if zone.value("intrazone") == "allow":
                self.intrazone[name] = zone
        for path in _SDWAN:
            self._sdwan(scope.table(path))

    def _sdwan(self, node: Node) -> None:
        for zone in node.table("zone").entries:
            self._zones.setdefault(zone, ())
        for member in node.table("members").entries.values():
            zone = member.value("zone", "virtual-wan-link")
            self._zones[zone] = (*self._zones.get(zone, ()), *member.values("interface"))

    @property
    def names(self) -> tuple[str, ...]:
        """All interfaces that the file lists, in its order."""
        return tuple(self._listed)

    def of(self, names: tuple[str, ...]) -> Ranges | None:
        """The interfaces that a policy's list names, members for a zone; None for any."""
        if "any" in names:
            return None
        members = [member for name in names for member in self._zones.get(name, (name,))]
        return Ranges.of(span for member in members for span in interface(member))

    def homes(self) -> Mapping[str, Ranges]:
        """Per interface what lies behind it; of overlapping networks the smaller one counts, as in routing."""
        found: list[tuple[int, str, Ranges]] = []
        for name, node in self._listed.items():
            found += [(length, name, ranges) for length, ranges in _connected(node)]
        for table in self._routes:
            for route in table.entries.values():
                found += _route(route)
        homes: dict[str, list[tuple[int, int]]] = {}
        taken = Ranges()
        for length in sorted({length for length, _, _ in found}, reverse=True):
            level = [(name, ranges) for each, name, ranges in found if each == length]
            for name, ranges in level:
                homes.setdefault(name, []).extend(ranges - taken)
            taken = Ranges.of(span for ranges in (taken, *(each for _, each in level)) for span in ranges)
        return {name: Ranges.of(spans) for name, spans in homes.items() if spans}


def _connected(node: Node) -> list[tuple[int, Ranges]]:
    several = [node.values("ip")]
    several += [entry.values("ip") for entry in node.table("secondaryip").entries.values()]
    several += [node.table("ipv6").values("ip6-address")]
    found = []
    for words in several:
        try:
            net = ip_interface("/".join(words)).network
        except ValueError:
            continue
        if int(net.network_address) or net.prefixlen:
            found.append((_length(net.prefixlen, six=isinstance(net, IPv6Network)), networks(net)))
    return found


def _route(node: Node) -> list[tuple[int, str, Ranges]]:
    if node.value("status") == "disable" or node.on("blackhole") or not node.value("device"):
        return []
    try:
        net = ip_network("/".join(node.values("dst")), strict=False)
    except ValueError:
        return []
    if not net.prefixlen:
        return []
    return [(_length(net.prefixlen, six=isinstance(net, IPv6Network)), node.value("device"), networks(net))]


def _length(prefix: int, *, six: bool) -> int:
    """One order of prefix lengths for both families, which never overlap."""
    return prefix + (1000 if six else 0)
