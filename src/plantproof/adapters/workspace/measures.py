# SPDX-License-Identifier: Apache-2.0
"""``measures/*.yml``: what is done instead of requirements that cannot be met, reviewed and for a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.core.measures import Measure

__all__ = ["read_measures"]

_KEYS: Final = (
    *("id", "control", "zone", "zones", "conduit", "conduits", "assets", "instead", "declared-by", "declared"),
    *("reviewed-by", "reviewed", "until"),
)
_HOLDS: Final = "A measure stands in for a time: write a date as 2026-11-23."


def read_measures(
    documents: Iterable[Document],
    *,
    zones: Collection[str],
    conduits: Collection[str],
    members: Mapping[str, Collection[str]] | None,
    controls: Collection[str] | None,
    defects: Defects,
) -> tuple[Measure, ...]:
    """Read every compensating measure, one value per zone or conduit that it names, in the order of the files.

    Args:
        documents: The parsed files.
        zones: Ids of the declared zones.
        conduits: Ids of the declared conduits.
        members: Per zone and conduit the ids of its assets; None leaves assets unchecked.
        controls: Ids of the known controls; None leaves them unchecked.
        defects: Takes what is wrong.
    """
    found: list[Measure] = []
    first: dict[str, Measure] = {}
    for document in documents:
        top = entries_of(document, "the file", defects)
        top.only(("measures",))
        for entry in top.children("measures", "measure"):
            several = _read(entry, (zones, conduits), members, controls)
            for one in several[:1]:
                known = first.setdefault(one.id, one) if one.id else one
                if known is not one:
                    message = f"measure {one.id} is declared twice: here and in {known.where.file}:{known.where.line}"
                    defects.add(message, where=one.where, hint="Give one of them another id.", code="content.reference")
            found += several
    return tuple(found)


def _read(
    entry: Entry,
    parts: tuple[Collection[str], Collection[str]],
    members: Mapping[str, Collection[str]] | None,
    controls: Collection[str] | None,
) -> list[Measure]:
    entry.only(_KEYS)
    ident, control = entry.name("id"), entry.text("control", required=True)
    if control and controls is not None and control not in controls:
        hint = nearest(control.lower().replace(" ", "-"), controls)
        entry.bad("control", f"there is no control {control}", hint, "content.reference")
    instead = entry.text("instead", required=True, hint="Say what is done instead, so that another can check it.")
    declared_by, reviewed_by = entry.text("declared-by", required=True), entry.text("reviewed-by")
    declared = entry.instant("declared", end_of_day=False, hint=_HOLDS)
    until = entry.instant("until", end_of_day=True, hint=_HOLDS)
    reviewed = entry.instant("reviewed", end_of_day=False, hint=_HOLDS) if "reviewed" in entry.data else ""
    if reviewed_by and "reviewed" not in entry.data:
        entry.bad("reviewed-by", "names who reviewed it, but not when", "Write reviewed: 2026-11-23.", "content.schema")
    if declared and until and until < declared:
        entry.bad("until", f"until {until[:10]} lies before declared {declared[:10]}", "Correct one of them.")
    named = entry.zones_or_conduits(*parts)
    return [
        Measure(
            id=ident,
            control=control,
            zone=zone,
            instead=instead,
            declared_by=declared_by,
            declared=declared,
            until=until,
            reviewed_by=reviewed_by,
            reviewed=reviewed,
            assets=_assets(entry, named, members),
            where=entry.where(),
        )
        for zone in named
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
            message = f"asset {name} is in {homes[0]}, which the measure does not name"
            entry.bad("assets", message, "Name that too, or leave the asset out.", "content.reference")
    return tuple(dict.fromkeys(named))
