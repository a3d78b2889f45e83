# SPDX-License-Identifier: Apache-2.0
"""Modify phase, ``removes``: which objects inside a control go.

An object goes only if it meets every criterion of one remove. A remove reaches everything inside the control,
child controls included, and never the control itself or its title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from plantproof.oscal.resolve.shape import Json, Note, Notes, Place, members
from plantproof.oscal.resolve.tree import ControlNode

OSCAL_NS: Final = "http://csrc.nist.gov/ns/oscal"
"""The namespace of a prop or part that names none."""

# JSON has lists where the model has items, and a remove names the item.
_ITEMS: Final[Mapping[str, str]] = {
    "params": "param",
    "props": "prop",
    "links": "link",
    "parts": "part",
    "constraints": "constraint",
    "guidelines": "guideline",
    "tests": "test",
    "values": "value",
    "choice": "choice",
}
_FIELDS: Final = frozenset({"title", "label", "usage", "select", "remarks", "prose", "description"})


class _Rule:
    """The criteria of one remove; what is None or empty asks for nothing."""

    __slots__ = ("_class", "_id", "_item", "_name", "_ns")

    def __init__(self, remove: Json) -> None:
        self._name = _first(remove, "by-name", "name-ref")
        self._class = _first(remove, "by-class", "class-ref")
        self._id = _first(remove, "by-id", "id-ref")
        self._item = _first(remove, "by-item-name", "item-name")
        self._ns = _first(remove, "by-ns", "ns-ref")

    def __bool__(self) -> bool:
        return any((self._name, self._class, self._id, self._item, self._ns))

    def hits(self, item: str, thing: Json) -> bool:
        """Tell whether the object, known to the model as ``item``, meets all criteria."""
        return (
            (self._item is None or self._item == item)
            and (self._id is None or thing.get("id") == self._id)
            and (self._name is None or thing.get("name") == self._name)
            and (self._class is None or thing.get("class") == self._class)
            and (self._ns is None or ("name" in thing and thing.get("ns", OSCAL_NS) == self._ns))
        )


class Removals:
    """All removes of one alter. One without criteria would match everything: it is noted and ignored."""

    __slots__ = ("_rules",)

    def __init__(self, alter: Json, place: Place, note: Notes) -> None:
        self._rules: list[_Rule] = []
        for position, remove in enumerate(members(alter, "removes", place)):
            rule = _Rule(remove)
            if rule:
                self._rules.append(rule)
            else:
                where = (place / "removes" / position).location
                note(Note(message="a remove without criteria removes nothing", where=where))

    def apply(self, node: ControlNode) -> None:
        """Remove from the control and from the controls inside it."""
        if not self._rules:
            return
        node.body = self._strip(node.body, spared="title")
        node.children = [child for child in node.children if not self._hit("control", {**child.body, "id": child.id})]
        for child in node.children:
            self.apply(child)

    def _hit(self, item: str, thing: Json) -> bool:
        return any(rule.hits(item, thing) for rule in self._rules)

    def _strip(self, body: Json, spared: str = "") -> Json:
        """Return the body without what goes; the same object if nothing does."""
        result: dict[str, object] | None = None
        for key, value in body.items():
            left: object = value
            if key in _ITEMS and isinstance(value, list | tuple):
                left = self._strip_list(_ITEMS[key], value)
            elif key in _FIELDS and key != spared:
                left = self._strip_field(key, value)
            if left is not value:
                result = result if result is not None else dict(body)
                result[key] = left
        if result is None:
            return body
        return {key: value for key, value in result.items() if value is not None}

    def _strip_list(self, item: str, things: Sequence[object]) -> Sequence[object] | None:
        """Return what stays of a list; None if nothing does, because OSCAL has no empty lists."""
        result: list[object] = []
        changed = False
        for thing in things:
            inner: Json = thing if isinstance(thing, Mapping) else {}
            if self._hit(item, inner):
                changed = True
                continue
            left = self._strip(inner) if inner else thing
            changed = changed or left is not thing
            result.append(left)
        if not changed:
            return things
        return result or None

    def _strip_field(self, item: str, value: object) -> object:
        inner: Json = value if isinstance(value, Mapping) else {}
        if self._hit(item, inner):
            return None
        return self._strip(inner) if inner else value


def _first(remove: Json, name: str, older: str) -> str | None:
    """Return a criterion by its name, or by the one it had in OSCAL 1.0 release candidates."""
    value = remove.get(name, remove.get(older))
    return value if isinstance(value, str) and value else None
