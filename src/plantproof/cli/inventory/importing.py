# SPDX-License-Identifier: Apache-2.0
"""``plantproof inventory import``: hosts of another tool's list, as an Ansible inventory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from plantproof.adapters.foreign_text import read_foreign_text
from plantproof.cli.findings import counted, finding_json, status_of
from plantproof.cli.flows.reading import reading_options
from plantproof.cli.inventory.printing import all_option, print_some
from plantproof.cli.inventory.seeing import look
from plantproof.cli.output import json_option, print_json, talk, visible
from plantproof.connectors.inventory import HEADER, inventory_of, named_columns, read_netbox, read_table
from plantproof.core.inventory import Allowed, Brought, Candidate, bring, host_address, strangers
from plantproof.errors import UsageError

if TYPE_CHECKING:
    from plantproof.cli.wiring import Wiring

__all__ = ["import_hosts"]

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What all sources are asked for."""

    output: Path
    force: bool
    keep_unplaced: bool
    everything: bool
    as_json: bool


@click.group("import")
def import_hosts() -> None:
    """Bring hosts in from another list (CSV, NetBox), or what was seen in the network.

    Writes an Ansible inventory of the hosts that the plant does not have yet; the inventory itself is not changed.
    An Ansible inventory needs no import: name it as inventory in plantproof.yml.

    \b
    Example:
        plantproof inventory import csv assets.csv -o imported.yml
    """  # noqa: D301 - click reads \b


def _output_options(command: _Command) -> _Command:
    for add in (
        json_option,
        all_option,
        click.option("--keep-unplaced", is_flag=True, help="Write hosts without a zone too, into the group unplaced."),
        click.option("--force", is_flag=True, help="Overwrite the output if it is there."),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path, dir_okay=False),
            default=Path("imported.yml"),
            show_default=True,
            help="Where to write; '-' is standard output.",
        ),
    ):
        command = add(command)
    return command


def _list_options(command: _Command) -> _Command:
    for add in (
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="NAME=HEADING",
            help="The heading of name, address, zone, title, platform or collectors; nothing after '=': there is "
            "none.  [repeatable]",
        ),
        click.argument("file", metavar="FILE", type=click.Path(path_type=Path)),
    ):
        command = add(command)
    return _output_options(command)


@import_hosts.command("csv")
@_list_options
@click.pass_obj
def from_csv(workspace: Path, /, *, file: Path, columns: tuple[str, ...], **asked: Any) -> int:
    """Bring in a table with a heading: commas, semicolons or tabs.

    Headings that are common in exports are known (Hostname, IP Address, Zone, Description). A host's zone is that of
    its column, else the one whose networks have its address; a host without one is a finding and left out. Only the
    named columns are read, so that nothing secret is copied.

    \b
    Example:
        plantproof inventory import csv assets.csv --column name=Gerät -o imported.yml
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    named = named_columns(columns)
    wanted = _Asked(**asked)
    candidates = read_table(_text(file), name=str(file), columns=named)
    return _bring(Wiring.of(workspace), candidates, [file], wanted)


@import_hosts.command("netbox")
@_list_options
@click.option("--zone-from", default="", metavar="KEY", help="Where the zone stands: site, tags, custom_fields.cell.")
@click.pass_obj
def from_netbox(workspace: Path, /, *, file: Path, columns: tuple[str, ...], zone_from: str, **asked: Any) -> int:
    """Bring in NetBox's devices: JSON of its Ansible inventory plugin, or its CSV.

    Devices that are planned, in stock or being taken away are left out. A host's zone is that of a custom field zone,
    security_zone or plantproof_zone, or of --zone-from, else the one whose networks have its primary address.

    \b
    Example:
        ansible-inventory -i netbox.yml --list > netbox.json
        plantproof inventory import netbox netbox.json --zone-from site -o imported.yml
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    named = named_columns(columns)
    wanted = _Asked(**asked)
    wiring = Wiring.of(workspace)
    zones = wiring.workspace.plant.zones.keys()
    found = read_netbox(_text(file), name=str(file), zones=zones, zone_from=zone_from, columns=named)
    return _bring(wiring, found, [file], wanted)


