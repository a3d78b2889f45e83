# SPDX-License-Identifier: Apache-2.0
"""``plantproof init``: a workspace to start from."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, talk
from plantproof.errors import UsageError

__all__ = ["init"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default="", help="The plant's name.  [default: the folder's]")
@click.option("--owner", default="", help="Who answers for the plant.")
@click.option("--example", default="", metavar="NAME", help="Write a bundled example instead: two-sites.")
@click.option("--refresh-schemas", "refresh", is_flag=True, help="Only bring the editor's schemas in DIR up to date.")
@json_option
def init(folder: Path, *, name: str, owner: str, example: str, refresh: bool, as_json: bool) -> None:
    """Write a small, commented workspace into DIR; nothing is overwritten.

    It describes two zones, a conduit and this machine as an engineering workstation, and is ready for `plantproof run`.

    \b
    Example:
        plantproof init waterworks --name "Nordfeld waterworks"
        plantproof init trial --example two-sites && plantproof -C trial reach
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.signing import create_key_pair
    from plantproof.adapters.workspace.init import init_workspace, refresh_schemas

    if refresh:
        if not (folder / "plantproof.yml").is_file():
            message = f"{folder} is not a workspace: it has no plantproof.yml"
            hint = "Make one with: plantproof init DIR"
            raise UsageError(message, code="usage.not-a-workspace", hint=hint)
        written = refresh_schemas(folder)
    else:
        source = _example(example) if example else None
        written = init_workspace(folder, name=name, owner=owner, make_signing_key=create_key_pair, example=source)
    if as_json:
        print_json([str(path) for path in written])
    else:
        for path in written:
            click.echo(path)
    if example:
        talk(f"\nNext: cd {folder} && plantproof reach   (mistakes.yml says what was done wrong on purpose)")
    elif not refresh:
        talk(f"\nNext: cd {folder} && plantproof collect --plan   (shows every command, sends none)")
    elif not written:
        talk("the schemas are those of this release already")


def _example(name: str) -> Path:
    from difflib import get_close_matches

    from plantproof.adapters.content import EXAMPLES, Content

    known = {path.name: path for folder in Content().folders(EXAMPLES) for path in folder.iterdir() if path.is_dir()}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
        raise UsageError(f"there is no example {name!r}", code="usage.unknown-name", hint=hint)
    return known[name]
