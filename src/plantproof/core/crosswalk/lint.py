# SPDX-License-Identifier: Apache-2.0
"""What is wrong with crosswalks although each document is valid: the mistakes that people make in rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from plantproof.core.crosswalk.relations import Relation, inverse
from plantproof.core.crosswalk.routes import Structure
from plantproof.core.crosswalk.rows import ControlRef, Crosswalk, Link, Row, links_of

__all__ = ["Problem", "lint"]

_Pair = tuple[ControlRef, ControlRef]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong."""

    rule: str
    """``dangling``, ``duplicate``, ``contradiction``, ``inverse``, ``cardinality``, ``spread``, ``rationale``,
    ``authority`` or ``unmapped``."""
    crosswalk: str
    row: str
    """UUID of the row; empty if it is about the list of what is left out."""
    message: str


def lint(
    crosswalks: Sequence[Crosswalk], controls: Mapping[str, Container[str]], structure: Structure
) -> Iterator[Problem]:
    """Yield each problem, document by document, then those that show only when documents are compared.

    Args:
        crosswalks: All of them.
        controls: The ids of each catalog, by its key.
        structure: What is part of what within catalogs.
    """
    links: dict[_Pair, list[tuple[Crosswalk, Link]]] = defaultdict(list)
    for crosswalk in crosswalks:
        for row in crosswalk.rows:
            yield from _row(crosswalk, row, controls)
            for link in links_of(row):
                if link.forward:
                    low, high = sorted((link.source, link.target))
                    links[low, high].append((crosswalk, link))
        yield from _left_out(crosswalk, controls)
    for found in links.values():
        yield from _pair(found)
    yield from _cardinality(links, structure)


def _row(crosswalk: Crosswalk, row: Row, controls: Mapping[str, Container[str]]) -> Iterator[Problem]:
    for ref in (*row.sources, *row.targets):
        yield from _dangling(crosswalk, row.uuid, ref, controls)
    if len(row.sources) > 1 and len(row.targets) > 1:
        message = "several sources against several targets say nothing about any two of them: write a row for each"
        yield _problem("spread", crosswalk, row, message)
    if not row.authority.official and not row.rationale.strip():
        yield _problem("rationale", crosswalk, row, f"{_name(row)} is the project's own and gives no reason")
    if row.authority.official and not row.authority.document.strip():
        yield _problem("authority", crosswalk, row, f"{_name(row)} is called official and names no document")


def _dangling(
    crosswalk: Crosswalk, row: str, ref: ControlRef, controls: Mapping[str, Container[str]]
) -> Iterator[Problem]:
    known = controls.get(ref.catalog)
    if known is not None and ref.control in known:
        return
    if known is None:
        message = f"{ref} names the catalog {ref.catalog!r}, which is not at hand"
    else:
        near = get_close_matches(ref.control, list(known) if isinstance(known, Iterable) else [], n=1)
        message = f"{ref} does not exist" + (f"; did you mean {near[0]!r}?" if near else "")
    yield Problem(rule="dangling", crosswalk=crosswalk.name, row=row, message=message)


def _left_out(crosswalk: Crosswalk, controls: Mapping[str, Container[str]]) -> Iterator[Problem]:
    mapped = {ref for row in crosswalk.rows for ref in (*row.sources, *row.targets)}
    for catalog, listed in (
        (crosswalk.source, crosswalk.unmapped_sources),
        (crosswalk.target, crosswalk.unmapped_targets),
    ):
        for control, reason in listed.items():
            ref = ControlRef(catalog, control)
            yield from _dangling(crosswalk, "", ref, controls)
            if ref in mapped:
                message = f"{ref} is listed as left out on purpose, and has a row"
                yield Problem(rule="unmapped", crosswalk=crosswalk.name, row="", message=message)
            if not reason.strip():
                message = f"{ref} is left out without a reason"
                yield Problem(rule="unmapped", crosswalk=crosswalk.name, row="", message=message)


def _pair(found: list[tuple[Crosswalk, Link]]) -> Iterator[Problem]:
    """Rows about the same two controls; relations are compared as seen from the first row's source."""
    first_crosswalk, first = found[0]
    for crosswalk, link in found[1:]:
        same_way = link.source == first.source
        relation = link.relation if same_way else inverse(link.relation)
        where = "" if crosswalk is first_crosswalk else f" in {first_crosswalk.name}"
        pair = f"{link.source} and {link.target}"
        if crosswalk is first_crosswalk:
            yield _problem("duplicate", crosswalk, link.row, f"{pair} have a row already")
        if {relation, first.relation} == {Relation.SUBSET, Relation.SUPERSET}:
            message = f"{pair}: this row has the one hold all of the other, the row{where} the other way round"
            yield _problem("inverse", crosswalk, link.row, message)
        elif relation is not first.relation and _clash(relation, first.relation):
            message = f"{pair}: {link.relation} here, {first.relation}{where}"
            yield _problem("contradiction", crosswalk, link.row, message)


def _clash(one: Relation, other: Relation) -> bool:
    """Whether two different relations cannot both hold; that two things are related contradicts nothing."""
    return Relation.EQUAL in {one, other} and Relation.RELATED not in {one, other}


def _cardinality(links: Mapping[_Pair, list[tuple[Crosswalk, Link]]], structure: Structure) -> Iterator[Problem]:
    """A control that equals two of one catalog makes those two equal, which no catalog means."""
    equal: dict[tuple[ControlRef, str], tuple[ControlRef, Crosswalk]] = {}
    for found in links.values():
        for crosswalk, link in found:
            if link.relation is not Relation.EQUAL:
                continue
            for one, other in ((link.source, link.target), (link.target, link.source)):
                before, where = equal.setdefault((one, other.catalog), (other, crosswalk))
                if before != other:
                    kin = " (one is part of the other)" if before in structure.relatives(other) else ""
                    message = f"{one} equals both {before} (in {where.name}) and {other}{kin}: at most one can be true"
                    yield _problem("cardinality", crosswalk, link.row, message)


def _problem(rule: str, crosswalk: Crosswalk, row: Row, message: str) -> Problem:
    return Problem(rule=rule, crosswalk=crosswalk.name, row=row.uuid, message=message)


def _name(row: Row) -> str:
    return f"{', '.join(map(str, row.sources))} to {', '.join(map(str, row.targets))}"
