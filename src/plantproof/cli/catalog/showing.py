# SPDX-License-Identifier: Apache-2.0
"""``plantproof catalog list`` and ``show``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, print_table

__all__ = ["list_catalogs", "show"]

_INSERT = re.compile(r"\{\{\s*insert:\s*param,\s*([^\s}]+)\s*\}\}")
_DUTIES = {
    "asset-owner": "asset owner",
    "integrator": "integration and maintenance provider",
    "product-supplier": "product supplier",
}


@click.command("list")
@json_option
@click.pass_obj
def list_catalogs(workspace: Path, as_json: bool) -> None:
    """List the catalogs at hand, with their controls counted.

    \b
    Example:
        plantproof catalog list --json
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.content import Content
    from plantproof.adapters.library import Library

    rows = []
    for key, found in Library(Content(workspace)).catalogs.items():
        classes = Counter(str(found.controls[ident].get("class", "control")) for ident in found.assessable())
        metadata = found.body["metadata"]
        groups = found.body.get("groups")
        rows.append(
            {
                "name": key,
                "title": found.title,
                "version": metadata["version"] if isinstance(metadata, Mapping) else "",
                "groups": len(groups) if isinstance(groups, list) else 0,
                "controls": classes.total() - classes["RE"],
                "enhancements": classes["RE"],
                "classes": dict(classes),
            }
        )
    if as_json:
        print_json(rows)
    else:
        headings = ["name", "title", "version", "groups", "controls", "enhancements"]
        print_table(headings, [[row[heading] for heading in headings] for row in rows])


@click.command("show")
@click.argument("name")
@json_option
@click.pass_obj
def show(workspace: Path, name: str, as_json: bool) -> None:
    """Show a control (sr-1.11, "SR 1.11", nis2:21.2.e) or a whole catalog (iec62443-3-3).

    A catalog is printed as the JSON that is published. Where two catalogs know the same id, put the catalog before it.

    \b
    Example:
        plantproof catalog show sr-1.11
        plantproof catalog show iec62443-4-1:sr-1
        plantproof catalog show iec62443-3-3 --json > iec62443-3-3.json
    """  # noqa: D301
    from plantproof.adapters.content import CATALOGS, Content
    from plantproof.adapters.documents import dump_json
    from plantproof.adapters.library import Library

    content = Content(workspace)
    files = content.names(CATALOGS)
    if name in files:
        click.echo(dump_json(content.read(files[name]).data), nl=False)
        return
    library = Library(content)
    ref = library.control(name)
    catalog = library.catalogs[ref.catalog]
    if as_json:
        print_json(catalog.entries[ref.control])
        return
    click.secho(f"{catalog.label(ref.control)}  {catalog.entry_title(ref.control)}", bold=True)
    click.echo(f"{ref}, in {catalog.title}")
    _print_control(catalog.entries[ref.control])


def _print_control(control: Mapping[str, object]) -> None:
    props = _list(control, "props")
    said = {str(prop["name"]): str(prop["value"]) for prop in props}
    duties = [_DUTIES.get(str(prop["value"]), str(prop["value"])) for prop in props if prop["name"] == "duty"]
    facts = [f"from SL {said['min-sl']}"] if "min-sl" in said else []
    facts += [f"duty of the {' and the '.join(duties)}"] if duties else []
    facts += [f"evidence by {said['evidence']}"] if "evidence" in said else []
    if facts:
        click.echo("; ".join(facts))
    click.echo()
    values = {
        str(param["id"]): ", ".join(map(str, _values(param))) or str(param["label"])
        for param in _list(control, "params")
    }
    for part in _list(control, "parts"):
        _print_part(part, values, 0)


def _print_part(part: Mapping[str, object], values: Mapping[str, str], depth: int) -> None:
    indent = "  " * depth
    prose = _INSERT.sub(lambda match: values.get(match[1], match[1]), str(part.get("prose", "")))
    if depth == 0:
        methods = [p["value"] for p in _list(part, "props") if p.get("name") == "method"]
        click.secho(" ".join([str(part["name"]).replace("-", " "), *map(str, methods)]).capitalize(), underline=True)
    if prose:
        bullet = "- " if depth else ""
        click.echo(click.wrap_text(prose, 100, indent + bullet, indent + " " * len(bullet), preserve_paragraphs=True))
    for child in _list(part, "parts"):
        _print_part(child, values, depth + 1)
    if depth == 0:
        click.echo()


def _list(holder: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = holder.get(key)
    return value if isinstance(value, list) else []


def _values(param: Mapping[str, object]) -> list[object]:
    values = param.get("values")
    return values if isinstance(values, list) else []
