# SPDX-License-Identifier: Apache-2.0
"""How two requirements relate, and what remains of it along a chain.

A requirement is taken as the set of everything that it asks for, never empty (NIST IR 8477, section 4.3). The algebra
is the strongest that holds for all such sets, and never stronger: a chain may lose, it never gains.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

__all__ = ["Relation", "compose", "inverse", "pairwise"]


class Relation(StrEnum):
    """What the source asks for, against what the target asks for; OSCAL's words, strongest first."""

    EQUAL = "equal-to"
    SUBSET = "subset-of"
    """All that the source asks, the target asks too."""
    SUPERSET = "superset-of"
    """All that the target asks, the source asks too."""
    INTERSECTS = "intersects-with"
    """Both ask for something that is the same."""
    RELATED = "related-to"
    """Somebody put them side by side, or a chain joins them; that they share anything is not said."""


_INVERSE: Final = {Relation.SUBSET: Relation.SUPERSET, Relation.SUPERSET: Relation.SUBSET}
_COMPOSED: Final = {
    (Relation.SUBSET, Relation.SUBSET): Relation.SUBSET,
    (Relation.SUPERSET, Relation.SUPERSET): Relation.SUPERSET,
    # A holds all of B, and C does: what B asks stands in both.
    (Relation.SUPERSET, Relation.SUBSET): Relation.INTERSECTS,
    (Relation.SUPERSET, Relation.INTERSECTS): Relation.INTERSECTS,
    (Relation.INTERSECTS, Relation.SUBSET): Relation.INTERSECTS,
}
"""All else says nothing about the ends: two parts of one whole need not touch."""


def inverse(relation: Relation) -> Relation:
    """The relation as seen from the target."""
    return _INVERSE.get(relation, relation)


def compose(first: Relation, second: Relation) -> Relation:
    """What A is to C, if A is ``first`` to B and B is ``second`` to C."""
    if first is Relation.EQUAL:
        return second
    if second is Relation.EQUAL:
        return first
    return _COMPOSED.get((first, second), Relation.RELATED)


def pairwise(relation: Relation, sources: int, targets: int) -> Relation:
    """What one source is to one target, if all sources together are ``relation`` to all targets together.

    Args:
        relation: Between the union of the sources and the union of the targets.
        sources: How many sources; at least 1.
        targets: How many targets; at least 1.
    """
    if sources == targets == 1:
        return relation
    if relation in {Relation.EQUAL, Relation.SUBSET} and targets == 1:
        return Relation.SUBSET
    if relation in {Relation.EQUAL, Relation.SUPERSET} and sources == 1:
        return Relation.SUPERSET
    return Relation.RELATED
