# SPDX-License-Identifier: Apache-2.0
"""Policies as instructions: tried in the order of the file, the first that matches decides; behind the last, deny.

A packet whose destination a virtual address has translated meets only the policies that name this virtual address, and
denying ones that say ``match-vip``; with central NAT it meets all of them, by its new destination.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.fortios.addresses import Addresses, Reach
from plantproof.firewall.dialects.fortios.interfaces import Interfaces
from plantproof.firewall.dialects.fortios.keys import HARMLESS, MATCHING
from plantproof.firewall.dialects.fortios.services import Services
from plantproof.firewall.dialects.fortios.tree import Node
from plantproof.firewall.dialects.fortios.vips import Vips
from plantproof.firewall.match import ALWAYS, NEVER, UNKNOWN, Match, Part, both, either, match, outside, unsure
from plantproof.firewall.packets import V4, V6, Dim
from plantproof.firewall.program import NO_RULE, Act, Rule

__all__ = ["Compiler", "Policies"]

_TEXT: Final = 400
_MATCH_VIP_FROM: Final = (7, 2, 3)
"""The release that made match-vip the default of denying policies; whether this one or the next, sources disagree."""


@dataclass(frozen=True, slots=True)
class Policies:
    """One table of policies."""

    node: Node
    families: tuple[bool, ...]
    """Families (IPv6 or not) that it speaks of."""
    six: bool = False
    """Whether ``srcaddr`` and ``dstaddr`` are of IPv6: the separate table of releases before 6.4."""


@dataclass(slots=True)
class _Found:
    """A policy, read."""

    index: int
    action: str
    rest: Match
    """All conditions but the destination."""
    plain: Match
    """Together with destinations that are no virtual addresses."""
    vips: frozenset[str]
    doubtful: bool
    everywhere: bool
    """Whether any destination fits."""
    match_vip: bool | None
    """Whether it also meets translated packets; None if that is not known."""


class Compiler:
    """Turns the policies of one VDOM into instructions."""

    def __init__(self, scope: Node, interfaces: Interfaces, version: tuple[int, ...], place: str) -> None:
        self.assembly = Assembly()
        self.rules: list[Rule] = []
        self.vips = {six: Vips(scope, interfaces, six=six) for six in (False, True)}
        self._scope = scope
        self._interfaces = interfaces
        self._version = version
        self._place = place
        self._addresses = {six: Addresses(scope, six=six) for six in (False, True)}
        self._services = Services(scope)
        self._idle: set[str] = set()

    def compile(self, tables: list[Policies], *, central: bool) -> None:
        """Translation, policies, and what happens to a packet that none matches."""
        found = [each for table in tables for node in table.node.entries.values() for each in self._policy(node, table)]
        denied = self._rule(
            tables[0].node.line if tables else 1, "implicit deny (policy 0)", "deny", "no policy matches"
        )
        self._intrazone(Act.FORWARD, sure=False)
        self._translate(found, central=central)
        self.assembly.label("policies")
        for policy in found:
            self._decide(policy, policy.plain)
        self._intrazone(Act.FORWARD, sure=True)
        self.assembly.add(Act.DROP, rule=denied)
        if not central:
            self._contexts(found, denied)

    def _rule(self, line: int, text: str, action: str, why: str = "", *, understood: bool = True) -> int:
        self.rules.append(
            Rule(
                line=line, text=text, action=action, place=self._place, understood=understood,
                why="" if understood else why,
            )
        )  # fmt: skip
        return len(self.rules) - 1

    def _intrazone(self, act: Act, *, sure: bool) -> None:
        """A zone that lets its members talk: for certain where no policy speaks, possibly before one that does."""
        for name, zone in self._interfaces.intrazone.items():
            members = self._interfaces.of((name,))
            if members:
                rule = self._rule(zone.line, f'zone "{name}" set intrazone allow', "allow") if sure else NO_RULE
                self.assembly.add(act, [{Dim.IN: members, Dim.OUT: members}], sure=sure, rule=rule)

    def _translate(self, found: list[_Found], *, central: bool) -> None:
        used = frozenset(name for policy in found for name in policy.vips)
        for six, vips in self.vips.items():
            for name, vip in vips.all.items():
                if not central and name not in used | self._idle:
                    continue  # a virtual address that no policy names does nothing
                sure = vip.sure and (central or name in used)
                to = "policies" if central else f"vip {six} {name}"
                text = f'vip "{name}" {_text(vip.node)}'
                why = "its translation is not told by the file in full"
                rule = self._rule(vip.node.line, text[:_TEXT], "translate", why, understood=sure)
                self.rules[rule] = replace(self.rules[rule], decides=False)
                for box, rewrites in vip.ways:
                    self.assembly.add(Act.GO, [box], sure=sure, rule=rule, to=to, rewrites=rewrites)

    def _contexts(self, found: list[_Found], denied: int) -> None:
        """Per virtual address the policies that its packets meet."""
        used = frozenset(name for policy in found for name in policy.vips) | self._idle
        wide = [policy for policy in found if policy.match_vip is not False]
        per: dict[str, list[_Found]] = {name: [] for name in used}
        for policy in found:
            for name in policy.vips:
                per[name].append(policy)
        order = {id(policy): place for place, policy in enumerate(found)}
        for six, vips in self.vips.items():
            for name in vips.all:
                if name not in used:
                    continue
                self.assembly.label(f"vip {six} {name}")
                both_kinds = {id(policy): policy for policy in (*per[name], *wide)}
                for policy in sorted(both_kinds.values(), key=lambda policy: order[id(policy)]):
                    if name in policy.vips:
                        self._decide(policy, policy.rest)
                    elif policy.everywhere and policy.match_vip:
                        self._decide(policy, policy.plain)
                    else:
                        self._decide(policy, unsure(policy.rest))
                self.assembly.add(Act.DROP, rule=denied)

    def _decide(self, policy: _Found, found: Match) -> None:
        acts = {"accept": Act.FORWARD, "deny": Act.DROP}
        for sure in (True, False):
            boxes = [part.box for part in found if part.sure is sure]
            if boxes:
                act = acts.get(policy.action, Act.ANYTHING)
                self.assembly.add(act, boxes, sure=sure, rule=policy.index)

    def _policy(self, node: Node, table: Policies) -> list[_Found]:
        action = node.value("action", "deny")
        text = f"edit {node.name} {_text(node)}"[:_TEXT]
        if node.value("status") == "disable":
            index = self._rule(node.line, text, f"{action}, disabled")
            self.rules[index] = replace(self.rules[index], decides=False)
            self._idle |= self._named(node)
            return []
        why = list(_narrowing(node))
        services, reasons = self._service(node)
        why += reasons
        ends = both(self._ends(node, "srcintf", Dim.IN), self._ends(node, "dstintf", Dim.OUT))
        common = both(ends, services)
        rest, plain, vips, more = self._families(node, table, common)
        why += more
        if action not in {"accept", "deny"}:
            why.append(f"action {action}: another table decides")
        if any(not part.sure for part in services) and not why:
            why.append("a service that is not known in full")
        doubtful = bool(_narrowing(node))
        index = self._rule(node.line, text, action, "; ".join(dict.fromkeys(why))[:_TEXT], understood=not why)
        if doubtful:
            rest, plain = unsure(rest), unsure(plain)
        destinations = (*node.values("dstaddr"), *node.values("dstaddr6"))
        return [
            _Found(index, action, rest, plain, vips, doubtful, "all" in destinations, self._match_vip(node, action))
        ]

    def _named(self, node: Node) -> frozenset[str]:
        return self.vips[False].split(node.values("dstaddr"))[0] | self.vips[True].split(node.values("dstaddr6"))[0]

    def _match_vip(self, node: Node, action: str) -> bool | None:
        said = node.value("match-vip")
        if action == "deny":
            if said:
                return said == "enable"
            if not self._version or self._version == _MATCH_VIP_FROM:
                return None
            return self._version > _MATCH_VIP_FROM
        return None if said == "enable" or action != "accept" else False

    def _ends(self, node: Node, key: str, dim: Dim) -> Match:
        names = node.values(key)
        if not names:
            return NEVER
        ranges = self._interfaces.of(names)
        return ALWAYS if ranges is None else match({dim: ranges})

    def _service(self, node: Node) -> tuple[Match, tuple[str, ...]]:
        if node.on("internet-service") or node.on("internet-service6"):
            return UNKNOWN, ("internet-service: its addresses and ports are not in the file",)
        found, why = self._services.of(node.values("service"))
        return (outside(found) if node.on("service-negate") else found), why

    def _families(self, node: Node, table: Policies, common: Match) -> tuple[Match, Match, frozenset[str], list[str]]:
        rests, plains = [], []
        names: set[str] = set()
        why: list[str] = []
        for six in table.families:
            suffix = "6" if six and not table.six else ""
            source = self._reach(node, f"srcaddr{suffix}", six=six, service="internet-service-src")
            vips, others = self.vips[six].split(node.values(f"dstaddr{suffix}"))
            names |= vips
            target = self._reach(node, f"dstaddr{suffix}", six=six, service="internet-service", names=others)
            why += [*source.why, *target.why]
            rest = both(common, _either(Dim.SRC, source))
            if vips and node.on(f"dstaddr{suffix}-negate"):
                why.append("a negated list that names a virtual address")
                target = Reach(maybe=V6 if six else V4)
                rest = unsure(rest)
            rests.append(rest)
            plains.append(both(rest, _either(Dim.DST, target)))
        return either(*rests), either(*plains), frozenset(names), why

    def _reach(self, node: Node, key: str, *, six: bool, service: str, names: tuple[str, ...] | None = None) -> Reach:
        family = V6 if six else V4
        if node.on(service) or node.on(service.replace("internet-service", "internet-service6")):
            return Reach(maybe=family, why=(f"{service}: its addresses are not in the file",))
        if not node.values(key):
            return Reach()
        found = self._addresses[six].of(node.values(key) if names is None else names)
        return found.outside(family) if node.on(f"{key}-negate") else found


def _either(dim: Dim, reach: Reach) -> Match:
    parts = [Part({dim: reach.sure})] if reach.sure else []
    return (*parts, Part({dim: reach.maybe}, sure=False)) if reach.maybe else tuple(parts)


def _narrowing(node: Node) -> tuple[str, ...]:
    """Keys that narrow the policy by what a packet's coordinates do not tell, or that nobody here knows."""
    found = []
    for key, setting in node.settings.items():
        if key == "schedule":
            if setting.values != ("always",):
                found.append(f"schedule {' '.join(setting.values)}: a matter of time")
        elif key.startswith("internet-service"):
            continue  # their addresses are unknown already
        elif key not in MATCHING and key not in HARMLESS and node.says(key):
            found.append(f"{key} {' '.join(setting.values)}"[:80])
    return tuple(found)


def _text(node: Node) -> str:
    words = [
        f"set {key} {' '.join(_quoted(value) for value in setting.values)}"
        for key, setting in node.settings.items()
        if key not in {"uuid", "comments", "comment"}
    ]
    return "; ".join(words)


def _quoted(value: str) -> str:
    plain = re.fullmatch(r"[A-Za-z0-9._:/-]+", value)
    return value if plain else '"' + re.sub(r"\s+", " ", value) + '"'
