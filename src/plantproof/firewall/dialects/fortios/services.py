# SPDX-License-Identifier: Apache-2.0
"""Services and service groups as matches of protocol and ports."""

from __future__ import annotations

from typing import Final

from plantproof.firewall.dialects.fortios.predefined import GROUPS, SERVICES
from plantproof.firewall.dialects.fortios.tree import Node, broken
from plantproof.firewall.match import ALWAYS, UNKNOWN, Match, Part, either, match, unsure
from plantproof.firewall.packets import Box, Dim
from plantproof.firewall.ranges import Ranges

__all__ = ["Services", "merged", "ports"]

_GROUPS_DEEP: Final = 64
_PORTED: Final = {"tcp": 6, "udp": 17, "sctp": 132, "udplite": 136}
_ICMP: Final = {"icmp": 1, "icmp6": 58}
_NARROWING: Final = frozenset({"iprange", "fqdn", "application", "app-category"})


def ports(text: str) -> Ranges:
    """``502`` or ``5000-5003``.

    Raises:
        ValueError: neither.
    """
    first, dash, last = text.partition("-")
    one, two = _number(first, 65535), _number(last if dash else first, 65535)
    if one > two:
        raise ValueError(text)
    return Ranges.of([(one, two)])


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6) or int(text) > most:  # noqa: PLR2004 - digits of 65535
        raise ValueError(text)
    return int(text)


def merged(found: Match) -> Match:
    """The same packets in fewer parts: destination ports of like parts in one."""
    several: dict[tuple[bool, frozenset[tuple[Dim, Ranges]]], list[tuple[int, int]]] = {}
    rest: list[Part] = []
    for part in found:
        box = dict(part.box)
        taken = box.pop(Dim.DPORT, None)
        if taken is None:
            rest.append(part)
        else:
            several.setdefault((part.sure, frozenset(box.items())), []).extend(taken.spans)
    joined = [Part({**dict(box), Dim.DPORT: Ranges.of(spans)}, sure) for (sure, box), spans in several.items()]
    return either(tuple(rest), tuple(joined))


class Services:
    """Services by name; ``why`` collects what was not understood of those that were asked for."""

    def __init__(self, scope: Node) -> None:
        self._single = scope.table("firewall service custom").entries
        self._groups = scope.table("firewall service group").entries
        self._known: dict[str, tuple[Match, tuple[str, ...]]] = {}

    def of(self, names: tuple[str, ...]) -> tuple[Match, tuple[str, ...]]:
        """What a list of names means, and what of it the file does not tell."""
        found = [self._one(name, ()) for name in names]
        return _joined(found)

    def _one(self, name: str, within: tuple[str, ...]) -> tuple[Match, tuple[str, ...]]:
        if name not in self._known:
            self._known[name] = self._resolve(name, within)
        return self._known[name]

    def _resolve(self, name: str, within: tuple[str, ...]) -> tuple[Match, tuple[str, ...]]:
        single = self._single.get(name)
        if single is not None:
            return _custom(single)
        group = self._groups.get(name)
        if group is None and name in SERVICES:
            return either(*(_word(word) for word in SERVICES[name])), ()
        if group is None and name not in GROUPS:
            return UNKNOWN, (f"service '{name}' is not defined in the file",)
        line = group.line if group else 1
        if name in within:
            what = f"has service groups that contain each other: {', '.join(within[within.index(name) :])}"
            raise broken(line, what, "Correct the groups on the device, and collect the configuration again.")
        if len(within) >= _GROUPS_DEEP:
            raise broken(line, "has service groups nested too deep", f"At most {_GROUPS_DEEP} levels are read.")
        members = group.values("member") if group else GROUPS[name]
        return _joined([self._one(member, (*within, name)) for member in members])


def _joined(found: list[tuple[Match, tuple[str, ...]]]) -> tuple[Match, tuple[str, ...]]:
    why = tuple(dict.fromkeys(reason for _, reasons in found for reason in reasons))
    return merged(either(*(each for each, _ in found))), why


def _custom(node: Node) -> tuple[Match, tuple[str, ...]]:
    unknown = UNKNOWN, (f"service '{node.name}' is not understood",)
    if node.on("proxy"):
        return UNKNOWN, (f"service '{node.name}' is one of the proxy",)
    try:
        found = _protocol(node)
    except ValueError:
        return unknown
    if not found:
        return unknown
    if any(node.says(key) for key in _NARROWING) or node.value("app-service-type", "disable") != "disable":
        return unsure(found), (f"service '{node.name}' has an address or application of its own",)
    return found, ()


def _protocol(node: Node) -> Match:
    kind = node.value("protocol", "TCP/UDP/SCTP").lower()
    if kind == "ip":
        return _word(f"ip/{node.value('protocol-number', '0')}")
    if kind in _ICMP:
        kinds = f"/{node.value('icmptype')}" if node.value("icmptype") else ""
        return _word(f"{kind}{kinds}", node.value("icmpcode"))
    if not kind.startswith("tcp/udp"):
        raise ValueError(kind)
    words = [
        f"{name}/{word}" for name in _PORTED for value in node.values(f"{name}-portrange") for word in value.split()
    ]
    return either(*(_word(word) for word in words))


def _word(word: str, code: str = "") -> Match:
    kind, slash, rest = word.partition("/")
    if kind == "ip":
        number = _number(rest, 255)
        return match({Dim.PROTO: Ranges.only(number)}) if number else ALWAYS
    if kind in _ICMP:
        box: Box = {Dim.PROTO: Ranges.only(_ICMP[kind])}
        if not slash:
            return match(box)
        first = _number(rest, 255) * 256
        low, high = (_number(code, 255),) * 2 if code else (0, 255)
        return match({**box, Dim.DPORT: Ranges.of([(first + low, first + high)])})
    to, colon, origin = rest.partition(":")
    box = {Dim.PROTO: Ranges.only(_PORTED[kind]), Dim.DPORT: ports(to)}
    if colon and ports(origin).size < 65535:  # noqa: PLR2004 - all ports but 0: what is written for any
        box = {**box, Dim.SPORT: ports(origin)}
    return match(box)
