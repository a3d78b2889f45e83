# SPDX-License-Identifier: Apache-2.0
"""Merge phase: clashing ids by the combine directive, then the structure: flat, as-is or custom.

It works on the trees that the imports selected and returns one tree of fresh nodes. It does not edit controls,
except for the deprecated ``combine: merge``, which older profiles carry.
"""

from __future__ import annotations

from collections.abc import Sequence

from plantproof.oscal.resolve.custom import build_custom
from plantproof.oscal.resolve.shape import (
    CONTROL_ORDER,
    Json,
    Note,
    Notes,
    Place,
    mapping,
    objects,
    optional,
    ordered,
    refused,
)
from plantproof.oscal.resolve.tree import ControlNode, GroupNode, Tree, every_group

METHODS = ("keep", "use-first", "merge")
STRUCTURES = ("flat", "as-is", "custom")


def merge(trees: Sequence[Tree], directive: Json, place: Place, note: Notes) -> Tree:
    """Combine the selections of all imports into one tree.

    Args:
        trees: One selection for each import, in the profile's order.
        directive: The profile's ``merge`` object; empty when it has none, which means keep and flat.
        place: Where the directive stands.
        note: Told about ids that clash under ``keep``.

    Raises:
        ContentError: ``content.profile`` for an unknown method or more than one structuring directive.
    """
    structure = _structure(directive, place)
    combined = _Combiner(_method(directive, place), place, note).combine(trees)
    if structure == "as-is":
        combined.groups = _join_groups(combined.groups)
        return combined
    if structure == "custom":
        return build_custom(combined, mapping(directive["custom"], place / "custom"), place / "custom", note)
    return _flatten(combined)


def _method(directive: Json, place: Place) -> str:
    method = optional(directive, "combine", place).get("method", "keep")
    if method not in METHODS:
        raise refused(
            place / "combine" / "method",
            f"no combination method is called {method!r}",
            f"Use one of {', '.join(METHODS)}.",
        )
    return str(method)


def _structure(directive: Json, place: Place) -> str:
    asked = [name for name in STRUCTURES if _given(directive, name)]
    if len(asked) > 1:
        raise refused(place, f"merge asks for {' and '.join(asked)} at once", "Keep one structuring directive.")
    return asked[0] if asked else "flat"


def _given(directive: Json, name: str) -> bool:
    """Tell whether a structuring directive is there; ``as-is: false`` asks for nothing."""
    value = directive.get(name)
    return value is not None and value is not False and value not in ("false", "no")


class _Combiner:
    """Walks all selections in order and decides what happens to an id that was there before."""

    def __init__(self, method: str, place: Place, note: Notes) -> None:
        self._method = method
        self._place = place
        self._note = note
        self._first: dict[str, ControlNode] = {}
        self._orphans: list[Json] = []

    def combine(self, trees: Sequence[Tree]) -> Tree:
        """Return one tree with the groups of all trees side by side."""
        result = Tree()
        for tree in trees:
            self._controls(tree.controls, result.controls)
            result.groups.extend(self._groups(tree.groups))
            result.loose.extend(tree.loose)
            result.strays.extend(tree.strays)
        result.loose.extend(self._orphans)
        return result

    def _controls(self, nodes: list[ControlNode], into: list[ControlNode]) -> None:
        for node in nodes:
            earlier = self._first.get(node.id)
            # Only explicitly selected controls clash (section on combine): a parent that merely came along
            # with its child is the same place in the structure, not a second definition.
            clash = earlier is not None and earlier.explicit and node.explicit
            if earlier is None or (clash and self._method == "keep"):
                fresh = ControlNode(node.id, node.body, explicit=node.explicit)
                if earlier is None:
                    self._first[node.id] = fresh
                else:
                    self._report(node.id)
                into.append(fresh)
                if node.children:
                    self._controls(node.children, fresh.children)
                continue
            if clash and self._method == "merge":
                earlier.body = _union(earlier.body, node.body)
            earlier.explicit = earlier.explicit or node.explicit
            self._controls(node.children, earlier.children)

    def _groups(self, groups: list[GroupNode]) -> list[GroupNode]:
        result = []
        for group in groups:
            fresh = GroupNode(group.id, group.body, groups=self._groups(group.groups))
            self._controls(group.controls, fresh.controls)
            emptied = not fresh.controls and not fresh.groups and (group.controls or group.groups)
            if emptied:
                self._orphans.extend(objects(group.body, "params"))
            else:
                result.append(fresh)
        return result

    def _report(self, name: str) -> None:
        self._note(
            Note(
                message=f"control {name!r} is selected by more than one import, so the result holds it twice; "
                "merge.combine.method use-first keeps the first",
                where=self._place.location,
            )
        )


def _union(first: Json, second: Json) -> Json:
    """Put what only the second body has behind what the first has."""
    if first is second:
        return first
    result = dict(first)
    for key, value in second.items():
        mine = result.get(key)
        if mine is None:
            result[key] = value
        elif isinstance(mine, list) and isinstance(value, list):
            result[key] = mine + [member for member in value if member not in mine]
    return ordered(result, CONTROL_ORDER)


def _join_groups(groups: list[GroupNode]) -> list[GroupNode]:
    """Make one group of those that are the same: by id, or by being the same object of one document."""
    found: dict[str | int, GroupNode] = {}
    for group in groups:
        key: str | int = group.id or id(group.body)
        same = found.setdefault(key, group)
        if same is not group:
            same.body = _union(same.body, group.body)
            same.controls.extend(group.controls)
            same.groups.extend(group.groups)
    for group in found.values():
        group.groups = _join_groups(group.groups)
    return list(found.values())


def _flatten(tree: Tree) -> Tree:
    """Put all controls side by side and drop the groups ("flat": no grouping or nesting)."""
    controls = [ControlNode(n.id, n.body, explicit=n.explicit) for n in tree.every_control()]
    group_params = [param for group in every_group(tree.groups) for param in objects(group.body, "params")]
    return Tree(controls=controls, loose=[*tree.loose, *group_params], strays=tree.strays)
