# SPDX-License-Identifier: Apache-2.0
"""Write the reference pages that the code itself knows best: commands and error codes. ``--check`` only compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from plantproof.cli.root import root
from plantproof.errors import CODES

PAGES = Path(__file__).parents[1] / "site" / "pages" / "reference"
_STATUS = {"usage": 2, "environment": 2, "content": 3, "collection": 4, "integrity": 5}


def commands() -> Iterator[str]:
    """Every command with its own help text."""
    yield "# Commands\n\nWritten by the commands themselves (`scripts/reference.py`).\n"
    yield (
        "Results go to standard output, talk to standard error. Exit status: 0 all satisfied, 1 findings, 2 usage, "
        "3 bad content, 4 collection incomplete, 5 integrity, 70 bug.\n"
    )
    yield from _help(root, ("plantproof",))


def _help(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    context = click.Context(
        command, info_name=path[-1], parent=_parent(path), max_content_width=100, terminal_width=100
    )
    yield f"{'#' * (len(path) + 1)} {' '.join(path)}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _help(child, (*path, name))


def _parent(path: tuple[str, ...]) -> click.Context | None:
    context = None
    for name in path[:-1]:
        context = click.Context(click.Command(name), info_name=name, parent=context)
    return context


def errors() -> Iterator[str]:
    """Every error code with its meaning."""
    yield "# Errors\n\nAn error names its file and line where there is one, says what to do, and ends with its code.\n"
    family = ""
    for code, meaning in CODES.items():
        if code.partition(".")[0] != family:
            family = code.partition(".")[0]
            yield f"## {family}: exit status {_STATUS[family]}\n"
        yield f"### {code}\n\n{meaning}\n"


def main() -> int:
    """Write or compare; 1 if a page is out of date."""
    stale = 0
    for name, lines in (("commands.md", commands()), ("errors.md", errors())):
        text = "\n".join(lines)
        path = PAGES / name
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            sys.stderr.write(f"{name} is out of date: run .venv/bin/python scripts/reference.py\n")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
