# SPDX-License-Identifier: Apache-2.0
"""``plantproof remote-access check``: what should hold of the register."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.findings import counted, finding_json, print_findings, status_of
from plantproof.cli.output import json_option, print_json, talk
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.remote_access import access_findings, ways_in

__all__ = ["check"]


@click.command()
@click.option("--at", default="", metavar="INSTANT", help="Entries count if they hold then.  [default: now]")
@json_option
@click.pass_obj
def check(workspace: Path, at: str, as_json: bool) -> int:
    """Check the register against the conduits: nobody comes in unregistered, no way stays open behind an entry.

    Exit status 1 if a way in is open for an access that ran out, or who answers for one approved it; 0 with warnings
    or none.

    \b
    Example:
        plantproof remote-access check --at 2027-03-31
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    found = wiring.workspace
    instant = instant_text(parse_instant(at) if at else wiring.clock.now())
    findings = access_findings(found.plant, found.remote_access, instant)
    if as_json:
        print_json({"at": instant, "findings": [finding_json(one) for one in findings]})
    else:
        print_findings(findings)
    ways = len(ways_in(found.plant))
    size = f"{len(found.remote_access)} in the register, {ways} conduits that let somebody in from far away"
    talk(f"{size}: {counted(findings)}")
    return status_of(findings)
