# SPDX-License-Identifier: Apache-2.0
"""``plantproof flows check``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Final

import click

from plantproof.cli.exits import FINDINGS as STATUS
from plantproof.cli.exits import OK
from plantproof.cli.flows.reading import Observed, observe, reading_options
from plantproof.cli.output import json_option, print_json, print_table, talk, visible
from plantproof.core.instants import seconds_text
from plantproof.core.observed.addresses import Network, ZoneMap
from plantproof.core.observed.flow import service_text
from plantproof.core.observed.judge import FINDINGS, Group, Outcome, Report, judge
from plantproof.core.plant import Plant
from plantproof.errors import ContentError

__all__ = ["check", "networks_of"]

_SHOWN: Final = 25
_EVERYTHING: Final = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
_TITLES: Final[Mapping[Outcome, str]] = {
    Outcome.UNDECLARED: "no conduit lets it through",
    Outcome.BACKWARDS: "begun from the wrong side",
    Outcome.NO_ZONE: "in the network but in no zone",
    Outcome.ATTEMPTED: "attempted, nobody answered",
    Outcome.DECLARED: "declared",
}


def networks_of(plant: Plant) -> Mapping[str, Sequence[Network]]:
    """The networks that each zone owns; a zone of ``networks: any`` owns whatever nobody else does."""
    return {zone.id: _EVERYTHING if zone.any_address else zone.networks for zone in plant.zones.values()}


@click.command()
@reading_options
@click.option("--all", "everything", is_flag=True, help=f"All rows of each table.  [default: the first {_SHOWN}]")
@json_option
@click.pass_obj
def check(
    workspace: Path, *, files: tuple[Path, ...], form: str, columns: tuple[str, ...], everything: bool, as_json: bool
) -> int:
    """Hold flow logs, or files of `flows import`, against the plant's conduits.

    Findings are traffic between zones that no conduit lets through, traffic begun from the wrong side of a conduit, and
    addresses that no zone owns. Attempts that nobody answered and declared flows that nobody saw are told apart; they
    are no findings. Exit status 1 if there is a finding.

    \b
    Example:
        plantproof flows check conn.log.gz
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    plant = Wiring.of(workspace).workspace.plant
    zones = ZoneMap(networks_of(plant))
    if not zones.zones:
        hint = "Say of each zone which addresses are its own, such as networks: [192.0.2.0/24]."
        raise ContentError("no zone of the plant names its networks", code="content.plant", hint=hint)
    observed = observe(files, form, columns)
    report = judge(observed.aggregate, zones, plant.conduits.values())
    if as_json:
        print_json(_json(report, observed))
    else:
        _print(report, None if everything else _SHOWN)
    talk(_summary(report))
    return STATUS if report.of(*FINDINGS) else OK


def _period(report: Report) -> str:
    if report.first is None or report.last is None:
        return "in a period that the logs do not tell"
    return f"from {seconds_text(report.first)} to {seconds_text(report.last)}"


def _summary(report: Report) -> str:
    counts = ", ".join(f"{len(report.of(outcome))} {outcome}" for outcome in _TITLES)
    inside = sum(group.records for group in report.of(Outcome.INSIDE))
    apart = sum(group.records for group in report.of(Outcome.APART))
    return (
        f"seen {_period(report)}: {counts}; {inside} records within a zone, {apart} multicast, broadcast and the like; "
        f"{len(report.unseen)} declared services not seen"
    )


def _print(report: Report, most: int | None) -> None:
    for outcome, title in _TITLES.items():
        headings = ["from > to", "service", "conduit", "packets", "hosts", "seen", "where first"]
        _table(title, headings, [_row(group) for group in report.of(outcome)], most)
    unseen = [
        [d.conduit, d.number, d.source, d.target, item.service, "attempted" if item.attempted else "nothing"]
        for item in report.unseen
        for d in (item.declared,)
    ]
    _table(f"declared, not seen {_period(report)}", ["conduit", "flow", "from", "to", "service", "seen"], unseen, most)
    blind = [[d.conduit, d.number, d.source, d.target, d.text, reason] for d, reason in report.not_comparable]
    _table("cannot be compared", ["conduit", "flow", "from", "to", "service", "because"], blind, most)


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], most: int | None) -> None:
    if not rows:
        return
    shown = rows if most is None else rows[:most]
    click.echo(f"\n{title}: {len(rows)}")
    print_table(headings, [[visible(str(cell)) for cell in row] for row in shown])
    if len(shown) < len(rows):
        click.echo(f"... and {len(rows) - len(shown)} more; --all shows them, --json too")


def _row(group: Group) -> list[object]:
    hosts = ", ".join(f"{src} > {dst}" for src, dst in group.examples)
    more = group.pairs - len(group.examples)
    times = [seconds_text(moment) for moment in (group.first, group.last) if moment is not None]
    return [
        f"{group.source} > {group.target}",
        service_text(group.protocol, group.low, group.high),
        _conduit(group) or "-",
        group.packets,
        hosts + (f" and {more} more" if more else ""),
        " .. ".join(dict.fromkeys(times)) or "-",
        f"{group.seen_file}:{group.seen_line}",
    ]


def _conduit(group: Group) -> str:
    return f"{group.conduit} flow {group.number}" if group.number else group.conduit


def _json(report: Report, observed: Observed) -> dict[str, object]:
    return {
        "period": {"first": _time(report.first), "last": _time(report.last)},
        "sources": [
            {"name": s.name, "format": s.format, "sha256": s.sha256, "records": s.records, "malformed": s.malformed}
            for s in observed.sources
        ],
        "groups": [_group_json(group) for group in report.groups],
        "unseen": [
            {**_declared(item.declared), "service": item.service, "attempted": item.attempted} for item in report.unseen
        ],
        "not-comparable": [{**_declared(item), "because": reason} for item, reason in report.not_comparable],
    }


def _declared(declared: Any) -> dict[str, object]:
    return {
        "conduit": declared.conduit,
        "flow": declared.number,
        "from": declared.source,
        "to": declared.target,
        "declared": declared.text,
    }


def _group_json(group: Group) -> dict[str, object]:
    found: dict[str, object] = {
        "outcome": str(group.outcome),
        "finding": group.outcome in FINDINGS,
        "from": group.source,
        "to": group.target,
        "records": group.records,
        "packets": group.packets,
        "bytes": group.size,
        "pairs": group.pairs,
        "first": _time(group.first),
        "last": _time(group.last),
        "examples": [{"src": src, "dst": dst} for src, dst in group.examples],
        "seen": {"file": group.seen_file, "line": group.seen_line},
    }
    if group.outcome not in {Outcome.INSIDE, Outcome.APART}:
        found["service"] = service_text(group.protocol, group.low, group.high)
        found |= {"protocol": group.protocol, "ports": None if group.low is None else [group.low, group.high]}
    if group.conduit:
        found |= {"conduit": group.conduit, "flow": group.number or None}
    return found | ({"kind": group.kind} if group.kind else {})


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else seconds_text(seconds)
