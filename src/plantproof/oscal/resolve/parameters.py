# SPDX-License-Identifier: Apache-2.0
"""Modify phase, ``set-parameters``: what a profile says about parameters, in the profile's order.

Each set parameter is a new object in a new list in a new body; everything beside it stays shared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from plantproof.oscal.resolve.shape import (
    PARAM_ORDER,
    Json,
    Note,
    Notes,
    Place,
    members,
    name_of,
    objects,
    ordered,
    text,
)
from plantproof.oscal.resolve.tree import ControlNode, GroupNode, Tree, every_group

_ADDED: Final = frozenset({"constraints", "guidelines"})
_REPLACED: Final = frozenset({"props", "links"})
# A parameter has either values or a selection: OSCAL's schema refuses both, so each displaces the other.
_RIVALS: Final[Mapping[str, str]] = {"values": "select", "select": "values"}


def set_parameters(tree: Tree, modify: Json, place: Place, note: Notes) -> frozenset[str]:
    """Apply all ``set-parameters`` to the tree and return the parameter ids they name.

    Raises:
        ContentError: ``content.schema`` for a setting without ``param-id``.
    """
    settings = members(modify, "set-parameters", place)
    if not settings:
        return frozenset()
    shelf = GroupNode("", {"params": tree.loose})
    owners = _owners(tree, shelf)
    for position, setting in enumerate(settings):
        here = place / "set-parameters" / position
        name = text(setting, "param-id", here)
        if name not in owners:
            note(Note(message=f"no parameter is called {name!r}; nothing is set", where=here.location))
        for owner in owners.get(name, ()):
            params = [apply(p, setting) if p.get("id") == name else p for p in objects(owner.body, "params")]
            owner.body = {**owner.body, "params": params}
    tree.loose = objects(shelf.body, "params")
    return frozenset(str(setting["param-id"]) for setting in settings)


def _owners(tree: Tree, shelf: GroupNode) -> dict[str, list[ControlNode | GroupNode]]:
    """Map each parameter id to the nodes that hold it; left-out controls count last."""
    found: dict[str, list[ControlNode | GroupNode]] = {}
    holders: list[ControlNode | GroupNode] = [*tree.every_control(), *every_group(tree.groups), shelf, *tree.strays]
    for holder in holders:
        for param in objects(holder.body, "params"):
            name = name_of(param)
            if name:
                known = found.setdefault(name, [])
                if not known or known[-1] is not holder:
                    known.append(holder)
    return found


def apply(param: Json, setting: Json) -> dict[str, object]:
    """Return the parameter with one setting applied.

    Single values and lists of values replace, constraints and guidelines are added, props and links are added and
    displace the one with the same identity: the ``uuid`` of a prop, the target and relation of a link.
    """
    result = dict(param)
    for key, value in setting.items():
        if key == "param-id":
            continue
        mine = result.get(key)
        if key in _ADDED and isinstance(mine, list) and isinstance(value, list):
            result[key] = mine + value
        elif key in _REPLACED and isinstance(mine, list) and isinstance(value, list):
            displaced = {_identity(member) for member in value}
            result[key] = [m for m in mine if _identity(m) not in displaced] + value
        else:
            result[key] = value
            result.pop(_RIVALS.get(key, ""), None)
    return ordered(result, PARAM_ORDER)


def _identity(member: object) -> tuple[str, ...]:
    if not isinstance(member, Mapping):
        return (repr(member),)
    if "href" in member:
        return ("link", str(member["href"]), str(member.get("rel", "")))
    if "uuid" in member:
        return ("prop", str(member["uuid"]))
    return ("prop", *(str(member.get(key, "")) for key in ("name", "ns", "class", "group", "value")))
