# SPDX-License-Identifier: Apache-2.0
"""Routes from a control to another standard: one row, or a chain that is computed here and stored nowhere.

A chain is nobody's official word, however official its rows are. It visits no catalog twice, because coming back to
one says nothing new. At both ends a part may stand for its whole and a whole for its parts (a point of a section, a
category's subcategory); in between only what was mapped counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce

from plantproof.core.crosswalk.relations import Relation, compose, inverse
from plantproof.core.crosswalk.rows import CONFIDENCES, ControlRef, Link, Row, links_of

__all__ = ["Graph", "Route", "Structure"]

_STRENGTH = {relation: rank for rank, relation in enumerate(Relation)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What is part of what within the catalogs; an enhancement is no part, it asks for more."""

    whole: Mapping[ControlRef, ControlRef]
    """A part to what it is directly part of."""
    parts: Mapping[ControlRef, tuple[ControlRef, ...]]
    bases: Mapping[ControlRef, ControlRef] = field(default_factory=dict[ControlRef, ControlRef])
    """An enhancement to the requirement on which it builds."""

    def wholes(self, ref: ControlRef) -> Iterator[ControlRef]:
        """All that the control is part of, nearest first."""
        above = self.whole.get(ref)
        while above is not None:
            yield above
            above = self.whole.get(above)

    def all_parts(self, ref: ControlRef) -> Iterator[ControlRef]:
        """All parts of the control, in document order, and theirs."""
        for part in self.parts.get(ref, ()):
            yield part
            yield from self.all_parts(part)

    def relatives(self, ref: ControlRef) -> dict[ControlRef, Relation]:
        """The control itself, its wholes and its parts, each with what the control is to it."""
        found = {ref: Relation.EQUAL}
        found.update(dict.fromkeys(self.wholes(ref), Relation.SUBSET))
        found.update(dict.fromkeys(self.all_parts(ref), Relation.SUPERSET))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way from one control to another."""

    source: ControlRef
    target: ControlRef
    links: tuple[Link, ...]
    relation: Relation
    """What is left of the rows' relations at the end of the way."""

    @property
    def derived(self) -> bool:
        """Whether it is anything but one row between exactly these two controls."""
        return len(self.links) != 1 or self.links[0].source != self.source or self.links[0].target != self.target

    @property
    def official(self) -> bool:
        """Whether somebody in authority published exactly this."""
        return not self.derived and self.links[0].row.authority.official

    @property
    def confidence(self) -> str:
        """That of the weakest row."""
        return max((link.row.confidence for link in self.links), key=CONFIDENCES.index)

    @property
    def authorities(self) -> tuple[str, ...]:
        """Who stands behind each row, in the order of the way."""
        return tuple(link.row.authority.name for link in self.links)

    @property
    def rank(self) -> tuple[object, ...]:
        """Sorts the strongest first: relation, then length, then confidence, then names."""
        names = tuple((str(link.source), str(link.target), link.row.uuid) for link in self.links)
        confidence = CONFIDENCES.index(self.confidence)
        return (_STRENGTH[self.relation], len(self.links), not self.official, confidence, names, str(self.target))


class Graph:
    """All rows of all crosswalks, ready to be walked."""

    def __init__(self, rows: Iterable[Row], structure: Structure) -> None:
        self._structure = structure
        self._links: dict[ControlRef, list[Link]] = defaultdict(list)
        self._neighbours: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            for link in links_of(row):
                self._links[link.source].append(link)
                self._neighbours[link.source.catalog].add(link.target.catalog)

    def routes(
        self, source: ControlRef, catalog: str, *, control: str = "", longest: int = 3, direct: bool = False
    ) -> list[Route]:
        """All routes from a control to a catalog, or to one control of it, strongest first.

        Args:
            source: Where they begin.
            catalog: Key of the catalog in which they end.
            control: If given, they end at this control, at what it is part of, or at its parts.
            longest: So many rows at the most.
            direct: Whether to leave out what the source's wholes and parts are mapped to.
        """
        ends = self._structure.relatives(ControlRef(catalog, control)) if control else None
        left = self._distances(catalog)
        starts = {source: Relation.EQUAL} if direct else self._structure.relatives(source)
        found = []
        for start, relation in starts.items():
            for links in self._walk(start, catalog, left, longest, frozenset({source.catalog})):
                last = links[-1].target
                if ends is None or last in ends:
                    total = reduce(compose, (link.relation for link in links), relation)
                    target = ControlRef(catalog, control) if control else last
                    if ends is not None:
                        total = compose(total, inverse(ends[last]))
                    found.append(Route(source=source, target=target, links=links, relation=total))
        return sorted(found, key=lambda route: route.rank)

    def linked(self, control: ControlRef, catalog: str) -> list[Link]:
        """The stored rows between a control and a catalog, as seen from the control."""
        return [link for link in self._links.get(control, ()) if link.target.catalog == catalog]

    def _walk(
        self, at: ControlRef, goal: str, left: Mapping[str, int], longest: int, seen: frozenset[str]
    ) -> Iterator[tuple[Link, ...]]:
        for link in self._links.get(at, ()):
            catalog = link.target.catalog
            if catalog == goal:
                yield (link,)
            elif catalog not in seen and left.get(catalog, longest) < longest:
                for rest in self._walk(link.target, goal, left, longest - 1, seen | {catalog}):
                    yield (link, *rest)

    def _distances(self, goal: str) -> dict[str, int]:
        """How many rows it takes at least from each catalog to the goal: what lies too far is not walked."""
        found, edge, steps = {goal: 0}, {goal}, 0
        while edge:
            steps += 1
            edge = {near for catalog in edge for near in self._neighbours[catalog]} - set(found)
            found.update(dict.fromkeys(edge, steps))
        return found
