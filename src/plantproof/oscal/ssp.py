# SPDX-License-Identifier: Apache-2.0
"""The plant as an OSCAL 1.2.1 system security plan: what it consists of, and how each requirement is met where.

A requirement is ``implemented`` in a zone or conduit only where the assessment says so; ``alternative`` where a
compensating measure stands in; ``partial`` where a check is satisfied and another is not; else it is ``planned``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from plantproof.core.components import CLAIMS, TYPES, Component, Requirement, reach_of
from plantproof.core.duties import Parties
from plantproof.core.judgement import Assessment, ControlInfo, ControlStatus
from plantproof.core.levels import FR
from plantproof.core.plant import Conduit, Firewall, Plant, Zone
from plantproof.core.roles import ROLES, SUPPLIER
from plantproof.core.verdicts import Verdict
from plantproof.oscal.duties import duties_on
from plantproof.oscal.results.definitions import local_definitions
from plantproof.oscal.results.pieces import Ids, Sink, departures, encode, fields, metadata, prop, write_list

__all__ = ["write_ssp"]

_OUTSIDE: Final = frozenset({"external", "cloud"})


def write_ssp(
    assessment: Assessment,
    plant: Plant,
    controls: Mapping[str, Mapping[str, object]],
    sink: Sink,
    *,
    profile: str,
    tool: str,
    parties: Parties | None = None,
    requirements: Mapping[str, Requirement] = MappingProxyType({}),
) -> None:
    """Write the plan as one JSON document; the same inputs give the same bytes.

    Args:
        assessment: What is known of each requirement, and when.
        plant: Zones, conduits, assets and firewalls.
        controls: Each control as OSCAL has it; whose duty it is stands in its props.
        sink: Takes the bytes as they come.
        profile: URI of the profile that selects the requirements.
        tool: Name and version of the writer.
        parties: Who holds which role, and the products that the plant is made of; None: nobody said.
        requirements: What IEC 62443-4-2 asks of components, by id.
    """
    ids = Ids(plant.name)
    parties = parties or Parties(plant, (), {}, assessment.at)
    zones = [zone for zone in plant.zones.values() if zone.kind not in _OUTSIDE]
    roles = [{"id": ident, "title": title} for ident, title in ROLES.items()]
    head = {
        "uuid": ids.of("ssp"),
        "metadata": metadata(
            f"Security plan of {plant.name}", assessment.at, tool, roles=roles, **_people(parties, ids)
        ),
        "import-profile": {"href": profile},
        "system-characteristics": _characteristics(plant, zones, ids),
        "system-implementation": _implementation(assessment, parties, requirements, ids),
    }
    sink(b'{"system-security-plan": {\n' + fields(head) + b',\n"control-implementation": {\n')
    said = (
        f"Zone by zone and conduit by conduit, as judged at {assessment.at} by evidence up to commit "
        f"{assessment.locker_commit or 'none'}. "
        "Implemented is said only of what is proven, or attested by a named person."
    )
    sink(fields({"description": said}))
    write_list(
        sink, "implemented-requirements", _requirements(assessment, [*zones, *plant.conduits.values()], controls, ids)
    )
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


def _people(parties: Parties, ids: Ids) -> dict[str, object]:
    """Metadata's parties and the roles that they hold; nothing where nobody holds one."""
    held = {role: parties.of(role) for role in ROLES}
    names = sorted({name for found in held.values() for name in found})
    if not names:
        return {}
    return {
        "parties": [{"uuid": ids.of("party", name), "type": "organization", "name": name} for name in names],
        "responsible-parties": [
            {"role-id": role, "party-uuids": [ids.of("party", name) for name in found]}
            for role, found in held.items()
            if found
        ],
    }


def _product(component: Component, requirements: Mapping[str, Requirement], at: str, ids: Ids) -> dict[str, object]:
    reached = reach_of(component, requirements)
    why = component.why_not(at)
    word = f"{CLAIMS[component.claim]} {component.by}, {why or f'until {component.valid_until[:10]}'}"
    return {
        "uuid": ids.of("product", component.id),
        "type": "software" if component.type == "SAR" else "hardware",
        "title": component.title,
        "description": f"{TYPES[component.type].capitalize()} of {component.supplier}; {word}.",
        "props": [
            prop("product", component.id),
            prop("component-type", component.type),
            prop("claim", component.claim),
            prop("valid-until", component.valid_until),
            *(prop("sl-c-claimed", 0 if why else reached[fr], group=fr.name) for fr in FR),
        ],
        "status": {"state": "operational"},
        "responsible-roles": [{"role-id": SUPPLIER, "party-uuids": [ids.of("party", component.supplier)]}],
    }


def _implementation(
    assessment: Assessment, parties: Parties, requirements: Mapping[str, Requirement], ids: Ids
) -> dict[str, object]:
    plant = parties.plant
    local = local_definitions(plant, assessment.parts, ids)
    whole = {
        "uuid": ids.of("this-system"),
        "type": "this-system",
        "title": plant.name,
        "description": "The plant as a whole.",
        "status": {"state": "operational"},
    }
    components = [
        whole,
        *_list(local, "components"),
        *(_firewall(one, ids) for one in plant.firewalls.values()),
        *(_product(one, requirements, assessment.at, ids) for one in parties.components.values()),
    ]
    users = [{"uuid": ids.of("user", role), "title": title, "role-ids": [role]} for role, title in ROLES.items()]
    items = [
        {
            **item,
            "implemented-components": [
                {"component-uuid": ids.zone(asset.zone)},
                *({"component-uuid": ids.of("product", one)} for one in asset.components if one in parties.components),
            ],
        }
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
    assessment: Assessment, parts: Sequence[Zone | Conduit], controls: Mapping[str, Mapping[str, object]], ids: Ids
) -> Iterator[bytes]:
    for info in assessment.controls.values():
        asking = [part for part in parts if part.sl_t[info.fr] >= info.min_sl]
        if not asking:
            continue
        item: dict[str, object] = {
            "uuid": ids.of("requirement", info.id),
            "control-id": info.id,
            "props": [prop("min-sl", info.min_sl)],
            "by-components": [
                _by_part(info, assessment.parts[part.id].controls[info.id], part, ids, assessment.at) for part in asking
            ],
        }
        duties = duties_on(controls.get(info.id, {}))
        if duties:
            item["responsible-roles"] = [{"role-id": duty} for duty in duties]
        yield encode(item)


def _by_part(info: ControlInfo, status: ControlStatus, part: Zone | Conduit, ids: Ids, at: str) -> dict[str, object]:
    return {
        "component-uuid": ids.zone(part.id) if isinstance(part, Zone) else ids.conduit(part.id),
        "uuid": ids.of("by-component", info.id, part.id),
        "description": status.reason or status.verdict.label,
        "props": [
            prop("verdict", status.verdict.label),
            prop("sl-t", part.sl_t[info.fr], group=FR(info.fr).name),
            *([prop("attested", "true")] if status.attested else []),
            *departures(status, at),
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
