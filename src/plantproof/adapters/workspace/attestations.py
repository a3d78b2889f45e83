# SPDX-License-Identifier: Apache-2.0
"""``attestations/*.yml``: dated statements by named people, for what only people can show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of
from plantproof.core.statements import Attestation

__all__ = ["read_attestations"]

_KEYS: Final = ("control", "zone", "zones", "conduit", "conduits", "statement", "role", "name", "stated", "valid-until")
_HOLDS: Final = "A statement of people holds for a time: write a date as 2026-11-23."


def read_attestations(
    documents: Iterable[tuple[str, Document]],
    *,
    zones: Collection[str],
    conduits: Collection[str],
    controls: Collection[str] | None,
    defects: Defects,
) -> tuple[Attestation, ...]:
    """Read every attestation, one value per zone or conduit that it names, in the order of the files.

    Args:
        documents: Path relative to the workspace, and the parsed file.
        zones: Ids of the declared zones.
        conduits: Ids of the declared conduits.
        controls: Ids of the known controls; None leaves them unchecked.
        defects: Takes what is wrong.
    """
    found: list[Attestation] = []
    for path, document in documents:
        top = entries_of(document, "the file", defects)
        top.only(("attestations",))
        for entry in top.children("attestations", "attestation"):
            control = entry.text("control", required=True)
            entry.what = f"attestation of {control}" if control else entry.what
            entry.known_control(control, controls)
            found += _read(entry, control, entry.zones_or_conduits(zones, conduits), path)
    return tuple(found)


def _read(entry: Entry, control: str, zones: Iterable[str], path: str) -> list[Attestation]:
    entry.only(_KEYS)
    statement, role, name = (entry.text(key, required=True) for key in ("statement", "role", "name"))
    stated = entry.instant("stated", end_of_day=False, hint=_HOLDS)
    valid_until = entry.instant("valid-until", end_of_day=True, hint=_HOLDS)
    if stated and valid_until and valid_until < stated:
        message = f"valid-until {valid_until[:10]} lies before stated {stated[:10]}"
        entry.bad("valid-until", message, "A statement cannot run out before it was made.")
    return [
        Attestation(
            control=control,
            zone=zone,
            statement=statement,
            role=role,
            name=name,
            stated=stated,
            valid_until=valid_until,
            path=path,
        )
        for zone in zones
    ]
