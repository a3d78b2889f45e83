# SPDX-License-Identifier: Apache-2.0
"""``plantproof collect``: read the plant, take secrets out, commit one signed run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plantproof.cli.exits import INCOMPLETE, OK
from plantproof.cli.output import json_option, print_json, print_table, progress, talk, visible
from plantproof.core.evidence import NotCollected
from plantproof.ports.collecting import CollectionJob

if TYPE_CHECKING:
    from plantproof.cli.wiring import Wiring
    from plantproof.stages.collect import CollectionReport

__all__ = ["collect", "print_report", "report_json", "run_jobs"]


@click.command()
@click.option("--zone", default="", metavar="ZONE", help="Only the assets of this zone.")
@click.option("--limit", default="", metavar="PATTERN", help="Only assets whose ids match, such as 'rtu-*,plc-1'.")
@click.option("--plan", "dry", is_flag=True, help="Print every command for every asset; connect to nothing.")
@click.option("--ignore-windows", is_flag=True, help="Read zones outside their maintenance windows too.")
@json_option
@click.pass_obj
def collect(workspace: Path, *, zone: str, limit: str, dry: bool, ignore_windows: bool, as_json: bool) -> int:
    """Collect evidence, read-only, and store it as one signed commit.

    Secrets are taken out before anything is stored. Ctrl-C leaves the evidence as it was. Exit status 4 if anything
    that was asked for could not be collected.

    \b
    Example:
        plantproof collect --plan
        plantproof collect --zone supervision
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring
    from plantproof.stages.selecting import select_jobs

    wiring = Wiring.of(workspace)
    jobs = select_jobs(wiring.workspace.plant, zone, limit)
    if dry:
        return _print_plan(wiring, jobs, as_json=as_json)
    if not jobs:
        talk("no asset names a collector: there is nothing to collect")
        return OK
    report = run_jobs(wiring, jobs, ignore_windows=ignore_windows)
    if as_json:
        print_json(report_json(report))
    else:
        print_report(report)
    return INCOMPLETE if report.not_collected else OK


def run_jobs(wiring: Wiring, jobs: Sequence[CollectionJob], *, ignore_windows: bool = False) -> CollectionReport:
    """Collect with a progress bar on stderr.

    Raises:
        PlantproofError: the run could not start, or the locker is not sound.
    """
    from plantproof.stages.collect import collect as run

    locker, intake = wiring.writable_locker(), wiring.intake()
    with progress(len(jobs), "collecting", every=True) as advance:
        return run(
            wiring.workspace.plant,
            jobs,
            intake=intake,
            runner=wiring.runner(),
            locker=locker,
            clock=wiring.clock,
            listener=_Shown(advance),
            ignore_windows=ignore_windows,
        )


class _Shown:
    """Implements RunListener on the progress bar."""

    def __init__(self, advance: Callable[[str], None]) -> None:
        self._advance = advance

    def started(self, jobs: int) -> None:
        """The bar knows the number already."""

    def job_started(self, zone: str, asset: str, collector: str) -> None:
        """Only what has ended moves the bar."""

    def job_finished(self, zone: str, asset: str, collector: str, error: str) -> None:
        del zone
        self._advance(visible(f"{asset} {collector}" + (f": {error}" if error else "")))


def _print_plan(wiring: Wiring, jobs: Sequence[CollectionJob], *, as_json: bool) -> int:
    from plantproof.stages.selecting import plan

    planned = list(plan(jobs, wiring.collectors))
    if as_json:
        rows = [
            {"zone": p.zone, "asset": p.asset, "collector": p.collector, "kind": p.kind, "command": p.command}
            for p in planned
        ]
        print_json(rows)
    else:
        headings = ["zone", "asset", "collector", "kind", "command"]
        print_table(headings, [[p.zone, p.asset, p.collector, p.kind, p.command] for p in planned])
    assets = len({job.asset.id for job in jobs})
    talk(f"{len(planned)} commands for {assets} assets; none was sent and nothing was connected to")
    return OK


def report_json(report: CollectionReport) -> dict[str, Any]:
    """A run for programs."""
    return {
        "run": report.run,
        "commit": report.committed.commit,
        "added": report.committed.added,
        "changed": report.committed.changed,
        "unchanged": report.committed.unchanged,
        "items": [
            {"path": item.path, "sha256": item.sha256, "state": item.state.value, "redactions": item.redactions}
            for item in report.items
        ],
        "not-collected": [_lost(item) for item in report.not_collected],
        "remarks": list(report.remarks),
    }


def _lost(item: NotCollected) -> dict[str, str]:
    return {"zone": item.zone, "asset": item.asset, "kind": item.kind, "reason": item.reason}


def print_report(report: CollectionReport) -> None:
    """A run for people: what was stored, then what is missing and why."""
    done = report.committed
    counts = f"{done.added} new, {done.changed} changed, {done.unchanged} unchanged"
    secrets = sum(item.redactions for item in report.items)
    click.echo(f"{len(report.items)} items ({counts}), {secrets} secrets taken out, commit {done.commit[:12]}")
    if report.not_collected:
        rows = [[item.zone, item.asset, item.kind, visible(item.reason)] for item in report.not_collected]
        print_table(["zone", "asset", "not collected", "why"], rows)
    for remark in report.remarks:
        talk(f"remark: {visible(remark)}")
