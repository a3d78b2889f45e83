# SPDX-License-Identifier: Apache-2.0
"""``plantproof zones show``: each zone with all that is said about it, nested zones as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json
from plantproof.cli.risk.programs import target_json
from plantproof.cli.risk.tables import compared
from plantproof.core.levels import FR
from plantproof.core.plant import Conduit, Plant, Zone
from plantproof.core.risk import RiskAssessment, Unit
from plantproof.core.risk.weigh import Derived, derived, residual, unmitigated
from plantproof.errors import UsageError

__all__ = ["show"]


@click.command()
@click.argument("zone", required=False)
@json_option
@click.pass_obj
def show(workspace: Path, zone: str | None, as_json: bool) -> None:
    """Show what is said about a zone, or about every zone and how they lie in one another.

    \b
    Example:
        plantproof zones show
        plantproof zones show cell-1
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    found = Wiring.of(workspace).workspace
    plant, risk, wanted = found.plant, found.risk, derived(found.risk)
    shown = [_known(plant, zone)] if zone else [one for _, one in _tree(plant)]
    if as_json:
        print_json({"plant": plant.name, "zones": {one.id: _json(plant, risk, wanted, one) for one in shown}})
        return
    if not zone:
        _print_tree(plant)
    for number, one in enumerate(shown):
        if number or not zone:
            click.echo()
        _print_zone(plant, risk, wanted, one)


def _known(plant: Plant, zone: str) -> Zone:
    if zone in plant.zones:
        return plant.zones[zone]
    from plantproof.adapters.workspace.entries import nearest

    message = f"the plant has no zone {zone}"
    raise UsageError(message, code="usage.unknown-name", hint=nearest(zone, plant.zones))


def _tree(plant: Plant, parent: str = "", depth: int = 0) -> Iterator[tuple[int, Zone]]:
    """Zones with how deep they lie, each after the one that contains it."""
    for zone in plant.children_of(parent):
        yield depth, zone
        yield from _tree(plant, zone.id, depth + 1)


def _print_tree(plant: Plant) -> None:
    click.echo(plant.name)
    for depth, zone in _tree(plant):
        click.echo(f"{'  ' * (depth + 1)}{zone.id}  {zone.kind}, SL-T {zone.sl_t}")


def _networks(zone: Zone) -> list[str]:
    return ["any"] if zone.any_address else [str(network) for network in zone.networks]


def _print_zone(plant: Plant, risk: RiskAssessment, targets: Mapping[Unit, Derived], zone: Zone) -> None:
    click.secho(f"{zone.id}: {zone.title}" if zone.title != zone.id else zone.id, bold=True)
    rows = {
        "kind": zone.kind,
        "level": zone.purdue,
        "lies in": zone.parent,
        "contains": ", ".join(one.id for one in plant.children_of(zone.id)),
        "site": zone.site,
        "networks": ", ".join(_networks(zone)),
        "SL-T": str(zone.sl_t),
        "derived SL-T": _derived(zone, targets.get(Unit(zone=zone.id))),
        "assets": ", ".join(asset.id for asset in plant.assets_of(zone.id)),
        "firewalls": ", ".join(f"{firewall} {interface}" for firewall, interface in _firewalls(plant, zone)),
        "described as": zone.description,
    }
    for name, text in rows.items():
        click.echo(f"  {name:<12}  {text or '-'}")
    conduits = plant.conduits_of(zone.id)
    click.echo(f"  {'conduits':<12}  {'' if conduits else '-'}".rstrip())
    for conduit in conduits:
        for line in _conduit_lines(plant, conduit, zone):
            click.echo(f"    {line}")
    scenarios = risk.scenarios_of(Unit(zone=zone.id))
    click.echo(f"  {'scenarios':<12}  {'' if scenarios else '-'}".rstrip())
    for one in scenarios:
        before, after = (risk.method.risks[weigh(risk.method, one)].id for weigh in (unmitigated, residual))
        click.echo(f"    {one.id}: {one.title}; risk {before}, with measures {after}")


def _derived(zone: Zone, wanted: Derived | None) -> str:
    return f"{wanted.sl_t}; declared is {compared(zone.sl_t, wanted.sl_t)}" if wanted else ""


def _conduit_lines(plant: Plant, conduit: Conduit, zone: Zone) -> Iterator[str]:
    others = ", ".join(one for one in conduit.zones if one != zone.id)
    marks = [f"SL-T {conduit.sl_t}"]
    if conduit.one_way:
        marks.append(f"one way from {conduit.one_way.source} to {conduit.one_way.target}")
    if conduit.trust_boundary:
        marks.append("trust boundary")
    marks += [f"{channel.title} ({channel.medium})" for channel in conduit.channels]
    yield f"{conduit.id}, to {others}: {'; '.join(marks)}"
    assets = ", ".join(asset.id for asset in plant.assets_of_conduit(conduit.id))
    if assets:
        yield f"  consists of {assets}"
    if conduit.exception:
        said = conduit.exception
        yield f"  exception until {said.until[:10]}, approved by {said.approved_by}: {said.reason}"
    for flow in conduit.flows:
        if zone.id in {flow.source, flow.target}:
            arrow = f"-> {flow.target}" if flow.source == zone.id else f"<- {flow.source}"
            write = {True: " (writes)", False: " (reads only)", None: ""}[flow.write]
            yield f"  {arrow}  {flow.service}{write}" + (f": {flow.reason}" if flow.reason else "")


def _firewalls(plant: Plant, zone: Zone) -> list[tuple[str, str]]:
    return [
        (firewall.id, interface.name)
        for firewall in plant.firewalls.values()
        for interface in firewall.interfaces
        if zone.id in interface.zones
    ]


def _json(plant: Plant, risk: RiskAssessment, targets: Mapping[Unit, Derived], zone: Zone) -> dict[str, object]:
    return {
        "title": zone.title,
        "kind": zone.kind,
        "purdue": zone.purdue,
        "parent": zone.parent,
        "children": [one.id for one in plant.children_of(zone.id)],
        "site": zone.site,
        "networks": _networks(zone),
        "sl-t": {fr.name: zone.sl_t[fr] for fr in FR},
        "derived": target_json(plant, Unit(zone=zone.id), targets.get(Unit(zone=zone.id))),
        "scenarios": [one.id for one in risk.scenarios_of(Unit(zone=zone.id))],
        "description": zone.description,
        "assets": [asset.id for asset in plant.assets_of(zone.id)],
        "firewalls": [{"id": one, "interface": interface} for one, interface in _firewalls(plant, zone)],
        "conduits": {conduit.id: _conduit_json(plant, conduit) for conduit in plant.conduits_of(zone.id)},
    }


def _conduit_json(plant: Plant, conduit: Conduit) -> dict[str, object]:
    way, said = conduit.one_way, conduit.exception
    return {
        "title": conduit.title,
        "zones": list(conduit.zones),
        "sl-t": {fr.name: conduit.sl_t[fr] for fr in FR},
        "one-way": {"from": way.source, "to": way.target} if way else None,
        "assets": [asset.id for asset in plant.assets_of_conduit(conduit.id)],
        "trust-boundary": conduit.trust_boundary,
        "exception": {"reason": said.reason, "approved-by": said.approved_by, "until": said.until} if said else None,
        "channels": [{"id": one.id, "title": one.title, "medium": one.medium} for one in conduit.channels],
        "flows": [
            {
                "from": flow.source,
                "to": flow.target,
                "service": flow.service,
                "services": [service.name for service in flow.services],
                "reason": flow.reason,
                "write": flow.write,
            }
            for flow in conduit.flows
        ],
    }
