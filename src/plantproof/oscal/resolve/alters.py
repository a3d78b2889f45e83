# SPDX-License-Identifier: Apache-2.0
"""Modify phase, ``alters``: adding contents to controls, and removing them (``removals`` does that).

Within one alter the removals come first, as in OSCAL's model, so an alter can replace a part. A control's body is
copied only along the path that changes.
"""

from __future__ import annotations

from typing import Final

from plantproof.oscal.resolve.removals import Removals
from plantproof.oscal.resolve.shape import (
    CONTROL_ORDER,
    PARAM_ORDER,
    PART_ORDER,
    Json,
    Note,
    Notes,
    Place,
    members,
    objects,
    ordered,
    text,
)
from plantproof.oscal.resolve.tree import ControlNode, Tree, below

_LISTS: Final = ("params", "props", "links", "parts")
_FRONT: Final = frozenset({"before", "starting"})
_BESIDE: Final = frozenset({"before", "after"})


def alter_controls(tree: Tree, modify: Json, place: Place, note: Notes) -> None:
    """Apply all ``alters`` to the tree's nodes, in the profile's order.

    An alter for a control that is not there, and an add whose ``by-id`` finds nothing, are inoperative: noted, not
    refused.

    Raises:
        ContentError: ``content.schema`` for an alter without ``control-id``.
    """
    alters = members(modify, "alters", place)
    if not alters:
        return
    index: dict[str, list[ControlNode]] = {}
    for node in tree.every_control():
        index.setdefault(node.id, []).append(node)
    for position, alter in enumerate(alters):
        here = place / "alters" / position
        name = text(alter, "control-id", here)
        if name not in index:
            note(Note(message=f"no selected control is called {name!r}; nothing is altered", where=here.location))
            continue
        removals = Removals(alter, here, note)
        additions = members(alter, "adds", here)
        for node in index[name]:
            removals.apply(node)
            for number, add in enumerate(additions):
                if not _add(node, add):
                    message = f"nothing in control {name!r} has the id {add.get('by-id')!r}; nothing is added"
                    note(Note(message=message, where=(here / "adds" / number).location))


def _add(node: ControlNode, add: Json) -> bool:
    """Apply one add and tell whether it found its target."""
    target = add.get("by-id")
    position = str(add.get("position", "ending"))
    if target is None or target == node.id:  # implicit binding: before and after mean starting and ending
        node.body = _into(node.body, add, front=position in _FRONT, keys=_LISTS, order=CONTROL_ORDER)
        return True
    for owner in (node, *below(node.children)):
        for child in owner.children:
            if child.id == target:
                _add_at_child(owner, child, add, position)
                return True
        if _add_in_params(owner, add, target, position) or _add_in_parts(owner, add, target, position):
            return True
    return False


def _add_at_child(owner: ControlNode, child: ControlNode, add: Json, position: str) -> None:
    """Apply an add whose target is a child control: inside it, or beside it in its parent."""
    if position in _BESIDE:
        # All lists stand before child controls in canonical order: directly before the child is at their end.
        _extend(owner, add, front=False, keys=_LISTS)
    else:
        child.body = _into(child.body, add, front=position in _FRONT, keys=_LISTS, order=CONTROL_ORDER)


def _extend(node: ControlNode, add: Json, *, front: bool, keys: tuple[str, ...]) -> None:
    """Give the control itself the named lists of an add, but not its title."""
    node.body = _into(node.body, add, front=front, keys=keys, order=CONTROL_ORDER, titled=False)


def _add_in_params(node: ControlNode, add: Json, target: object, position: str) -> bool:
    """Apply an add whose target is a parameter of the control itself.

    A parameter holds props and links; what it cannot hold goes to its control.
    """
    params = objects(node.body, "params")
    at = _index(params, target)
    if at is None:
        return False
    front = position in _FRONT
    if position in _BESIDE:
        cut = at if front else at + 1
        params[cut:cut] = objects(add, "params")
        rest: tuple[str, ...] = ("props", "links", "parts")
    else:
        params[at] = _into(params[at], add, front=front, keys=("props", "links"), order=PARAM_ORDER, titled=False)
        rest = ("params", "parts")
    node.body = {**node.body, "params": params}
    _extend(node, add, front=front, keys=rest)
    return True


def _add_in_parts(node: ControlNode, add: Json, target: object, position: str) -> bool:
    """Apply an add whose target is a part at any depth of the control itself."""
    changed = _in_parts(node.body, add, target, position, CONTROL_ORDER)
    if changed is None:
        return False
    node.body = changed
    _extend(node, add, front=position in _FRONT, keys=("params",))  # a part cannot hold parameters
    return True


def _in_parts(
    holder: Json, add: Json, target: object, position: str, order: tuple[str, ...]
) -> dict[str, object] | None:
    parts = objects(holder, "parts")
    front = position in _FRONT
    at = _index(parts, target)
    if at is None:
        for number, part in enumerate(parts):
            changed = _in_parts(part, add, target, position, PART_ORDER)
            if changed is not None:
                parts[number] = changed
                return {**holder, "parts": parts}
        return None
    if position not in _BESIDE:
        keys = ("props", "parts", "links")
        parts[at] = _into(parts[at], add, front=front, keys=keys, order=PART_ORDER)
        return {**holder, "parts": parts}
    cut = at if front else at + 1
    parts[cut:cut] = objects(add, "parts")
    outside = {key: add[key] for key in ("props", "links") if key in add}
    # Canonical order puts props and links before any part, so beside the target means: in its holder.
    return _into({**holder, "parts": parts}, outside, front=front, keys=("props", "links"), order=order)


def _index(things: list[Json], target: object) -> int | None:
    return next((i for i, thing in enumerate(things) if thing.get("id") == target), None)


def _into(
    body: Json, add: Json, *, front: bool, keys: tuple[str, ...], order: tuple[str, ...], titled: bool = True
) -> dict[str, object]:
    """Return the body with the add's lists put at the start or end of its own, and its title taken over."""
    result = dict(body)
    if titled and "title" in add:
        result["title"] = add["title"]
    for key in keys:
        new = objects(add, key)
        if new:
            mine = objects(body, key)
            result[key] = [*new, *mine] if front else [*mine, *new]
    return result if len(result) == len(body) else ordered(result, order)
