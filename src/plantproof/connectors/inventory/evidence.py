# SPDX-License-Identifier: Apache-2.0
"""Which facts of evidence tell addresses: those that an asset has itself, and those of others that it had answers from.

What a configuration only names (a log host, a neighbour, a next hop) was not seen, and is left out. No collector reads
neighbour tables (ARP, LLDP, CDP), so no MAC address is known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from plantproof.core.facts import LINE, LINES, Facts
from plantproof.core.inventory import parse_address
from plantproof.core.observed.flow import Address

__all__ = ["KINDS", "Told", "addresses_in"]

_ANSWERED: Final = frozenset({"selected", "candidate", "outlier", "false-ticker", "variable", "backup"})
"""States of a time source that it can only have by answering."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One address that a line of evidence tells."""

    address: Address
    own: bool
    """The asset has it; False: another host, which answered."""
    line: int


def addresses_in(facts: Facts) -> Iterator[Told]:
    """The addresses that one item's facts tell; of a kind that tells none, nothing."""
    reader = _READERS.get(facts.kind)
    for text, own, line in reader(facts.data) if reader else ():
        address = parse_address(text)
        if address is not None:
            yield Told(address=address, own=own, line=line)


_Texts = Iterator[tuple[str, bool, int]]


def _listeners(data: Mapping[str, Any]) -> _Texts:
    for socket in _rows(data, "sockets"):
        if not socket.get("wildcard") and not socket.get("loopback"):
            yield str(socket.get("address", "")), True, _line(socket)


def _time(data: Mapping[str, Any]) -> _Texts:
    for source in _rows(data, "sources"):
        if source.get("state") in _ANSWERED:
            yield str(source.get("address", "")), False, _line(source)


def _ios(data: Mapping[str, Any]) -> _Texts:
    for interface in _rows(data, "interfaces"):
        if not interface.get("shutdown"):
            yield str(interface.get("address", "")).partition(" ")[0], True, _line(interface, "address")


def _frr(data: Mapping[str, Any]) -> _Texts:
    for interface in _rows(data, "interfaces"):
        addresses = interface.get("addresses")
        if not interface.get("shutdown") and isinstance(addresses, list):
            for address in addresses:
                yield str(address), True, _line(interface)


def _opcua(data: Mapping[str, Any]) -> _Texts:
    for endpoint in _rows(data, "endpoints"):
        try:
            host = urlsplit(str(endpoint.get("url", ""))).hostname
        except ValueError:
            continue
        yield host or "", True, _line(endpoint)


def _rows(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = data.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _line(row: Mapping[str, Any], key: str = "") -> int:
    lines = row.get(LINES)
    line = lines.get(key, row.get(LINE)) if isinstance(lines, Mapping) else row.get(LINE)
    return line if isinstance(line, int) else 1


_READERS: Final = {
    "linux.listeners": _listeners,
    "linux.time": _time,
    "cisco_ios.config": _ios,
    "frr.config": _frr,
    "opcua.endpoints": _opcua,
}
KINDS: Final = tuple(_READERS)
"""Kinds of evidence that tell addresses."""
