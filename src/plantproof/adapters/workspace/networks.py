# SPDX-License-Identifier: Apache-2.0
"""``networks:`` of a zone: which addresses it has, and that no two zones have the same ones unless they are nested."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_interface
from itertools import combinations
from typing import Final

from plantproof.adapters.workspace.entries import Entry
from plantproof.core.plant import Network, Zone

__all__ = ["ANY", "ANY_KINDS", "check_networks", "read_networks"]

ANY: Final = "any"
"""Instead of a list: every address that no other zone has."""
ANY_KINDS: Final = ("external", "cloud")
"""Kinds of zones that may have it."""

_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV6: Final = r"(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|[0-9A-Fa-f:.]*::[0-9A-Fa-f:.]*)"
_CIDR: Final = re.compile(
    rf"{_OCTET}(?:\.{_OCTET}){{3}}/(?:3[0-2]|[12]?[0-9])|{_IPV6}/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])"
)
_FORM: Final = "Write 192.0.2.0/24 or 2001:db8:1::/64; a single address is 192.0.2.10/32."
_SHARED: Final = "Give each address to one zone, or say by parent: that one zone lies in the other."


def read_networks(entry: Entry, kind: str) -> tuple[tuple[Network, ...], bool]:
    """The networks of a zone of a kind, and whether it has every address that no other zone has."""
    if entry.data.get("networks") == ANY:
        if kind not in ANY_KINDS:
            message = f"networks: {ANY} is for zones outside of the plant, and this one is of kind {kind}"
            hint = f"Write kind: {' or '.join(ANY_KINDS)}, or the zone's own networks."
            entry.bad("networks", message, hint)
        return (), kind in ANY_KINDS
    found = [_network(entry, text, index) for index, text in enumerate(entry.texts("networks"))]
    return tuple(dict.fromkeys(network for network in found if network)), False


def _network(entry: Entry, text: str, index: int) -> Network | None:
    where = entry.places.locate(f"{entry.pointer}/networks/{index}")
    if _CIDR.fullmatch(text):
        try:
            address = ip_interface(text)
        except ValueError:  # what only looks like an IPv6 address
            pass
        else:
            if address.ip == address.network.network_address:
                return address.network
            message = f"{entry.what}: {text} is an address in a network, not a network"
            entry.defects.add(message, where=where, hint=f"Did you mean '{address.network}'?")
            return None
    hint = f"Write networks: {ANY}, without brackets." if text == ANY else _FORM
    entry.defects.add(f"{entry.what}: {text!r} is not a network", where=where, hint=hint, code="content.schema")
    return None


def check_networks(zones: Mapping[str, Zone], entries: Mapping[str, Entry]) -> None:
    """Note each pair of zones, neither inside of the other, that have an address in common."""
    order = {zone: number for number, zone in enumerate(zones)}
    told: set[tuple[str, str]] = set()
    for one, other, networks in _shared(zones):
        first, later = sorted((one, other), key=order.__getitem__)
        if (first, later) in told or first in _around(later, zones) or later in _around(first, zones):
            continue
        told.add((first, later))
        where = entries[first].where("networks")
        message = f"shares {networks} with zone {first} ({where.file}:{where.line})"
        entries[later].bad("networks", message, _SHARED)


def _shared(zones: Mapping[str, Zone]) -> Iterator[tuple[str, str, str]]:
    """Pairs of zones with what they share. Networks are nested or apart, so one sorted pass with a stack finds all."""
    held = [(network, zone.id) for zone in zones.values() for network in zone.networks]
    held.sort(key=lambda one: (one[0].version, int(one[0].network_address), one[0].prefixlen))
    around: list[tuple[Network, str]] = []
    for network, zone in held:
        while around and not around[-1][0].overlaps(network):
            around.pop()
        for wider, other in around:
            if other != zone:
                yield other, zone, f"{network}" if wider == network else f"{network} (in {wider})"
        around.append((network, zone))
    rest = [zone.id for zone in zones.values() if zone.any_address]
    for one, other in combinations(rest, 2):
        yield one, other, "every address that no other zone has"


def _around(zone: str, zones: Mapping[str, Zone]) -> set[str]:
    """Ids of the zones that contain the zone, itself included."""
    found: set[str] = set()
    while zone in zones and zone not in found:
        found.add(zone)
        zone = zones[zone].parent
    return found
