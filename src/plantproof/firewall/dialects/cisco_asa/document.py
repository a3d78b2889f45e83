# SPDX-License-Identifier: Apache-2.0
"""A configuration of the ASA, sorted: interfaces, objects, access lists, translations, and what is not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from plantproof.firewall.dialects.cisco.groups import Group, Groups
from plantproof.firewall.dialects.cisco.homes import Way, gateways, toward
from plantproof.firewall.dialects.cisco.names import PROTOCOL_NUMBERS
from plantproof.firewall.dialects.cisco.operands import (
    Operand,
    address,
    host,
    network,
    number,
    ports,
    prefix,
    span,
    with_mask,
)
from plantproof.firewall.dialects.cisco.services import message, protocol, service
from plantproof.firewall.dialects.cisco.text import Block, Line, UnreadError, Words, bad, blocks
from plantproof.firewall.packets import V4, V6
from plantproof.firewall.ranges import Ranges

__all__ = ["Document", "Interface", "read_document"]

_BYTE: Final = Ranges.of([(0, 255)])
_WHY: Final = "a feature that may decide about packets and is not read"
_ELSEWHERE: Final = frozenset(
    {("static",), ("global",), ("conduit",), ("outbound",), ("established",), ("filter",), ("context",), ("zone",)}
    | {("firewall", "transparent"), ("aaa", "authentication", "match"), ("aaa", "authentication", "include")}
    | {("mode", "multiple"), ("cts", "role-based"), ("user-identity", "enable"), ("cluster", "group")}
)
"""Beginnings of lines that may decide about any packet."""
_BENEATH: Final = frozenset(
    {"nameif", "security-level", "network-object", "port-object", "service-object", "group-object"}
)
_TAKEN_BACK: Final = frozenset({("access-list",), ("access-group",), ("nat",), ("object",), ("object-group",)})
_KINDS: Final = {"network": "network", "protocol": "protocol", "icmp-type": "icmp"}


@dataclass(slots=True)
class Interface:
    """One interface with a name (``nameif``)."""

    name: str
    line: Line
    level: int | None = None
    own: int | None = None
    ways: list[Way] = field(default_factory=list)
    shutdown: Line | None = None
    doubts: list[tuple[Line, str]] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """What a configuration says about packets."""

    interfaces: dict[str, Interface] = field(default_factory=dict)
    """By casefolded name."""
    groups: Groups = field(default_factory=Groups)
    lists: dict[str, list[tuple[Line, tuple[str, ...]]]] = field(default_factory=dict)
    bound: dict[tuple[str, str], tuple[Line, str]] = field(default_factory=dict)
    """By way (in, out, global) and casefolded interface the line that binds a list, and the list."""
    doubts: list[tuple[Line, str, str]] = field(default_factory=list)
    """Lines that may decide about the packets of an interface, why, and the interface."""
    gaps: list[tuple[Line, str]] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    nats: list[tuple[Line, str]] = field(default_factory=list)
    """Lines that translate, and the object in which one stands."""
    routes: list[Line] = field(default_factory=list)
    inter: bool = False
    intra: bool = False
    dynamic: bool = False
    six: bool = False
    version: tuple[int, int] | None = None
    ends: bool = False
    lines: int = 0
    last: Line = field(default_factory=lambda: Line(1, ()))

    def own(self) -> dict[str, Ranges]:
        """Addresses of interfaces, where they are known."""
        return {name: Ranges.only(each.own) for name, each in self.interfaces.items() if each.own is not None}

    def ways(self) -> list[Way]:
        """Connected networks and static routes."""
        up = [each for each in self.interfaces.values() if each.shutdown is None]
        connected = [way for each in up for way in each.ways]
        if self.dynamic:
            return connected
        known = gateways(connected)
        routes = []
        for line in self.routes:
            try:
                _, name, base, mask, hop = line.words[:5]
                net = with_mask(self.aliases.get(base, base), mask)
                named = self.interfaces.get(name.casefold())
                if not named and hop:
                    routes.append(Way(net, toward(address(hop), known)))
                else:
                    routes.append(Way(net, named.name if named and named.shutdown is None else ""))
            except (UnreadError, ValueError):
                continue
        return [*connected, *routes]


def read_document(text: str) -> Document:
    """Sort a configuration.

    Raises:
        ContentError: it is none of an ASA, is cut off by a pager, or groups contain each other.
    """
    found = Document()
    for block in blocks(text, lambda _head, _line: False, banners=False):
        found.last = block.body[-1] if block.body else block.head
        _block(found, block)
    if not found.interfaces:
        hint = "Give the whole output of `show running-config`. For IOS the dialect is cisco-ios."
        raise bad("the configuration has no interface with a name (nameif)", 1, hint)
    found.groups.check()
    return found


def _block(found: Document, block: Block) -> None:
    words = block.head.words
    first = words[0]
    if first == "interface":
        _interface(found, block)
    elif first in {"object", "object-group"}:
        found.lines += 1 + len(block.body)
        _object(found, block)
    elif first in {"access-list", "access-group", "nat", "route", "name", "same-security-traffic"}:
        found.lines += 1
        _line(found, block.head)
    elif words[:2] == ("ASA", "Version"):
        found.version = _version(words[2]) if len(words) > 2 else None  # noqa: PLR2004 - two words and the version
    elif words in {(":", "end"), (":end",)} or first.startswith("Cryptochecksum:"):
        found.ends = True
    else:
        _others(found, block)


def _others(found: Document, block: Block) -> None:
    line, words = block.head, block.head.words
    if any(words[:length] in _ELSEWHERE for length in (1, 2, 3)):
        found.gaps.append((line, _WHY))
    elif words[0] in {"crypto", "webvpn"}:
        _vpn(found, block)
    elif words[0] == "policy-map" and words[1:2] != ("type",):
        found.gaps += [(each, _WHY) for each in block.body if each.words[0] in {"police", "sfr", "ips", "cxsc"}]
    elif words[0] == "router":
        found.dynamic = True
    elif words[0] in _BENEATH:
        found.gaps.append((line, "stands outside of its block: the text lost its indentation"))
    elif words[0] == "clear" or (words[0] == "no" and words[1:2] in _TAKEN_BACK):
        found.gaps.append((line, "takes something back that other lines said, which is not carried out"))


def _vpn(found: Document, block: Block) -> None:
    line, words = block.head, block.head.words
    if words[:2] == ("crypto", "map") and len(words) == 5 and words[3] == "interface":  # noqa: PLR2004
        found.doubts.append((line, "IPsec takes packets here, which is not read", words[4]))
    for each in block.body if words == ("webvpn",) else []:
        if each.words[0] == "enable" and len(each.words) > 1:
            found.doubts.append((each, "users come in by VPN here, which is not read", each.words[1]))


def _version(word: str) -> tuple[int, int] | None:
    major, _, rest = word.partition(".")
    minor = rest.partition("(")[0].partition(".")[0]
    try:
        return number(major, 99), number(minor, 99)
    except UnreadError:
        return None


def _line(found: Document, line: Line) -> None:
    words = line.words
    if words[0] == "access-list" and len(words) > 2:  # noqa: PLR2004 - the word, the list, the entry
        if words[2] != "remark":
            rest = words[4:] if words[2] == "line" else words[2:]
            found.lists.setdefault(words[1], []).append((line, rest))
    elif words[0] == "access-group":
        _bind(found, line)
    elif words[0] == "nat":
        found.nats.append((line, ""))
    elif words[0] == "route":
        found.routes.append(line)
    elif words[0] == "name" and len(words) > 2:  # noqa: PLR2004
        found.aliases[words[2]] = words[1]
    elif words[:3] == ("same-security-traffic", "permit", "inter-interface"):
        found.inter = True
    elif words[:3] == ("same-security-traffic", "permit", "intra-interface"):
        found.intra = True


def _bind(found: Document, line: Line) -> None:
    words = line.words
    if words[2:] == ("global",):
        found.bound["global", ""] = (line, words[1])
    elif len(words) >= 5 and words[2] in {"in", "out"} and words[3] == "interface":  # noqa: PLR2004
        if words[5:] == ("control-plane",):
            return
        found.bound[words[2], words[4].casefold()] = (line, words[1])
        if len(words) > 5:  # noqa: PLR2004
            found.doubts.append((line, "users may have lists of their own", words[4]))
    else:
        found.gaps.append((line, "how the list is bound is not understood"))


def _interface(found: Document, block: Block) -> None:
    name = ""
    for line in block.body:
        if line.words[0] == "nameif" and len(line.words) > 1:
            name = line.words[1]
        elif line.words[0] in {"interface", "access-list", "hostname", "object"}:
            found.gaps.append((line, "stands beneath an interface: the text is indented as no device does it"))
    found.lines += 1 + len(block.body)
    for line in block.body:
        if line.words[0] in {"bridge-group", "zone-member"}:
            found.gaps.append((line, _WHY))
    if not name:
        return
    each = found.interfaces.setdefault(name.casefold(), Interface(name, block.head))
    for line in block.body:
        _setting(found, each, line)


def _setting(found: Document, each: Interface, line: Line) -> None:
    words = line.words
    try:
        if words[0] == "security-level":
            each.level = number(words[1], 100)
        elif words[:2] == ("ip", "address"):
            base = found.aliases.get(words[2], words[2])
            each.ways.append(Way(with_mask(base, words[3]), each.name))
            each.own = int(address(base))
        elif words[:2] == ("ipv6", "address") and "/" in words[2]:
            each.ways.append(Way(prefix(words[2]), each.name))
    except (UnreadError, IndexError):
        pass
    if words == ("shutdown",):
        each.shutdown = line
    elif words[0] == "ipv6":
        found.six = True
    elif words[0] in {"policy-route", "management-only"}:
        each.doubts.append((line, _WHY))


def _object(found: Document, block: Block) -> None:
    words = block.head.words
    kind, name = words[1] if len(words) > 1 else "", words[2] if len(words) > 2 else ""  # noqa: PLR2004
    single = words[0] == "object"
    if kind == "service" and len(words) > 3 and not single:  # noqa: PLR2004 - a group of ports
        group = found.groups.add("ports", name, block.head.number)
    elif kind == "service":
        group = found.groups.add("service", name, block.head.number)
    else:
        group = found.groups.add(_KINDS.get(kind, "unknown"), name, block.head.number)
    if group.kind == "unknown":
        group.doubts.append(f"an object of kind {kind!r} is not read")
        return
    for line in block.body:
        try:
            if single and line.words[0] == "nat":
                found.nats.append((line, name))
            else:
                _member(found, group, Words(line.words), line)
        except UnreadError as error:
            group.doubts.append(f"line {line.number}: {error}")


def _member(found: Document, group: Group, words: Words, line: Line) -> None:
    word = words.take()
    if word == "description":
        return
    if word == "group-object" or (word in {"network-object", "service-object"} and words.peek() == "object"):
        words.skip("object")
        _inner(found, group, words.take(), line)
    elif group.kind == "network":
        group.sets.append(_addresses(found, word, words))
    elif group.kind == "service" and word in {"service", "service-object"}:
        group.boxes.append(service(words, bare=True))
        return
    else:
        group.sets.append(_numbers(group, word, words))
    if words.peek():
        raise UnreadError(f"{words.peek()!r} is not understood here")


def _inner(found: Document, group: Group, name: str, line: Line) -> None:
    """A group within; for services the device knows objects that nobody defines."""
    if group.kind == "service" and not found.groups.kind(name) and name in PROTOCOL_NUMBERS:
        group.boxes.append(service(Words((name,)), bare=True))
    else:
        group.names.append((name, line.number))


def _numbers(group: Group, word: str, words: Words) -> Operand:
    if group.kind == "ports" and word == "port-object":
        return Operand(ports(words, several=False))
    if group.kind == "protocol" and word == "protocol-object":
        return Operand(protocol(words.take()) or _BYTE)
    if group.kind == "icmp" and word == "icmp-object":
        said = message(words, Ranges.only(1))
        if said is not None:
            return Operand(said)
    raise UnreadError(f"{word!r} is not understood here")


def _addresses(found: Document, word: str, words: Words) -> Operand:
    if word == "fqdn":
        raise UnreadError("addresses of names are not known")
    if word == "range":
        return span(words.take(), words.take())
    if word in {"network-object", "subnet"}:
        word = words.take()
    if word == "host":
        name = words.take()
        return host(found.aliases.get(name, name))
    if word in {"any", "any4", "any6"}:
        return Operand({"any": V4 | V6, "any4": V4, "any6": V6}[word])
    if "/" in word:
        return network(prefix(word))
    return network(with_mask(found.aliases.get(word, word), words.take()))
