# SPDX-License-Identifier: Apache-2.0
"""``plantproof reach``: what the firewalls let through between zones, against what the conduits declare."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

import click

from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.output import json_option, print_json, talk
from plantproof.cli.passing import firewall_view
from plantproof.cli.reach.printing import SHOWN, print_report, summary
from plantproof.cli.reach.programs import report_json
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.plant import Plant
from plantproof.errors import ContentError, UsageError

__all__ = ["reach"]


@click.command()
@click.option("--from", "sources", multiple=True, metavar="ZONE", help="Only what this zone reaches; may be repeated.")
@click.option("--to", "targets", multiple=True, metavar="ZONE", help="Only what reaches this zone; may be repeated.")
@click.option("--at", default="", metavar="INSTANT", help="Evidence that is stale then is named.  [default: now]")
@click.option("--all", "everything", is_flag=True, help=f"All findings.  [default: the first {SHOWN}]")
@json_option
@click.pass_obj
def reach(
    workspace: Path, *, sources: tuple[str, ...], targets: tuple[str, ...], at: str, everything: bool, as_json: bool
) -> int:
    """Hold the firewalls' configurations against the conduits: who reaches whom, by which rule, and who should.

    Exact over all addresses and ports, through every firewall and router of the plant's files, with translations on
    the way. Undeclared: a rule lets through what no conduit asks for. Blocked: a conduit asks for what no rule lets
    through. Doubtful: a rule that is not understood decides. Packets to the firewalls themselves, and within a zone,
    are not looked at.

    Exit status 1 if something undeclared gets through, 0 with warnings or none.

    \b
    Example:
        plantproof -C waterworks reach
        plantproof -C waterworks reach --from enterprise --to cell-1 --json
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    plant = wiring.workspace.plant
    _check(plant, sources, "--from")
    _check(plant, targets, "--to")
    if not plant.firewalls:
        hint = "Write firewalls: in a file of plant/; the reference page 'Plant files' says how."
        raise ContentError("the plant has no firewall", code="content.plant", hint=hint)
    instant = instant_text(parse_instant(at) if at else wiring.clock.now())
    found = firewall_view(workspace, plant, wiring.locker.items, instant, sources=sources, targets=targets)
    devices, report, findings = found.devices, found.report, found.findings
    if as_json:
        print_json(report_json(devices, report, findings))
    else:
        print_report(plant, devices, report, findings, every=everything)
    talk(summary(report, findings))
    return FINDINGS if any(finding.error for finding in findings) else OK


def _check(plant: Plant, zones: Collection[str], option: str) -> None:
    for zone in zones:
        if zone not in plant.zones:
            near = get_close_matches(zone, plant.zones, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(plant.zones)}."
            raise UsageError(f"{option}: the plant has no zone {zone!r}", code="usage.unknown-name", hint=hint)
