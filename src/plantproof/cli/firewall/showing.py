# SPDX-License-Identifier: Apache-2.0
"""``plantproof firewall show``: the rules as they were understood."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.exits import OK
from plantproof.cli.firewall.reading import listing_arguments, read_file, rule_json
from plantproof.cli.output import json_option, print_json, print_table, talk, visible
from plantproof.firewall.program import Listing, Rule

__all__ = ["show"]


@click.command()
@listing_arguments
@json_option
def show(*, dialect: str, file: Path, as_json: bool) -> int:
    """Print the rules of FILE as they are understood, each with its line, and what is not understood.

    A rule that is not understood leaves open what it may decide: a query that it can touch is inconclusive.

    \b
    Example:
        plantproof firewall show nftables-json fw.json
        plantproof firewall show iptables-save rules.v4 --json
    """  # noqa: D301 - click reads \b
    listing = read_file(dialect, file)
    doubtful = not_understood(listing)
    if as_json:
        print_json(
            {
                "dialect": dialect,
                "rules": [rule_json(rule) for rule in listing.rules],
                "not_understood": [rule_json(rule) for rule in doubtful],
                "coverage": {"lines": listing.lines, "understood": max(0, listing.lines - len(doubtful))},
                "interfaces": list(listing.interfaces),
            }
        )
        return OK
    rows = [[rule.line, visible(rule.place), rule.action, visible(rule.text)] for rule in listing.rules]
    print_table(["line", "place", "action", "rule"], rows)
    if doubtful:
        talk("")
        print_table(["line", "not understood", "why"], [[r.line, visible(r.text), visible(r.why)] for r in doubtful])
    talk(
        f"{len(listing.rules)} rules; {len(doubtful)} of {listing.lines} lines not understood, or not known of a packet"
    )
    return OK


def not_understood(listing: Listing) -> tuple[Rule, ...]:
    """Rules that the model cannot decide, and what leaves the whole listing open."""
    return (*listing.incomplete, *(rule for rule in listing.rules if not rule.understood))
