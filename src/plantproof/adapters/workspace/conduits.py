# SPDX-License-Identifier: Apache-2.0
"""``conduits:`` of a plant file: the ways between zones, what they let through and what they are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from plantproof.adapters.workspace.entries import Defects, Entry, nearest
from plantproof.core.plant import MEDIA, Channel, Conduit, Departure, Flow, OneWay, Zone

__all__ = ["check_assets", "check_conduit", "read_conduit"]

_CONDUIT: Final = (
    "id",
    "title",
    "zones",
    "sl-t",
    "description",
    "one-way",
    "trust-boundary",
    "exception",
    "channels",
    "assets",
    "flows",
)
_FLOW: Final = ("from", "to", "service", "reason", "write")
_UNTIL: Final = "A departure from a rule holds for a time: write a date as 2026-11-23."


def read_conduit(entry: Entry) -> Conduit:
    """One conduit; what is wrong with it alone is noted."""
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
        one_way=_one_way(entry),
        trust_boundary=bool(entry.flag("trust-boundary")),
        exception=_exception(entry),
        channels=_channels(entry),
        assets=_assets(entry),
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
        write=entry.flag("write"),
        declared=entry.where(),
    )


def _one_way(entry: Entry) -> OneWay | None:
    if isinstance(entry.data.get("one-way"), bool):
        entry.bad("one-way", "one-way must say which way", "Write one-way: {from: one, to: other}.", "content.schema")
        return None
    way = entry.child("one-way", f"{entry.what}, one-way")
    if way is None:
        return None
    way.only(("from", "to"))
    return OneWay(source=way.text("from", required=True), target=way.text("to", required=True))


def _exception(entry: Entry) -> Departure | None:
    said = entry.child("exception", f"{entry.what}, exception")
    if said is None:
        return None
    said.only(("reason", "approved-by", "until"))
    return Departure(
        reason=said.text("reason", required=True),
        approved_by=said.text("approved-by", required=True),
        until=said.instant("until", end_of_day=True, hint=_UNTIL),
    )


def _channels(entry: Entry) -> tuple[Channel, ...]:
    found: dict[str, Channel] = {}
    for channel in entry.children("channels", f"{entry.what}, channel"):
        channel.only(("id", "title", "medium"))
        ident = channel.name("id")
        if ident in found:
            channel.bad("id", f"{ident} is declared twice in this conduit", "Give one another id.", "content.reference")
        medium = channel.choice("medium", MEDIA, required=True)
        found.setdefault(ident, Channel(id=ident, title=channel.text("title", ident), medium=medium))
    return tuple(found.values())


def _assets(entry: Entry) -> tuple[str, ...]:
    if "assets" in entry.data and not entry.data["assets"]:
        hint = "Leave assets out if the firewalls between its zones are meant."
        entry.bad("assets", "names no asset", hint, "content.schema")
    return tuple(dict.fromkeys(entry.texts("assets")))


def check_assets(conduits: Iterable[Conduit], assets: Collection[str], defects: Defects) -> None:
    """Note each asset of a conduit that the inventory does not have."""
    for conduit in conduits:
        for asset in conduit.assets:
            if asset not in assets:
                message = f"conduit {conduit.id} consists of asset {asset}, which is not in the inventory"
                hint = nearest(asset, assets)
                defects.add(message, where=conduit.declared, hint=hint, code="content.reference")


def check_conduit(entry: Entry, conduit: Conduit, zones: Mapping[str, Zone]) -> None:
    """Note where a conduit does not fit the zones that there are."""
    for zone in conduit.zones:
        if zone not in zones:
            entry.bad("zones", f"joins zone {zone}, which no file declares", nearest(zone, zones), "content.reference")
    if conduit.zones and len(set(conduit.zones)) < 2:  # noqa: PLR2004 - a conduit has two ends
        entry.bad("zones", f"joins {conduit.zones[0]} to nothing else", "A conduit joins two zones or more.")
    elif len(set(conduit.zones)) < len(conduit.zones):
        entry.bad("zones", "names a zone twice", "", "content.schema")
    if conduit.one_way:
        way = conduit.one_way
        _check_ends(entry, conduit, (way.source, way.target), "one-way")
    for flow in conduit.flows:
        _check_ends(entry, conduit, (flow.source, flow.target), "flows", f"a flow of {flow.service}")


def _check_ends(entry: Entry, conduit: Conduit, ends: tuple[str, str], key: str, what: str = "one-way") -> None:
    for end in ends:
        if end and conduit.zones and end not in conduit.zones:
            message = f"{what} names zone {end}, which this conduit does not join"
            entry.bad(key, message, nearest(end, conduit.zones), "content.reference")
    if ends[0] and ends[0] == ends[1]:
        entry.bad(key, f"{what} begins and ends in {ends[0]}")
