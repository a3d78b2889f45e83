# SPDX-License-Identifier: Apache-2.0
"""How every command ends: errors as words and exit status; a bug as a report file. The one place that catches all."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from plantproof import __version__
from plantproof.errors import PlantproofError

__all__ = ["BUG", "FINDINGS", "INCOMPLETE", "OK", "run"]

OK: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
INCOMPLETE: Final = 4
BUG: Final = 70
INTERRUPTED: Final = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; nothing escapes but what the operating system does."""
    from plantproof.cli.root import ReaderGoneError, root

    try:
        result = root.main(list(arguments), prog_name="plantproof", standalone_mode=False)
    except PlantproofError as error:
        _tell(error)
        return error.exit_status
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing was half written", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except ReaderGoneError:
        # Keep Python from complaining at exit as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        result = OK
    except Exception as error:  # noqa: BLE001 - the last net: a bug must end in a report, not in a traceback
        return _bug(error, arguments)
    return result if isinstance(result, int) else OK


def _tell(error: PlantproofError) -> None:
    for item in (error, *error.also):
        click.secho("error: ", fg="red", bold=True, nl=False, err=True)
        click.echo(f"{item}  [{item.code}]", err=True)
        if item.hint:
            click.echo(f"  {item.hint}", err=True)


def _bug(error: Exception, arguments: Sequence[str]) -> int:
    text = "".join(traceback.format_exception(error))
    command = arguments[0] if arguments else ""
    handle, name = tempfile.mkstemp(prefix="plantproof-bug-", suffix=".txt")
    # Arguments may name hosts; only the verb goes into the report.
    report = f"plantproof {__version__}, Python {sys.version}\ncommand: {command}\n\n{text}"
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(report)
    click.echo(f"this is a bug in Plantproof: {type(error).__name__}: {error}", err=True)
    click.echo(f"  The report is in {Path(name)}: read it (it may name your hosts) and send it to us.", err=True)
    return BUG
