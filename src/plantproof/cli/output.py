# SPDX-License-Identifier: Apache-2.0
"""Printing: results to stdout, talk to stderr; tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

import click

__all__ = ["json_option", "json_text", "print_json", "print_table", "progress", "talk", "visible"]

_SILENCE = 3.0
"""So many seconds may pass in a log without a word."""
_Command = TypeVar("_Command", bound=Callable[..., Any])


def json_option(command: _Command) -> _Command:
    """Add ``--json`` to a command that prints a result."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(command)


def print_json(value: object) -> None:
    """Write a result for programs: stable key order, one document."""
    click.echo(json_text(value), nl=False)


def json_text(value: object) -> str:
    """A result for programs, as :func:`print_json` writes it."""
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> None:
    """Write a table for people: boxed on a terminal, plain columns through a pipe (never cut off there).

    A cell that is a ``rich.text.Text`` keeps its colours on a terminal; of any other control characters are shown.
    """
    if not sys.stdout.isatty():
        texts = [list(headings), *([visible(str(cell)) for cell in row] for row in rows)]
        widths = [max(len(line[column]) for line in texts) for column in range(len(headings))]
        for line in texts:
            click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, header_style="bold", title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(visible(str(cell))) for cell in row))
    Console().print(table)


def talk(message: str) -> None:
    """Say something to the person at the keyboard."""
    click.echo(message, err=True)


@contextmanager
def progress(total: int, title: str, *, every: bool = False) -> Iterator[Callable[[str], None]]:
    """A progress bar on stderr; call the yielded function with what is being done to advance by one.

    Args:
        total: How many steps there are.
        title: What is being done.
        every: Where there is no terminal, tell every step; else one only now and then, and none if it is done at once.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
    )
    if not console.is_terminal:
        done, told = 0, monotonic()

        def say(now: str) -> None:
            nonlocal done, told
            done += 1
            if every or monotonic() - told > _SILENCE:
                told = monotonic()
                click.echo(f"{title}: {done}/{total} {now}", err=True)

        yield say
        return
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=total, now="")

        def advance(now: str) -> None:
            bar.update(task, advance=1, now=now)

        yield advance


def visible(text: str) -> str:
    """Text that came from a device, safe for a terminal: control characters are shown, not obeyed."""
    return "".join(char if char.isprintable() or char == "\t" else repr(char)[1:-1] for char in text)
