# SPDX-License-Identifier: Apache-2.0
"""``roles/*.yml``: which party is integrator, maintainer, owner or supplier, of what, and until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of
from plantproof.core.roles import ROLES, Holder

__all__ = ["read_roles"]

_KEYS: Final = (
    *("role", "party", "contact", "zone", "zones", "conduit", "conduits", "assets"),
    *("until", "reference"),
)
_ZONES: Final = frozenset({"zone", "zones"})
_CONDUITS: Final = frozenset({"conduit", "conduits"})
_ENDS: Final = "Contracts end: write a date as 2026-11-23, or leave until out."


def read_roles(
    documents: Iterable[Document],
    *,
    zones: Collection[str],
    conduits: Collection[str],
    assets: Collection[str] | None,
    defects: Defects,
) -> tuple[Holder, ...]:
    """Read who holds which role, in the order of the files.

    Args:
        documents: The files of ``roles/``.
        zones: Ids of the declared zones.
        conduits: Ids of the declared conduits.
        assets: Names of the inventory; None leaves them unchecked.
        defects: Takes what is wrong.
    """
    found = []
    for document in documents:
        top = entries_of(document, "the file", defects)
        top.only(("roles",))
        found += [_read(entry, zones, conduits, assets) for entry in top.children("roles", "role")]
    return tuple(found)


def _read(entry: Entry, zones: Collection[str], conduits: Collection[str], assets: Collection[str] | None) -> Holder:
    entry.only(_KEYS)
    named = entry.listed_assets("assets", assets, hint="Leave assets out if all are meant.")
    return Holder(
        role=entry.choice("role", ROLES, required=True),
        party=entry.text("party", required=True, hint="Name the company or department."),
        contact=entry.text("contact"),
        parts=(
            *(entry.zones(zones) if _ZONES & entry.data.keys() else ()),
            *(entry.conduits(conduits) if _CONDUITS & entry.data.keys() else ()),
        ),
        assets=named,
        until=entry.instant("until", end_of_day=True, hint=_ENDS) if "until" in entry.data else "",
        reference=entry.text("reference"),
        declared=entry.where(),
    )
