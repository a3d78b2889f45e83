# SPDX-License-Identifier: Apache-2.0
"""The XML export of HiOS and HiSecOS: MIB tables as rows of attributes, each with its line.

A document type is refused before anything in it is read, so there are no entities to expand and nothing to fetch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from plantproof.errors import ContentError, Location

__all__ = ["Attribute", "Export", "Row", "broken", "read_export"]

_DEPTH: Final = 16
_CHUNK: Final = 1 << 16
_PARENTS: Final = {"MIB": "MibData", "Table": "MIB", "Scalar": "MIB", "Entry": "Table"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One value and how it is written (``ascii``, ``ifname``...; empty for numbers)."""

    text: str
    convert: str
    line: int


@dataclass(slots=True)
class Row:
    """One entry of a table."""

    line: int
    attributes: dict[str, Attribute] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The value of an attribute; the default of the MIB if the export leaves it out."""
        found = self.attributes.get(name)
        return found.text if found and found.text else default

    def number(self, name: str, default: int) -> int:
        """The same as a number; -1 if it is none."""
        text = self.text(name, str(default))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004 - 32 bits


@dataclass(slots=True)
class Export:
    """All tables by MIB and name of their rows (without ``Entry`` or ``Table``), and all scalars by name."""

    tables: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    scalars: dict[str, Attribute] = field(default_factory=dict)
    twice: dict[str, Attribute] = field(default_factory=dict)
    """Attributes that say two different things in one place."""

    def rows(self, name: str) -> list[Row]:
        """The rows of a table, whichever MIB it stands in."""
        return [row for (_, table), rows in self.tables.items() if table == name for row in rows]


def broken(line: int, what: str, hint: str) -> ContentError:
    """The error for an export that cannot be read."""
    return ContentError(f"the XML export {what}", code="content.firewall", hint=hint, where=Location(line=line))


def read_export(text: str) -> Export:
    """Read an export.

    Raises:
        ContentError: it is no XML, has a document type, is not an export, or ends too early.
    """
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        hint = (
            "Save a configuration profile of the device as XML; a CLI script (show running-config script) is not read."
        )
        message = "the text is no XML export"
        raise ContentError(message, code="content.firewall", hint=hint, where=Location(line=1))
    reader = _Reader()
    data = text.encode("utf-8", "replace")
    try:
        for at in range(0, len(data), _CHUNK):
            reader.parser.Parse(data[at : at + _CHUNK], False)  # noqa: FBT003 - expat takes it by position
        reader.parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        what = f"is not whole: {expat.ErrorString(error.code)}"
        raise broken(error.lineno, what, "Export the configuration as XML again, and do not edit it.") from None
    if not reader.seen:
        raise broken(1, "has no MIB data", "Give the XML export of a configuration profile (root element Config).")
    return reader.export


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.buffer_text = True
        self.export = Export()
        self.seen = False
        self._path: list[str] = []
        self._mib = ""
        self._row: Row | None = None
        self._table: list[Row] = []
        self._attribute: tuple[str, str, int] | None = None
        self._text: list[str] = []

    def _refuse(self, *_: object) -> None:
        hint = "An export of the device has none; do not open this file."
        raise broken(self.parser.CurrentLineNumber, "has a document type", hint)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        line = self.parser.CurrentLineNumber
        self._path.append(name)
        if self._path[0] != "Config" or len(self._path) > _DEPTH:
            hint = "Give the XML export of a configuration profile (root element Config)."
            raise broken(line, f"has an unexpected element {name[:40]}", hint)
        parent = self._path[-2] if len(self._path) > 1 else ""
        if _PARENTS.get(name, parent) != parent or self._attribute:
            raise broken(line, f"has {name[:40]} within {parent[:40]}", "Export the configuration as XML again.")
        called = attributes.get("name", "")
        if name == "MIB":
            self.seen, self._mib = True, called
        elif name == "Table":
            self._table = self.export.tables.setdefault(
                (self._mib, called.removesuffix("Entry").removesuffix("Table")), []
            )
        elif name == "Entry":
            self._row = Row(line)
            self._table.append(self._row)
        elif name == "Attribute":
            self._attribute = (called, attributes.get("convert", ""), line)
            self._text = []

    def _characters(self, text: str) -> None:
        if self._attribute:
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        self._path.pop()
        if name == "Attribute" and self._attribute:
            called, convert, line = self._attribute
            value = Attribute("".join(self._text).strip(), convert, line)
            known = self.export.scalars if self._row is None else self._row.attributes
            if called in known and known[called].text != value.text:
                self.export.twice[called] = value
            known[called] = value
            self._attribute = None
        elif name == "Entry":
            self._row = None
