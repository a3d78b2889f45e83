# SPDX-License-Identifier: Apache-2.0
"""Merge phase, ``custom``: the profile's own groups, filled by ``insert-controls``.

Only controls that an ``insert-controls`` selects appear, and only groups that the profile declares. A control
stays nested in its parent when one directive selects both.
"""

from __future__ import annotations

from plantproof.oscal.resolve.select import Selector
from plantproof.oscal.resolve.shape import (
    CONTROL_ORDER,
    Json,
    Note,
    Notes,
    Place,
    members,
    name_of,
    objects,
    ordered,
    refused,
)
from plantproof.oscal.resolve.tree import ControlNode, GroupNode, Tree, every_group

ORDERS = ("keep", "ascending", "descending")


def build_custom(tree: Tree, directive: Json, place: Place, note: Notes) -> Tree:
    """Arrange the combined controls as the profile's ``custom`` object says.

    Raises:
        ContentError: ``content.profile`` for an unknown order or a directive without a selection.
    """
    builder = _Builder(tree, note)
    controls = builder.insert(directive, place)
    groups = builder.groups(directive, place)
    return Tree(
        controls=controls,
        groups=groups,
        loose=[*tree.loose, *builder.unplaced_params()],
        strays=[*tree.strays, *builder.left_out()],
    )


class _Builder:
    def __init__(self, tree: Tree, note: Notes) -> None:
        self._tree = tree
        self._note = note
        self._sources: dict[str, GroupNode] = {}
        for group in every_group(tree.groups):
            if group.id:
                self._sources.setdefault(group.id, group)
        self._reused: set[int] = set()
        self._placed: set[str] = set()

    def groups(self, owner: Json, place: Place) -> list[GroupNode]:
        """Build the declared groups of one level."""
        return [self._group(g, place / "groups" / i) for i, g in enumerate(members(owner, "groups", place))]

    def _group(self, declared: Json, place: Place) -> GroupNode:
        body: dict[str, object] = {
            key: value for key, value in declared.items() if key not in {"groups", "insert-controls"}
        }
        source = self._sources.get(name_of(body))
        if source is not None:
            self._reused.add(id(source.body))
            body = _filled(body, source.body)
        return GroupNode(
            name_of(body),
            body,
            controls=self.insert(declared, place),
            groups=self.groups(declared, place),
        )

    def insert(self, owner: Json, place: Place) -> list[ControlNode]:
        """Return the controls that the ``insert-controls`` of one place select, in their order."""
        result: list[ControlNode] = []
        for position, directive in enumerate(members(owner, "insert-controls", place)):
            result.extend(self._inserted(directive, place / "insert-controls" / position))
        return result

    def _inserted(self, directive: Json, place: Place) -> list[ControlNode]:
        order = directive.get("order", "keep")
        if order not in ORDERS:
            raise refused(place / "order", f"no order is called {order!r}", f"Use one of {', '.join(ORDERS)}.")
        selector = Selector(directive, place, with_parents=False)
        selected = selector.apply(self._tree)
        for name, where in selector.unknown():
            self._note(Note(message=f"no included control is called {name!r}", where=where.location))
        found = list(selected.controls)
        for group in every_group(selected.groups):
            found.extend(group.controls)
        if not found:
            self._note(Note(message="insert-controls selects nothing", where=place.location))
        self._placed.update(node.id for node in Tree(controls=found).every_control())
        return found if order == "keep" else _sorted(found, descending=order == "descending")

    def unplaced_params(self) -> list[Json]:
        """Return the parameters of source groups that the profile did not take over."""
        return [
            param
            for group in every_group(self._tree.groups)
            if id(group.body) not in self._reused
            for param in objects(group.body, "params")
        ]

    def left_out(self) -> list[ControlNode]:
        """Return the included controls that no directive selected."""
        return [ControlNode(node.id, node.body) for node in self._tree.every_control() if node.id not in self._placed]


def _sorted(nodes: list[ControlNode], *, descending: bool) -> list[ControlNode]:
    """Sort by id, code point by code point, on every level."""
    for node in nodes:
        if node.children:
            node.children = _sorted(node.children, descending=descending)
    return sorted(nodes, key=lambda node: node.id, reverse=descending)


def _filled(declared: Json, source: Json) -> dict[str, object]:
    """Put the source group's contents before what the profile's group of the same id says itself."""
    result = dict(source)
    for key, value in declared.items():
        mine = result.get(key)
        if isinstance(mine, list) and isinstance(value, list):
            result[key] = mine + [member for member in value if member not in mine]
        else:
            result[key] = value
    return ordered(result, CONTROL_ORDER)
