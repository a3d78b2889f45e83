# SPDX-License-Identifier: Apache-2.0
"""The plant as an OSCAL 1.2.1 system security plan: what it consists of, and how each requirement is met, zone by zone.

A requirement is ``implemented`` in a zone only where the assessment says so; ``alternative`` where a compensating
measure stands in; ``partial`` where a check is satisfied and another is not; else it is ``planned``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from plantproof.core.judgement import Assessment, ControlInfo, ControlStatus
from plantproof.core.levels import FR
from plantproof.core.plant import Firewall, Plant, Zone
from plantproof.core.verdicts import Verdict
from plantproof.oscal.results.definitions import local_definitions
from plantproof.oscal.results.pieces import Ids, Sink, compensation, encode, fields, metadata, prop, write_list

__all__ = ["ROLES", "write_ssp"]

ROLES: Final[Mapping[str, str]] = {
    "asset-owner": "Asset owner",
    "integrator": "Integration service provider",
    "maintainer": "Maintenance service provider",
    "product-supplier": "Product supplier",
}
"""Who has duties by IEC 62443, by id."""
_OUTSIDE: Final = frozenset({"external", "cloud"})


def write_ssp(
    assessment: Assessment,
    plant: Plant,
    controls: Mapping[str, Mapping[str, object]],
    sink: Sink,
    *,
    profile: str,
    tool: str,
) -> None:
    """Write the plan as one JSON document; the same inputs give the same bytes.

    Args:
        assessment: What is known of each requirement, and when.
        plant: Zones, conduits, assets and firewalls.
        controls: Each control as OSCAL has it; whose duty it is stands in its props.
        sink: Takes the bytes as they come.
        profile: URI of the profile that selects the requirements.
        tool: Name and version of the writer.
    """
    ids = Ids(plant.name)
    zones = [zone for zone in plant.zones.values() if zone.kind not in _OUTSIDE]
    roles = [{"id": ident, "title": title} for ident, title in ROLES.items()]
    head = {
        "uuid": ids.of("ssp"),
        "metadata": metadata(f"Security plan of {plant.name}", assessment.at, tool, roles=roles),
        "import-profile": {"href": profile},
        "system-characteristics": _characteristics(plant, zones, ids),
        "system-implementation": _implementation(assessment, plant, ids),
    }
    sink(b'{"system-security-plan": {\n' + fields(head) + b',\n"control-implementation": {\n')
    said = (
        f"Zone by zone, as judged at {assessment.at} by evidence up to commit {assessment.locker_commit or 'none'}. "
        "Implemented is said only of what is proven, or attested by a named person."
    )
    sink(fields({"description": said}))
    write_list(sink, "implemented-requirements", _requirements(assessment, zones, controls, ids))
    sink(b"\n}\n}}\n")


def _characteristics(plant: Plant, zones: Sequence[Zone], ids: Ids) -> dict[str, object]:
    outside = [zone.title for zone in plant.zones.values() if zone.kind in _OUTSIDE]
    beyond = f" Outside of it: {', '.join(outside)}." if outside else ""
    highest = max((zone.sl_t.highest for zone in zones), default=0)
    return {
        "system-ids": [{"identifier-type": "http://ietf.org/rfc/rfc4122", "id": ids.of("plant")}],
        "system-name": plant.name,
        "description": f"{plant.name}, operated by {plant.owner or 'its owner'}: {len(zones)} zones, "
        f"{len(plant.conduits)} conduits, {len(plant.assets)} assets.",
        "props": [prop("sl-t-highest", highest)],
        "system-information": {
            "information-types": [
                {
                    "uuid": ids.of("information", "process"),
                    "title": "Process data and commands",
                    "description": "Values, set points, commands, programs and alarms of the plant's control systems.",
                }
            ]
        },
        "status": {"state": "operational"},
        "authorization-boundary": {
            "description": f"{', '.join(zone.title for zone in zones)}, and the conduits between them.{beyond}"
        },
    }


def _implementation(assessment: Assessment, plant: Plant, ids: Ids) -> dict[str, object]:
    local = local_definitions(plant, assessment.parts, ids)
    whole = {
        "uuid": ids.of("this-system"),
        "type": "this-system",
        "title": plant.name,
        "description": "The plant as a whole.",
        "status": {"state": "operational"},
    }
    components = [whole, *_list(local, "components"), *(_firewall(one, ids) for one in plant.firewalls.values())]
    users = [{"uuid": ids.of("user", role), "title": title, "role-ids": [role]} for role, title in ROLES.items()]
    items = [
        {**item, "implemented-components": [{"component-uuid": ids.zone(asset.zone)}]}
        for item, asset in zip(_list(local, "inventory-items"), plant.assets.values(), strict=True)
    ]
    return {"users": users, "components": components, **({"inventory-items": items} if items else {})}


def _list(data: Mapping[str, object], key: str) -> list[dict[str, object]]:
    found = data.get(key)
    return found if isinstance(found, list) else []


def _firewall(firewall: Firewall, ids: Ids) -> dict[str, object]:
    behind = sorted({zone for interface in firewall.interfaces for zone in interface.zones})
    return {
        "uuid": ids.of("firewall", firewall.id),
        "type": "network",
        "title": firewall.title,
        "description": f"Stands between {', '.join(behind) or 'other firewalls'}.",
        "props": [prop("firewall", firewall.id), prop("dialect", firewall.dialect)],
        "status": {"state": "operational"},
    }


def _requirements(
    assessment: Assessment, zones: Sequence[Zone], controls: Mapping[str, Mapping[str, object]], ids: Ids
) -> Iterator[bytes]:
    for info in assessment.controls.values():
        asking = [zone for zone in zones if zone.sl_t[info.fr] >= info.min_sl]
        if not asking:
            continue
        item: dict[str, object] = {
            "uuid": ids.of("requirement", info.id),
            "control-id": info.id,
            "props": [prop("min-sl", info.min_sl)],
            "by-components": [
                _by_zone(info, assessment.zones[zone.id].controls[info.id], zone, ids) for zone in asking
            ],
        }
        duties = _duties(controls.get(info.id, {}))
        if duties:
            item["responsible-roles"] = [{"role-id": duty} for duty in duties]
        yield encode(item)


def _by_zone(info: ControlInfo, status: ControlStatus, zone: Zone, ids: Ids) -> dict[str, object]:
    return {
        "component-uuid": ids.zone(zone.id),
        "uuid": ids.of("by-component", info.id, zone.id),
        "description": status.reason or status.verdict.label,
        "props": [
            prop("verdict", status.verdict.label),
            prop("sl-t", zone.sl_t[info.fr], group=FR(info.fr).name),
            *([prop("attested", "true")] if status.attested else []),
            *compensation(status),
        ],
        "implementation-status": {"state": _state(status)},
    }


def _state(status: ControlStatus) -> str:
    if status.compensated:
        return "alternative"
    if status.verdict is Verdict.SATISFIED:
        return "implemented"
    if status.verdict is Verdict.NOT_APPLICABLE:
        return "not-applicable"
    some = any(proof.outcome.verdict is Verdict.SATISFIED for proof in status.proofs)
    return "partial" if some else "planned"


def _duties(control: Mapping[str, object]) -> list[str]:
    props = control.get("props")
    found = [str(one.get("value")) for one in props if one.get("name") == "duty"] if isinstance(props, list) else []
    return [duty for duty in dict.fromkeys(found) if duty in ROLES]
