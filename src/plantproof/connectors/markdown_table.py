# SPDX-License-Identifier: Apache-2.0
"""The flat table as a page of Markdown: read like a document, edited in a text editor, read back.

A heading begins an entry, ``**Guidance**`` alone on a line begins a column. What only programs need stands in comments,
which no viewer shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from plantproof.errors import ContentError, Location

__all__ = ["read_markdown", "write_markdown"]

_SHOWN: Final = ("overview", "statement", "guidance", "objectives", "examine", "interview", "test", "params")
_LISTS: Final = frozenset({"objectives", "params"})
_HIDDEN: Final = ("class", "props", "links", "more")
_HEADING: Final = re.compile(r"(#{1,6}) (?:(?P<label>.*?) · )?(?P<title>.*?) \{#(?P<id>[^\s}]+)\}\s*")
_FIELD: Final = re.compile(r"\*\*(?P<name>[A-Z][a-z]+)\*\*\s*")
_COMMENT: Final = re.compile(r"<!-- (?P<name>[a-z]+): (?P<value>.*) -->\s*")
_ESCAPED: Final = re.compile(r"\\*(?:#|\*\*|<!--|- )")


def write_markdown(rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows as a page."""
    depth: dict[str, int] = {"": 1}
    out: list[str] = []
    for row in rows:
        level = 1 if row["kind"] == "catalog" else min(depth.get(row["parent"], 1) + 1, 6)
        depth[row["id"]] = level
        label = f"{row['label']} · " if row["label"] else ""
        out.append(f"{'#' * level} {label}{row['title']} {{#{row['id']}}}\n")
        if row["kind"] != "catalog":
            out.append(
                f"<!-- kind: {row['kind']} -->\n" + (f"<!-- parent: {row['parent']} -->\n" if row["parent"] else "")
            )
        hidden = [f"<!-- {name}: {_one_line(row[name])} -->\n" for name in _HIDDEN if row[name]]
        out.append("".join(hidden))
        out += [f"**{name.capitalize()}**\n\n{_block(name, row[name])}\n" for name in _SHOWN if row[name]]
    return "\n".join(piece for piece in out if piece)


def read_markdown(text: str, *, name: str) -> list[tuple[int, dict[str, str]]]:
    """Read a page back into rows, each with the line of its heading.

    Raises:
        ContentError: text stands before the first heading or a field, or a heading has no ``{#id}``.
    """
    found: list[tuple[int, dict[str, str]]] = []
    field = ""
    gathered: list[str] = []

    def close() -> None:
        if field and found:
            found[-1][1][field] = _unblock(field, gathered)

    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        heading = _HEADING.fullmatch(line)
        named = _FIELD.fullmatch(line)
        comment = _COMMENT.fullmatch(line)
        if heading:
            close()
            field, gathered = "", []
            kind = "catalog" if not found else "control"
            row = {"kind": kind, "id": heading["id"], "label": heading["label"] or "", "title": heading["title"]}
            found.append((number, row))
        elif line.startswith("#"):
            raise _error("the heading has no id", "End it with {#id}, or put a backslash before the #.", name, number)
        elif named and found and named["name"].lower() in _SHOWN:
            close()
            field, gathered = named["name"].lower(), []
        elif comment and found and not field:
            found[-1][1][comment["name"]] = _many_lines(comment["value"])
        elif field:
            gathered.append(line)
        elif line.strip():
            raise _error("text belongs to no field", "Put **Statement** or another field above it.", name, number)
    close()
    return found


def _block(name: str, text: str) -> str:
    lines = [
        _ESCAPED.sub(lambda m: "\\" + m[0], line, count=1) if _ESCAPED.match(line) else line
        for line in text.split("\n")
    ]
    return "\n".join(f"- {line}" for line in lines) if name in _LISTS else "\n".join(lines)


def _unblock(name: str, lines: Sequence[str]) -> str:
    kept = list(_trimmed(lines))
    if name in _LISTS:
        kept = [line.removeprefix("- ") for line in kept if line.strip()]
    return "\n".join(line[1:] if line.startswith("\\") and _ESCAPED.match(line) else line for line in kept)


def _trimmed(lines: Sequence[str]) -> Iterator[str]:
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    yield from lines[first:last]


def _one_line(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("--", "-\\-")


def _many_lines(text: str) -> str:
    return re.sub(r"\\(\\|n|-)", lambda m: {"\\": "\\", "n": "\n", "-": "-"}[m[1]], text)


def _error(message: str, hint: str, name: str, line: int) -> ContentError:
    return ContentError(message, code="content.table", hint=hint, where=Location(file=name, line=line))
