# SPDX-License-Identifier: Apache-2.0
"""How much of one standard another reaches by stored rows, control by control, in either direction.

Chains do not count here: coverage that nobody looked at is not coverage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from plantproof.core.crosswalk.relations import Relation
from plantproof.core.crosswalk.routes import Graph, Structure
from plantproof.core.crosswalk.rows import ControlRef, Crosswalk, Link

__all__ = ["Covered", "Reach", "coverage", "unmapped_reasons"]


class Reach(StrEnum):
    """How far the other standard reaches, best first."""

    FULL = "full"
    """A row says that all of it is asked by the other side."""
    PARTIAL = "partial"
    """Rows say that some of it is, or that the two are related."""
    PARTS = "by parts or whole"
    """Rows name only what it is part of, or its parts."""
    BASE = "by its base requirement"
    """An enhancement without a row of its own: rows name the requirement on which it builds."""
    DECLARED = "left out on purpose"
    """No row, and a stated reason for it, for what it is part of, or for what it builds on."""
    OPEN = "open"
    """No row and no reason."""


_FULL = frozenset({Relation.EQUAL, Relation.SUBSET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One control, and what stands on the other side."""

    control: ControlRef
    reach: Reach
    links: Sequence[Link]
    """Rows from exactly this control; empty unless ``reach`` is full or partial."""
    relatives: Sequence[ControlRef]
    """Wholes and parts that have rows, or the base requirement, if the control has none."""
    reason: str = ""


def coverage(
    controls: Iterable[ControlRef], other: str, graph: Graph, structure: Structure, reasons: Mapping[ControlRef, str]
) -> list[Covered]:
    """Say for each control how far the other catalog reaches.

    Args:
        controls: The controls asked about, in the order of the answer.
        other: Key of the other catalog.
        graph: All rows.
        structure: What is part of what.
        reasons: Why a control has no counterpart in the other catalog, where somebody said so.
    """
    found = []
    for control in controls:
        links = graph.linked(control, other)
        near = [] if links else [r for r in structure.relatives(control) if r != control and graph.linked(r, other)]
        base = structure.bases.get(control)
        told = (control, *structure.wholes(control), *([base] if base else []))
        reason = next((reasons[ref] for ref in told if ref in reasons), "")
        if links:
            reach = Reach.FULL if any(link.relation in _FULL for link in links) else Reach.PARTIAL
        elif near:
            reach = Reach.PARTS
        elif reason:
            reach = Reach.DECLARED
        elif base and graph.linked(base, other):
            reach, near = Reach.BASE, [base]
        else:
            reach = Reach.OPEN
        found.append(Covered(control=control, reach=reach, links=links, relatives=near, reason=reason))
    return found


def unmapped_reasons(crosswalks: Iterable[Crosswalk], catalog: str, other: str) -> dict[ControlRef, str]:
    """Why controls of a catalog have no counterpart in another, gathered from all crosswalks between the two."""
    reasons: dict[ControlRef, str] = {}
    for crosswalk in crosswalks:
        if (crosswalk.source, crosswalk.target) == (catalog, other):
            listed = crosswalk.unmapped_sources
        elif (crosswalk.source, crosswalk.target) == (other, catalog):
            listed = crosswalk.unmapped_targets
        else:
            continue
        reasons.update({ControlRef(catalog, control): reason for control, reason in listed.items()})
    return reasons
