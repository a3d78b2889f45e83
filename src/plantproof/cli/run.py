# SPDX-License-Identifier: Apache-2.0
"""``plantproof run``: the whole road, from the plant to the portal."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.exits import INCOMPLETE
from plantproof.cli.output import json_option, print_json, talk

__all__ = ["run", "whole_road"]


@click.command()
@click.option("--ignore-windows", is_flag=True, help="Read zones outside their maintenance windows too.")
@json_option
@click.pass_obj
def run(workspace: Path, ignore_windows: bool, as_json: bool) -> int:
    """Collect, assess and publish: what a scheduled job runs.

    Exit status 4 if something could not be collected, else 1 if a target is not proven, else 0.

    \b
    Example:
        plantproof -C waterworks run
    """  # noqa: D301 - click reads \b
    return whole_road(workspace, ignore_windows=ignore_windows, as_json=as_json)


def whole_road(workspace: Path, *, ignore_windows: bool = False, as_json: bool = False) -> int:
    """Collect, assess and publish a workspace, saying what was found; returns the exit status."""
    from plantproof.cli.assess import exit_status, print_assessment, summary
    from plantproof.cli.collect import print_report, report_json, run_jobs
    from plantproof.cli.judging import judge, write_portal, write_results
    from plantproof.cli.wiring import Wiring
    from plantproof.stages.selecting import select_jobs

    wiring = Wiring.of(workspace)
    report = run_jobs(wiring, select_jobs(wiring.workspace.plant), ignore_windows=ignore_windows)
    talk("judging ...")
    judged = judge(workspace)
    written = write_results(judged, judged.output)
    talk("building the portal ...")
    target, pages = write_portal(judged, written)
    if as_json:
        result = {"collection": report_json(report), "assessment": summary(judged.assessment), "site": str(target)}
        print_json({**result, "results": {name: str(path) for name, path in written.items()}})
    else:
        print_report(report)
        click.echo("")
        print_assessment(judged.assessment)
        click.echo(f"\n{pages} pages: {target / 'index.html'}")
        for path in written.values():
            click.echo(path)
    return INCOMPLETE if report.not_collected else exit_status(judged.assessment)
