# SPDX-License-Identifier: Apache-2.0
"""Tables that grow with the number of assets: in the page while a browser carries it, else as data that the page loads.

The data is a script that calls one function with JSON, because a page that was opened from disk may load no other file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from plantproof.render.html import table, text

__all__ = ["LONGEST", "long_table"]

LONGEST = 5_000
"""Rows that a page carries itself."""

_File = tuple[str, str]


def long_table(
    name: str, headings: Sequence[str], rows: Sequence[Sequence[str]], *, up: str = "", empty: str = "None."
) -> tuple[str, tuple[_File, ...]]:
    """A filterable table of cells that are HTML already.

    Args:
        name: Names the data's file; a slug.
        headings: One for each column.
        rows: The cells.
        up: The way from the page to the top of the site, such as ``../``.
        empty: What stands there without any row.

    Returns:
        The HTML, and the files to write beside the pages: none, or one of data.
    """
    if len(rows) <= LONGEST:
        return table(headings, rows, filterable=True, searched=False, empty=empty), ()
    head = "".join(f'<th scope="col">{text(heading)}</th>' for heading in headings)
    path = f"data/{name}.js"
    shown = (
        f'<div class="pp-scroll" tabindex="0" data-search-exclude><table class="pp-table" data-filter="true" '
        f'data-rows="{text(name)}" data-source="{text(up + path)}">\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody></tbody>\n</table></div>\n"
        f"<noscript><p>The {len(rows)} rows need JavaScript; they stand in <code>{text(path)}</code>.</p></noscript>\n"
    )
    lines = ",\n".join(json.dumps(list(row)) for row in rows)
    return shown, ((path, f"plantproofRows({json.dumps(name)}, [\n{lines}\n]);\n"),)
