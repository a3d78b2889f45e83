# SPDX-License-Identifier: Apache-2.0
"""``plantproof catalog search``: which controls speak of something."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.exits import OK
from plantproof.cli.output import json_option, print_json, print_table, talk

__all__ = ["search"]


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--catalog", "key", default="", metavar="CATALOG", help="Only in this catalog.")
@click.option("-n", "--number", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@json_option
@click.pass_obj
def search(workspace: Path, *, words: tuple[str, ...], key: str, number: int, as_json: bool) -> int:
    """Find the controls that speak of all WORDS, those that name them in their title first.

    \b
    Example:
        plantproof catalog search session lock
        plantproof catalog search "removable media" --catalog iec62443-3-3
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.content import Content
    from plantproof.adapters.library import Library
    from plantproof.oscal.search import search_catalogs

    library = Library(Content(workspace))
    catalogs = [library.catalog(key)] if key else list(library.catalogs.values())
    hits = search_catalogs(catalogs, " ".join(words))
    shown = hits[:number]
    if as_json:
        print_json([{"control": str(h.ref), "title": h.title, "where": h.where, "excerpt": h.excerpt} for h in shown])
    elif shown:
        print_table(["control", "title", "in", "excerpt"], [[h.ref, h.title, h.where, h.excerpt] for h in shown])
    if not hits:
        talk(f"no control speaks of {' '.join(words)!r}")
    elif len(hits) > number:
        talk(f"{len(hits) - number} more; -n {len(hits)} shows all")
    return OK
