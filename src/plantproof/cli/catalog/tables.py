# SPDX-License-Identifier: Apache-2.0
"""``plantproof catalog import`` and ``export``: catalogs as tables and as pages of text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from plantproof.cli.output import json_option, print_json, talk
from plantproof.errors import ContentError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plantproof.oscal.catalogs import CatalogIndex

__all__ = ["export_catalog", "import_catalog"]

_PAGES = frozenset({".md", ".markdown"})
_FORMATS = ("csv", "markdown", "yaml", "json")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", default="", help="Key of the catalog, by which crosswalks name it; else the name of the file.")
@click.option("--title", default="", help="Its title; else the key.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write; else catalog/KEY.yaml."
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@json_option
@click.pass_obj
def import_catalog(
    workspace: Path, *, file: Path, key: str, title: str, output: Path | None, force: bool, as_json: bool
) -> None:
    """Bring in a framework of your own from a table (FILE.csv) or a page (FILE.md).

    A CSV needs the columns id and title; parent, statement, guidance, objectives (one a line), examine, interview,
    test, class, label and others are used if there. Rows of kind "group" come before what belongs to them. The result
    is validated before it is written, and is at once known to catalog, profile and crosswalk.

    \b
    Example:
        plantproof catalog import house-rules.csv --title "House rules for contractors"
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.documents import dump_yaml, parse_document, read_text
    from plantproof.adapters.files import write_atomically
    from plantproof.adapters.validation import document_defects
    from plantproof.connectors.csv_table import read_csv
    from plantproof.connectors.flat import COLUMNS, document_of
    from plantproof.connectors.markdown_table import read_markdown
    from plantproof.oscal.catalogs import catalog_key, index_of

    text = read_text(file)
    if file.suffix.lower() in _PAGES:
        rows = read_markdown(text, name=str(file))
    else:
        rows = read_csv(text, name=str(file), needed=("id", "title"))
    unused = sorted({column for _, row in rows for column in row if column and column not in COLUMNS})
    if unused:
        talk(f"not used, because a catalog has no place for it: {', '.join(unused)} (props can hold it: name=value)")
    key = key or file.stem.lower()
    document = document_of(rows, name=str(file), key=key, title=title or key)
    body = cast("Mapping[str, object]", document["catalog"])
    key = catalog_key(body, key)
    written = dump_yaml(document)
    defects = document_defects(parse_document(written, name=str(file), is_yaml=True))
    if defects:
        first, *rest = defects
        raise ContentError(first.message, code=first.code, hint=first.hint, where=first.where, also=rest)
    target = output or workspace / "catalog" / f"{key}.yaml"
    if target.exists() and not force:
        hint = "Look at the difference first; --force replaces it."
        raise UsageError(f"{target} is there already", code="usage.exists", hint=hint)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, written.encode())
    counted = _counted(index_of(key, body))
    if as_json:
        print_json({"catalog": key, "file": str(target), **counted})
    else:
        click.echo(str(target))
    talk(f"{key}: {counted['groups']} groups, {counted['controls']} controls; see `plantproof catalog show {key}`")


@click.command("export")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(_FORMATS), default=None, help="Else by OUTPUT's ending, else csv.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write; else stdout.")
@click.pass_obj
def export_catalog(workspace: Path, *, name: str, form: str | None, output: Path | None) -> None:
    """Write a catalog as a table for a spreadsheet, as a page to read, or as OSCAL.

    CSV and Markdown come back through `catalog import` as they were.

    \b
    Example:
        plantproof catalog export iec62443-2-4 -o 2-4.csv
        plantproof catalog export nis2 --format markdown | less
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.content import Content
    from plantproof.adapters.documents import dump_json, dump_yaml
    from plantproof.adapters.files import write_atomically
    from plantproof.adapters.library import Library
    from plantproof.connectors.csv_table import write_csv
    from plantproof.connectors.flat import COLUMNS, rows_of
    from plantproof.connectors.markdown_table import write_markdown

    found = Library(Content(workspace)).catalog(name)
    endings = {".csv": "csv", ".md": "markdown", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}
    form = form or (endings.get(output.suffix.lower(), "csv") if output else "csv")
    if form == "csv":
        text = write_csv(COLUMNS, rows_of(found.body, found.key))
    elif form == "markdown":
        text = write_markdown(rows_of(found.body, found.key))
    else:
        document = {"catalog": found.body}
        text = dump_yaml(document) if form == "yaml" else dump_json(document).decode()
    if output:
        write_atomically(output, text.encode())
        talk(f"{output}: {len(found.controls)} controls as {form}")
    else:
        click.echo(text, nl=False)


def _counted(index: CatalogIndex) -> dict[str, int]:
    return {"groups": len(index.entries) - len(index.controls), "controls": len(index.controls)}
