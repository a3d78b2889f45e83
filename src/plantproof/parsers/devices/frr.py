# SPDX-License-Identifier: Apache-2.0
"""``frr.config`` and ``frr.version``: FRRouting's running configuration and version, redacted, into facts.

Recorded from real FRR 8.4 (see ``tests/fixtures/devices/README.md``). FRR prints what differs from its
defaults; a setting that is not printed has no key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import Facts
from plantproof.parsers.devices import frr_routing
from plantproof.parsers.devices.answers import facts_of, output_of
from plantproof.parsers.devices.reading import Command, Handler, Reading, run
from plantproof.parsers.devices.secrets import typed_secret
from plantproof.parsers.devices.tree import read_tree
from plantproof.parsers.settings import Table, integer, snake, typed

__all__ = ["parse_config", "parse_version"]

_VERSION: Final = re.compile(r"FRRouting (\S{1,60})(?: \(([^()]{0,200})\))?(?: on (.{1,200}?))?\.?")
_LISTS: Final = (
    *("passwords", "access_lists", "prefix_lists", "routes", "interfaces", "routers", "neighbors", "banners"),
    *("route_maps", "key_chains", "users"),
)


def _named(key: str, width: int = 1) -> Handler:
    """A handler for one word's value after ``width - 1`` further words: ``frr version 8.4.4``."""

    def read(reading: Reading, command: Command) -> bool:
        if len(command.words) < width:
            return False
        if command.on:
            reading.data.put(key, command.words[width - 1], command.line)
        return True

    return read


def _frr(reading: Reading, command: Command) -> bool:
    if len(command.words) > 1 and command.words[0] in {"version", "defaults"}:
        reading.data.put(command.words[0], command.words[1], command.line)
    return len(command.words) > 1


def _password(reading: Reading, command: Command) -> bool:
    rest = command.words
    kind = "enable" if command.node.words()[0] == "enable" else "login"
    if not command.on:
        return True
    if kind == "enable":
        if rest[:1] != ("password",):
            return False
        rest = rest[1:]
    secret = typed_secret(rest)
    if secret is None:
        return False
    reading.row("passwords", command.line, kind=kind, **secret)
    return True


def _service(reading: Reading, command: Command) -> bool:
    if command.words:
        reading.table("services").put(snake(command.words[0]), command.on, command.line)
    return bool(command.words)


def _log(reading: Reading, command: Command) -> bool:
    if not command.words:
        return False
    value: object = command.on
    if command.on and len(command.words) > 1:
        value = typed(" ".join(command.after(1)))
    reading.table("log").put(snake(command.words[0]), value, command.line)
    return True


def _banner(reading: Reading, command: Command) -> bool:
    """``banner motd line TEXT``, ``banner motd file PATH``: FRR keeps a banner in one line, without delimiters."""
    if not command.on or command.words[1:2] == ("default",):
        return True
    kind, how, rest = command.words[:1], command.words[1:2], " ".join(command.after(2))
    if not kind or how not in {("line",), ("file",)} or not rest:
        return False
    text, file = (rest, None) if how == ("line",) else ("", rest)
    reading.row("banners", command.line, kind=kind[0], text=text, file=file)
    return True


def _line(reading: Reading, command: Command) -> bool:
    table = reading.table("vty")
    if command.words[:1] != ("vty",):
        return False
    table.put("configured", value=True, line=command.line)
    for child in command.node.children:
        words = child.words()
        on = words[0] != "no"
        words = words if on else words[1:]
        if words[:1] == ["exec-timeout"]:
            numbers = [integer(word) for word in words[1:3]]
            if not numbers or None in numbers:
                reading.unparsed.append(child.line)
                continue
            minutes, seconds = [*numbers, 0][:2]
            table.put("exec_timeout_seconds", (minutes or 0) * 60 + (seconds or 0), child.line)
        elif words[:1] == ["access-class"] or words[:2] == ["ipv6", "access-class"]:
            table.put(snake(" ".join(words[:-1])), words[-1], child.line)
        elif words[:1] == ["login"]:
            table.put("login", on, child.line)
    return True


def _ip(reading: Reading, command: Command) -> bool:
    words = command.words
    family = command.node.words()[0 if command.on else 1]
    if not words:
        return False
    if words[0] in {"forwarding", "multicast-routing"} or words[:1] == ("nht",):
        reading.table(family).put(snake(" ".join(words)), command.on, command.line)
        return True
    part = {"route": frr_routing.route, "prefix-list": frr_routing.prefix_list}.get(words[0])
    if part:
        return part(reading, command, family)
    if words[0] == "access-list":
        return frr_routing.access_list(reading, Command(command.node, words[1:], command.on))
    return True


HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "frr": _frr,
        "hostname": _named("hostname"),
        "domainname": _named("domainname"),
        "password": _password,
        "enable": _password,
        "service": _service,
        "log": _log,
        "banner": _banner,
        "line": _line,
        "ip": _ip,
        "ipv6": _ip,
        **frr_routing.HANDLERS,
    }
)


def parse_config(text: str) -> Facts:
    """Read ``show running-config`` of vtysh.

    Facts: ``version``, ``defaults``, ``hostname``; records ``passwords`` (kind, type, fingerprint),
    ``access_lists``, ``prefix_lists`` (both with ``entries``), ``routes``, ``interfaces``, ``routers``, ``neighbors``,
    ``route_maps``, ``key_chains``, ``users``, ``banners``; tables ``services``, ``log``, ``vty``, ``ip``, ``ipv6``.
    """
    output = output_of(text, "show running-config")
    tree = read_tree(output.lines)
    reading = Reading()
    for name in _LISTS:
        reading.rows(name)
    for name in ("services", "log", "vty", "ip", "ipv6"):
        reading.table(name)
    run(reading, tree.nodes, HANDLERS)
    found, unparsed = bool(tree.nodes), reading.unparsed
    return facts_of("frr.config/3", reading.data, output, understood=found, unparsed=unparsed, broken=tree.broken)


def parse_version(text: str) -> Facts:
    """Read ``show version`` of vtysh: version, hostname, system."""
    data = Table()
    output = output_of(text, "show version")
    for number, line in output.lines:
        match = _VERSION.fullmatch(line.strip())
        if match:
            data.put_first("version", match[1], number)
            if match[2]:
                data.put_first("hostname", match[2], number)
            if match[3]:
                data.put_first("system", match[3], number)
    return facts_of("frr.version/2", data, output, understood="version" in data)
