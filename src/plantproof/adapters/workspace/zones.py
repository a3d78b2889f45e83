# SPDX-License-Identifier: Apache-2.0
"""``plant/*.yml``: zones and conduits, and whether they fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.core.plant import Conduit, Flow, Zone
from plantproof.errors import Location

__all__ = ["PROTOCOLS", "PURDUE", "read_zones"]

PROTOCOLS: Final = ("opcua", "modbus")
"""What ``probing`` may name."""
PURDUE: Final = ("0", "1", "2", "3", "3.5", "4", "5")
MAX_CONCURRENCY: Final = 64

_ZONE: Final = ("id", "title", "purdue", "description", "sl-t", "concurrency", "windows", "probing")
_CONDUIT: Final = ("id", "title", "zones", "sl-t", "description", "flows")
_FLOW: Final = ("from", "to", "service", "reason")

_Part = TypeVar("_Part", Zone, Conduit)


def read_zones(documents: Iterable[Document], defects: Defects) -> tuple[Mapping[str, Zone], Mapping[str, Conduit]]:
    """Read every plant file into zones and conduits by id; what is wrong goes to ``defects``."""
    zones: dict[str, Zone] = {}
    conduits: dict[str, Conduit] = {}
    joined: list[tuple[Entry, Conduit]] = []
    for document in documents:
        top = entries_of(document, "the plant", defects)
        top.only(("zones", "conduits"))
        for entry in top.children("zones", "zone"):
            _add(zones, _zone(entry), "zone", entry)
        for entry in top.children("conduits", "conduit"):
            conduit = _conduit(entry)
            _add(conduits, conduit, "conduit", entry)
            joined.append((entry, conduit))
    for entry, conduit in joined:
        _check_conduit(entry, conduit, zones)
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
    return Zone(
        id=zone_id,
        title=entry.text("title", zone_id),
        sl_t=entry.levels("sl-t"),
        purdue=_purdue(entry),
        description=entry.text("description"),
        concurrency=entry.whole("concurrency", 1, low=1, high=MAX_CONCURRENCY),
        windows=entry.windows("windows"),
        probing=_probing(entry),
        declared=entry.where(),
    )


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


def _conduit(entry: Entry) -> Conduit:
    entry.only(_CONDUIT)
    conduit_id = entry.name("id")
    if entry.require("zones", "Write zones: [one, other].") and entry.data["zones"] == []:
        entry.bad("zones", "joins nothing", "A conduit joins two zones or more.", "content.schema")
    return Conduit(
        id=conduit_id,
        title=entry.text("title", conduit_id),
        zones=entry.texts("zones"),
        sl_t=entry.levels("sl-t"),
        flows=tuple(_flow(flow) for flow in entry.children("flows", f"{entry.what}, flow")),
        description=entry.text("description"),
        declared=entry.where(),
    )


def _flow(entry: Entry) -> Flow:
    entry.only(_FLOW)
    return Flow(
        source=entry.text("from", required=True),
        target=entry.text("to", required=True),
        service=entry.text("service", required=True),
        reason=entry.text("reason"),
    )


def _check_conduit(entry: Entry, conduit: Conduit, zones: Mapping[str, Zone]) -> None:
    for zone in conduit.zones:
        if zone not in zones:
            entry.bad("zones", f"joins zone {zone}, which no file declares", nearest(zone, zones), "content.reference")
    if conduit.zones and len(set(conduit.zones)) < 2:  # noqa: PLR2004 - a conduit has two ends
        entry.bad("zones", f"joins {conduit.zones[0]} to nothing else", "A conduit joins two zones or more.")
    elif len(set(conduit.zones)) < len(conduit.zones):
        entry.bad("zones", "names a zone twice", "", "content.schema")
    for flow in conduit.flows:
        _check_flow(entry, conduit, flow)


def _check_flow(entry: Entry, conduit: Conduit, flow: Flow) -> None:
    for end in (flow.source, flow.target):
        if end and conduit.zones and end not in conduit.zones:
            message = f"a flow of {flow.service} names zone {end}, which this conduit does not join"
            entry.bad("flows", message, nearest(end, conduit.zones), "content.reference")
    if flow.source and flow.source == flow.target:
        entry.bad("flows", f"a flow of {flow.service} begins and ends in {flow.source}")
