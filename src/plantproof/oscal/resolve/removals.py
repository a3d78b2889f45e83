# SPDX-License-Identifier: Apache-2.0
"""Modify phase, ``removes``: which objects inside a control go.

An object goes only if it meets every criterion of one remove. A remove reaches everything inside the control,
child controls included, and never the control itself or its title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plantproof.oscal.resolve.shape import Json, Note, Notes, Place, members
from plantproof.oscal.resolve.tree import ControlNode

OSCAL_NS: Final = "http://csrc.nist.gov/ns/oscal"
"""The namespace of a prop or part that names none."""

# The second name of each pair is the one of OSCAL 1.0 release candidates.
_KEYS: Final = (
    ("name", ("by-name", "name-ref")),
    ("class", ("by-class", "class-ref")),
    ("id", ("by-id", "id-ref")),
    ("item", ("by-item-name", "item-name")),
    ("ns", ("by-ns", "ns-ref")),
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """The criteria of one remove; None asks for nothing."""

    name: str | None
    by_class: str | None
    by_id: str | None
    item: str | None
    ns: str | None

    def hits(self, item: str, thing: Json) -> bool:
        """Tell whether the object, known to the model as ``item``, meets all criteria."""
        return (
            (self.item is None or self.item == item)
            and (self.by_id is None or thing.get("id") == self.by_id)
            and (self.name is None or thing.get("name") == self.name)
            and (self.by_class is None or thing.get("class") == self.by_class)
            and (self.ns is None or ("name" in thing and thing.get("ns", OSCAL_NS) == self.ns))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Removals:
    """All removes of one alter."""

    rules: Sequence[_Rule]

    @classmethod
    def read(cls, alter: Json, place: Place, note: Notes) -> Removals:
        """Read an alter's ``removes``. One without criteria would match everything: it is noted and ignored."""
        rules = []
        for position, remove in enumerate(members(alter, "removes", place)):
            values = {key: _first(remove, names) for key, names in _KEYS}
            if not any(values.values()):
                where = (place / "removes" / position).location
                note(Note(message="a remove without criteria removes nothing", where=where))
                continue
            rules.append(
                _Rule(
                    name=values["name"],
                    by_class=values["class"],
                    by_id=values["id"],
                    item=values["item"],
                    ns=values["ns"],
                )
            )
        return cls(rules=rules)

    def apply(self, node: ControlNode) -> None:
        """Remove from the control and from the controls inside it."""
        if not self.rules:
            return
        node.body = self._strip(node.body, spared="title")
        node.children = [child for child in node.children if not self._hit("control", {**child.body, "id": child.id})]
        for child in node.children:
            self.apply(child)

    def _hit(self, item: str, thing: Json) -> bool:
        return any(rule.hits(item, thing) for rule in self.rules)

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


def _first(remove: Json, names: tuple[str, ...]) -> str | None:
    found = (remove.get(name) for name in names)
    return next((value for value in found if isinstance(value, str) and value), None)
