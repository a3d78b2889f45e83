# SPDX-License-Identifier: Apache-2.0
"""``plantproof inventory check``."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.findings import counted, finding_json, status_of
from plantproof.cli.flows.reading import reading_options_if_any
from plantproof.cli.inventory.printing import all_option, print_some
from plantproof.cli.inventory.seeing import Look, look
from plantproof.cli.output import json_option, print_json, talk
from plantproof.core.inventory import Comparison, Judged

__all__ = ["check"]


@click.command()
@reading_options_if_any
@click.option("--at", default="", metavar="INSTANT", help="By the evidence that was good then.  [default: now]")
@all_option
@json_option
@click.pass_obj
def check(  # noqa: PLR0917 - each is an option
    workspace: Path,
    files: tuple[Path, ...],
    form: str,
    columns: tuple[str, ...],
    at: str,
    everything: bool,
    as_json: bool,
) -> int:
    """Hold what was seen against the inventory: what is in the network, and in no zone or of no asset?

    Seen is what flow logs have (Zeek, nfdump, Suricata, CSV, files of `flows import`), and which addresses the evidence
    in the locker tells. Nothing is sent to the network. Exit status 1 if a rule finds an error, 0 with warnings or
    none.

    \b
    Example:
        plantproof inventory check conn.log.gz
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    looked = look(Wiring.of(workspace), files, form, columns, at)
    found = looked.found
    findings = [one.finding for one in found.findings]
    if as_json:
        print_json(_json(looked))
    else:
        print_some(findings, everything=everything)
    if looked.stale:
        talk(f"{looked.stale} items of evidence were stale and not asked; collect anew")
    if not files and not looked.items:
        talk("neither a flow log nor evidence tells what is in the network: only the inventory itself was looked at")
    if found.unseen:
        talk(f"not seen, although others of their zones were: {', '.join(found.unseen)}")
    talk(_summary(found, findings_text=counted(findings)))
    return status_of(findings)


def _summary(found: Comparison, *, findings_text: str) -> str:
    alone = f", {found.left_alone} of the office or the world outside" if found.left_alone else ""
    return f"{found.seen} addresses seen, {found.listed} of them of assets{alone}: {findings_text}"


def _json(looked: Look) -> dict[str, object]:
    found = looked.found
    return {
        "sources": {"flow-logs": looked.logs, "evidence": looked.items, "stale-evidence": looked.stale},
        "addresses": {"seen": found.seen, "listed": found.listed, "left-alone": found.left_alone},
        "findings": [_finding_json(one) for one in found.findings],
        "unseen": list(found.unseen),
    }


def _finding_json(one: Judged) -> dict[str, object]:
    told = finding_json(one.finding) | {"address": str(one.address) if one.address else None}
    if one.sighting is None:
        return told
    seen = one.sighting
    return told | {
        "seen": {
            "spoke": seen.spoke,
            "times": seen.times,
            "first": seen.first or None,
            "last": seen.last or None,
            "file": seen.where.file,
            "line": seen.where.line,
        }
    }
