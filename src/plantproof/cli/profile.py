# SPDX-License-Identifier: Apache-2.0
"""``plantproof profile``: which profiles there are, a profile resolved to a catalog, and how two differ."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.output import json_option, print_json, print_table, talk

__all__ = ["profile"]


@click.group()
def profile() -> None:
    """OSCAL profiles: list, resolve, diff.

    \b
    Example:
        plantproof profile resolve iec62443-3-3-sl2 -o baseline.json
    """  # noqa: D301 - click reads \b


@profile.command("list")
@json_option
@click.pass_obj
def list_profiles(workspace: Path, as_json: bool) -> None:
    """List the profiles at hand, with the controls that each selects.

    \b
    Example:
        plantproof profile list
    """  # noqa: D301
    from plantproof.adapters.content import PROFILES, Content
    from plantproof.adapters.profiles import resolve_profile
    from plantproof.oscal.catalogs import index_of

    content = Content(workspace)
    rows = []
    for name in content.names(PROFILES):
        body = resolve_profile(content, name)["catalog"]
        assert isinstance(body, Mapping)  # noqa: S101 - the resolver's contract
        found = index_of(name, body)
        rows.append({"name": name, "title": found.title, "controls": len(found.controls)})
    if as_json:
        print_json(rows)
    else:
        print_table(["name", "title", "controls"], [list(row.values()) for row in rows])


@profile.command("resolve")
@click.argument("name", metavar="PROFILE")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_obj
def resolve(workspace: Path, name: str, output: Path | None) -> None:
    """Resolve PROFILE (a path, JSON or YAML, or a shipped name) to an OSCAL catalog in JSON.

    \b
    Example:
        plantproof profile resolve my-overlay.yaml -o baseline.json
    """  # noqa: D301
    from plantproof.adapters.content import Content
    from plantproof.adapters.documents import dump_json
    from plantproof.adapters.files import write_atomically
    from plantproof.adapters.profiles import resolve_profile
    from plantproof.oscal.resolve import Note

    def note(item: Note) -> None:
        talk(f"note: {item.where}: {item.message}")

    content = dump_json(resolve_profile(Content(workspace), name, note))
    if output is None:
        click.echo(content, nl=False)
    else:
        write_atomically(output, content)
        talk(f"wrote {output}")


@profile.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@json_option
@click.pass_obj
def diff(workspace: Path, old: str, new: str, as_json: bool) -> int:
    """Say which controls NEW selects that OLD does not, which are gone, and which values and texts differ.

    Both are paths or shipped names, and are compared as resolved. Exit status 1 if there is a difference.

    \b
    Example:
        plantproof profile diff iec62443-3-3-sl2 iec62443-3-3-sl3
    """  # noqa: D301
    from plantproof.adapters.content import Content
    from plantproof.adapters.profiles import resolve_profile
    from plantproof.oscal.differences import compare

    content = Content(workspace)
    found = compare(*(resolve_profile(content, name)["catalog"] for name in (old, new)))
    if as_json:
        print_json(
            {
                "added": list(found.added),
                "gone": list(found.gone),
                "values": [{"param": v.param, "old": v.old, "new": v.new} for v in found.values],
                "changed": list(found.changed),
            }
        )
    else:
        rows = [["+", ident, title] for ident, title in found.added.items()]
        rows += [["-", ident, title] for ident, title in found.gone.items()]
        rows += [
            ["=", value.param, f"{value.old or 'no value'} -> {value.new or 'no value'}"] for value in found.values
        ]
        rows += [["~", ident, "its text, title or props differ"] for ident in found.changed]
        if rows:
            print_table(["", "control or parameter", "what"], rows)
    counts = f"{len(found.added)} controls added, {len(found.gone)} gone, {len(found.values)} values"
    talk(f"{counts} and {len(found.changed)} texts changed")
    return FINDINGS if found else OK
