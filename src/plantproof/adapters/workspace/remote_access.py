# SPDX-License-Identifier: Apache-2.0
"""``remote-access/*.yml``: the register of who may come in from far away."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of
from plantproof.core.remote_access import RemoteAccess

__all__ = ["read_remote_access"]

_KEYS: Final = (
    *("id", "party", "contact", "reference", "purpose", "conduit", "conduits", "assets", "shown-by"),
    *("owner", "approved-by", "granted", "until", "multi-factor", "supervised", "recorded"),
)
_ENDS: Final = "Remote access ends: write a date as 2026-11-23."


def read_remote_access(
    documents: Iterable[Document],
    *,
    conduits: Collection[str],
    assets: Collection[str] | None,
    defects: Defects,
) -> tuple[RemoteAccess, ...]:
    """Read the register, in the order of the files.

    Args:
        documents: The files of ``remote-access/``.
        conduits: Ids of the declared conduits.
        assets: Names of the inventory; None leaves them unchecked.
        defects: Takes what is wrong.
    """
    found: dict[str, RemoteAccess] = {}
    for document in documents:
        top = entries_of(document, "the file", defects)
        top.only(("remote-access",))
        for entry in top.children("remote-access", "access"):
            one = _read(entry, conduits, assets)
            known = found.setdefault(one.id, one) if one.id else one
            if known is not one:
                message = f"access {one.id} is declared twice: here and in {known.declared.file}:{known.declared.line}"
                defects.add(message, where=one.declared, hint="Give one of them another id.", code="content.reference")
    return tuple(one for one in found.values() if one.conduits)


def _read(entry: Entry, conduits: Collection[str], assets: Collection[str] | None) -> RemoteAccess:
    entry.only(_KEYS)
    granted = entry.instant("granted", end_of_day=False, hint=_ENDS)
    until = entry.instant("until", end_of_day=True, hint=_ENDS)
    if granted and until and until < granted:
        entry.bad("until", f"until {until[:10]} lies before granted {granted[:10]}", "Correct one of them.")
    return RemoteAccess(
        id=entry.name("id"),
        party=entry.text("party", required=True, hint="Name the company whose people come."),
        contact=entry.text("contact"),
        reference=entry.text("reference"),
        purpose=entry.text("purpose", required=True, hint="Say what they come for."),
        conduits=entry.conduits(conduits),
        assets=entry.listed_assets("assets", assets, hint="Leave assets out, or name one."),
        shown_by=entry.listed_assets("shown-by", assets, hint="Leave shown-by out, or name one."),
        owner=entry.text("owner", required=True, hint="Name the role that opens and ends the sessions."),
        approved_by=entry.text("approved-by", required=True, hint="Name the role that allowed it, another than owner."),
        granted=granted,
        until=until,
        multi_factor=entry.flag("multi-factor"),
        supervised=entry.flag("supervised"),
        recorded=entry.flag("recorded"),
        declared=entry.where(),
    )
