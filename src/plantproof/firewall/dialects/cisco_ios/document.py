# SPDX-License-Identifier: Apache-2.0
"""A configuration of IOS, sorted: interfaces, lists, groups, zones, translations, routes, and what is not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from plantproof.firewall.dialects.cisco.groups import Group, Groups
from plantproof.firewall.dialects.cisco.homes import Network, Way, gateways, toward
from plantproof.firewall.dialects.cisco.operands import Operand, address, host, network, prefix, span, with_mask
from plantproof.firewall.dialects.cisco.services import service
from plantproof.firewall.dialects.cisco.text import Block, Line, UnreadError, Words, bad, blocks
from plantproof.firewall.dialects.cisco_ios.interfaces import Interface, read_interface
from plantproof.firewall.dialects.cisco_ios.lists import AccessList
from plantproof.firewall.dialects.cisco_ios.translation import Translations
from plantproof.firewall.dialects.cisco_ios.zones import Zones
from plantproof.firewall.packets import V4, V6

__all__ = ["Document", "read_document"]

_ENTRY: Final = frozenset({"permit", "deny", "evaluate", "remark", "sequence", "dynamic"})
_STRAY: Final = _ENTRY | {"zone-member", "shutdown", "switchport", "service-policy"}
_STRAYS: Final = frozenset({("ip", "access-group"), ("ip", "address"), ("ipv6", "traffic-filter"), ("ipv6", "address")})
_ELSEWHERE: Final = {
    ("vlan", "filter"): "a VLAN map, which is not read",
    ("vlan", "access-map"): "a VLAN map, which is not read",
    ("no", "ip", "routing"): "the device does not route",
    ("cts", "role-based"): "security groups, which are not read",
    ("ip", "access-list", "role-based"): "security groups, which are not read",
}
"""Beginnings of lines that may decide about any packet."""
_STANDARD: Final = ((1, 99), (1300, 1999))
_EXTENDED: Final = ((100, 199), (2000, 2699))
_DYNAMIC: Final = frozenset({"bgp", "eigrp", "isis", "ospf", "rip", "ospfv3", "odr", "mobile", "lisp"})


@dataclass(slots=True)
class Document:
    """What a configuration says about packets."""

    interfaces: dict[str, Interface] = field(default_factory=dict)
    """By casefolded name."""
    lists: dict[str, AccessList] = field(default_factory=dict)
    six: dict[str, AccessList] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)
    zones: Zones = field(default_factory=Zones)
    translations: Translations = field(default_factory=Translations)
    gaps: list[tuple[Line, str]] = field(default_factory=list)
    routes: list[Line] = field(default_factory=list)
    dynamic: bool = False
    """Routes are learned too."""
    forwards_six: bool = False
    ends: bool = False
    lines: int = 0
    last: Line = field(default_factory=lambda: Line(1, ()))

    def ways(self) -> list[Way]:
        """Connected networks and static routes of the main table."""
        up = [each for each in self.interfaces.values() if each.shutdown is None]
        connected = [way for each in up if not each.table for way in each.connected]
        elsewhere = [Way(way.network, "") for each in up if each.table for way in each.connected]
        if self.dynamic:
            return [*connected, *elsewhere]
        known = gateways(connected)
        return [*connected, *elsewhere, *(way for line in self.routes if (way := self._route(line, known)))]

    def _route(self, line: Line, known: Mapping[Network, str]) -> Way | None:
        words = line.words[2:]
        try:
            net: Network = prefix(words[0]) if line.words[0] == "ipv6" else with_mask(words[0], words[1])
            hop = words[1] if line.words[0] == "ipv6" else words[2]
        except (UnreadError, IndexError):
            return None
        named = self.interfaces.get(hop.casefold())
        if named is not None:
            return Way(net, named.name if named.shutdown is None else "")
        try:
            return Way(net, toward(address(hop), known))
        except UnreadError:
            return Way(net, "")


def read_document(text: str) -> Document:
    """Sort a configuration.

    Raises:
        ContentError: it is none of IOS, or is cut off by a pager.
    """
    found = Document()
    reader = _Reader(found)
    for block in blocks(text, _belongs, banners=True):
        found.last = block.body[-1] if block.body else block.head
        if found.ends and "#" not in block.head.words[0]:
            found.ends = False  # something comes behind the end
        reader.block(block)
    if not found.interfaces:
        hint = "Give the whole output of `show running-config`. For an ASA the dialect is cisco-asa."
        raise bad("the configuration has no interfaces", 1, hint)
    found.groups.check()
    return found


def _belongs(head: Line, line: Line) -> bool:
    first = line.words[0]
    in_list = head.starts("ip", "access-list") or head.starts("ipv6", "access-list")
    return in_list and (first in _ENTRY or (first.isascii() and first.isdigit()))


class _Reader:
    def __init__(self, found: Document) -> None:
        self._found = found

    def block(self, block: Block) -> None:
        found, words = self._found, block.head.words
        first = words[0]
        if first == "interface":
            read_interface(block, found.interfaces)
        elif first in {"access-list", "ip", "ipv6", "object-group"}:
            self._named(block)
        elif first in {"zone", "zone-pair", "class-map", "policy-map"}:
            self._zone(block)
        elif first == "router":
            found.dynamic = found.dynamic or words[1:2] == () or words[1] in _DYNAMIC
        elif first == "no":
            self._no(block.head)
        elif words == ("end",):
            found.ends = True
        elif words[:2] == ("ASA", "Version"):
            raise bad("this is the configuration of an ASA", block.head.number, "Give the dialect cisco-asa.")
        elif first in _STRAY or words[:2] in _STRAYS or first[:1].isdigit():
            found.gaps.append((block.head, "stands outside of an interface or a list: the text lost its indentation"))
        self._elsewhere(block.head)

    def _zone(self, block: Block) -> None:
        zones, words = self._found.zones, block.head.words
        if words[0] == "zone-pair":
            zones.pair(block)
        elif words[0] == "class-map":
            zones.class_map(block)
        elif words[0] == "policy-map":
            zones.policy_map(block)
        elif len(words) == 3 and words[1] == "security":  # noqa: PLR2004 - two words and the name
            zones.names[words[2]] = block.head

    def _elsewhere(self, line: Line) -> None:
        for length in (2, 3):
            why = _ELSEWHERE.get(line.words[:length])
            if why:
                self._found.gaps.append((line, why))

    def _named(self, block: Block) -> None:
        found, words = self._found, block.head.words
        if words[0] == "access-list":
            self._numbered(block.head)
        elif words[0] == "object-group":
            found.lines += 1 + len(block.body)
            _group(found.groups, block)
        elif words[:2] in {("ip", "access-list"), ("ipv6", "access-list")}:
            self._list(block)
        elif words[:2] == ("ip", "nat"):
            found.lines += 1
            found.translations.add(block.head, block.body)
        elif words[:2] in {("ip", "route"), ("ipv6", "route")}:
            found.lines += 1
            if words[2:3] != ("vrf",):
                found.routes.append(block.head)
        elif words[:2] == ("ipv6", "unicast-routing"):
            found.forwards_six = True
        elif words[:2] in _STRAYS:
            found.gaps.append((block.head, "stands outside of an interface: the text lost its indentation"))

    def _numbered(self, line: Line) -> None:
        words = line.words
        kind = _kind(words[1]) if len(words) > 1 else ""
        if not kind:
            return  # lists of hardware addresses, or other protocols
        self._found.lines += 1
        owner = self._found.lists.setdefault(words[1], AccessList(words[1], kind, line.number))
        if len(words) > 2:  # noqa: PLR2004 - the word, the number, the entry
            owner.add(line, words[2:])

    def _list(self, block: Block) -> None:
        words = block.head.words
        if words[0] == "ipv6":
            name, kind, lists = words[-1], "ipv6", self._found.six
            read = len(words) == 3 and words[2] not in {"log-update", "resequence"}  # noqa: PLR2004
        else:
            name, kind, lists = words[-1], words[2] if len(words) > 2 else "", self._found.lists  # noqa: PLR2004
            read = kind in {"standard", "extended"} and len(words) == 4  # noqa: PLR2004
        if not read:
            return
        self._found.lines += 1 + len(block.body)
        owner = lists.setdefault(name, AccessList(name, kind, block.head.number))
        if owner.kind != kind:
            owner.doubt = owner.doubt or (block.head, f"it is also a list of kind {owner.kind}")
        for line in block.body:
            owner.add(line, line.words)

    def _no(self, line: Line) -> None:
        """In a script, a line that takes lists away."""
        words = line.words[1:]
        if words[:1] == ("access-list",) and len(words) == 2:  # noqa: PLR2004 - the whole list
            self._found.lists.pop(words[1], None)
        elif words[:2] == ("ip", "access-list") and len(words) == 4:  # noqa: PLR2004
            self._found.lists.pop(words[3], None)
        elif words[:2] == ("ipv6", "access-list") and len(words) == 3:  # noqa: PLR2004
            self._found.six.pop(words[2], None)
        elif words[0:1] in {("access-list",), ("object-group",), ("zone-pair",), ("zone",)} or words[:2] in {
            ("ip", "access-list"),
            ("ip", "nat"),
        }:
            self._found.gaps.append((line, "takes something back that other lines said, which is not carried out"))


def _kind(name: str) -> str:
    value = int(name) if name.isascii() and name.isdigit() and len(name) < 6 else 0  # noqa: PLR2004
    if any(first <= value <= last for first, last in _STANDARD):
        return "standard"
    return "extended" if any(first <= value <= last for first, last in _EXTENDED) else ""


def _group(groups: Groups, block: Block) -> None:
    words = block.head.words
    kind = {"network": "network", "v6-network": "network", "service": "service"}.get(words[1] if len(words) > 1 else "")
    group = groups.add(kind or "unknown", words[2] if len(words) > 2 else "", block.head.number)  # noqa: PLR2004
    if kind is None or group.kind != kind or len(words) != 3:  # noqa: PLR2004
        group.doubts.append(f"an object group of this form is not read: {block.head.text}")
        return
    for line in block.body:
        try:
            _member(group, Words(line.words), line)
        except UnreadError as error:
            group.doubts.append(f"line {line.number}: {error}")


def _member(group: Group, words: Words, line: Line) -> None:
    if words.peek() in {"description", "exit"}:
        return
    if words.skip("group-object"):
        group.names.append((words.take(), line.number))
    elif group.kind == "service":
        group.boxes.append(service(words, bare=True))
    else:
        group.sets.append(_addresses(words))
    if words.peek():
        raise UnreadError(f"{words.peek()!r} is not understood here")


def _addresses(words: Words) -> Operand:
    words.skip("network-object")
    word = words.take()
    if word == "any":
        return Operand(V4 | V6)
    if word == "host":
        return host(words.take())
    if word == "range":
        return span(words.take(), words.take())
    if "/" in word:
        return network(prefix(word))
    return network(with_mask(word, words.take()))
