# SPDX-License-Identifier: Apache-2.0
"""Final phase, pruning: which loose parameters and resources the result refers to.

The specification calls ``#id`` anywhere a reference; a parameter is also referred to by an insertion in prose and by
``depends-on``. The result is serialised once and searched as text: quicker than walking it, and it finds references
in every field, known or not. A reference from something that is itself pruned does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import orjson

from plantproof.errors import ContentError
from plantproof.oscal.resolve.shape import Json, kept_always, name_of, objects
from plantproof.oscal.resolve.tree import Tree, every_group

# On bytes, so that a large result need not be decoded. What may end an id in prose, a link or JSON is left out.
_FRAGMENT: Final = re.compile(rb"""#([^\s"'`#\\()\[\]{}<>,;|*!?]+)""")
_INSERTION: Final = re.compile(rb"\{\{\s*(?:insert\s*:\s*param\s*,|param\s*:)?\s*([^\s{}\"]+)\s*\}\}")
_DEPENDS: Final = re.compile(rb'"depends-on":"([^"]+)"')


def mentioned(value: object) -> set[str]:
    """Return every id that a JSON value refers to; uuids in lower case as well as written.

    Raises:
        ContentError: ``content.schema`` if the value holds what JSON cannot express, or is nested too deeply.
    """
    try:
        text = orjson.dumps(value, default=_plain)
    except TypeError as problem:  # orjson's own error is one
        raise ContentError(
            f"the result cannot be written as JSON: {problem}",
            code="content.schema",
            hint="Look for keys that are no strings, or parts nested hundreds of levels deep.",
        ) from problem
    found: set[str] = set()
    for name in set(_FRAGMENT.findall(text)):
        written = name.decode()
        # Prose may end a sentence with an id.
        found.update((written, written.lower(), written.rstrip(".:-")))
    dependencies = _DEPENDS.findall(text) if b'"depends-on"' in text else ()
    found.update(name.decode() for name in {*_INSERTION.findall(text), *dependencies})
    return found


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


class Pruner:
    """Decides what stays, starting from the ids that the fixed contents of the result refer to."""

    def __init__(self, roots: set[str]) -> None:
        self._wanted = set(roots)

    def want(self, names: Iterable[str]) -> None:
        """Count ids as referred to."""
        self._wanted.update(names)

    def keep(self, candidates: Iterable[Json], name: Callable[[Json], str]) -> list[Json]:
        """Return the candidates that are referred to, in their order.

        What a kept candidate refers to is wanted as well, so the search goes on until nothing is added.
        """
        left = [(position, name(thing), thing) for position, thing in enumerate(candidates)]
        kept: list[tuple[int, Json]] = []
        while True:
            hits = [entry for entry in left if entry[1] in self._wanted or kept_always(entry[2])]
            if not hits:
                break
            kept.extend((position, thing) for position, _, thing in hits)
            self._wanted |= mentioned([thing for _, _, thing in hits])
            taken = {position for position, _, _ in hits}
            left = [entry for entry in left if entry[0] not in taken]
        return [thing for _, thing in sorted(kept, key=lambda entry: entry[0])]


def surviving_params(tree: Tree, pruner: Pruner, pinned: frozenset[str]) -> list[Json]:
    """Return the parameters that the result carries directly under ``catalog``.

    Those are the loose ones that something refers to or that a ``set-parameter`` names, and those of left-out
    controls that a kept text still inserts. An id that has its place in a group or control is not repeated.
    """
    pruner.want(name for p in tree.loose if (name := name_of(p)) in pinned)
    candidates: dict[str, Json] = {}
    strays = (param for node in tree.strays for param in objects(node.body, "params"))
    for param in (*tree.loose, *strays):
        candidates.setdefault(name_of(param), param)
    kept = pruner.keep(candidates.values(), name_of)
    if not kept:
        return []
    bodies = [node.body for node in tree.every_control()] + [group.body for group in every_group(tree.groups)]
    placed = {name_of(param) for body in bodies for param in objects(body, "params")}
    return [param for param in kept if name_of(param) not in placed]


def surviving_resources(resources: Iterable[Json], pruner: Pruner) -> list[Json]:
    """Return the resources that the result refers to, in their order."""
    return pruner.keep(resources, lambda resource: name_of(resource, "uuid").lower())
