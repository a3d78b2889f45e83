# SPDX-License-Identifier: Apache-2.0
"""``plantproof components list`` and ``show``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof.cli.output import json_option, print_json, print_table, talk, visible
from plantproof.core.components import CLAIMS, TYPES, Component, Requirement, reach_of
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.errors import UsageError

if TYPE_CHECKING:
    from plantproof.cli.wiring import Wiring

__all__ = ["list_components", "show"]

_AT = click.option("--at", default="", metavar="INSTANT", help="Claims count if they hold then.  [default: now]")


@click.command("list")
@_AT
@json_option
@click.pass_obj
def list_components(workspace: Path, at: str, as_json: bool) -> None:
    """List the products of components/*.yml with their SL-C, who says so, and which assets are made of them.

    \b
    Example:
        plantproof components list
    """  # noqa: D301 - click reads \b
    wiring, instant = _wired(workspace, at)
    found, plant = wiring.workspace.components, wiring.workspace.plant
    if as_json:
        print_json({one.id: _json(one, plant, wiring.requirements, instant) for one in found.values()})
        return
    rows = [
        [
            one.id,
            one.supplier,
            one.version or "-",
            one.type,
            str(reach_of(one, wiring.requirements)),
            f"{CLAIMS[one.claim]} {one.by}",
            one.why_not(instant) or f"until {one.valid_until[:10]}",
            ", ".join(_users(one, plant)) or "-",
        ]
        for one in found.values()
    ]
    if rows:
        print_table(["component", "supplier", "version", "type", "SL-C", "whose word", "holds", "assets"], rows)
    else:
        talk("no file in components/ describes one; `plantproof components import` takes a supplier's OSCAL file")


@click.command()
@click.argument("component")
@_AT
@json_option
@click.pass_obj
def show(workspace: Path, component: str, at: str, as_json: bool) -> None:
    """Show what is claimed of one product, requirement by requirement, and what keeps it from a higher level.

    \b
    Example:
        plantproof components show plc-1500
    """  # noqa: D301 - click reads \b
    wiring, instant = _wired(workspace, at)
    found = wiring.workspace.components
    if component not in found:
        from plantproof.adapters.workspace.entries import nearest

        message = f"no file in components/ describes {component}"
        raise UsageError(message, code="usage.unknown-name", hint=nearest(component, found))
    one = found[component]
    told = _json(one, wiring.workspace.plant, wiring.requirements, instant)
    if as_json:
        print_json(told)
        return
    click.secho(f"{one.id}: {visible(one.title)}", bold=True)
    why = one.why_not(instant)
    rows = {
        "supplier": one.supplier,
        "versions": one.version,
        "type": f"{one.type}, {TYPES[one.type]}",
        "SL-C": f"{reach_of(one, wiring.requirements)}" + (f"; claimed is {one.sl_c}" if one.sl_c else ""),
        "whose word": f"{CLAIMS[one.claim]} {one.by}" + (f", {one.reference}" if one.reference else ""),
        "document": one.document,
        "holds": f"no: {why}" if why else f"from {one.stated[:10]} until {one.valid_until[:10]}",
        "assets": ", ".join(_users(one, wiring.workspace.plant)),
    }
    for name, text in rows.items():
        click.echo(f"  {name:<11} {visible(text) or '-'}")
    if one.claims:
        _print_claims(one, wiring.requirements)


def _print_claims(one: Component, requirements: Mapping[str, Requirement]) -> None:
    rows = [
        [
            requirements[claim.requirement].label if claim.requirement in requirements else claim.requirement,
            f"SL {requirements[claim.requirement].min_sl}" if claim.requirement in requirements else "",
            claim.state.replace("-", " "),
            claim.remark,
        ]
        for claim in one.claims.values()
    ]
    print_table(["requirement", "from", "claimed", "remark"], rows)
    silent = [r for r in requirements.values() if one.type in r.types and r.id not in one.claims]
    by_level: dict[int, list[str]] = {}
    for requirement in silent:
        by_level.setdefault(requirement.min_sl, []).append(requirement.label)
    for level, labels in sorted(by_level.items()):
        click.echo(f"nothing claimed, from SL {level}: {', '.join(labels)}")


def _wired(workspace: Path, at: str) -> tuple[Wiring, str]:
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    return wiring, instant_text(parse_instant(at) if at else wiring.clock.now())


def _users(one: Component, plant: Plant) -> Sequence[str]:
    return [asset.id for asset in plant.assets.values() if one.id in asset.components]


def _json(one: Component, plant: Plant, requirements: Mapping[str, Requirement], at: str) -> dict[str, object]:
    reached = reach_of(one, requirements)
    return {
        "title": one.title,
        "supplier": one.supplier,
        "version": one.version,
        "type": one.type,
        "sl-c": {fr.name: reached[fr] for fr in FR},
        "sl-c-claimed": {fr.name: one.sl_c[fr] for fr in FR} if one.sl_c else None,
        "claim": one.claim,
        "by": one.by,
        "reference": one.reference,
        "document": one.document,
        "stated": one.stated,
        "valid-until": one.valid_until,
        "does-not-hold": one.why_not(at),
        "assets": list(_users(one, plant)),
        "claims": {claim.requirement: {"state": claim.state, "remark": claim.remark} for claim in one.claims.values()},
    }
