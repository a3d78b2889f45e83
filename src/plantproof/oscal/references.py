# SPDX-License-Identifier: Apache-2.0
"""Whether an OSCAL document refers only to what exists, and names each thing once.

OSCAL's own schema does not look: ids, parameters, links, roles and parties are ours to check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from plantproof.errors import ContentError, Location
from plantproof.oscal.schema import model_of

__all__ = ["reference_defects"]

_INSERT = re.compile(r"\{\{\s*insert:\s*([\w-]+)\s*,\s*([^\s}]+)\s*\}\}")
_Seen = dict[str, str]


def reference_defects(data: Mapping[str, object]) -> Iterator[ContentError]:
    """Yield each dangling or doubled reference with its JSON pointer.

    Raises:
        ContentError: the document is of no known model.
    """
    model = model_of(data)
    index = _Index()
    body = data[model]
    if isinstance(body, Mapping):
        yield from index.collect(body, f"/{model}")
        yield from index.judge(body, f"/{model}", whole=model == "catalog")


class _Index:
    """What a document defines, gathered in one pass; what it refers to, judged in a second."""

    def __init__(self) -> None:
        self.ids: _Seen = {}
        self.params: _Seen = {}
        self.uuids: _Seen = {}
        self.roles: _Seen = {}

    def collect(self, node: object, pointer: str) -> Iterator[ContentError]:
        for key, value, place in _children(node, pointer):
            if key == "id" and isinstance(value, str):
                yield from self._define(self._space(pointer), value, place)
            elif key == "uuid" and isinstance(value, str):
                yield from self._define(self.uuids, value.lower(), place)
            yield from self.collect(value, place)

    def _space(self, pointer: str) -> _Seen:
        owner = pointer.rsplit("/", 2)[-2]
        if owner == "roles":
            return self.roles
        return self.params if owner in {"params", "parameters"} else self.ids

    @staticmethod
    def _define(space: _Seen, name: str, place: str) -> Iterator[ContentError]:
        if name in space:
            message = f"the id {name!r} is already taken at {space[name]}"
            yield ContentError(message, code="content.reference", hint="Ids are unique.", where=Location(pointer=place))
        space[name] = place

    def judge(self, node: object, pointer: str, *, whole: bool) -> Iterator[ContentError]:
        for key, value, place in _children(node, pointer):
            if isinstance(value, str):
                yield from self._judge_text(key, value, place, whole=whole)
            elif key in {"role-ids", "party-uuids"}:
                space, what = (self.roles, "role") if key == "role-ids" else (self.uuids, "party")
                for number, name in enumerate(value if isinstance(value, list) else []):
                    yield from _missing(space, str(name), what, f"{place}/{number}")
            yield from self.judge(value, place, whole=whole)

    def _judge_text(self, key: str, text: str, place: str, *, whole: bool) -> Iterator[ContentError]:
        if key == "role-id":
            yield from _missing(self.roles, text, "role", place)
        elif key == "href" and text.startswith("#") and whole:
            target = text[1:]
            if target.lower() not in self.uuids:
                yield from _missing(self.ids, target, "control, part or resource", place)
        elif whole and "{{" in text:
            for kind, name in _INSERT.findall(text):
                if kind == "param":
                    yield from _missing(self.params, name, "parameter", place)


def _children(node: object, pointer: str) -> Iterator[tuple[str, object, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield str(key), value, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield "", value, f"{pointer}/{number}"


def _missing(space: _Seen, name: str, what: str, place: str) -> Iterator[ContentError]:
    if name in space:
        return
    near = get_close_matches(name, space, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else ""
    message = f"refers to the {what} {name!r}, which the document does not have"
    yield ContentError(message, code="content.reference", hint=hint, where=Location(pointer=place))
