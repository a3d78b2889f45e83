# SPDX-License-Identifier: Apache-2.0
"""``cisco_ios.config``: a Cisco IOS running configuration, redacted, into facts.

Written from Cisco's public command references and checked against text that was written by hand: never against a real
device (see ``tests/fixtures/devices/README.md``). A setting that the configuration does not print has no
key: IOS prints what differs from its defaults, and which default holds depends on the release.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.devices import ios_access, ios_network, ios_services
from plantproof.parsers.devices.answers import facts_of, output_of
from plantproof.parsers.devices.reading import Command, Handler, Reading, run
from plantproof.parsers.devices.tree import read_tree

__all__ = ["PARSER", "parse_config"]

PARSER: Final = "cisco_ios.config/3"


def _hostname(reading: Reading, command: Command) -> bool:
    if command.words and command.on:
        reading.data.put("hostname", command.words[0], command.line)
    return bool(command.words)


def _version(reading: Reading, command: Command) -> bool:
    if command.words:
        reading.data.put("version", command.words[0], command.line)
    return bool(command.words)


HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "hostname": _hostname,
        "version": _version,
        **ios_access.HANDLERS,
        **ios_services.HANDLERS,
        **ios_network.HANDLERS,
    }
)


def parse_config(text: str) -> Facts:
    """Read a running configuration.

    Facts: ``hostname``, ``version``; records ``users``, ``enable``, ``lines``, ``access_lists`` (with
    ``entries``), ``interfaces``, ``routes``, ``vlans``, ``banners``, ``aaa_servers``; tables ``services``, ``aaa``,
    ``ssh``, ``http``, ``snmp``, ``ntp``, ``logging``, ``login``, ``cdp``, ``lldp``, ``archive``, ``ip``,
    ``spanning_tree``, ``dhcp_snooping``, ``arp_inspection``, ``dot1x``, ``vtp``. Records are there even when empty.
    """
    output = output_of(text, "show running-config")
    tree = read_tree(output.lines, banners=True)
    reading = Reading()
    for name in ("users", "enable", "lines", "access_lists", "interfaces", "routes", "vlans", "banners", "aaa_servers"):
        reading.rows(name)
    for table, lists in _LISTS.items():
        for name in lists:
            reading.table(table)[name] = []
    for name in _TABLES:
        reading.table(name)
    for banner in tree.banners:
        reading.rows("banners").append({LINE: banner.line, "kind": banner.kind, "text": banner.text})
    run(reading, tree.nodes, HANDLERS)
    found, unparsed = bool(tree.nodes), reading.unparsed
    return facts_of(PARSER, reading.data, output, understood=found, unparsed=unparsed, broken=tree.broken)


_LISTS: Final = MappingProxyType(
    {
        "aaa": ("authentication", "authorization", "accounting"),
        "snmp": ("communities", "users", "groups", "hosts"),
        "ntp": ("servers", "keys"),
        "logging": ("hosts",),
    }
)
_TABLES: Final = ("services", "ssh", "http", "login", "cdp", "lldp", "archive", "ip", "spanning_tree", "dot1x", "vtp")
