# SPDX-License-Identifier: Apache-2.0
"""``method:`` of a risk file: scales, matrix, tolerable risk. A method that contradicts itself is refused whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from plantproof.adapters.workspace.entries import Entry, nearest
from plantproof.core.levels import MAX_LEVEL
from plantproof.core.risk.method import (
    ATTACKER,
    CATEGORIES,
    Consequence,
    Likelihood,
    Method,
    RiskLevel,
    faults,
)

__all__ = ["level_of", "levels_of", "read_method"]

_METHOD: Final = ("title", "consequences", "likelihoods", "risks", "matrix", "tolerable")
_FEWEST, _MOST = 2, 10
_SCALE: Final = "Name the levels from the least on: - {id: low}, - {id: high}."

_Level = Consequence | Likelihood | RiskLevel


def read_method(entry: Entry) -> Method | None:
    """The method; None if it cannot be used (the defects are noted)."""
    before = len(entry.defects.found)
    entry.only(_METHOD)
    consequences = tuple(_consequence(one) for one in _scale(entry, "consequences", "consequence"))
    likelihoods = tuple(_likelihood(one) for one in _scale(entry, "likelihoods", "likelihood"))
    risks = tuple(_risk(one) for one in _scale(entry, "risks", "risk"))
    for what, levels in (("consequences", consequences), ("likelihoods", likelihoods), ("risks", risks)):
        _once(entry, what, levels)
    method = Method(
        title=entry.text("title", "The plant's own method"),
        consequences=consequences,
        likelihoods=likelihoods,
        risks=risks,
        matrix=_matrix(entry, consequences, likelihoods, risks),
        tolerable=_tolerable(entry, risks),
        declared=entry.where(),
    )
    if len(entry.defects.found) > before:
        return None
    for key, words in faults(method):
        entry.bad(key, words, "More harm, or more likelihood, never means less risk; more risk never a lower sl-t.")
    return method if len(entry.defects.found) == before else None


def level_of(entry: Entry, key: str, levels: Sequence[_Level]) -> int:
    """The number of the level that a required key names; 0 if it is unusable (the defect is noted)."""
    return _number(entry, key, entry.text(key, required=True), levels)


def levels_of(entry: Entry, levels: Sequence[_Level]) -> dict[str, int]:
    """The numbers of the levels by category of consequence; at least one is required."""
    entry.only(CATEGORIES)
    if not entry.data:
        entry.bad("", "hits nothing", f"Name a level for {', '.join(CATEGORIES)}, or some of them.", "content.schema")
    return {category: level_of(entry, category, levels) for category in CATEGORIES if category in entry.data}


def _number(entry: Entry, key: str, name: str, levels: Sequence[_Level]) -> int:
    known = [one.id for one in levels]
    if name in known:
        return known.index(name)
    if name:
        entry.bad(key, f"{key} is {name!r}, which the method does not know", nearest(name, known), "content.reference")
    return 0


def _scale(entry: Entry, key: str, what: str) -> list[Entry]:
    if not entry.require(key, _SCALE):
        return []
    value = entry.data[key]
    if isinstance(value, list) and not _FEWEST <= len(value) <= _MOST:
        entry.bad(key, f"{key} must be {_FEWEST} to {_MOST} levels, not {len(value)}", _SCALE, "content.schema")
    return list(entry.children(key, what))


def _once(entry: Entry, key: str, levels: Sequence[_Level]) -> None:
    seen: set[str] = set()
    for one in levels:
        if one.id and one.id in seen:
            entry.bad(key, f"{one.id} is declared twice in {key}", "Give one another id.", "content.reference")
        seen.add(one.id)


def _consequence(entry: Entry) -> Consequence:
    entry.only(("id", *CATEGORIES))
    meanings = {category: entry.text(category) for category in CATEGORIES}
    return Consequence(
        id=entry.name("id"),
        meanings=MappingProxyType({category: text for category, text in meanings.items() if text}),
    )


def _likelihood(entry: Entry) -> Likelihood:
    entry.only(("id", "description"))
    return Likelihood(id=entry.name("id"), description=entry.text("description"))


def _risk(entry: Entry) -> RiskLevel:
    entry.only(("id", "sl-t"))
    level: int | None = None
    if entry.require("sl-t", f"Write a level 0..4, or {ATTACKER}: the level of the attacker who is expected.") and (
        entry.data["sl-t"] != ATTACKER
    ):
        level = entry.whole("sl-t", 0, low=0, high=MAX_LEVEL)
    return RiskLevel(id=entry.name("id"), sl_t=level)


def _matrix(
    entry: Entry, consequences: Sequence[Consequence], likelihoods: Sequence[Likelihood], risks: Sequence[RiskLevel]
) -> tuple[tuple[int, ...], ...]:
    entry.require("matrix", "Write one row per consequence.")
    rows = entry.child("matrix", f"{entry.what}, matrix")
    if rows is None:
        return ()
    known = [one.id for one in consequences]
    misspelt = [str(key) for key in rows.data if key not in known]
    for key in misspelt:
        rows.bad(
            key, f"{key!r} is a consequence that the method does not know", nearest(key, known), "content.reference"
        )
        rows.texts(key)
    if misspelt:  # which also explains the rows that are missing
        return ()
    return tuple(_row(rows, one.id, likelihoods, risks) for one in consequences)


def _row(rows: Entry, key: str, likelihoods: Sequence[Likelihood], risks: Sequence[RiskLevel]) -> tuple[int, ...]:
    if not key or not rows.require(key, f"Write {key}: [...], one risk per likelihood."):
        return ()
    names = rows.texts(key)
    if isinstance(rows.data[key], list) and len(rows.data[key]) != len(likelihoods):  # type: ignore[arg-type]
        wanted = ", ".join(one.id for one in likelihoods)
        rows.bad(key, f"{key} has {len(names)} risks, not one per likelihood", f"In the order {wanted}.")
    return tuple(_number(rows, key, name, risks) for name in names)


def _tolerable(entry: Entry, risks: Sequence[RiskLevel]) -> Mapping[str, int]:
    hint = "Write tolerable: low, or per category: {safety: low, default: medium}."
    if not entry.require("tolerable", hint):
        return {}
    if not isinstance(entry.data["tolerable"], dict):
        return MappingProxyType(dict.fromkeys(CATEGORIES, level_of(entry, "tolerable", risks)))
    said = entry.child("tolerable", f"{entry.what}, tolerable")
    assert said is not None  # noqa: S101 - it is a map
    said.only((*CATEGORIES, "default"))
    for category in CATEGORIES:
        if category not in said.data and "default" not in said.data:
            said.bad("", f"says nothing of {category}", "Name it, or a default.", "content.schema")
    default = level_of(said, "default", risks) if "default" in said.data else 0
    return MappingProxyType(
        {category: level_of(said, category, risks) if category in said.data else default for category in CATEGORIES}
    )
