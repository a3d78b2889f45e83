# SPDX-License-Identifier: Apache-2.0
"""What an IOS device runs for others: services, SSH, HTTP, SNMP, NTP, logging, discovery, archive."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import LINE
from plantproof.parsers.devices.reading import Command, Handler, Reading
from plantproof.parsers.devices.secrets import describe, typed_secret
from plantproof.parsers.settings import integer, snake, typed

__all__ = ["HANDLERS", "ip_service"]

_LEVELS: Final = frozenset({"auth", "noauth", "priv"})
_SNMP_VERSIONS: Final = frozenset({"v1", "v2c", "v3"})


def _service(reading: Reading, command: Command) -> bool:
    if not command.words:
        return False
    table = reading.table("services")
    name = snake(command.words[0])
    if name == "timestamps" and len(command.words) > 1:
        table.put(
            f"timestamps_{snake(command.words[1])}", list(command.after(2)) if command.on else False, command.line
        )
    else:
        table.put(name, command.on, command.line)
    return True


def ip_service(reading: Reading, command: Command) -> bool:
    """``ip ssh ...``, ``ip http ...``; other words after ``ip`` are true and nothing."""
    words = command.words
    if command.starts("http"):
        name = snake(words[1]) if len(words) > 1 else ""
        value: object = command.on if len(words) == 2 else " ".join(words[2:])  # noqa: PLR2004 -- "http server" alone
        if name:
            reading.table("http").put(name, value if command.on else False, command.line)
        return bool(name)
    if not command.starts("ssh"):
        return True
    if len(words) < 2:  # noqa: PLR2004 -- "ssh" and a setting
        return False
    table, rest = reading.table("ssh"), words[2:]
    if not rest:
        table.put(snake(words[1]), command.on, command.line)
    elif command.on and words[1] == "version":
        number = integer(rest[0])
        if number is None:
            return False
        table.put("version", number, command.line)
    elif command.on:
        joined = " ".join(rest)
        table.put(snake(words[1]), typed(joined), command.line)
    return True


def _snmp(reading: Reading, command: Command) -> bool:
    if not command.on or not command.words:
        return bool(command.words)
    part = {"community": _community, "group": _group, "host": _trap_host, "user": _snmp_user}.get(command.words[0])
    if part:
        return part(reading, command)
    if command.words[0] in {"location", "contact"}:
        reading.table("snmp").put(command.words[0], " ".join(command.after(1)), command.line)
    elif command.starts("enable", "traps"):
        reading.table("snmp").put("traps", value=True, line=command.line)
    return True


def _snmp_row(reading: Reading, table: str, command: Command, /, **values: object) -> None:
    rows = reading.table("snmp").setdefault(table, [])
    if isinstance(rows, list):
        rows.append({LINE: command.line, **{key: value for key, value in values.items() if value is not None}})


def _community(reading: Reading, command: Command) -> bool:
    rest = list(command.after(1))
    if not rest:
        return False
    secret, rest = describe(rest[0]), rest[1:]
    view = None
    if rest[:1] == ["view"] and len(rest) > 1:
        view, rest = rest[1], rest[2:]
    access = "ro"
    if rest and rest[0].lower() in {"ro", "rw"}:
        access, rest = rest[0].lower(), rest[1:]
    rest = [word for word in rest if word != "ipv6"]
    if len(rest) > 2:  # noqa: PLR2004 -- an IPv4 and an IPv6 list at most
        return False
    _snmp_row(reading, "communities", command, access=access, view=view, acl=rest[0] if rest else None, **secret)
    return True


def _group(reading: Reading, command: Command) -> bool:
    words = command.words
    if len(words) < 3 or words[2] not in _SNMP_VERSIONS:  # noqa: PLR2004 -- group NAME VERSION
        return False
    level = words[3] if len(words) > 3 and words[3] in _LEVELS else None  # noqa: PLR2004 -- the level follows v3
    if words[2] == "v3" and level is None:
        return False
    _snmp_row(reading, "groups", command, name=words[1], version=words[2], level=level, acl=command.value("access"))
    return True


def _trap_host(reading: Reading, command: Command) -> bool:
    words = command.words
    if len(words) < 3:  # noqa: PLR2004 -- host ADDRESS and a community or user at least
        return False
    version = command.value("version") or "1"
    level = next((word for word in words[2:] if word in _LEVELS), None)
    if version not in {"1", "2c", "3"} or (version == "3" and level is None):
        return False
    _snmp_row(reading, "hosts", command, address=words[1], version=f"v{version}", level=level)
    return True


def _snmp_user(reading: Reading, command: Command) -> bool:
    words = command.words
    version = next((word for word in words[2:] if word in _SNMP_VERSIONS), None)
    if len(words) < 3 or version is None:  # noqa: PLR2004 -- user NAME GROUP
        return False
    priv = command.after(words.index("priv") + 1) if "priv" in words else ()
    cipher = "-".join(priv[:2]) if priv[:1] == ("aes",) else (priv[0] if priv else None)
    _snmp_row(
        reading,
        "users",
        command,
        name=words[1],
        group=words[2],
        version=version,
        auth=command.value("auth"),
        priv=cipher,
    )
    return True


def _ntp(reading: Reading, command: Command) -> bool:
    table, words = reading.table("ntp"), command.words
    if not words:
        return False
    if words[0] in {"server", "peer"}:
        rest = [word for word in words[1:] if word not in {"ip", "ipv6"}]
        if rest[:1] == ["vrf"]:
            rest = rest[2:]
        if not rest:
            return False
        if command.on:
            row = {LINE: command.line, "address": rest[0], "role": words[0], "prefer": "prefer" in rest}
            key = integer(command.value("key") or "")
            rows = table.setdefault("servers", [])
            if isinstance(rows, list):
                rows.append(row if key is None else row | {"key": key})
        return True
    if words[0] == "trusted-key":
        table.append("trusted_keys", typed(words[1]) if len(words) > 1 else None, command.line)
        return len(words) > 1
    if words[0] == "authentication-key":
        return _ntp_key(reading, command)
    table.put(snake(words[0]), " ".join(words[1:]) or command.on, command.line)
    return True


def _ntp_key(reading: Reading, command: Command) -> bool:
    words = command.words
    if len(words) < 4:  # noqa: PLR2004 -- authentication-key ID ALGORITHM SECRET
        return False
    rows = reading.table("ntp").setdefault("keys", [])
    if isinstance(rows, list):
        rows.append({LINE: command.line, "id": typed(words[1]), "algorithm": words[2], **describe(words[3])})
    return True


def _logging(reading: Reading, command: Command) -> bool:
    table, words = reading.table("logging"), command.words
    if not words:
        return False
    if words[0] == "host" or _is_address(words[0]):
        rest = list(words[1:]) if words[0] == "host" else list(words)
        rest = rest[1:] if rest[:1] == ["ipv6"] else rest
        if not rest:
            return False
        rows = table.setdefault("hosts", [])
        if command.on and isinstance(rows, list):
            transport = next((word for word in rest if word in {"udp", "tcp", "tls"}), None)
            rows.append({LINE: command.line, "address": rest[0]} | ({"transport": transport} if transport else {}))
        return True
    name = snake(words[0])
    values = [typed(word) for word in words[1:]]
    value: object = command.on if not values or not command.on else values[0] if len(values) == 1 else values
    table.put(name, value, command.line)
    return True


def _is_address(word: str) -> bool:
    return word.count(".") == 3 and word.replace(".", "").isdigit()  # noqa: PLR2004 -- dotted quad


def _switch(table: str) -> Handler:
    """A handler for words that are only on or off: ``cdp run``, ``no lldp run``."""

    def read(reading: Reading, command: Command) -> bool:
        if not command.words:
            return False
        value: object = " ".join(command.after(1)) if command.on and len(command.words) > 1 else command.on
        reading.table(table).put(snake(command.words[0]), value, command.line)
        return True

    return read


def _archive(reading: Reading, command: Command) -> bool:
    table = reading.table("archive")
    table.put("configured", command.on, command.line)
    for child in command.node.children:
        words = child.words()
        if words[0] in {"path", "maximum", "time-period"} and len(words) > 1:
            table.put(snake(words[0]), typed(" ".join(words[1:])), child.line)
        elif words[0] == "write-memory":
            table.put("write_memory", value=True, line=child.line)
        elif words[:2] == ["log", "config"]:
            table.put("log_config", [below.text for below in child.children], child.line)
    return True


def _server(reading: Reading, command: Command) -> bool:
    """``radius server NAME`` / ``tacacs server NAME`` blocks, and the older ``tacacs-server host ADDRESS``."""
    kind = command.node.words()[0 if command.on else 1].removesuffix("-server")
    if command.starts("server") and len(command.words) > 1:
        row: dict[str, object] = {LINE: command.line, "kind": kind, "name": command.words[1]}
        for child in command.node.children:
            words = child.words()
            if words[0] == "address":
                row["address"] = words[-1] if len(words) < 4 else words[2]  # noqa: PLR2004 -- address ipv4 A auth-port N
            elif words[0] == "key":
                row |= {f"key_{name}": value for name, value in (typed_secret(words[1:]) or {}).items()}
        reading.rows("aaa_servers").append(row)
    elif command.starts("host") and len(command.words) > 1:
        reading.row("aaa_servers", command.line, kind=kind, address=command.words[1])
    return bool(command.words)


HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "service": _service,
        "snmp-server": _snmp,
        "ntp": _ntp,
        "logging": _logging,
        "cdp": _switch("cdp"),
        "lldp": _switch("lldp"),
        "dot1x": _switch("dot1x"),
        "vtp": _switch("vtp"),
        "archive": _archive,
        "radius": _server,
        "tacacs": _server,
        "tacacs-server": _server,
        "radius-server": _server,
    }
)
