# SPDX-License-Identifier: Apache-2.0
"""``plantproof flows import``."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.adapters.files import replacing
from plantproof.cli.flows.reading import observe, reading_options
from plantproof.cli.output import json_option, print_json, talk
from plantproof.connectors.flows.document import write_document
from plantproof.errors import UsageError

__all__ = ["import_flows"]


@click.command("import")
@reading_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("flows.json"),
    show_default=True,
    help="Where to write; '-' is standard output.",
)
@json_option
def import_flows(files: tuple[Path, ...], form: str, columns: tuple[str, ...], output: Path, as_json: bool) -> None:
    """Add flow logs up by hosts and service, and write them as one small file.

    FILE may be compressed (.gz), or itself written by this command. The same logs give the same bytes, so the file can
    be kept in git as what was seen in a period.

    \b
    Example:
        plantproof flows import logs/conn.*.log.gz -o flows-2026-11.json
    """  # noqa: D301 - click reads \b
    if output.resolve() in {path.resolve() for path in files}:
        hint = "Name another file with -o."
        raise UsageError(f"{output} would be read and overwritten", code="usage.bad-argument", hint=hint)
    observed = observe(files, form, columns)
    flows = list(observed.aggregate)
    pieces = write_document(observed.sources, flows)
    if str(output) == "-":
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        with replacing(output) as file:
            for piece in pieces:
                file.write(piece.encode())
    records = sum(each.records for each in flows)
    malformed = sum(source.malformed for source in observed.sources)
    if as_json and str(output) != "-":
        print_json({"output": str(output), "records": records, "flows": len(flows), "malformed": malformed})
    talk(
        f"{records} records of {len(observed.sources)} logs, added up to {len(flows)} flows; {malformed} lines not read"
    )
