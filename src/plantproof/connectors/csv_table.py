# SPDX-License-Identifier: Apache-2.0
"""Tables as CSV (RFC 4180), as spreadsheets read and write it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from plantproof.errors import ContentError, Location

__all__ = ["read_csv", "write_csv"]

# A spreadsheet runs a cell that begins like this; an apostrophe in front makes it text.
_RUNS: Final = re.compile(r"'*[=+\-@\t\r]")
_LARGEST_CELL: Final = 10_000_000


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows under a heading; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_guarded(row.get(column, "")) for column in columns])
    return out.getvalue()


def read_csv(text: str, *, name: str, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Read rows with the line on which each begins; commas, semicolons or tabs, whichever the heading uses.

    Headings are taken without regard to case and surrounding blanks; rows without any text are skipped.

    Raises:
        ContentError: a needed column is missing, a heading stands twice, or a row has more cells than the heading.
    """
    text = text.removeprefix("\ufeff")
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, dict[str, str]]] = []
    headings: list[str] = []
    begins = 1
    try:
        for cells in reader:
            if not headings:
                headings = _headings(cells, name, needed)
            elif len(cells) > len(headings) and any(cells[len(headings) :]):
                message = f"the row has {len(cells)} cells, the heading {len(headings)}"
                raise _error(message, "Quote cells that hold the delimiter.", name, begins)
            elif any(cell.strip() for cell in cells):
                found.append((begins, {h: _plain(cell) for h, cell in zip(headings, cells, strict=False)}))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _error(f"the table cannot be read: {error}", "Save it again as CSV, UTF-8.", name, begins) from error
    if not headings:
        raise _error("the table is empty", f"Its first line names the columns: {', '.join(needed)}.", name, 1)
    return found


def _headings(cells: Sequence[str], name: str, needed: Sequence[str]) -> list[str]:
    headings = [cell.strip().lower() for cell in cells]
    for column in needed:
        if column not in headings:
            hint = f"The first line names the columns; found: {', '.join(filter(None, headings)) or 'nothing'}."
            raise _error(f"there is no column {column!r}", hint, name, 1)
    for heading in headings:
        if heading and headings.count(heading) > 1:
            raise _error(f"the column {heading!r} stands twice", "Rename or remove one.", name, 1)
    return headings


def _guarded(cell: str) -> str:
    return f"'{cell}" if _RUNS.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell


def _error(message: str, hint: str, name: str, line: int) -> ContentError:
    return ContentError(message, code="content.table", hint=hint, where=Location(file=name, line=line))
