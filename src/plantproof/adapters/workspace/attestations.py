# SPDX-License-Identifier: Apache-2.0
"""``attestations/*.yml``: dated statements by named people, for what only people can show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.judgement import Attestation
from plantproof.errors import UsageError

__all__ = ["read_attestations"]

_KEYS: Final = ("control", "zone", "zones", "statement", "role", "name", "stated", "valid-until")


def read_attestations(
    documents: Iterable[tuple[str, Document]],
    *,
    zones: Collection[str],
    controls: Collection[str] | None,
    defects: Defects,
) -> tuple[Attestation, ...]:
    """Read every attestation, one value per zone that it names, in the order of the files.

    Args:
        documents: Path relative to the workspace, and the parsed file.
        zones: Ids of the declared zones.
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
            _check_control(entry, control, controls)
            found += _read(entry, control, _zones(entry, zones), path)
    return tuple(found)


def _check_control(entry: Entry, control: str, controls: Collection[str] | None) -> None:
    if control and controls is not None and control not in controls:
        message = f"there is no control {control}"
        hint = nearest(control.lower().replace(" ", "-"), controls)
        entry.bad("control", message, hint, "content.reference")


def _zones(entry: Entry, known: Collection[str]) -> tuple[str, ...]:
    if "zone" in entry.data and "zones" in entry.data:
        entry.bad("zones", "has both zone and zones", "Keep one of them.", "content.schema")
    key = "zones" if "zones" in entry.data else "zone"
    one = (entry.text("zone", required=True),) if key == "zone" else ()
    named = one or entry.texts("zones")
    if key == "zones" and not entry.data["zones"]:
        entry.bad("zones", "names no zone", "", "content.schema")
    for zone in named:
        if zone and zone not in known:
            entry.bad(key, f"names zone {zone}, which no file declares", nearest(zone, known), "content.reference")
    return tuple(zone for zone in dict.fromkeys(named) if zone in known)


def _read(entry: Entry, control: str, zones: Iterable[str], path: str) -> list[Attestation]:
    entry.only(_KEYS)
    statement, role, name = (entry.text(key, required=True) for key in ("statement", "role", "name"))
    stated = _instant(entry, "stated", end_of_day=False)
    valid_until = _instant(entry, "valid-until", end_of_day=True)
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


def _instant(entry: Entry, key: str, *, end_of_day: bool) -> str:
    """An instant as text; a date alone counts from its first second, or to its last."""
    text = entry.text(key, required=True, hint="A statement of people holds for a time: write a date as 2026-11-23.")
    if not text:
        return ""
    try:
        moment = parse_instant(text)
        last = instant_text(moment.replace(hour=23, minute=59, second=59)) if _is_date(text) else instant_text(moment)
    except (UsageError, OverflowError):
        hint = "Write it as 2026-11-23 or 2026-11-23T06:37:00Z."
        entry.bad(key, f"{key} {text!r} is not a date", hint, "content.schema")
        return ""
    return last if end_of_day else instant_text(moment)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return datetime.fromisoformat(text).time() == datetime.min.time()
