# SPDX-License-Identifier: Apache-2.0
"""``plant/*.yml``: zones and conduits, and whether they fit together. Firewalls are read in ``firewalls.py``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeVar

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.conduits import check_conduit, read_conduit
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.adapters.workspace.networks import check_networks, read_networks
from plantproof.core.plant import KINDS, Conduit, Zone
from plantproof.errors import Location

__all__ = ["PROTOCOLS", "PURDUE", "read_zones"]

PROTOCOLS: Final = ("opcua", "modbus")
"""What ``probing`` may name."""
PURDUE: Final = ("0", "1", "2", "3", "3.5", "4", "5")
MAX_CONCURRENCY: Final = 64

_ZONE: Final = (
    "id",
    "title",
    "kind",
    "purdue",
    "parent",
    "site",
    "networks",
    "description",
    "sl-t",
    "concurrency",
    "windows",
    "probing",
)

_Part = TypeVar("_Part", Zone, Conduit)


def read_zones(documents: Iterable[Document], defects: Defects) -> tuple[Mapping[str, Zone], Mapping[str, Conduit]]:
    """Read every plant file into zones and conduits by id; what is wrong goes to ``defects``."""
    zones: dict[str, Zone] = {}
    conduits: dict[str, Conduit] = {}
    declared: dict[str, Entry] = {}
    joined: list[tuple[Entry, Conduit]] = []
    for document in documents:
        top = entries_of(document, "the plant", defects)
        top.only(("zones", "conduits", "firewalls"))
        for entry in top.children("zones", "zone"):
            zone = _zone(entry)
            _add(zones, zone, "zone", entry)
            declared.setdefault(zone.id, entry)
        for entry in top.children("conduits", "conduit"):
            conduit = read_conduit(entry)
            _add(conduits, conduit, "conduit", entry)
            joined.append((entry, conduit))
    _nest(zones, declared)
    check_networks(zones, declared)
    for entry, conduit in joined:
        check_conduit(entry, conduit, zones)
        if conduit.id in zones:
            message = f"{conduit.id} is a zone's id as well ({_place(zones[conduit.id].declared)})"
            entry.bad("id", message, "Give one of them another id.", "content.reference")
    return MappingProxyType(zones), MappingProxyType(conduits)


def _add(parts: dict[str, _Part], part: _Part, what: str, entry: Entry) -> None:
    if not part.id:
        return
    first = parts.setdefault(part.id, part)
    if first is not part:
        message = f"{what} {part.id} is declared twice: here and in {_place(first.declared)}"
        hint = "Give one of them another id, or join them."
        entry.defects.add(message, where=part.declared, hint=hint, code="content.reference")


def _place(where: Location) -> str:
    return f"{where.file}:{where.line}"


def _zone(entry: Entry) -> Zone:
    entry.only(_ZONE)
    zone_id = entry.name("id")
    if zone_id == "none":
        entry.bad("id", "a zone cannot be called 'none'", "In an inventory it says: not part of the plant.")
    zone = Zone(
        id=zone_id,
        title=entry.text("title", zone_id),
        sl_t=entry.levels("sl-t"),
        purdue=_purdue(entry),
        kind=entry.choice("kind", KINDS),
        parent=entry.text("parent"),
        site=entry.text("site"),
        description=entry.text("description"),
        concurrency=entry.whole("concurrency", 1, low=1, high=MAX_CONCURRENCY),
        windows=entry.windows("windows"),
        probing=_probing(entry),
        declared=entry.where(),
    )
    networks, any_address = read_networks(entry, zone.kind)
    return replace(zone, networks=networks, any_address=any_address)


def _nest(zones: dict[str, Zone], entries: Mapping[str, Entry]) -> None:
    """Note parents that do not exist and circles; hand each site down to the zones inside."""
    for zone in tuple(zones.values()):
        if zone.parent and zone.parent not in zones:
            message = f"lies in zone {zone.parent}, which no file declares"
            hint = nearest(zone.parent, zones.keys() - {zone.id})
            entries[zone.id].bad("parent", message, hint, "content.reference")
        road = [zone]
        while road[-1].parent in zones and zones[road[-1].parent] not in road:
            road.append(zones[road[-1].parent])
        if road[-1].parent == zone.id:
            circle = " in ".join([*(one.id for one in road), zone.id])
            entries[zone.id].bad("parent", f"lies in itself: {circle}", "Take parent: away from one of them.")
            zones[zone.id] = replace(zone, parent="")
        site = next((one.site for one in road if one.site), "")
        zones[zone.id] = replace(zones[zone.id], site=site)


def _purdue(entry: Entry) -> str:
    if "purdue" not in entry.data:
        return ""
    value = entry.data["purdue"]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = f"{value:g}" if is_number else str(value)
    if text not in PURDUE:
        entry.bad("purdue", f"{value!r} is not a Purdue level", f"Levels are {', '.join(PURDUE)}.", "content.schema")
        return ""
    return text


def _probing(entry: Entry) -> frozenset[str]:
    named = entry.texts("probing")
    for protocol in named:
        if protocol not in PROTOCOLS:
            message = f"{protocol!r} is not a protocol that can be probed"
            entry.bad("probing", message, nearest(protocol, PROTOCOLS), "content.schema")
    return frozenset(named) & frozenset(PROTOCOLS)
