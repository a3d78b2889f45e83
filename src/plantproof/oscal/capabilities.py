# SPDX-License-Identifier: Apache-2.0
"""IEC 62443-4-2 as the reckoning of SL-C needs it: the catalog's requirements, and suppliers' component definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from plantproof.core.components import TYPES, ComponentClaim, Requirement
from plantproof.core.identity import PROP_NS
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.levels import FR
from plantproof.core.names import spoken
from plantproof.errors import ContentError, Location
from plantproof.oscal.baseline import control_prop, walk_controls

__all__ = ["Offer", "Offers", "component_requirements", "read_offers"]

_GROUP: Final = re.compile(r"fr-([1-7])")
_SUPPLIERS: Final = frozenset({"supplier", "vendor", "manufacturer", "provider"})
_WEAKEST: Final = ("not-met", "not-applicable", "met")
_LONGEST: Final = 300
_HINT: Final = "Ask the supplier for an OSCAL component definition that names requirements such as cr-1.1."
_Json = Mapping[str, object]


def component_requirements(document: Mapping[str, object]) -> Mapping[str, Requirement]:
    """The requirements with a level, by id in document order; headings, pointers and constraints have none."""
    catalog = document["catalog"]
    assert isinstance(catalog, Mapping)  # noqa: S101 - the schema says so
    found = {}
    for group, _, control in walk_controls(catalog):
        family, level = _GROUP.fullmatch(group), control_prop(control, "min-sl")
        if family is None or not level:
            continue
        ident = str(control["id"])
        found[ident] = Requirement(
            id=ident,
            label=control_prop(control, "label", None) or ident,
            fr=FR(int(family[1])),
            min_sl=int(level),
            types=frozenset(_types(control)),
        )
    return found


def _types(control: Mapping[str, object]) -> list[str]:
    props = control.get("props")
    found = props if isinstance(props, list) else []
    return [str(one["value"]) for one in found if one.get("name") == "component-type" and one.get("ns") == PROP_NS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One component of a supplier's document, with its claims on IEC 62443-4-2."""

    id: str
    title: str
    supplier: str
    version: str
    type: str
    """Empty: the document does not say it."""
    claims: tuple[ComponentClaim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What a component definition holds for us."""

    components: tuple[Offer, ...]
    stated: str
    """Instant of its last modification, as text."""
    left_out: int
    """Implemented requirements of other catalogs."""


def read_offers(document: _Json, requirements: Mapping[str, Requirement]) -> Offers:
    """Read a component definition that fits its schema; components that claim nothing of ours are left out.

    A component's type is its prop ``component-type`` (in any namespace), its supplier the party in the role
    ``supplier``, ``vendor``, ``manufacturer`` or ``provider``, else the document's first party.

    Raises:
        ContentError: it is no component definition, or nothing in it speaks of IEC 62443-4-2.
    """
    body = document.get("component-definition")
    if not isinstance(body, Mapping):
        message = "is no component definition: its top-level key is not component-definition"
        raise ContentError(message, code="content.schema", hint=_HINT, where=Location(pointer=""))
    parties = {str(one["uuid"]): str(one.get("name", "")) for one in _maps(_map(body, "metadata"), "parties")}
    found, left_out = [], 0
    for component in _maps(body, "components"):
        claims, others = _claims_of(component, requirements)
        left_out += others
        if claims:
            found.append(_offer(component, parties, claims))
    if not found:
        message = f"claims nothing of IEC 62443-4-2 ({left_out} requirements of other catalogs)"
        raise ContentError(
            message, code="content.reference", hint=_HINT, where=Location(pointer="/component-definition")
        )
    modified = str(_map(body, "metadata").get("last-modified", ""))
    return Offers(components=tuple(found), stated=instant_text(parse_instant(modified)), left_out=left_out)


def _offer(component: _Json, parties: Mapping[str, str], claims: tuple[ComponentClaim, ...]) -> Offer:
    title = str(component["title"])
    kinds = [str(one["value"]).upper() for one in _maps(component, "props") if one.get("name") == "component-type"]
    versions = [str(one["value"]) for one in _maps(component, "props") if one.get("name") == "version"]
    named = [
        parties.get(str(uuid), "")
        for role in _maps(component, "responsible-roles")
        if role.get("role-id") in _SUPPLIERS
        for uuid in _strings(role, "party-uuids")
    ]
    return Offer(
        id=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:63] or str(component["uuid"]),
        title=title,
        supplier=next(filter(None, [*named, *parties.values()]), "unknown"),
        version=", ".join(versions),
        type=next((kind for kind in kinds if kind in TYPES), ""),
        claims=claims,
    )


def _claims_of(component: _Json, requirements: Mapping[str, Requirement]) -> tuple[tuple[ComponentClaim, ...], int]:
    """Claims in the order of the catalog; the weaker counts where a requirement is told twice."""
    names = {name: ident for ident, one in requirements.items() for name in (spoken(ident), spoken(one.label))}
    found: dict[str, ComponentClaim] = {}
    left_out = 0
    for implementation in _maps(component, "control-implementations"):
        for item in _maps(implementation, "implemented-requirements"):
            ident = names.get(spoken(str(item["control-id"])))
            if ident is None:
                left_out += 1
                continue
            claim = ComponentClaim(requirement=ident, state=_state(item), remark=_remark(item))
            known = found.setdefault(claim.requirement, claim)
            if _WEAKEST.index(claim.state) < _WEAKEST.index(known.state):
                found[claim.requirement] = claim
    return tuple(found[ident] for ident in requirements if ident in found), left_out


def _state(item: _Json) -> str:
    said = [str(one["value"]).lower() for one in _maps(item, "props") if one.get("name") == "implementation-status"]
    if not said or said[0] == "implemented":
        return "met"
    return "not-applicable" if said[0] == "not-applicable" else "not-met"


def _remark(item: _Json) -> str:
    words = " ".join(str(item.get("description", "")).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 4].rsplit(" ", 1)[0] + " ..."


def _map(holder: _Json, key: str) -> _Json:
    found = holder.get(key)
    return found if isinstance(found, Mapping) else {}


def _maps(holder: _Json, key: str) -> list[_Json]:
    found = holder.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _strings(holder: _Json, key: str) -> list[str]:
    found = holder.get(key)
    return [str(one) for one in found] if isinstance(found, list) else []
