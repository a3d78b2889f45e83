# SPDX-License-Identifier: Apache-2.0
"""The standards library: every catalog and crosswalk at hand, read once, looked up by what people type."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from plantproof.adapters.content import CATALOGS, CROSSWALKS, Content
from plantproof.adapters.validation import load_valid
from plantproof.core.components import Requirement
from plantproof.core.crosswalk.coverage import unmapped_reasons
from plantproof.core.crosswalk.routes import Graph, Structure
from plantproof.core.crosswalk.rows import ControlRef, Crosswalk
from plantproof.core.duties import Duty
from plantproof.core.names import find_name
from plantproof.errors import ContentError, UsageError
from plantproof.oscal.capabilities import component_requirements
from plantproof.oscal.catalogs import CatalogIndex, catalog_key, index_of, structure_of
from plantproof.oscal.duties import duties_of
from plantproof.oscal.mapping import read_mappings

__all__ = ["Library", "load_duties", "load_requirements", "load_served", "read_crosswalk"]

_COMPONENTS = "iec62443-4-2"
_SERVING = "iec62443-4-2-to-iec62443-3-3"
_CATALOG = "urn:plantproof:catalog:"


class Library:
    """Catalogs and crosswalks of the workspace and of the package together."""

    def __init__(self, content: Content) -> None:
        self._content = content

    @cached_property
    def catalogs(self) -> Mapping[str, CatalogIndex]:
        """Every catalog by its key.

        Raises:
            ContentError: one is not valid.
        """
        found = {}
        for name, path in self._content.names(CATALOGS).items():
            body = load_valid(path, self._content.receipts).data.get("catalog")
            if isinstance(body, Mapping):
                key = catalog_key(body, name)
                found[key] = index_of(key, body)
        return found

    @cached_property
    def crosswalks(self) -> tuple[Crosswalk, ...]:
        """Every crosswalk, by name.

        Raises:
            ContentError: one is not valid, or nobody stands behind a row.
        """
        found: list[Crosswalk] = []
        for name, path in self._content.names(CROSSWALKS).items():
            found += read_crosswalk(self._content, name, path)
        return tuple(found)

    @cached_property
    def structure(self) -> Structure:
        """What is part of what within the catalogs."""
        return structure_of(self.catalogs)

    @cached_property
    def graph(self) -> Graph:
        """All rows, ready to be walked."""
        return Graph((row for crosswalk in self.crosswalks for row in crosswalk.rows), self.structure)

    def reasons(self, catalog: str, other: str) -> Mapping[ControlRef, str]:
        """Why controls of a catalog have no counterpart in another, where somebody said so."""
        return unmapped_reasons(self.crosswalks, catalog, other)

    def catalog(self, text: str) -> CatalogIndex:
        """The catalog of a key.

        Raises:
            UsageError: there is none, or the text may mean several.
        """
        if text in self.catalogs:
            return self.catalogs[text]
        begun = [key for key in self.catalogs if key.startswith(text)] if text else []
        if len(begun) == 1:
            return self.catalogs[begun[0]]
        near = begun or get_close_matches(text, self.catalogs, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(self.catalogs)}."
        raise UsageError(f"there is no catalog {text!r}", code="usage.unknown-name", hint=hint)

    def control(self, text: str) -> ControlRef:
        """The control that somebody means by ``nis2:21.2.e``, ``SR 1.1 RE(1)`` or ``sr-1.1.re-1``.

        Raises:
            UsageError: there is none, or the text may mean several.
        """
        key, colon, name = text.rpartition(":")
        searched = [self.catalog(key)] if colon else list(self.catalogs.values())
        exact = [ControlRef(catalog.key, name) for catalog in searched if name in catalog.entries]
        found = exact or [
            ControlRef(catalog.key, ident) for catalog in searched for ident in find_name(name, catalog.names())
        ]
        if len(found) == 1:
            return found[0]
        if found:
            hint = f"Say which: {', '.join(map(str, found[:6]))}."
            raise UsageError(f"{text!r} may mean {len(found)} controls", code="usage.unknown-name", hint=hint)
        known = {ident: catalog.key for catalog in searched for ident in catalog.entries}
        near = [f"{known[ident]}:{ident}" for ident in get_close_matches(name.lower(), known, n=3)]
        hint = f"Did you mean {' or '.join(near)}?" if near else "`plantproof catalog search` looks for words."
        where = f" in {searched[0].key}" if colon else ""
        raise UsageError(f"there is no control {name!r}{where}", code="usage.unknown-name", hint=hint)


def load_requirements(content: Content) -> Mapping[str, Requirement]:
    """What IEC 62443-4-2 asks of components, by id; the workspace's own copy first.

    Raises:
        ContentError: the catalog is missing or not valid.
    """
    return component_requirements(load_valid(_catalog(content, _COMPONENTS), content.receipts).data)


def load_served(content: Content) -> Mapping[str, tuple[str, ...]]:
    """By requirement of IEC 62443-3-3 those of 4-2 that serve it, in the order of the crosswalk.

    Raises:
        ContentError: the crosswalk is not valid.
    """
    path = content.names(CROSSWALKS).get(_SERVING)
    found: dict[str, dict[str, None]] = {}
    for crosswalk in read_crosswalk(content, _SERVING, path) if path else ():
        for row in crosswalk.rows:
            for target in row.targets:
                found.setdefault(target.control, {}).update((source.control, None) for source in row.sources)
    return {control: tuple(sources) for control, sources in found.items()}


def load_duties(content: Content, keys: Iterable[str]) -> Mapping[str, tuple[Duty, ...]]:
    """Of some catalogs the requirements that lay a duty on a role, by catalog in document order.

    Raises:
        ContentError: a catalog is missing or not valid.
    """
    return {key: duties_of(key, load_valid(_catalog(content, key), content.receipts).data) for key in keys}


def _catalog(content: Content, key: str) -> Path:
    path = content.names(CATALOGS).get(key)
    if path is None:
        hint = "It is part of the package: install plantproof anew."
        raise ContentError(f"there is no catalog {key}", code="content.reference", hint=hint)
    return path


def read_crosswalk(content: Content, name: str, path: Path) -> list[Crosswalk]:
    """Read the crosswalks of one file.

    Raises:
        ContentError: it is not valid, or nobody stands behind a row; with file and line.
    """
    document = load_valid(path, content.receipts)
    if "mapping-collection" not in document.data:
        message = "is not a crosswalk: its top-level key is not mapping-collection"
        raise ContentError(message, code="content.crosswalk", where=document.locate(""))

    def key_of(href: str) -> str:
        if href.startswith(_CATALOG):
            return href.removeprefix(_CATALOG)
        target = path.parent / href
        if not target.is_file():
            return posixpath.splitext(posixpath.basename(href))[0]
        body = content.read(target).data.get("catalog")
        stem = target.stem
        return catalog_key(body, stem) if isinstance(body, Mapping) else stem

    try:
        return read_mappings(document.data, name, key_of)
    except ContentError as error:
        where = document.locate(error.where.pointer if error.where else "")
        raise ContentError(error.message, code=error.code, hint=error.hint, where=where) from None
