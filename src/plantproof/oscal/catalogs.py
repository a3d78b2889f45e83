# SPDX-License-Identifier: Apache-2.0
"""What several catalogs hold together: controls by catalog and id, and what is part of what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from plantproof.core.crosswalk.routes import Structure
from plantproof.core.crosswalk.rows import ControlRef
from plantproof.oscal.baseline import control_prop

__all__ = ["CatalogIndex", "catalog_key", "index_of", "structure_of"]

_ENHANCEMENT = "RE"
_Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogIndex:
    """One catalog, ready to be looked up in."""

    key: str
    title: str
    body: _Json = field(repr=False)
    entries: Mapping[str, _Json] = field(repr=False)
    """Every group and control at every depth by id, in document order: crosswalks speak of whole groups too."""
    controls: Mapping[str, _Json] = field(repr=False)
    """The controls among them."""
    parents: Mapping[str, str] = field(repr=False)
    """Id of what is nested to that of the group or control around it."""

    def label(self, ident: str) -> str:
        """What people call it: ``SR 1.1 RE(1)``."""
        return control_prop(self.entries[ident], "label", None) or ident

    def entry_title(self, ident: str) -> str:
        """The title of a group or control."""
        return str(self.entries[ident]["title"])

    def names(self) -> dict[str, tuple[str, ...]]:
        """Every id with its label, for looking up what somebody typed."""
        return {ident: (self.label(ident),) for ident in self.entries}

    def assessable(self) -> Iterator[str]:
        """Ids of the controls that ask for something themselves: not headings, not what was withdrawn."""
        for ident, control in self.controls.items():
            if control_prop(control, "heading") != "yes" and control_prop(control, "status", None) != "withdrawn":
                yield ident


def catalog_key(body: _Json, otherwise: str) -> str:
    """The key by which references name the catalog: its own prop, or the name of its file."""
    metadata = body.get("metadata")
    return (control_prop(metadata, "catalog-key") if isinstance(metadata, Mapping) else "") or otherwise


def index_of(key: str, body: _Json) -> CatalogIndex:
    """Look through a catalog that fits its schema."""
    entries: dict[str, _Json] = {}
    parents: dict[str, str] = {}
    controls: dict[str, _Json] = {}
    for kind, around, entry in _walk(body, ""):
        ident = str(entry["id"]) if "id" in entry else ""
        if ident:
            entries[ident] = entry
            if kind == "controls":
                controls[ident] = entry
            if around:
                parents[ident] = around
    metadata = body.get("metadata")
    title = str(metadata.get("title", key)) if isinstance(metadata, Mapping) else key
    return CatalogIndex(key=key, title=title, body=body, entries=entries, controls=controls, parents=parents)


def _walk(holder: _Json, around: str) -> Iterator[tuple[str, str, _Json]]:
    """Yield ``(groups or controls, id of what is around it, entry)`` in document order."""
    for kind in ("groups", "controls"):
        entries = holder.get(kind)
        for entry in entries if isinstance(entries, list) else []:
            yield kind, around, entry
            yield from _walk(entry, str(entry.get("id", around)))


def structure_of(catalogs: Mapping[str, CatalogIndex]) -> Structure:
    """What is part of what, in groups and controls; an enhancement is no part: it asks for more than its control."""
    whole: dict[ControlRef, ControlRef] = {}
    parts: dict[ControlRef, list[ControlRef]] = {}
    bases: dict[ControlRef, ControlRef] = {}
    for key, catalog in catalogs.items():
        for ident, parent in catalog.parents.items():
            part, around = ControlRef(key, ident), ControlRef(key, parent)
            if catalog.entries[ident].get("class") == _ENHANCEMENT:
                bases[part] = around
            else:
                whole[part] = around
                parts.setdefault(around, []).append(part)
    return Structure(whole=whole, parts={ref: tuple(found) for ref, found in parts.items()}, bases=bases)
