# SPDX-License-Identifier: Apache-2.0
"""A crosswalk's rows, each with who says so; and controls named across catalogs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plantproof.core.crosswalk.relations import Relation, inverse, pairwise

__all__ = ["CONFIDENCES", "Authority", "ControlRef", "Crosswalk", "Link", "Row", "links_of"]

CONFIDENCES = ("high", "medium", "low")
"""How sure somebody is of a row, surest first."""


@dataclass(frozen=True, slots=True, order=True)
class ControlRef:
    """A control, by its catalog's key and its id: bare ids collide across standards."""

    catalog: str
    control: str

    def __str__(self) -> str:
        return f"{self.catalog}:{self.control}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """By whose word a row stands."""

    name: str
    """Who says so: ``NIST``, ``ENISA``, ``Plantproof``."""
    official: bool
    """Whether a standards body or a public authority published it; the project's own judgement never is."""
    document: str
    """Where it was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry of a crosswalk: all sources together against all targets together."""

    uuid: str
    sources: tuple[ControlRef, ...]
    targets: tuple[ControlRef, ...]
    relation: Relation
    authority: Authority
    confidence: str
    """One of :data:`CONFIDENCES`."""
    rationale: str = field(repr=False)
    """Why; empty for official rows whose publisher gives no reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """A document of rows from one catalog to another, and what was left out on purpose."""

    name: str
    title: str
    source: str
    """Key of the catalog that the sources are of."""
    target: str
    authority: Authority
    rows: Sequence[Row]
    unmapped_sources: Mapping[str, str] = field(default_factory=dict)
    """Control id to the reason why it has no counterpart."""
    unmapped_targets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One source and one target of a row, in either direction of reading."""

    source: ControlRef
    target: ControlRef
    relation: Relation
    row: Row
    forward: bool
    """Whether it is read the way it was written."""


def links_of(row: Row) -> list[Link]:
    """A row as pairs, each with what still holds of one pair alone, in both directions."""
    relation = pairwise(row.relation, len(row.sources), len(row.targets))
    pairs = [(source, target) for source in row.sources for target in row.targets]
    return [Link(source=s, target=t, relation=relation, row=row, forward=True) for s, t in pairs] + [
        Link(source=t, target=s, relation=inverse(relation), row=row, forward=False) for s, t in pairs
    ]
