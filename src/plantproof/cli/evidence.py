# SPDX-License-Identifier: Apache-2.0
"""``plantproof evidence``: look into the locker, verify it, and add what was carried in by hand."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import click

from plantproof.cli.collect import print_report, report_json
from plantproof.cli.exits import INCOMPLETE, OK
from plantproof.cli.output import json_option, print_json, print_table, talk, visible
from plantproof.core.instants import instant_text
from plantproof.errors import IntegrityError, Location, UsageError

__all__ = ["evidence"]

_SIGNATURES: Final[Mapping[str, str]] = {
    "G": "good",
    "N": "none",
    "B": "BAD",
    "U": "not allowed",
    "E": "unverifiable",
}


@click.group()
def evidence() -> None:
    """Evidence in the locker: log, show, verify, add.

    \b
    Example:
        plantproof evidence verify
    """  # noqa: D301 - click reads \b


@evidence.command()
@click.option("-n", "--number", type=click.IntRange(min=0), default=0, help="Only the newest runs.  [default: all]")
@json_option
@click.pass_obj
def log(workspace: Path, number: int, as_json: bool) -> None:
    """List the runs, newest first.

    \b
    Example:
        plantproof evidence log -n 10
    """  # noqa: D301
    from plantproof.cli.wiring import Wiring

    entries = Wiring.of(workspace).locker.log(number)
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    rows = [
        [e.commit[:12], e.finished, e.items, e.changed, e.not_collected, _SIGNATURES.get(e.signature, e.signature)]
        for e in entries
    ]
    if rows:
        print_table(["commit", "finished", "items", "changed", "not collected", "signature"], rows)
    else:
        talk("the locker is empty; `plantproof collect` fills it")


@evidence.command()
@click.argument("path")
@click.option("--commit", default="", metavar="COMMIT", help="As of this run.  [default: the newest]")
@json_option
@click.pass_obj
def show(workspace: Path, path: str, commit: str, as_json: bool) -> None:
    """Print an item of the locker, such as supervision/hmi-1/linux.sshd.txt; its metadata goes to stderr.

    Through a pipe the bytes come as they are stored; on a terminal control characters are shown, not obeyed.

    \b
    Example:
        plantproof evidence show supervision/hmi-1/linux.sshd.txt
    """  # noqa: D301
    from plantproof.cli.wiring import Wiring

    locker = Wiring.of(workspace).locker
    items = locker.items(_commit(locker.log(), commit))
    if path not in items:
        near = get_close_matches(path, items, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"The locker holds {len(items)} items."
        raise UsageError(f"the locker holds no {path!r}", code="usage.unknown-name", hint=hint)
    stored = items[path]
    envelope = stored.item.envelope
    if as_json:
        content = stored.item.content.decode(errors="replace")
        print_json({"commit": stored.commit, "envelope": _plain(asdict(envelope)), "content": content})
        return
    clocks = envelope.clocks
    talk(
        f"sha256 {envelope.sha256}\ncommit {stored.commit}\ncollected {clocks.collected}, valid to {clocks.valid_until}"
    )
    talk(f"by {envelope.collector.name}/{envelope.collector.version}, {envelope.redactions} secrets taken out\n")
    if sys.stdout.isatty():
        for line in stored.item.content.decode(errors="replace").splitlines():
            click.echo(visible(line))
    else:
        click.echo(stored.item.content, nl=False)


def _commit(entries: Any, wanted: str) -> str:
    if not wanted:
        return ""
    found = [entry.commit for entry in entries if entry.commit.startswith(wanted.lower())]
    if len(found) != 1:
        hint = "`plantproof evidence log` lists the runs."
        what = "no run has" if not found else "several runs have"
        raise UsageError(f"{what} the commit {wanted!r}", code="usage.unknown-name", hint=hint)
    return str(found[0])


def _plain(value: Any) -> Any:
    """Values that JSON knows: an enumeration's member by its value."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return getattr(value, "value", value)


@evidence.command()
@json_option
@click.pass_obj
def verify(workspace: Path, as_json: bool) -> None:
    """Verify every commit, manifest, digest and signature; exit status 5 if anything is wrong.

    \b
    Example:
        plantproof evidence verify --json
    """  # noqa: D301
    from plantproof.cli.wiring import Wiring

    locker = Wiring.of(workspace).locker
    defects = locker.verify()
    if as_json:
        print_json([asdict(defect) for defect in defects])
    if not defects:
        runs = len(locker.log())
        count = f"{runs} run{'s' if runs > 1 else ''}"
        talk(f"{count}: every signature, manifest and digest is good" if runs else "the locker is empty")
        return
    found = []
    for defect in defects:
        place = Location(file=":".join(part for part in (defect.commit[:12], defect.path) if part) or "locker")
        found.append(IntegrityError(visible(defect.message), code=defect.code, where=place))
    first, *rest = found
    raise IntegrityError(first.message, code=first.code, where=first.where, also=rest)


@evidence.command()
@click.option("--asset", required=True, metavar="ASSET", help="Where it was collected.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
@click.pass_obj
def add(workspace: Path, asset: str, file: Path, as_json: bool) -> int:
    """Take in FILE, a collector's output that was made by hand on ASSET.

    \b
    Example, after `sh linux_host.sh > hmi-3.txt` on the host:
        plantproof evidence add --asset hmi-3 /media/stick/hmi-3.txt
    """  # noqa: D301
    from plantproof.cli.wiring import Wiring
    from plantproof.stages.carried import add_carried

    wiring = Wiring.of(workspace)
    assets = wiring.workspace.plant.assets
    if asset not in assets:
        near = get_close_matches(asset, assets, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(assets)) or 'none'}."
        raise UsageError(f"the plant has no asset {asset!r}", code="usage.unknown-name", hint=hint)
    report = add_carried(
        assets[asset],
        file.read_bytes().decode(errors="replace"),
        modified=instant_text(datetime.fromtimestamp(file.stat().st_mtime, UTC)),
        intake=wiring.intake(),
        locker=wiring.writable_locker(),
        clock=wiring.clock,
    )
    if as_json:
        print_json(report_json(report))
    else:
        print_report(report)
    return INCOMPLETE if report.not_collected else OK
