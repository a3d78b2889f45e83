# SPDX-License-Identifier: Apache-2.0
"""``plantproof remote-access list``: the register, with what the locker holds to show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, print_table, talk
from plantproof.core.evidence import Envelope
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.remote_access import RemoteAccess
from plantproof.ports.locker import StoredItem

__all__ = ["list_accesses"]

_FLAGS = ("multi-factor", "supervised", "recorded")


@click.command("list")
@click.option("--at", default="", metavar="INSTANT", help="Say what holds at this moment.  [default: now]")
@json_option
@click.pass_obj
def list_accesses(workspace: Path, at: str, as_json: bool) -> None:
    """List who may come in from far away, whether that holds, and the evidence that shows the sessions.

    \b
    Example:
        plantproof remote-access list --json
    """  # noqa: D301 - click reads \b
    from plantproof.cli.judging import evidence_at
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    instant = instant_text(parse_instant(at) if at else wiring.clock.now())
    register = wiring.workspace.remote_access
    items = evidence_at(wiring, at).items if any(one.shown_by for one in register) else {}
    rows = [(one, shown(one, items)) for one in register]
    if as_json:
        print_json({"at": instant, "remote-access": [_json(one, seen, instant) for one, seen in rows]})
    elif rows:
        print_table(
            ["access", "party", "by", "to", "conditions", "until", "state", "evidence"],
            [
                [
                    one.id,
                    one.party,
                    ", ".join(one.conduits),
                    ", ".join(one.assets) or "all there",
                    _conditions(one),
                    one.until[:10],
                    one.why_not(instant) or "holds",
                    _evidence(seen),
                ]
                for one, seen in rows
            ],
        )
    else:
        talk("the register is empty: write remote-access/*.yml; the reference page 'Plant files' says how")


def shown(one: RemoteAccess, items: Mapping[str, StoredItem]) -> tuple[Envelope, ...]:
    """What the locker holds of the assets that show who came, by path."""
    envelopes = (stored.item.envelope for stored in items.values() if stored.item.envelope.asset in one.shown_by)
    return tuple(sorted(envelopes, key=lambda envelope: envelope.path))


def _conditions(one: RemoteAccess) -> str:
    flags = zip(_FLAGS, (one.multi_factor, one.supervised, one.recorded), strict=True)
    return ", ".join(name for name, said in flags if said) or "nobody said"


def _evidence(seen: Iterable[Envelope]) -> str:
    dates = [envelope.clocks.collected[:10] for envelope in seen]
    return f"{len(dates)} items, newest {max(dates)}" if dates else "none"


def _json(one: RemoteAccess, seen: Iterable[Envelope], at: str) -> dict[str, object]:
    return {
        "id": one.id,
        "party": one.party,
        "contact": one.contact,
        "reference": one.reference,
        "purpose": one.purpose,
        "conduits": list(one.conduits),
        "assets": list(one.assets),
        "owner": one.owner,
        "approved-by": one.approved_by,
        "granted": one.granted,
        "until": one.until,
        "does-not-hold": one.why_not(at),
        "multi-factor": one.multi_factor,
        "supervised": one.supervised,
        "recorded": one.recorded,
        "shown-by": list(one.shown_by),
        "evidence": [
            {
                "path": item.path,
                "sha256": item.sha256,
                "collected": item.clocks.collected,
                "stale": item.clocks.valid_until < at,
            }
            for item in seen
        ],
        "file": one.declared.file,
        "line": one.declared.line,
    }
