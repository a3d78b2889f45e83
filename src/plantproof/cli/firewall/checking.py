# SPDX-License-Identifier: Apache-2.0
"""``plantproof firewall check``: rules that a rule set would be better without."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import click

from plantproof.adapters.configurations import read_configuration
from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.firewall.reading import listing_arguments, rule_json
from plantproof.cli.output import json_option, print_json, print_table, progress, talk, visible
from plantproof.firewall.program import Listing
from plantproof.firewall.upkeep import Defect, Kind, defects

__all__ = ["check"]

_LARGE: Final = 500
_PARTS: Final = 20


@click.command()
@listing_arguments
@json_option
def check(*, dialect: str, file: Path, as_json: bool) -> int:
    """Find rules that are open from any to any, that no packet meets, or that change nothing.

    Shadowed: what stands before takes every packet that the rule asks for. Redundant: without the rule each packet has
    the same fate, by the rules named. Both hold for all packets without exception; a rule that is not understood, or
    depends on more than a packet tells, is never called needless.

    Exit status 1 if a rule lets through from any to any, 0 with needless rules or none.

    \b
    Example:
        plantproof firewall check iptables-save rules.v4
    """  # noqa: D301 - click reads \b
    listing = read_configuration(dialect, file)
    found = _judged(listing)
    if as_json:
        print_json({"rules": len(listing.rules), "findings": [_json(defect) for defect in found]})
    elif found:
        rows = [
            [
                d.rule.line,
                str(d.kind),
                visible(d.rule.text),
                ", ".join(str(one.line) for one in d.because[:6] if one.line),
            ]
            for d in found
        ]
        print_table(["line", "finding", "rule", "because of lines"], rows)
    counts = Counter(defect.kind for defect in found)
    words = ", ".join(f"{counts[kind]} {kind}" for kind in Kind if counts[kind])
    talk(f"{len(listing.rules)} rules: {words or 'nothing to find'}")
    return FINDINGS if counts[Kind.OPEN] else OK


def _judged(listing: Listing) -> list[Defect]:
    """The defects; of a large rule set with progress, a twentieth at a time."""
    total = len(listing.rules)
    if total < _LARGE:
        return defects(listing)
    with progress(_PARTS, "judging rules") as advance:
        done = 0

        def tell(_: int) -> None:
            nonlocal done
            done += 1
            if done * _PARTS // total > (done - 1) * _PARTS // total:
                advance(f"{done} of {total}")

        return defects(listing, tell)


def _json(defect: Defect) -> dict[str, object]:
    return {
        "finding": str(defect.kind),
        "rule": rule_json(defect.rule),
        "because": [rule_json(rule) for rule in defect.because],
    }
