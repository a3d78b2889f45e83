# SPDX-License-Identifier: Apache-2.0
"""Who may log in to an IOS device, and how: users, enable, AAA, lines, log-in limits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import LINE
from plantproof.parsers.devices.reading import Command, Handler, Reading
from plantproof.parsers.devices.secrets import typed_secret
from plantproof.parsers.settings import Table, integer, snake

__all__ = ["HANDLERS"]

_LINE_KINDS: Final = frozenset({"aux", "con", "console", "tty", "vty"})


def _user(reading: Reading, command: Command) -> bool:
    if not command.on:
        return True
    if not command.words:
        return False
    name, rest = command.words[0], command.after(1)
    users = reading.rows("users")
    user = next((u for u in users if isinstance(u, dict) and u["name"] == name), None)
    if user is None:
        user = {LINE: command.line, "name": name}
        users.append(user)
    options = Command(command.node, rest, on=True)
    if "privilege" in rest:
        level = integer(options.value("privilege") or "")
        if level is None:
            return False
        user["privilege"] = level
    for kind in ("secret", "password"):
        if kind in rest:
            secret = typed_secret(rest[rest.index(kind) + 1 :])
            if secret is None:
                return False
            user |= {"secret_kind": kind, **{f"secret_{key}": value for key, value in secret.items()}}
            return True
    if "nopassword" in rest:
        user["no_password"] = True
    return True


def _enable(reading: Reading, command: Command) -> bool:
    if not command.on:
        return True
    kind = command.words[0] if command.words else ""
    if kind not in {"secret", "password"}:
        return kind == "algorithm-type" or not kind
    rest = command.after(1)
    level = None
    if rest[:1] == ("level",):
        level = integer(rest[1]) if len(rest) > 1 else None
        if level is None:
            return False
        rest = rest[2:]
    secret = typed_secret(rest)
    if secret is None:
        return False
    reading.row("enable", command.line, kind=kind, level=level, **secret)
    return True


def _aaa(reading: Reading, command: Command) -> bool:
    table = reading.table("aaa")
    if command.words == ("new-model",):
        table.put("new_model", command.on, command.line)
        return True
    if not command.words:
        return False
    about = command.words[0]
    if command.on and about in {"authentication", "authorization", "accounting"}:
        return _aaa_list(table, about, command)
    return True


def _aaa_list(table: Table, about: str, command: Command) -> bool:
    rest = command.after(1)
    if about == "authentication" and rest and rest[0] in {"attempts", "banner", "fail-message"}:
        return True
    width = 3 if about != "authentication" and rest[:1] == ("commands",) else 2
    if len(rest) < width:
        return about != "authentication"  # "aaa authorization config-commands" and the like have no list
    row = {LINE: command.line, "service": rest[0], "list": rest[width - 1], "methods": list(rest[width:])}
    if width > 2:  # noqa: PLR2004 -- the level stands between the service and the list's name
        row["level"] = rest[1]
    rows = table.setdefault(about, [])
    if isinstance(rows, list):
        rows.append(row)
    return bool(row["methods"]) or bool(command.node.children)


def _line(reading: Reading, command: Command) -> bool:
    words = command.words
    if len(words) < 2 or words[0] not in _LINE_KINDS:  # noqa: PLR2004 -- kind and first number
        return False
    first, last = integer(words[1]), integer(words[-1])
    if first is None or last is None:
        return False
    row: dict[str, object] = {LINE: command.line, "kind": {"con": "console"}.get(words[0], words[0])}
    row |= {"first": first, "last": last}
    for child in command.node.children:
        if not _line_setting(row, child.words()):
            reading.unparsed.append(child.line)
    reading.rows("lines").append(row)
    return True


def _line_setting(row: dict[str, object], words: list[str]) -> bool:
    on = words[0] != "no"
    words = words if on else words[1:]
    if not words:
        return False
    head, rest = words[0], words[1:]
    if head in {"transport", "access-class", "login", "password", "exec-timeout"}:
        return _LINE_SETTINGS[head](row, rest, on=on)
    if head == "privilege" and rest[:1] == ["level"]:
        level = integer(rest[1]) if len(rest) > 1 else None
        row["privilege_level"] = level
        return level is not None
    if head == "session-timeout":
        row["session_timeout_minutes"] = integer(rest[0]) if on and rest else 0
    elif head in {"exec", "ipv6", "logging", "authorization", "accounting", "history", "length", "stopbits", "speed"}:
        row.update({"exec": on} if head == "exec" else {})
    return True


def _transport(row: dict[str, object], rest: list[str], *, on: bool) -> bool:
    if not rest or (on and len(rest) < 2):  # noqa: PLR2004 -- direction and at least one protocol
        return False
    row[f"transport_{snake(rest[0])}"] = list(rest[1:]) if on else []
    return True


def _access_class(row: dict[str, object], rest: list[str], *, on: bool) -> bool:
    if not on:
        return True
    row["access_class"] = rest[0] if rest else None
    row["access_class_direction"] = next((word for word in rest if word in {"in", "out"}), "in")
    return bool(rest)


def _login(row: dict[str, object], rest: list[str], *, on: bool) -> bool:
    if not on:
        row["login"] = "none"
    elif not rest:
        row["login"] = "password"
    elif rest[0] == "authentication":
        row["login"] = "aaa"
        row["login_list"] = rest[1] if len(rest) > 1 else None
        return len(rest) > 1
    else:
        row["login"] = rest[0]
    return True


def _password(row: dict[str, object], rest: list[str], *, on: bool) -> bool:
    secret = typed_secret(rest)
    if on and secret:
        row.update({f"password_{key}": value for key, value in secret.items()})
    return not on or secret is not None


def _exec_timeout(row: dict[str, object], rest: list[str], *, on: bool) -> bool:
    if not on:
        row["exec_timeout_seconds"] = 0
        return True
    numbers = [integer(word) for word in rest[:2]]
    if not numbers or None in numbers:
        return False
    minutes, seconds = [*numbers, 0][:2]
    row["exec_timeout_seconds"] = (minutes or 0) * 60 + (seconds or 0)
    return True


_LINE_SETTINGS: Final = MappingProxyType(
    {
        "transport": _transport,
        "access-class": _access_class,
        "login": _login,
        "password": _password,
        "exec-timeout": _exec_timeout,
    }
)


def _login_limits(reading: Reading, command: Command) -> bool:
    words, table = command.words, reading.table("login")
    if not command.on:
        return True
    if command.starts("block-for"):
        numbers = [integer(command.value(name) or "") for name in ("block-for", "attempts", "within")]
        if None in numbers:
            return False
        table.put("block_for_seconds", numbers[0], command.line)
        table.put("block_attempts", numbers[1], command.line)
        table.put("block_within_seconds", numbers[2], command.line)
    elif command.starts("quiet-mode", "access-class") and len(words) > 2:  # noqa: PLR2004 -- the list's name
        table.put("quiet_mode_access_class", words[2], command.line)
    elif words and words[0] in {"on-failure", "on-success"}:
        table.put(snake(words[0]), list(words[1:]), command.line)
    elif command.starts("delay"):
        table.put("delay_seconds", integer(command.value("delay") or ""), command.line)
        return table["delay_seconds"] is not None
    return bool(words)


HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {"username": _user, "enable": _enable, "aaa": _aaa, "line": _line, "login": _login_limits}
)
