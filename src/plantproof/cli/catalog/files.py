# SPDX-License-Identifier: Apache-2.0
"""``plantproof catalog validate`` and ``publish``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof.cli.output import json_option, print_json, progress, talk
from plantproof.errors import ContentError

if TYPE_CHECKING:
    from plantproof.adapters.content import Content

__all__ = ["publish", "validate"]

_SUFFIXES = frozenset({".json", ".yaml", ".yml"})


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@json_option
@click.pass_obj
def validate(workspace: Path, paths: tuple[Path, ...], as_json: bool) -> None:
    """Validate OSCAL files (or folders of them); without PATH all content at hand.

    Shape by OSCAL 1.2.1's models, then references: ids, parameters, links, roles, parties. A file that was found valid
    is not judged again until it changes.

    \b
    Example:
        plantproof catalog validate catalog/ profiles/my-overlay.yaml
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.content import Content
    from plantproof.adapters.validation import validate_file

    content = Content(workspace)
    files = _files(paths) or _all_content(content)
    results = [(path, validate_file(path, content.receipts)) for path in files]
    if as_json:
        print_json([{"file": str(path), "defects": [_as_json(d) for d in defects]} for path, defects in results])
    else:
        for path, defects in results:
            click.echo(f"{path}: {_count(len(defects))}")
    everything = [defect for _, defects in results for defect in defects]
    if everything:
        first, *rest = everything
        raise ContentError(first.message, code=first.code, hint=first.hint, where=first.where, also=rest)
    talk(f"{len(files)} documents, all valid")


@click.command("publish")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where to write.")
@json_option
@click.pass_obj
def publish(workspace: Path, paths: tuple[Path, ...], output: Path, as_json: bool) -> None:
    """Write catalogs, profiles and crosswalks as OSCAL JSON, for other tools; without PATH all content at hand.

    Each is validated first, and nothing is written if one is not valid. Profiles and crosswalks name shipped
    catalogs by files beside them instead of our own URIs, so that any OSCAL tool finds them.

    \b
    Example:
        plantproof catalog publish -o published/
    """  # noqa: D301
    from plantproof.adapters.content import Content
    from plantproof.adapters.documents import dump_json
    from plantproof.adapters.files import write_atomically
    from plantproof.adapters.validation import load_valid
    from plantproof.oscal.publish import with_files

    content = Content(workspace)
    files = _files(paths) or _all_content(content)
    with progress(len(files), "validating") as advance:
        documents = {}
        for path in files:
            documents[path] = load_valid(path, content.receipts)
            advance(path.name)
    written = []
    for path, document in documents.items():
        target = output / f"{path.stem}.json"
        write_atomically(target, dump_json(with_files(document.data)))
        written.append(target)
    if as_json:
        print_json([str(path) for path in written])
    else:
        for path in written:
            click.echo(path)
    talk(f"{len(written)} documents published")


def _all_content(content: Content) -> list[Path]:
    from plantproof.adapters.content import CATALOGS, CROSSWALKS, PROFILES

    return [path for kind in (CATALOGS, PROFILES, CROSSWALKS) for path in content.names(kind).values()]


def _files(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(p for p in path.rglob("*") if p.suffix in _SUFFIXES) if path.is_dir() else [path]
    return found


def _count(defects: int) -> str:
    return "valid" if not defects else f"{defects} defect{'s' if defects > 1 else ''}"


def _as_json(defect: ContentError) -> dict[str, object]:
    where = defect.where
    place = {"line": where.line, "pointer": where.pointer} if where else {}
    return {"code": defect.code, "message": defect.message, "hint": defect.hint, **place}
