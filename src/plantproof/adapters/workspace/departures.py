# SPDX-License-Identifier: Apache-2.0
"""``measures/*.yml`` and ``waivers/*.yml``: what is done instead of a requirement, and what is let go for a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypedDict, TypeVar

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.core.statements import Measure, Temporary, Waiver
from plantproof.errors import Location

__all__ = ["Named", "read_measures", "read_waivers"]

_COMMON: Final = ("id", "control", "zone", "zones", "conduit", "conduits", "assets", "until")
_MEASURE: Final = (*_COMMON, "instead", "declared-by", "declared", "reviewed-by", "reviewed")
_WAIVER: Final = (*_COMMON, "reason", "owner", "approved-by", "granted", "ticket")
_STANDS_IN: Final = "A measure stands in for a time: write a date as 2026-11-23."
_ENDS: Final = "A waiver ends: write a date as 2026-11-23."

_Temporary = TypeVar("_Temporary", bound=Temporary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What the files may name."""

    zones: Collection[str]
    conduits: Collection[str]
    members: Mapping[str, Collection[str]] | None
    """Per zone and conduit the ids of its assets; None leaves assets unchecked."""
    controls: Collection[str] | None
    """Ids of the known controls; None leaves them unchecked."""


class _Shared(TypedDict):
    """What a measure and a waiver have in common, for one zone or conduit."""

    id: str
    control: str
    zone: str
    assets: tuple[str, ...]
    until: str
    where: Location


def read_measures(documents: Iterable[Document], named: Named, defects: Defects) -> tuple[Measure, ...]:
    """Read every compensating measure, one value per zone or conduit that it names, in the order of the files."""
    return _read_all(documents, "measures", lambda entry: _measures(entry, named), defects)


def read_waivers(documents: Iterable[Document], named: Named, defects: Defects) -> tuple[Waiver, ...]:
    """Read every waiver, one value per zone or conduit that it names, in the order of the files."""
    return _read_all(documents, "waivers", lambda entry: _waivers(entry, named), defects)


def _read_all(
    documents: Iterable[Document], key: str, read: Callable[[Entry], list[_Temporary]], defects: Defects
) -> tuple[_Temporary, ...]:
    what = key.removesuffix("s")
    found: list[_Temporary] = []
    first: dict[str, _Temporary] = {}
    for document in documents:
        top = entries_of(document, "the file", defects)
        top.only((key,))
        for entry in top.children(key, what):
            several = read(entry)
            for one in several[:1]:
                known = first.setdefault(one.id, one) if one.id else one
                if known is not one:
                    message = f"{what} {one.id} is declared twice: here and in {known.where.file}:{known.where.line}"
                    defects.add(message, where=one.where, hint="Give one of them another id.", code="content.reference")
            found += several
    return tuple(found)


def _measures(entry: Entry, named: Named) -> list[Measure]:
    entry.only(_MEASURE)
    declared, shared = _shared(entry, named, since="declared", hint=_STANDS_IN)
    instead = entry.text("instead", required=True, hint="Say what is done instead, so that another can check it.")
    declared_by, reviewed_by = entry.text("declared-by", required=True), entry.text("reviewed-by")
    reviewed = entry.instant("reviewed", end_of_day=False, hint=_STANDS_IN) if "reviewed" in entry.data else ""
    if reviewed_by and "reviewed" not in entry.data:
        entry.bad("reviewed-by", "names who reviewed it, but not when", "Write reviewed: 2026-11-23.", "content.schema")
    return [
        Measure(
            **one,
            instead=instead,
            declared_by=declared_by,
            declared=declared,
            reviewed_by=reviewed_by,
            reviewed=reviewed,
        )
        for one in shared
    ]


def _waivers(entry: Entry, named: Named) -> list[Waiver]:
    entry.only(_WAIVER)
    granted, shared = _shared(entry, named, since="granted", hint=_ENDS)
    reason = entry.text("reason", required=True, hint="Say why it is not met, and what is going to be done.")
    owner = entry.text("owner", required=True, hint="Name the role that asked for it and ends it.")
    approved_by = entry.text("approved-by", required=True, hint="Name the role that bears what may happen.")
    ticket = entry.text("ticket")
    return [
        Waiver(**one, reason=reason, owner=owner, approved_by=approved_by, granted=granted, ticket=ticket)
        for one in shared
    ]


def _shared(entry: Entry, named: Named, *, since: str, hint: str) -> tuple[str, list[_Shared]]:
    """The instant from which on it is meant, and what both have, once for each zone or conduit."""
    ident, control = entry.name("id"), entry.text("control", required=True)
    entry.known_control(control, named.controls)
    begins, until = (
        entry.instant(since, end_of_day=False, hint=hint),
        entry.instant("until", end_of_day=True, hint=hint),
    )
    if begins and until and until < begins:
        entry.bad("until", f"until {until[:10]} lies before {since} {begins[:10]}", "Correct one of them.")
    parts = entry.zones_or_conduits(named.zones, named.conduits)
    assets = _assets(entry, parts, named.members)
    return begins, [
        {"id": ident, "control": control, "zone": part, "assets": assets, "until": until, "where": entry.where()}
        for part in parts
    ]


def _assets(entry: Entry, parts: Collection[str], members: Mapping[str, Collection[str]] | None) -> tuple[str, ...]:
    named = entry.texts("assets")
    if "assets" in entry.data and not entry.data["assets"]:
        entry.bad("assets", "names no asset", "Leave assets out if all are meant.", "content.schema")
    known = members or {}
    meant = {asset for part in parts for asset in known.get(part, ())}
    for name in named if members is not None else ():
        homes = [part for part, assets in known.items() if name in assets]
        if not homes:
            near = nearest(name, {asset for assets in known.values() for asset in assets})
            entry.bad("assets", f"asset {name} is not in the inventory", near, "content.reference")
        elif name not in meant:
            message = f"asset {name} is in {homes[0]}, which the {entry.what.partition(' ')[0]} does not name"
            entry.bad("assets", message, "Name that too, or leave the asset out.", "content.reference")
    return tuple(dict.fromkeys(named))
