# SPDX-License-Identifier: Apache-2.0
"""FRR's routing and filters: routes, lists, interfaces, and which routing neighbours are authenticated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import LINE
from plantproof.parsers.devices.reading import Command, Handler, Reading
from plantproof.parsers.devices.secrets import describe
from plantproof.parsers.devices.tree import Node
from plantproof.parsers.settings import Table, integer, snake, typed

__all__ = ["HANDLERS", "access_list", "prefix_list", "route"]

_ACTIONS: Final = frozenset({"permit", "deny"})
_PROTOCOLS: Final = frozenset({"ospf", "ospf6", "rip", "ripng", "isis", "eigrp", "bgp"})


def route(reading: Reading, command: Command, family: str) -> bool:
    """``ip route NETWORK [MASK] NEXTHOP ...``."""
    rest = list(command.after(1))
    if len(rest) > 1 and "/" not in rest[0]:
        rest = [f"{rest[0]} {rest[1]}", *rest[2:]]
    if len(rest) < 2:  # noqa: PLR2004 -- a network and a next hop
        return False
    if command.on:
        reading.row("routes", command.line, family=family, network=rest[0], next_hop=rest[1])
    return True


def _entries(reading: Reading, table: str, name: str, family: str, line: int) -> list[object]:
    for row in reading.rows(table):
        if isinstance(row, dict) and row["name"] == name and row["family"] == family:
            entries = row["entries"]
            return entries if isinstance(entries, list) else []
    entries = []
    reading.row(table, line, name=name, family=family, entries=entries)
    return entries


def _entry(rest: Sequence[str], line: int) -> dict[str, object] | None:
    words = list(rest)
    sequence = None
    if words[:1] == ["seq"] and len(words) > 1:
        sequence, words = integer(words[1]), words[2:]
        if sequence is None:
            return None
    if len(words) < 2 or words[0] not in _ACTIONS:  # noqa: PLR2004 -- an action and what it matches
        return None
    row: dict[str, object] = {LINE: line, "action": words[0], "match": " ".join(words[1:])}
    row["any"] = words[1:] in (["any"], ["any", "any"], ["ip", "any", "any"])
    return row if sequence is None else row | {"sequence": sequence}


def access_list(reading: Reading, command: Command) -> bool:
    """``access-list NAME [seq N] permit|deny ...`` of IPv4 and IPv6."""
    first = command.node.words()[0 if command.on else 1]
    return _listed(reading, "access_lists", command, first if first == "ipv6" else "ip", command.words)


def prefix_list(reading: Reading, command: Command, family: str) -> bool:
    """``ip prefix-list NAME [seq N] permit|deny PREFIX ...``."""
    return _listed(reading, "prefix_lists", command, family, command.after(1))


def _listed(reading: Reading, table: str, command: Command, family: str, words: Sequence[str]) -> bool:
    if len(words) < 2:  # noqa: PLR2004 -- a name and what follows it
        return False
    if not command.on or words[1] in {"remark", "description"}:
        return True
    entry = _entry(words[1:], command.line)
    if entry:
        _entries(reading, table, words[0], family, command.line).append(entry)
    return entry is not None


def _interface(reading: Reading, command: Command) -> bool:
    if not command.words:
        return False
    row = Table({LINE: command.line, "name": command.words[0], "addresses": []})
    for child in command.node.children:
        if not _interface_setting(row, child):
            reading.unparsed.append(child.line)
    reading.rows("interfaces").append(row)
    return True


def _interface_setting(row: Table, child: Node) -> bool:
    words = child.words()
    on = words[0] != "no"
    words = words if on else words[1:]
    if not words:
        return False
    if words[0] in {"ip", "ipv6", "isis"}:
        return _interface_protocol(row, words, child.line, on=on)
    if words[0] == "description":
        row.put("description", " ".join(words[1:]), child.line)
    elif words[0] == "shutdown":
        row.put("shutdown", on, child.line)
    return True


def _interface_protocol(row: Table, words: Sequence[str], line: int, *, on: bool) -> bool:
    if words[1:2] == ["address"] and on:
        addresses = row["addresses"]
        if len(words) > 2 and isinstance(addresses, list):  # noqa: PLR2004 -- ip address A/N
            addresses.append(words[2])
        return len(words) > 2  # noqa: PLR2004 -- the same
    at = 0 if words[0] == "isis" else 1
    protocol = words[at] if len(words) > at else ""
    rest = words[at + 1 :]
    if protocol not in _PROTOCOLS or not on:
        return bool(protocol)
    if rest[:1] == ["authentication"]:
        row.put(f"{protocol}_authentication", _authentication(rest[1:]), line)
    elif rest[:1] == ["message-digest-key"]:
        if len(rest) < 4:  # noqa: PLR2004 -- message-digest-key ID md5 KEY
            return False
        row.append(f"{protocol}_keys", {"id": typed(rest[1]), "algorithm": rest[2], **describe(rest[3])}, line)
    elif rest[:1] == ["authentication-key"]:
        row.put(f"{protocol}_authentication", row.get(f"{protocol}_authentication", "simple"), line)
    elif rest[:1] == ["password"]:
        row.put(f"{protocol}_authentication", "md5" if rest[1:2] == ["md5"] else "simple", line)
    elif protocol in {"ospf", "ospf6"} and rest[:1] == ["area"]:
        row.put(f"{protocol}_area", " ".join(rest[1:]), line)
    return True


def _authentication(rest: Sequence[str]) -> str:
    """The method: ``message-digest``, ``md5``, ``null``, ``key-chain``..., ``simple`` where none is said."""
    words = [word for word in rest if word not in {"mode", "auth-length", "old-ripd", "rfc"}]
    return words[0] if words else "simple"


def _router(reading: Reading, command: Command) -> bool:
    if not command.words or not command.on:
        return not command.on
    protocol = command.words[0]
    row = Table({LINE: command.line, "protocol": protocol, "instance": " ".join(command.after(1))})
    neighbors: dict[str, Table] = {}
    for child in _flat(command.node.children):
        words = child.words()
        on = words[0] != "no"
        words = words if on else words[1:]
        if protocol == "bgp" and words[:1] == ["neighbor"]:
            if not _neighbor(neighbors, words[1:], child.line, on=on):
                reading.unparsed.append(child.line)
        elif not _router_setting(row, words, child.line, on=on):
            reading.unparsed.append(child.line)
    reading.rows("routers").append(row)
    reading.rows("neighbors").extend(neighbors.values())
    return True


def _flat(nodes: Sequence[Node]) -> list[Node]:
    """Commands of a router block and of its address families, which use the same neighbours."""
    found: list[Node] = []
    for node in nodes:
        found.append(node)
        if node.words()[0] == "address-family":
            found += node.children
    return found


def _router_setting(row: Table, words: Sequence[str], line: int, *, on: bool) -> bool:
    if not words:
        return False
    head = words[0]
    if head == "area" and "authentication" in words[2:3]:
        row.append("area_authentication", {"area": words[1], "method": _authentication(words[3:])}, line)
    elif head in {"redistribute", "network", "passive-interface"}:
        if len(words) < 2:  # noqa: PLR2004 -- the word and its value
            return False
        if on:
            row.append(snake(head), " ".join(words[1:]), line)
    elif head in {"area-password", "domain-password"}:
        row.put(snake(head), words[1] if len(words) > 1 else "", line)
    elif head == "bgp" and len(words) > 1:
        row.put(snake(words[1]), " ".join(words[2:]) or on if on else False, line)
    return True


_NEIGHBOR: Final = MappingProxyType(
    {
        "remote-as": "remote_as",
        "peer-group": "peer_group",
        "description": "description",
        "maximum-prefix": "maximum_prefix",
        "ebgp-multihop": "ebgp_multihop",
        "update-source": "update_source",
    }
)


def _neighbor(neighbors: dict[str, Table], words: Sequence[str], line: int, *, on: bool) -> bool:
    if len(words) < 2:  # noqa: PLR2004 -- who and what
        return False
    name, what, rest = words[0], words[1], words[2:]
    row = neighbors.setdefault(name, Table({LINE: line, "name": name, "password": False}))
    if what == "password":
        if on and not rest:
            return False
        row.put("password", on, line)
        row.update({f"password_{key}": value for key, value in (describe(rest[0]) if rest else {}).items()})
    elif what in _NEIGHBOR:
        if on:
            row.put(_NEIGHBOR[what], typed(" ".join(rest)) if rest else True, line)
    elif what == "ttl-security":
        row.put("ttl_security_hops", integer(rest[-1]) if rest else None, line)
    elif what == "shutdown":
        row.put("shutdown", on, line)
    elif what in {"prefix-list", "route-map", "filter-list", "distribute-list"}:
        if len(rest) < 2:  # noqa: PLR2004 -- a list and a direction
            return False
        row.put(f"{snake(what)}_{rest[-1]}", rest[0], line)
    return True


def _route_map(reading: Reading, command: Command) -> bool:
    words = command.words
    if len(words) < 3:  # noqa: PLR2004 -- NAME ACTION SEQUENCE
        return False
    reading.row(
        "route_maps",
        command.line,
        name=words[0],
        action=words[1],
        sequence=typed(words[2]),
        matches=[child.text for child in command.node.children if child.text.startswith("match ")],
    )
    return True


def _key(reading: Reading, command: Command) -> bool:
    if not command.starts("chain"):
        return True
    if len(command.words) < 2:  # noqa: PLR2004 -- key chain NAME
        return False
    keys: list[object] = []
    for child in command.node.children:
        words = child.words()
        if words[0] != "key":
            continue
        algorithm = next((c.text.partition(" ")[2] for c in child.children if c.text.startswith("crypto")), None)
        secret = next((c.words()[-1] for c in child.children if c.text.startswith("key-string ")), "")
        row: dict[str, object] = {LINE: child.line, "id": typed(words[-1]), **describe(secret)}
        keys.append(row | ({"algorithm": algorithm} if algorithm else {}))
    reading.row("key_chains", command.line, name=command.words[1], keys=keys)
    return True


def _username(reading: Reading, command: Command) -> bool:
    if command.words and command.on:
        reading.row("users", command.line, name=command.words[0], no_password="nopassword" in command.words)
    return bool(command.words)


HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "access-list": access_list,
        "interface": _interface,
        "router": _router,
        "route-map": _route_map,
        "key": _key,
        "username": _username,
    }
)
