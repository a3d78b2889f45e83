# SPDX-License-Identifier: Apache-2.0
"""Virtual addresses: destination translation, which comes before the policies, in the order of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from plantproof.core.services import TCP
from plantproof.firewall.dialects.fortios.addresses import span
from plantproof.firewall.dialects.fortios.interfaces import Interfaces
from plantproof.firewall.dialects.fortios.services import ports
from plantproof.firewall.dialects.fortios.tree import Node, broken
from plantproof.firewall.packets import V4, V6, Box, Dim
from plantproof.firewall.program import Rewrite
from plantproof.firewall.ranges import Ranges

__all__ = ["Vip", "Vips"]

_GROUPS_DEEP: Final = 64
_EACH: Final = 256
"""So many addresses are translated one by one; of more it is only known into which range they go."""
_TRANSLATING: Final = frozenset({"static-nat", "load-balance", "server-load-balance"})
_PROTOCOLS: Final = {"tcp": TCP, "udp": 17, "sctp": 132}
_HARMLESS: Final = frozenset(
    {"id", "uuid", "comment", "type", "extip", "mappedip", "extintf", "arp-reply", "portforward", "protocol"}
    | {"extport", "mappedport", "src-filter", "srcintf-filter", "color", "nat-source-vip", "gratuitous-arp-interval"}
    | {"status", "portmapping-type", "ldb-method", "server-type", "persistence", "nat44", "nat46", "http-ip-header"}
    | {"add-nat46-route", "add-nat64-route", "nat64", "nat66", "ndp-reply", "fabric-object", "weblogic-server"}
)


@dataclass(frozen=True, slots=True)
class Vip:
    """One virtual address: what it takes, and what it makes of it, one way after another."""

    node: Node
    external: Ranges
    ways: tuple[tuple[Box, tuple[Rewrite, ...]], ...]
    sure: bool


class Vips:
    """The table of virtual addresses of one family, and their groups."""

    def __init__(self, scope: Node, interfaces: Interfaces, *, six: bool) -> None:
        suffix = "6" if six else ""
        table = scope.table(f"firewall vip{suffix}").entries
        self._groups = scope.table(f"firewall vipgrp{suffix}").entries
        family = V6 if six else V4
        self.all = {
            name: _vip(node, interfaces, family) for name, node in table.items() if node.value("status") != "disable"
        }
        self._disabled = table.keys() - self.all.keys()

    def split(self, names: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
        """Of a list of destinations: the virtual addresses, groups resolved, and all other names."""
        found: set[str] = set()
        others = []
        for name in names:
            if name in self.all:
                found.add(name)
            elif name in self._groups:
                found |= self._members(name)
            elif name not in self._disabled:
                others.append(name)
        return frozenset(found), tuple(others)

    def _members(self, name: str) -> set[str]:
        found: set[str] = set()
        waiting, seen = [name], {name}
        while waiting:
            group = self._groups[waiting.pop()]
            for member in group.values("member"):
                if member in self.all:
                    found.add(member)
                elif member in self._groups:
                    if member in seen and member == name:
                        what = f"has a group of virtual addresses that contains itself: {name}"
                        raise broken(group.line, what, "Correct the group on the device, and collect again.")
                    if member not in seen:
                        seen.add(member)
                        waiting.append(member)
        return found


def _vip(node: Node, interfaces: Interfaces, family: Ranges) -> Vip:
    sure = node.value("type", "static-nat") in _TRANSLATING and not any(
        node.says(key) for key in node.settings.keys() - _HARMLESS
    )
    box: dict[Dim, Ranges] = {}
    external, known = _spans(node.values("extip"), family)
    sure = sure and known
    incoming = interfaces.of(node.values("extintf") or ("any",))
    sources, known = _spans(node.values("src-filter"), family) if node.values("src-filter") else (family, True)
    sure = sure and known
    box[Dim.SRC] = sources
    if incoming is not None:
        box[Dim.IN] = incoming
    if node.values("srcintf-filter"):
        allowed = interfaces.of(node.values("srcintf-filter"))
        if allowed is not None:
            box[Dim.IN] = box[Dim.IN] & allowed if Dim.IN in box else allowed
    inner, known = _spans(node.values("mappedip"), family)
    single = node.value("type", "static-nat") == "static-nat" and known and inner.size == external.size
    rewrites, box, known = _forwarded(node, box)
    sure = sure and known
    ways: list[tuple[Box, tuple[Rewrite, ...]]] = []
    if single and external.size <= _EACH and sure:
        pairs = zip(_each(external), _each(inner), strict=True)
        ways = [({**box, Dim.DST: Ranges.only(o)}, (Rewrite(Dim.DST, Ranges.only(i)), *rewrites)) for o, i in pairs]
    else:
        target = inner if node.value("type", "static-nat") != "server-load-balance" else family
        ways = [({**box, Dim.DST: external}, (Rewrite(Dim.DST, target), *rewrites))]
    ways = [(way, change) for way, change in ways if all(way.values())]
    return Vip(node, external, tuple(ways), sure)


def _each(ranges: Ranges) -> list[int]:
    return [value for first, last in ranges for value in range(first, last + 1)]


def _spans(words: tuple[str, ...], family: Ranges) -> tuple[Ranges, bool]:
    """A list of addresses and ranges; any address, and that it is not known, if there is none or one is not read."""
    try:
        found = Ranges.of(each for word in words for part in word.split() for each in span(part)) & family
    except ValueError:
        return family, False
    unspecified = {family.spans[0][0]}  # 0.0.0.0: the address of the interface, whatever it is
    if not found or (found.size == 1 and found.spans[0][0] in unspecified):
        return family, False
    return found, True


def _forwarded(node: Node, box: dict[Dim, Ranges]) -> tuple[tuple[Rewrite, ...], dict[Dim, Ranges], bool]:
    """With ``portforward``: the ports that are taken, and those that they become."""
    if not node.on("portforward"):
        return (), box, True
    protocol = _PROTOCOLS.get(node.value("protocol", "tcp"))
    if protocol is None:
        return (), box, False
    box = {**box, Dim.PROTO: Ranges.only(protocol)}
    everything = Ranges.of([(0, 65535)])
    try:
        outer = _ports(node, "extport")
        inner = _ports(node, "mappedport") if node.values("mappedport") else outer
    except ValueError:
        return (Rewrite(Dim.DPORT, everything),), box, False
    if node.value("type") == "server-load-balance":
        inner = everything
    changes = () if inner == outer else (Rewrite(Dim.DPORT, inner),)
    return changes, {**box, Dim.DPORT: outer}, True


def _ports(node: Node, key: str) -> Ranges:
    words = [part for value in node.values(key) for part in value.replace(",", " ").split()]
    found = Ranges.of(each for word in words for each in ports(word))
    if not found:
        raise ValueError(key)
    return found
