# SPDX-License-Identifier: Apache-2.0
"""The working form of a catalog between the phases: nodes that share their bodies with the source.

A node is cheap and belongs to one phase; a body is a JSON object that may be the caller's own. So a body is
never changed: whoever alters a control gives its node a new body. Nothing here selects or edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plantproof.oscal.resolve.shape import Json, Place, members, name_of, text


class ControlNode:
    """A control without its child controls, and the children beside it."""

    __slots__ = ("body", "children", "explicit", "id")

    def __init__(
        self, name: str, body: Json, children: list[ControlNode] | None = None, *, explicit: bool = True
    ) -> None:
        self.id = name
        self.body = body
        self.children = children if children is not None else []
        self.explicit = explicit
        """False for a parent that came along only because a control inside it was selected."""


class GroupNode:
    """A group without what it groups; ``id`` is empty when the group has none."""

    __slots__ = ("body", "controls", "groups", "id")

    def __init__(
        self,
        name: str,
        body: Json,
        controls: list[ControlNode] | None = None,
        groups: list[GroupNode] | None = None,
    ) -> None:
        self.id = name
        self.body = body
        self.controls = controls if controls is not None else []
        self.groups = groups if groups is not None else []


class Tree:
    """Controls and groups in order, and the parameters that have no place in them.

    ``loose`` holds parameters outside controls, pruned at the end unless something refers to them. ``strays`` are
    controls that were left out; only their parameters can come back, when text refers to them.
    """

    __slots__ = ("controls", "groups", "loose", "strays")

    def __init__(
        self,
        controls: list[ControlNode] | None = None,
        groups: list[GroupNode] | None = None,
        loose: list[Json] | None = None,
        strays: list[ControlNode] | None = None,
    ) -> None:
        self.controls = controls if controls is not None else []
        self.groups = groups if groups is not None else []
        self.loose = loose if loose is not None else []
        self.strays = strays if strays is not None else []

    def every_control(self) -> Iterator[ControlNode]:
        """Yield all controls in document order, parents before their children."""
        yield from below(self.controls)
        for group in every_group(self.groups):
            yield from below(group.controls)


def below(nodes: Iterable[ControlNode]) -> Iterator[ControlNode]:
    """Yield the nodes and all that is nested in them, in document order."""
    for node in nodes:
        yield node
        if node.children:
            yield from below(node.children)


def every_group(groups: Iterable[GroupNode]) -> Iterator[GroupNode]:
    """Yield the groups and all groups inside them, in document order."""
    for group in groups:
        yield group
        if group.groups:
            yield from every_group(group.groups)


def load_tree(catalog: Json, place: Place) -> Tree:
    """Index a catalog once.

    Raises:
        ContentError: ``content.schema`` if a control has no id or a list is no list.
    """
    return Tree(
        controls=_controls(catalog, place),
        groups=[_group(g, place / "groups" / i) for i, g in enumerate(members(catalog, "groups", place))],
        loose=members(catalog, "params", place),
    )


def _controls(owner: Json, place: Place) -> list[ControlNode]:
    if "controls" not in owner:
        return []
    inside = place / "controls"
    return [_control(body, inside / i) for i, body in enumerate(members(owner, "controls", place))]


def _control(body: Json, place: Place) -> ControlNode:
    children = _controls(body, place)
    own = {k: v for k, v in body.items() if k != "controls"} if children else body
    return ControlNode(text(body, "id", place), own, children)


def _group(body: Json, place: Place) -> GroupNode:
    return GroupNode(
        name_of(body),
        {k: v for k, v in body.items() if k not in {"controls", "groups"}},
        controls=_controls(body, place),
        groups=[_group(g, place / "groups" / i) for i, g in enumerate(members(body, "groups", place))],
    )


def render_control(node: ControlNode) -> Json:
    """Return the control as OSCAL JSON; without children it is the shared body itself."""
    if not node.children:
        return node.body
    return {**node.body, "controls": [render_control(child) for child in node.children]}


def render_group(node: GroupNode) -> Json:
    """Return the group as OSCAL JSON."""
    result = dict(node.body)
    if node.groups:
        result["groups"] = [render_group(group) for group in node.groups]
    if node.controls:
        result["controls"] = [render_control(control) for control in node.controls]
    return result
