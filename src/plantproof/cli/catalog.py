# SPDX-License-Identifier: Apache-2.0
"""``plantproof catalog``: what standards there are, what a control says, whether a file is sound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, print_table, talk
from plantproof.errors import ContentError, UsageError

__all__ = ["catalog"]

_INSERT = re.compile(r"\{\{\s*insert:\s*param,\s*([^\s}]+)\s*\}\}")


@click.group()
def catalog() -> None:
    """Standards as OSCAL catalogs: list, show, validate.

    \b
    Example:
        plantproof catalog show sr-1.11
    """  # noqa: D301 - click reads \b


@catalog.command("list")
@json_option
@click.pass_obj
def list_catalogs(workspace: Path, as_json: bool) -> None:
    """List the catalogs at hand, with their controls counted.

    \b
    Example:
        plantproof catalog list --json
    """  # noqa: D301
    from plantproof.adapters.content import CATALOGS, Content
    from plantproof.adapters.documents import read_document
    from plantproof.oscal.baseline import walk_controls

    rows = []
    for name, path in Content(workspace).names(CATALOGS).items():
        body = read_document(path).data.get("catalog")
        if not isinstance(body, Mapping):
            continue
        found = [control for _, _, control in walk_controls(body)]
        enhancements = sum(1 for control in found if control.get("class") == "RE")
        metadata = body["metadata"]
        rows.append(
            {
                "name": name,
                "title": metadata["title"],
                "version": metadata["version"],
                "groups": len(body.get("groups", [])),
                "controls": len(found) - enhancements,
                "enhancements": enhancements,
            }
        )
    if as_json:
        print_json(rows)
    else:
        print_table(
            ["name", "title", "version", "groups", "controls", "enhancements"], [list(r.values()) for r in rows]
        )


@catalog.command("show")
@click.argument("name")
@json_option
@click.pass_obj
def show(workspace: Path, name: str, as_json: bool) -> None:
    """Show a control (sr-1.11) or a whole catalog (iec62443-3-3).

    A catalog is printed as the JSON that is published.

    \b
    Example:
        plantproof catalog show sr-1.11
        plantproof catalog show iec62443-3-3 --json > iec62443-3-3.json
    """  # noqa: D301
    from plantproof.adapters.content import CATALOGS, Content
    from plantproof.adapters.documents import dump_json, read_document

    content = Content(workspace)
    known = content.names(CATALOGS)
    if name in known:
        click.echo(dump_json(read_document(known[name]).data), nl=False)
        return
    control = _find_control(content.names(CATALOGS), name)
    if as_json:
        print_json(control)
    else:
        _print_control(control)


@catalog.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@json_option
@click.pass_obj
def validate(workspace: Path, paths: tuple[Path, ...], as_json: bool) -> None:
    """Validate OSCAL files (or folders of them); without PATH all content at hand.

    Shape by OSCAL 1.2.1's models, then references: ids, parameters, links, roles, parties.

    \b
    Example:
        plantproof catalog validate catalog/ profiles/my-overlay.yaml
    """  # noqa: D301
    from plantproof.adapters.content import CATALOGS, PROFILES, Content
    from plantproof.adapters.validation import validate_file

    content = Content(workspace)
    files = _files(paths) or [*content.names(CATALOGS).values(), *content.names(PROFILES).values()]
    results = [(path, validate_file(path)[1]) for path in files]
    if as_json:
        print_json([{"file": str(path), "defects": [_as_json(d) for d in defects]} for path, defects in results])
    else:
        for path, defects in results:
            click.echo(f"{path}: {'valid' if not defects else f'{len(defects)} defects'}")
    defects = [defect for _, found in results for defect in found]
    if defects:
        first, *rest = defects
        raise ContentError(first.message, code=first.code, hint=first.hint, where=first.where, also=rest)
    talk(f"{len(files)} documents, all valid")


def _files(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = (
            sorted(p for p in path.rglob("*") if p.suffix in {".json", ".yaml", ".yml"}) if path.is_dir() else [path]
        )
        found += inside
    return found


def _as_json(defect: ContentError) -> dict[str, object]:
    where = defect.where
    place = {"line": where.line, "pointer": where.pointer} if where else {}
    return {"code": defect.code, "message": defect.message, "hint": defect.hint, **place}


def _find_control(catalogs: Mapping[str, Path], name: str) -> Mapping[str, object]:
    from difflib import get_close_matches

    from plantproof.adapters.documents import read_document
    from plantproof.oscal.baseline import walk_controls

    key, _, ident = name.lower().rpartition(":")
    ids: dict[str, Mapping[str, object]] = {}
    for catalog_name, path in catalogs.items():
        body = read_document(path).data.get("catalog")
        if isinstance(body, Mapping) and key in {"", catalog_name}:
            ids.update({str(control["id"]): control for _, _, control in walk_controls(body)})
    if ident in ids:
        return ids[ident]
    near = ", ".join(get_close_matches(ident, ids, n=3))
    hint = f"Did you mean {near}?" if near else "`plantproof catalog list` names the catalogs."
    raise UsageError(f"there is no control or catalog {name!r}", code="usage.unknown-name", hint=hint)


def _print_control(control: Mapping[str, object]) -> None:
    from plantproof.oscal.baseline import control_prop

    click.secho(f"{control_prop(control, 'label', None)}  {control['title']}", bold=True)
    level, evidence = control_prop(control, "min-sl"), control_prop(control, "evidence")
    click.echo(f"from SL {level}; evidence by {evidence}\n")
    params = control.get("params")
    values = {p["id"]: ", ".join(p.get("values", [])) or p["label"] for p in params} if isinstance(params, list) else {}
    parts = control.get("parts")
    for part in parts if isinstance(parts, list) else []:
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