@import_hosts.command("seen")
@reading_options
@_output_options
@click.pass_obj
def from_seen(workspace: Path, /, *, files: tuple[Path, ...], form: str, columns: tuple[str, ...], **asked: Any) -> int:
    """Bring in what `inventory check` finds unlisted or in no zone, each under a name made of its address.

    A beginning for a plant that has no list: read it, find out what each is, give it its name. Only what spoke is
    taken.

    \b
    Example:
        plantproof inventory import seen conn.log.gz -o seen.yml
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    return _bring(wiring, strangers(look(wiring, files, form, columns).found), files, _Asked(**asked))


def _text(file: Path) -> str:
    text, encoding = read_foreign_text(file)
    if encoding == "Windows-1252":
        talk(f"{visible(str(file))} is not UTF-8; read as Windows-1252")
    return text


def _bring(wiring: Wiring, candidates: Sequence[Candidate], files: Sequence[Path], asked: _Asked) -> int:
    from plantproof.adapters.workspace.ansible_inventory import host_variables

    _refuse(asked, files, wiring.paths.inventory)
    existing = {name: host_address(name, found) for name, found in host_variables(wiring.paths.inventory).items()}
    infos = wiring.collectors.values()
    allowed = Allowed(
        collectors={info.name: info.protocol if info.impact == "probe" else "" for info in infos},
        platforms={kind.platform for info in infos for kind in info.kinds.values() if kind.platform},
    )
    brought = bring(candidates, wiring.workspace.plant, existing, allowed)
    written = _write(brought, asked)
    _tell(brought, asked, written=written)
    return status_of(brought.findings)


def _refuse(asked: _Asked, files: Sequence[Path], inventory: Path) -> None:
    """Refuse an output that something would be lost by."""
    from plantproof.adapters.workspace.ansible_inventory import source_files

    output = asked.output
    if str(output) == "-":
        if asked.as_json:
            message = "both the inventory and --json want the standard output"
            raise UsageError(message, code="usage.bad-argument", hint="Name a file with -o.")
        return
    if output.resolve() in {file.resolve() for file in files}:
        message = f"{output} would be read and overwritten"
        raise UsageError(message, code="usage.bad-argument", hint="Name another file with -o.")
    if output.exists() and output.resolve() in {path.resolve() for path in source_files(inventory)}:
        hint = "Its hosts are there already and would not be written again: name a new file beside it with -o."
        raise UsageError(f"{output} is part of the inventory", code="usage.exists", hint=hint)
    if (output.exists() or output.is_symlink()) and not asked.force:
        hint = "Name another file with -o, or overwrite it with --force."
        raise UsageError(f"{output} is already there", code="usage.exists", hint=hint)


def _write(brought: Brought, asked: _Asked) -> bool:
    """Write what is to be added; nothing is no file."""
    from plantproof.adapters.documents import dump_yaml
    from plantproof.adapters.files import write_atomically

    unplaced = brought.unplaced if asked.keep_unplaced else ()
    if not brought.hosts and not unplaced:
        return False
    text = HEADER + dump_yaml(inventory_of(brought.hosts, unplaced))
    if str(asked.output) == "-":
        click.echo(text, nl=False)
    else:
        write_atomically(asked.output, text.encode())
    return True


def _tell(brought: Brought, asked: _Asked, *, written: bool) -> None:
    to_stdout = str(asked.output) == "-"
    if asked.as_json:
        print_json(
            {
                "output": str(asked.output) if written else None,
                "hosts": [_json(host) for host in brought.hosts],
                "unplaced": [_json(host) for host in brought.unplaced],
                "there": [{**_json(one.candidate), "as": one.name} for one in brought.there],
                "left-out": [_json(host) for host in brought.left_out],
                "findings": [finding_json(one) for one in brought.findings],
            }
        )
    elif to_stdout:
        for one in brought.findings:
            talk(visible(f"{one.where}: {one.severity}: {one.message}  [{one.id}]"))
    else:
        print_some(brought.findings, everything=asked.everything)
    unplaced = f"{len(brought.unplaced)} in no zone{'' if asked.keep_unplaced else ' and left out'}"
    target = "" if to_stdout else f", written to {visible(str(asked.output))}" if written else ", nothing was written"
    talk(
        f"{len(brought.hosts)} hosts to add{target}; {len(brought.there)} there already, {unplaced}, "
        f"{len(brought.left_out)} not usable: {counted(brought.findings)}"
    )


def _json(host: Candidate) -> dict[str, object]:
    return {
        "name": host.name,
        "address": host.address,
        "zone": host.zone,
        "title": host.title,
        "file": host.where.file,
        "line": host.where.line,
    }
