# SPDX-License-Identifier: Apache-2.0
"""What results speak of: zones, conduits and assets, the people who attest, the plan that was followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plantproof.core.judgement import Assessment, ZoneStatus
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import Asset, Conduit, Plant, Zone
from plantproof.core.statements import Attestation
from plantproof.oscal.results.pieces import Ids, prop

__all__ = ["attestations_of", "local_definitions", "people", "plan_resource"]


def attestations_of(assessment: Assessment) -> tuple[Attestation, ...]:
    """Every attestation that the assessment used or found expired, each once, in a stable order."""
    found = {
        (item.zone, item.control, item.path, item.name, item.stated): item
        for zone in assessment.parts.values()
        for status in zone.controls.values()
        for item in status.said.attestations
    }
    return tuple(found[key] for key in sorted(found))


def people(attestations: Iterable[Attestation], ids: Ids) -> dict[str, object]:
    """Metadata's parties: who attests, with the role as a prop; nothing if nobody does."""
    parties = {
        ids.person(item): {
            "uuid": ids.person(item),
            "type": "person",
            "name": item.name,
            "props": [prop("role", item.role)],
        }
        for item in attestations
    }
    return {"parties": [parties[key] for key in sorted(parties)]} if parties else {}


def local_definitions(plant: Plant, parts: Mapping[str, ZoneStatus], ids: Ids) -> dict[str, object]:
    """Components for zones and conduits, inventory items for assets; keys without members are left out."""
    components = [
        *(_zone(zone, parts.get(zone.id), ids) for zone in plant.zones.values()),
        *(_conduit(conduit, parts.get(conduit.id), ids) for conduit in plant.conduits.values()),
    ]
    items = [_asset(asset, ids) for asset in plant.assets.values()]
    found: dict[str, object] = {"components": components} if components else {}
    return {**found, "inventory-items": items} if items else found


def _zone(zone: Zone, status: ZoneStatus | None, ids: Ids) -> dict[str, object]:
    props = [prop("zone", zone.id), *_levels(zone.sl_t, status)]
    return {
        "uuid": ids.zone(zone.id),
        "type": "network",
        "title": zone.title,
        "description": zone.description or f"Zone {zone.id} as the plant's description declares it.",
        "props": props,
        "status": {"state": "operational"},
    }


def _levels(target: SLVector, status: ZoneStatus | None) -> list[dict[str, str]]:
    props = [prop("sl-t", target[fr], group=fr.name) for fr in FR]
    if status is not None:
        props += [prop("sl-a-proven", status.proven[fr], group=fr.name) for fr in FR]
        props += [prop("sl-a-possible", status.possible[fr], group=fr.name) for fr in FR]
        if status.sl_c:
            props += [prop("sl-c-claimed", status.sl_c.claimed[fr], group=fr.name) for fr in FR]
    return props


def _conduit(conduit: Conduit, status: ZoneStatus | None, ids: Ids) -> dict[str, object]:
    return {
        "uuid": ids.conduit(conduit.id),
        "type": "interconnection",
        "title": conduit.title,
        "description": conduit.description or f"Conduit {conduit.id} between {', '.join(conduit.zones)}.",
        "props": [prop("conduit", conduit.id), *_levels(conduit.sl_t, status)],
        "status": {"state": "operational"},
    }


def _asset(asset: Asset, ids: Ids) -> dict[str, object]:
    props = [prop("asset", asset.id), prop("zone", asset.zone)]
    props += [prop("made-of", component) for component in asset.components]
    if asset.simulated:
        props.append(prop("simulated", "true"))
    title = asset.title or asset.id
    return {
        "uuid": ids.asset(asset.id),
        "description": f"{title} (simulated)" if asset.simulated else title,
        "props": props,
    }


def plan_resource(assessment: Assessment, ids: Ids) -> dict[str, object]:
    """The resource that ``import-ap`` points at: OSCAL wants a plan, and ours is the baseline with its checks."""
    return {
        "uuid": ids.of("plan"),
        "title": f"Assessment plan: {assessment.baseline}",
        "description": "Every check of the component definition against the evidence in the locker"
        f" at commit {assessment.locker_commit or 'none'}, judged at {assessment.at}.",
    }
