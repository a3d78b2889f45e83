# SPDX-License-Identifier: Apache-2.0
"""From files on the command line to flows added up, with progress and with a word on every line that was not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from plantproof.adapters.flow_logs import FlowLog, open_log
from plantproof.cli.output import progress, talk, visible
from plantproof.connectors.flows import READERS
from plantproof.connectors.flows.detect import DOCUMENT, detect
from plantproof.connectors.flows.document import Source, read_document
from plantproof.connectors.flows.reading import Reading
from plantproof.core.observed.traffic import Aggregate
from plantproof.errors import ContentError, Location, UsageError

__all__ = ["Observed", "observe", "reading_options", "reading_options_if_any"]

_Command = TypeVar("_Command", bound=Callable[..., Any])

_SNIFFED: Final = 50
"""Lines that are looked at to find the format."""
_STEP: Final = 8_000_000
"""Bytes for one step of the progress bar; that much takes a second or so."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What the files hold."""

    sources: tuple[Source, ...]
    aggregate: Aggregate


def reading_options(command: _Command) -> _Command:
    """Add the arguments that say what to read and how; at least one file."""
    return _options(command, required=True)


def reading_options_if_any(command: _Command) -> _Command:
    """As :func:`reading_options`, for a command that can do without files."""
    return _options(command, required=False)


def _options(command: _Command, *, required: bool) -> _Command:
    metavar = "FILE..." if required else "[FLOWLOG]..."
    for add in (
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="NAME=HEADING",
            help="Of csv: the heading of src, dst, sport, dport, proto, packets, bytes, first, last, flags or action; "
            "nothing after '=': there is none.  [repeatable]",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice([*READERS, "auto"]),
            default="auto",
            show_default=True,
            help="The format of the logs.",
        ),
        click.argument("files", nargs=-1, required=required, metavar=metavar, type=click.Path(path_type=Path)),
    ):
        command = add(command)
    return command


def observe(files: Sequence[Path], form: str, columns: Sequence[str]) -> Observed:
    """Read all files and say what could not be read.

    Raises:
        UsageError: a column is not given as NAME=HEADING, or the same file twice.
        SetupError: a file cannot be read.
        ContentError: a file is in no known format, or holds lines and not one that is a flow.
    """
    if len({path.resolve() for path in files}) < len(files):
        hint = "Its flows would count twice."
        raise UsageError("a file is named twice", code="usage.bad-argument", hint=hint)
    named = dict(map(_column, columns))
    aggregate = Aggregate()
    sources: list[Source] = []
    with _steps(files) as moved:
        for path in files:
            sources.extend(_read(path, form, named, aggregate, moved))
    return Observed(tuple(sources), aggregate)


def _column(text: str) -> tuple[str, str]:
    name, equals, heading = text.partition("=")
    if not equals:
        hint = "Write --column src=HEADING."
        raise UsageError(f"{text!r} is not NAME=HEADING", code="usage.bad-argument", hint=hint)
    return name.strip(), heading


def _read(
    path: Path, form: str, columns: Mapping[str, str], aggregate: Aggregate, moved: Callable[[int], None]
) -> Sequence[Source]:
    with open_log(path, moved) as log:
        lines = log.lines()
        first = list(islice(lines, _SNIFFED))
        found = (detect(first) or "") if form == "auto" else form
        if columns and form == "auto" and not found:
            found = "csv"
        if columns and found != "csv":
            hint = "Leave --column out, or say --format csv."
            message = f"{path} is read as {found}, whose columns are known"
            raise UsageError(message, code="usage.bad-argument", hint=hint)
        if not found:
            raise _unknown(path, empty=not any(line.strip() for line in first))
        reading = Reading(str(path))
        everything = chain(first, lines)
        if found == DOCUMENT:
            sources, traffic = read_document("".join(everything), reading)
            aggregate.merge(traffic)
            for source in sources:
                if source.malformed:
                    talk(f"{visible(source.name)}: {source.malformed} lines could not be read when it was imported")
            return sources
        for flow in READERS[found](everything, reading, columns):
            aggregate.add(flow)
        _tell(reading)
        return [_source(reading, found, log)]


def _unknown(path: Path, *, empty: bool) -> ContentError:
    where = Location(file=str(path))
    if empty:
        return ContentError("is empty", code="content.flows", hint="Was the log rotated away?", where=where)
    hint = f"Say which with --format: {', '.join(READERS)}; for csv also --column src=HEADING."
    return ContentError(
        "is in no format that is known by its first lines", code="content.flows", hint=hint, where=where
    )


def _source(reading: Reading, found: str, log: FlowLog) -> Source:
    return Source(
        name=reading.name,
        format=found,
        sha256=log.sha256(),
        lines=reading.lines,
        records=reading.records,
        malformed=reading.malformed,
        other=reading.other.total(),
    )


def _tell(reading: Reading) -> None:
    """Say which lines are no flows; a file in which none is one is not what it was taken for."""
    if reading.malformed and not reading.records:
        line, reason = reading.problems[0]
        message = f"none of its {reading.malformed} lines can be read; the first: {reason}"
        hint = "Say which format it is with --format, and of csv which column is which with --column."
        raise ContentError(message, code="content.flows", hint=hint, where=Location(file=reading.name, line=line))
    name = visible(reading.name)
    for what, number in sorted(reading.other.items()):
        talk(f"{name}: {number} {what} left out")
    for line, reason in reading.problems:
        talk(f"{name}:{line}: not read: {reason}")
    if reading.malformed > len(reading.problems):
        talk(f"{name}: {reading.malformed - len(reading.problems)} more lines could not be read")


@contextmanager
def _steps(files: Sequence[Path]) -> Iterator[Callable[[int], None]]:
    """A progress bar over the bytes of all files; none if they are read in a moment."""
    total = sum(path.stat().st_size for path in files if path.is_file()) // _STEP
    if not total:
        yield lambda _: None
        return
    with progress(total, "reading flows (8 MB each)") as advance:
        read = done = 0

        def moved(number: int) -> None:
            nonlocal read, done
            read += number
            while done < min(read // _STEP, total):
                done += 1
                advance("")

        yield moved
