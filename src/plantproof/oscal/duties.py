# SPDX-License-Identifier: Apache-2.0
"""On whom a catalog lays its requirements: the props ``duty`` of our namespace."""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.core.duties import Duty
from plantproof.core.identity import PROP_NS
from plantproof.core.roles import ROLES
from plantproof.oscal.baseline import control_prop, walk_controls

__all__ = ["duties_of", "duties_on"]


def duties_on(control: Mapping[str, object]) -> list[str]:
    """The roles that a control names, in order, each once."""
    props = control.get("props")
    found = props if isinstance(props, list) else []
    named = [str(one.get("value")) for one in found if one.get("name") == "duty" and one.get("ns") == PROP_NS]
    return [role for role in dict.fromkeys(named) if role in ROLES]


def duties_of(key: str, document: Mapping[str, object]) -> tuple[Duty, ...]:
    """The requirements of a catalog that lay a duty on a role, in document order."""
    catalog = document["catalog"]
    assert isinstance(catalog, Mapping)  # noqa: S101 - the schema says so
    return tuple(
        Duty(
            catalog=key,
            control=str(control["id"]),
            label=control_prop(control, "label", None) or str(control["id"]),
            title=str(control.get("title", "")),
            roles=tuple(roles),
        )
        for _, _, control in walk_controls(catalog)
        if (roles := duties_on(control))
    )
