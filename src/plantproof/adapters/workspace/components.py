# SPDX-License-Identifier: Apache-2.0
"""``components/*.yml``: products that the plant is made of, and what their suppliers claim of them until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.core.components import CLAIMS, STATES, TYPES, Component, ComponentClaim, Requirement
from plantproof.core.plant import Asset

__all__ = ["check_components", "read_components"]

_KEYS: Final = (
    *("id", "title", "supplier", "version", "type", "claim", "by", "reference", "document"),
    *("stated", "valid-until", "sl-c", "claims"),
)
_CLAIM: Final = ("requirement", "state", "remark")
_HOLDS: Final = "A claim holds for a time: write a date as 2026-11-23."


def read_components(
    documents: Iterable[Document], *, requirements: Callable[[], Mapping[str, Requirement]] | None, defects: Defects
) -> Mapping[str, Component]:
    """Read every component by id, in the order of the files; what is wrong goes to ``defects``.

    Args:
        documents: The files of ``components/``.
        requirements: Gives the requirements of IEC 62443-4-2, asked for only if a claim names one; None leaves them
            unchecked.
        defects: Takes what is wrong.
    """
    found: dict[str, Component] = {}
    for document in documents:
        top = entries_of(document, "the file", defects)
        top.only(("components",))
        for entry in top.children("components", "component"):
            one = _read(entry, requirements)
            first = found.setdefault(one.id, one) if one.id else one
            if first is not one:
                place = f"{first.declared.file}:{first.declared.line}"
                message = f"component {one.id} is declared twice: here and in {place}"
                hint = "Give one of them another id; versions with other claims are other components."
                defects.add(message, where=one.declared, hint=hint, code="content.reference")
    return MappingProxyType(found)


def check_components(assets: Iterable[Asset], components: Mapping[str, Component], defects: Defects) -> None:
    """Note each asset that is made of a component which no file describes."""
    for asset in assets:
        for name in asset.components:
            if name not in components:
                message = f"asset {asset.id} is made of component {name}, which no file in components/ describes"
                hint = nearest(name, components)
                defects.add(message, where=asset.declared, hint=hint, code="content.reference")


def _read(entry: Entry, requirements: Callable[[], Mapping[str, Requirement]] | None) -> Component:
    entry.only(_KEYS)
    ident = entry.name("id")
    stated = entry.instant("stated", end_of_day=False, hint=_HOLDS)
    until = entry.instant("valid-until", end_of_day=True, hint=_HOLDS)
    if stated and until and until < stated:
        entry.bad("valid-until", f"valid-until {until[:10]} lies before stated {stated[:10]}", "Correct one of them.")
    if "sl-c" not in entry.data and "claims" not in entry.data:
        hint = "Write sl-c: 2 (or seven levels, or a map), or claims: [{requirement: cr-1.1, state: met}]."
        entry.bad("id", "claims nothing", hint, "content.schema")
    if "claims" in entry.data and not entry.data["claims"]:
        entry.bad("claims", "names no requirement", "Leave claims out if only levels are claimed.", "content.schema")
    return Component(
        id=ident,
        title=entry.text("title", ident),
        supplier=entry.text("supplier", required=True),
        version=entry.text("version"),
        type=entry.choice("type", TYPES, required=True),
        claim=entry.choice("claim", CLAIMS, required=True),
        by=entry.text("by", required=True, hint="Say who certified or declared it."),
        reference=entry.text("reference"),
        document=entry.path("document", example="components/docs/plc.pdf"),
        stated=stated,
        valid_until=until,
        sl_c=entry.levels("sl-c") if "sl-c" in entry.data else None,
        claims=_claims(entry, requirements),
        declared=entry.where(),
    )


def _claims(entry: Entry, requirements: Callable[[], Mapping[str, Requirement]] | None) -> Mapping[str, ComponentClaim]:
    found: dict[str, ComponentClaim] = {}
    for one in entry.children("claims", f"{entry.what}, claim"):
        one.only(_CLAIM)
        name = one.text("requirement", required=True)
        known = requirements() if requirements and name else None
        if known is not None and name not in known:
            hint = nearest(name.lower().replace(" ", "-"), known)
            one.bad("requirement", f"IEC 62443-4-2 has no requirement {name}", hint, "content.reference")
        if name in found:
            one.bad("requirement", f"{name} is given twice", "Keep one of the two.", "content.reference")
        state = one.choice("state", STATES, required=True)
        found.setdefault(name, ComponentClaim(requirement=name, state=state, remark=one.text("remark")))
    return MappingProxyType(found)
