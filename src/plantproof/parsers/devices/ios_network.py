# SPDX-License-Identifier: Apache-2.0
"""How an IOS device forwards and filters: interfaces, access lists, static routes, spanning tree, snooping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import LINE
from plantproof.parsers.devices.ios_services import ip_service
from plantproof.parsers.devices.reading import Command, Handler, Reading
from plantproof.parsers.settings import Table, integer, snake, typed

__all__ = ["HANDLERS"]

_ACTIONS: Final = frozenset({"permit", "deny"})
_STANDARD: Final = (range(1, 100), range(1300, 2000))


def _entry(words: Sequence[str], line: int) -> dict[str, object] | None:
    """``[SEQ] permit|deny ...`` as a record; None if it is neither that nor a remark."""
    sequence = integer(words[0]) if words else None
    rest = list(words[1:] if sequence is not None else words)
    if not rest or rest[0] not in _ACTIONS:
        return None
    logged = rest[-1] in {"log", "log-input"}
    body = rest[1:-1] if logged else rest[1:]
    if not body:
        return None
    row: dict[str, object] = {LINE: line, "action": rest[0], "match": " ".join(body), "log": logged}
    row["any"] = body == ["any"] or body[-2:] == ["any", "any"]
    return row if sequence is None else row | {"sequence": sequence}


def _access_list(reading: Reading, name: str, kind: str, line: int) -> list[object]:
    """The entries of a list, which is made if it is new."""
    for row in reading.rows("access_lists"):
        if isinstance(row, dict) and row["name"] == name:
            entries = row["entries"]
            return entries if isinstance(entries, list) else []
    entries = []
    reading.row("access_lists", line, name=name, kind=kind, entries=entries)
    return entries


def _numbered(reading: Reading, command: Command) -> bool:
    if not command.words:
        return False
    number, rest = integer(command.words[0]), command.after(1)
    if number is None or not rest:
        return False
    if rest[0] == "remark" or not command.on:
        return True
    kind = "standard" if any(number in span for span in _STANDARD) else "extended"
    entry = _entry(rest, command.line)
    entries = _access_list(reading, command.words[0], kind, command.line)
    if entry:
        entries.append(entry)
    return entry is not None


def _named(reading: Reading, command: Command, family: str) -> bool:
    rest = command.after(1) if family == "ip" else command.words
    kind = rest[0] if family == "ip" and rest else family
    name = rest[-1] if rest else ""
    if not command.on or (family == "ip" and kind not in {"standard", "extended"}):
        return not command.on or bool(rest)  # "ip access-list logging interval" and the like
    if not name or name == kind:
        return False
    entries = _access_list(reading, name, kind, command.line)
    for child in command.node.children:
        words = child.words()
        entry = _entry([word for word in words if not (family == "ipv6" and word == "sequence")], child.line)
        if entry:
            entries.append(entry)
        elif words[0] != "remark" and "remark" not in words[1:2]:
            reading.unparsed.append(child.line)
    return True


def _ip(reading: Reading, command: Command) -> bool:
    words = command.words
    if not words:
        return False
    if words[0] == "access-list":
        return _named(reading, command, "ip")
    if words[0] == "route":
        return _route(reading, command)
    if words[:2] == ("dhcp", "snooping") or words[:2] == ("arp", "inspection"):
        table = reading.table("dhcp_snooping" if words[0] == "dhcp" else "arp_inspection")
        rest = words[2:]
        key, value = ("enabled", command.on) if not rest else (snake(rest[0]), " ".join(rest[1:]) or command.on)
        table.put(key, value, command.line)
    elif words[0] in {"source-route", "routing", "domain-lookup", "finger", "bootp", "gratuitous-arps", "scp"}:
        reading.table("ip").put(snake(" ".join(words)), command.on, command.line)
    elif words[0] in {"default-gateway", "domain-name"} and command.on:
        reading.table("ip").put(snake(words[0]), " ".join(words[1:]), command.line)
    return ip_service(reading, command)


def _route(reading: Reading, command: Command) -> bool:
    rest = list(command.after(1))
    if rest[:1] in (["static"], ["profile"]):
        return True
    vrf = None
    if rest[:1] == ["vrf"] and len(rest) > 1:
        vrf, rest = rest[1], rest[2:]
    if len(rest) < 3:  # noqa: PLR2004 -- network, mask, next hop
        return False
    if command.on:
        reading.row("routes", command.line, network=rest[0], mask=rest[1], next_hop=rest[2], vrf=vrf)
    return True


def _ipv6(reading: Reading, command: Command) -> bool:
    if command.starts("access-list"):
        return _named(reading, Command(command.node, command.after(1), command.on), "ipv6")
    return True


def _interface(reading: Reading, command: Command) -> bool:
    if not command.words:
        return False
    row = Table({LINE: command.line, "name": " ".join(command.words)})
    for child in command.node.children:
        words = child.words()
        on = words[0] != "no"
        words = words if on else words[1:]
        setting = _INTERFACE.get(words[0]) if words else None
        if not words or (setting and not setting(row, words[1:], on, child.line)):
            reading.unparsed.append(child.line)
    reading.rows("interfaces").append(row)
    return True


def _flag(name: str) -> Callable[[Table, Sequence[str], bool, int], bool]:
    def read(row: Table, rest: Sequence[str], on: bool, line: int) -> bool:  # noqa: FBT001 -- a table's common form
        key = snake(" ".join((name, *rest[:1])))
        row.put(key, on if len(rest) < 2 or not on else " ".join(rest[1:]), line)  # noqa: PLR2004 -- word and its value
        return True

    return read


def _text(name: str) -> Callable[[Table, Sequence[str], bool, int], bool]:
    def read(row: Table, rest: Sequence[str], on: bool, line: int) -> bool:  # noqa: FBT001 -- a table's common form
        if on:
            row.put(name, " ".join(rest), line)
        return bool(rest) or not on

    return read


def _shutdown(row: Table, rest: Sequence[str], on: bool, line: int) -> bool:  # noqa: FBT001 -- a table's common form
    row.put("shutdown", on, line)
    return not rest


def _interface_ip(row: Table, rest: Sequence[str], on: bool, line: int) -> bool:  # noqa: FBT001 -- a table's common form
    if not rest:
        return False
    if rest[0] == "address":
        row.put("address", " ".join(rest[1:]) if on else "", line)
        return len(rest) > 1 or not on
    if rest[0] == "access-group":
        direction = rest[-1]
        if on and (len(rest) < 3 or direction not in {"in", "out"}):  # noqa: PLR2004 -- access-group NAME DIRECTION
            return False
        if on:
            row.put(f"access_group_{direction}", rest[1], line)
        return True
    return _flag("ip")(row, rest, on, line)


def _switchport(row: Table, rest: Sequence[str], on: bool, line: int) -> bool:  # noqa: FBT001 -- a table's common form
    if not rest:
        row.put("switchport", on, line)
    elif rest[0] == "mode":
        row.put("mode", " ".join(rest[1:]) if on else "", line)
        return len(rest) > 1 or not on
    elif rest[0] in {"access", "voice"} and rest[1:2] == ["vlan"] and on:
        row.put(f"{rest[0]}_vlan", typed(rest[2]) if len(rest) > 2 else None, line)  # noqa: PLR2004 -- access vlan N
        return len(rest) > 2  # noqa: PLR2004 -- the same
    elif rest[0] == "trunk" and on:
        row.put(snake(" ".join(rest[:2])), typed(" ".join(rest[3:] if rest[2:3] == ["vlan"] else rest[2:])), line)
    elif rest[0] == "port-security":
        key, value = ("port_security", on) if len(rest) == 1 else (snake(" ".join(rest[:2])), _rest(rest[2:], on=on))
        row.put(key, value, line)
    else:
        row.put(snake(rest[0]), on, line)
    return True


def _rest(words: Sequence[str], *, on: bool) -> object:
    return typed(" ".join(words)) if words and on else on


_INTERFACE: Final[Mapping[str, Callable[[Table, Sequence[str], bool, int], bool]]] = MappingProxyType(
    {
        "description": _text("description"),
        "shutdown": _shutdown,
        "ip": _interface_ip,
        "switchport": _switchport,
        "cdp": _flag("cdp"),
        "lldp": _flag("lldp"),
        "spanning-tree": _flag("spanning_tree"),
        "storm-control": _flag("storm_control"),
        "authentication": _flag("authentication"),
        "dot1x": _flag("dot1x"),
        "mab": _flag("mab"),
    }
)


def _spanning_tree(reading: Reading, command: Command) -> bool:
    if not command.words:
        return False
    key = snake(" ".join(command.words[:3]))
    reading.table("spanning_tree").put(key, _rest(command.after(3), on=command.on), command.line)
    return True


def _vlan(reading: Reading, command: Command) -> bool:
    number = integer(command.words[0]) if command.words else None
    if number is not None and command.on:
        name = next(
            (child.text.partition(" ")[2] for child in command.node.children if child.text[:5] == "name "), None
        )
        reading.row("vlans", command.line, id=number, name=name)
    return bool(command.words)


HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "access-list": _numbered,
        "ip": _ip,
        "ipv6": _ipv6,
        "interface": _interface,
        "spanning-tree": _spanning_tree,
        "vlan": _vlan,
    }
)
