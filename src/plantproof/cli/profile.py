# SPDX-License-Identifier: Apache-2.0
"""``plantproof profile``: which profiles there are, and a profile resolved to a catalog."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, print_table, talk

__all__ = ["profile"]


@click.group()
def profile() -> None:
    """OSCAL profiles: list, resolve.

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
    from plantproof.adapters.profiles import load_baseline

    content = Content(workspace)
    rows = []
    for name in content.names(PROFILES):
        baseline = load_baseline(content, name)
        rows.append({"name": name, "title": baseline.title, "controls": len(baseline.controls)})
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
