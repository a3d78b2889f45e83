# SPDX-License-Identifier: Apache-2.0
"""Typed reading of one map of a plant file. Defects are gathered, not raised, so that one pass finds them all.

A key's reader returns a value or notes a defect and returns the default; whoever calls goes on either way and asks
:attr:`Defects.found` at the end. Knows YAML maps and words about the plant, not the file system.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import PurePosixPath
from typing import Final, TypeVar

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.places import Places
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.levels import SLVector
from plantproof.core.windows import Window
from plantproof.errors import ContentError, Location, PlantproofError, UsageError

__all__ = ["NAME", "Defects", "Entry", "entries_of", "nearest"]

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""Ids of zones and conduits: they become folder names in the locker, so nothing that a path could trip over."""

_Value = TypeVar("_Value")


def nearest(word: object, known: Collection[str]) -> str:
    """A hint that names the nearest known spelling, or the known words if none is near and they are few."""
    near = get_close_matches(str(word), known, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    listed = sorted(known)
    shown = ", ".join(listed[:12]) + (f" and {len(listed) - 12} more" if len(listed) > 12 else "")  # noqa: PLR2004 - fits a line or two
    return f"Known: {shown}." if listed else ""


class Defects:
    """What is wrong with the plant's files, in the order in which it was found."""

    def __init__(self) -> None:
        self.found: list[PlantproofError] = []

    def add(self, message: str, *, where: Location, hint: str = "", code: str = "content.plant") -> None:
        """Note one defect."""
        self.found.append(ContentError(message, code=code, hint=hint, where=where))

    def attempt(self, read: Callable[[], _Value], default: _Value) -> _Value:
        """Call a reader that raises; note its error and return the default."""
        try:
            return read()
        except PlantproofError as error:
            self.found.append(error)
            return default

    def raise_all(self) -> None:
        """Raise the first defect with the others in ``also``; return if there is none.

        Raises:
            PlantproofError: of the first defect's class.
        """
        if not self.found:
            return
        first, *rest = self.found
        raise type(first)(first.message, code=first.code, hint=first.hint, where=first.where, also=rest)


class Entry:
    """One map of a document, with what it is called in messages and where it stands."""

    def __init__(
        self, places: Places, pointer: str, data: Mapping[str, object], *, what: str, defects: Defects
    ) -> None:
        self.places = places
        self.pointer = pointer
        self.data = data
        self.what = what
        self.defects = defects

    def where(self, key: str = "") -> Location:
        """The place of the entry, or of one of its keys."""
        escaped = key.replace("~", "~0").replace("/", "~1")
        return self.places.locate(f"{self.pointer}/{escaped}" if key else self.pointer)

    def bad(self, key: str, message: str, hint: str = "", code: str = "content.plant") -> None:
        """Note a defect of one key."""
        self.defects.add(f"{self.what}: {message}", where=self.where(key), hint=hint, code=code)

    def only(self, known: Collection[str]) -> None:
        """Note each key that is not known, with the nearest spelling."""
        for key in self.data:
            if key not in known:
                self.bad(str(key), f"unknown key {str(key)!r}", nearest(key, known), "content.schema")

    def has(self, key: str) -> bool:
        """Whether the key is there with something in it."""
        return self.data.get(key) is not None

    def require(self, key: str, hint: str = "") -> bool:
        """Whether the key is there; its absence is a defect."""
        if not self.has(key):
            self.defects.add(f"{self.what} has no {key}", where=self.where(), hint=hint, code="content.schema")
            return False
        return True

    def text(self, key: str, default: str = "", *, required: bool = False, hint: str = "") -> str:
        """A text; a number is taken as written."""
        if required and not self.require(key, hint):
            return default
        if key not in self.data:
            return default
        value = self.data[key]
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.bad(key, f"{key} must be a text, not {_shown(value)}", hint, "content.schema")
        return default

    def name(self, key: str) -> str:
        """A required id that is fit to be a folder's name; empty if there is none."""
        value = self.text(key, required=True)
        if value and not NAME.fullmatch(value):
            hint = "Use letters, digits, '-', '_' and '.', beginning with a letter or digit, 63 at most."
            self.bad(key, f"{value!r} cannot be an id", hint, "content.schema")
            return ""
        return value

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.bad(
                key, f"{key} must be a whole number from {low} to {high}, not {_shown(value)}", "", "content.schema"
            )
            return default
        return value

    def choice(self, key: str, known: Collection[str], *, required: bool = False) -> str:
        """One of a few words; empty if it is absent or another."""
        value = self.text(key, required=required)
        if value and value not in known:
            self.bad(key, f"{value!r} is not a {key}", nearest(value, known), "content.schema")
            return ""
        return value

    def flag(self, key: str) -> bool | None:
        """True or false; None if the key is absent."""
        if key not in self.data:
            return None
        value = self.data[key]
        if isinstance(value, bool):
            return value
        self.bad(key, f"{key} must be true or false, not {_shown(value)}", "", "content.schema")
        return None

    def instant(self, key: str, *, end_of_day: bool, hint: str) -> str:
        """A required instant as text; a date alone counts from its first second, or to its last. Empty: a defect."""
        text = self.text(key, required=True, hint=hint)
        if not text:
            return ""
        try:
            moment = parse_instant(text)
            day_ends = moment.replace(hour=23, minute=59, second=59)
            return instant_text(day_ends if end_of_day and _is_date(text) else moment)
        except (UsageError, OverflowError):
            hint = "Write it as 2026-11-23 or 2026-11-23T06:37:00Z."
            self.bad(key, f"{key} {text!r} is not a date", hint, "content.schema")
            return ""

    def path(self, key: str, *, example: str, required: bool = False) -> str:
        """A path inside of the workspace, with ``/``; empty if it is absent or leads out."""
        text = self.text(key, required=required, hint=f"Write its path, such as {example}.")
        path = PurePosixPath(text)
        if path.is_absolute() or ".." in path.parts:
            hint = f"Write a path inside of the workspace, relative to plantproof.yml: {example}."
            self.bad(key, f"{key} {text!r} leads out of the workspace", hint, "content.schema")
            return ""
        return str(path) if text else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty if absent."""
        value = self.data.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.bad(
                key, f"{key} must be a list of texts, not {_shown(value)}", f"Write {key}: [...]", "content.schema"
            )
            return ()
        return tuple(item.strip() for item in value)

    def known_control(self, control: str, known: Collection[str] | None) -> None:
        """Note that ``control`` names none of the known ones; None leaves it unchecked."""
        if control and known is not None and control not in known:
            hint = nearest(control.lower().replace(" ", "-"), known)
            self.bad("control", f"there is no control {control}", hint, "content.reference")

    def listed_assets(self, key: str, known: Collection[str] | None, *, hint: str) -> tuple[str, ...]:
        """Assets of the inventory, each once; an empty list is a defect. None leaves them unchecked."""
        named = self.texts(key)
        if key in self.data and not self.data[key]:
            self.bad(key, "names no asset", hint, "content.schema")
        for asset in named if known is not None else ():
            if asset not in (known or ()):
                self.bad(
                    key, f"asset {asset} is not in the inventory", nearest(asset, known or ()), "content.reference"
                )
        return tuple(dict.fromkeys(named))

    def zones(self, known: Collection[str]) -> tuple[str, ...]:
        """The known ones of the zones that the entry names by ``zone`` or ``zones``; one of the two is required."""
        return self._parts("zone", known)

    def conduits(self, known: Collection[str]) -> tuple[str, ...]:
        """The known ones of the conduits that the entry names by ``conduit`` or ``conduits``; one is required."""
        return self._parts("conduit", known)

    def zones_or_conduits(self, zones: Collection[str], conduits: Collection[str]) -> tuple[str, ...]:
        """The known ones of the zones or conduits that the entry names, by one of four keys; one is required."""
        if not {"conduit", "conduits"} & self.data.keys():
            return self.zones(zones)
        for key in sorted({"zone", "zones"} & self.data.keys()):
            self.bad(key, f"has {key} and conduits", "Keep one of them, and write another entry.", "content.schema")
        return self.conduits(conduits)

    def _parts(self, what: str, known: Collection[str]) -> tuple[str, ...]:
        several = f"{what}s"
        if what in self.data and several in self.data:
            self.bad(several, f"has both {what} and {several}", "Keep one of them.", "content.schema")
        key = several if several in self.data else what
        one = (self.text(what, required=True),) if key == what else ()
        named = one or self.texts(several)
        if key == several and not self.data[several]:
            self.bad(several, f"names no {what}", "", "content.schema")
        for name in named:
            if name and name not in known:
                message = f"names {what} {name}, which no file declares"
                self.bad(key, message, nearest(name, known), "content.reference")
        return tuple(name for name in dict.fromkeys(named) if name in known)

    def levels(self, key: str) -> SLVector:
        """A required vector of security levels; all zero if it is unusable (the defect is noted)."""
        if not self.require(key, "Write one level 0..4, seven in the order FR1..FR7, or a map."):
            return SLVector.uniform(0)
        return self.defects.attempt(
            lambda: self._named(lambda: SLVector.from_value(self.data[key], self.where(key))), SLVector.uniform(0)
        )

    def windows(self, key: str) -> tuple[Window, ...]:
        """Maintenance windows, empty if absent."""
        found = []
        for text in self.texts(key):
            try:
                found.append(self._named(partial(Window.parse, text, self.where(key))))
            except ContentError as error:
                self.defects.found.append(error)
        return tuple(found)

    def child(self, key: str, what: str) -> Entry | None:
        """The map under a key; None if it is absent or something else (a defect)."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.bad(key, f"{key} must be a map, not {_shown(value)}", "", "content.schema")
            return None
        return Entry(self.places, f"{self.pointer}/{key}", value, what=what, defects=self.defects)

    def children(self, key: str, what: str) -> Iterator[Entry]:
        """The maps in the list under a key; anything else is a defect."""
        value = self.data.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.bad(key, f"{key} must be a list, not {_shown(value)}", "Begin each entry with '- '.", "content.schema")
            return
        for index, item in enumerate(value):
            pointer = f"{self.pointer}/{key}/{index}"
            if isinstance(item, dict):
                yield Entry(self.places, pointer, item, what=_called(what, item, index), defects=self.defects)
            else:
                message = f"{self.what}: entry {index + 1} of {key} must be a map, not {_shown(item)}"
                self.defects.add(message, where=self.places.locate(pointer), code="content.schema")

    def _named(self, read: Callable[[], _Value]) -> _Value:
        """Let the core's errors begin with what they are about."""
        try:
            return read()
        except ContentError as error:
            raise ContentError(
                f"{self.what}: {error.message}", code=error.code, hint=error.hint, where=error.where
            ) from None


def entries_of(document: Document, what: str, defects: Defects) -> Entry:
    """The document's top level as an entry."""
    return Entry(Places(document), "", document.data, what=what, defects=defects)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return datetime.fromisoformat(text).time() == datetime.min.time()


def _called(what: str, item: Mapping[str, object], index: int) -> str:
    return f"{what} {item['id']}" if isinstance(item.get("id"), str) else f"{what} number {index + 1}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
