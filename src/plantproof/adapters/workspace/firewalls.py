# SPDX-License-Identifier: Apache-2.0
"""``firewalls:`` of a plant file: the packet filters between zones, and where their configuration is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.core.plant import COLLECTED, ROUTER, Firewall, Interface

__all__ = ["read_firewalls"]

_FIREWALL: Final = ("id", "title", "asset", "dialect", "config", "routes", "interfaces")
_EXAMPLE: Final = "firewalls/fw-1.txt"


def read_firewalls(
    documents: Iterable[Document],
    *,
    zones: Collection[str],
    dialects: Collection[str],
    assets: Collection[str] | None,
    defects: Defects,
) -> Mapping[str, Firewall]:
    """Read the firewalls of every plant file by id; what is wrong goes to ``defects``.

    Args:
        documents: The files of ``plant/``; their other parts are left to ``read_zones``.
        zones: Ids of the declared zones.
        dialects: Known languages of configurations.
        assets: Names of the inventory; None leaves them unchecked.
        defects: Takes what is wrong.
    """
    found: dict[str, Firewall] = {}
    for document in documents:
        for entry in entries_of(document, "the plant", defects).children("firewalls", "firewall"):
            firewall = _firewall(entry, zones, dialects, assets)
            first = found.setdefault(firewall.id, firewall) if firewall.id else firewall
            if first is not firewall:
                place = f"{first.declared.file}:{first.declared.line}"
                message = f"firewall {firewall.id} is declared twice: here and in {place}"
                hint = "Give one of them another id, or join them."
                defects.add(message, where=firewall.declared, hint=hint, code="content.reference")
    return MappingProxyType(found)


def _firewall(
    entry: Entry, zones: Collection[str], dialects: Collection[str], assets: Collection[str] | None
) -> Firewall:
    entry.only(_FIREWALL)
    ident = entry.name("id")
    asset = entry.text("asset")
    if asset and assets is not None and asset not in assets:
        message = f"asset {asset} is not in the inventory"
        entry.bad("asset", message, nearest(asset, assets), "content.reference")
    if entry.require("interfaces", "Write interfaces: [{name: eth0, zone: cell-1}].") and not entry.data["interfaces"]:
        entry.bad("interfaces", "has no interface", "A firewall stands between zones: name them.", "content.schema")
    dialect = entry.choice("dialect", dialects, required=True)
    if dialect == ROUTER and "config" in entry.data:
        entry.bad("config", "has a config, but dialect none filters nothing", "Name its dialect.", "content.schema")
    return Firewall(
        id=ident,
        title=entry.text("title", ident),
        asset=asset,
        dialect=dialect,
        config=""
        if dialect == ROUTER
        else entry.path("config", example=_EXAMPLE, required=not (asset and dialect in COLLECTED)),
        routes=entry.path("routes", example=_EXAMPLE),
        interfaces=_interfaces(entry, zones),
        declared=entry.where(),
    )


def _interfaces(entry: Entry, zones: Collection[str]) -> tuple[Interface, ...]:
    found: dict[str, Interface] = {}
    for one in entry.children("interfaces", f"{entry.what}, interface"):
        one.only(("name", "zone", "zones", "link"))
        name = one.text("name", required=True)
        one.what = f"{entry.what}, interface {name}" if name else one.what
        if name in found:
            one.bad("name", f"{name} is declared twice in this firewall", "Join the two.", "content.reference")
        link = one.name("link") if "link" in one.data else ""
        if link and ("zone" in one.data or "zones" in one.data):
            one.bad("link", "has a zone and a link", "A link joins firewalls only; keep one of them.", "content.schema")
        behind = () if "link" in one.data else one.zones(zones)
        found.setdefault(name, Interface(name=name, zones=behind, link=link))
    return tuple(found.values())
