# SPDX-License-Identifier: Apache-2.0
"""``plantproof crosswalk show`` and ``coverage``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plantproof.cli.exits import OK
from plantproof.cli.output import json_option, print_json, print_table, talk
from plantproof.errors import UsageError

if TYPE_CHECKING:
    from plantproof.adapters.library import Library
    from plantproof.core.crosswalk.coverage import Covered
    from plantproof.core.crosswalk.rows import Crosswalk, Row

__all__ = ["coverage", "row_json", "show"]


@click.command("show")
@click.argument("names", metavar="[NAME | SOURCE TARGET]", nargs=-1)
@json_option
@click.pass_obj
def show(workspace: Path, names: tuple[str, ...], as_json: bool) -> int:
    """List all crosswalks, or the rows of one: by its NAME, or by the two catalogs that it joins, in either order.

    \b
    Example:
        plantproof crosswalk show
        plantproof crosswalk show iec62443-3-3 nis2
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.content import Content
    from plantproof.adapters.library import Library

    library = Library(Content(workspace))
    if not names:
        return _print_list(library, as_json=as_json)
    chosen = _chosen(library, names)
    if as_json:
        print_json([_crosswalk_json(crosswalk) for crosswalk in chosen])
        return OK
    for crosswalk in chosen:
        rows = [
            [_ids(row, "sources"), row.relation, _ids(row, "targets"), row.confidence, row.rationale]
            for row in crosswalk.rows
        ]
        print_table([crosswalk.source, "is", crosswalk.target, "confidence", "why"], rows, title=crosswalk.title)
        for side, listed in (
            (crosswalk.source, crosswalk.unmapped_sources),
            (crosswalk.target, crosswalk.unmapped_targets),
        ):
            for control, reason in listed.items():
                click.echo(f"left out on purpose: {side}:{control}: {reason}")
        authority = crosswalk.authority
        what = "official, published by" if authority.official else "own judgement of"
        talk(f"{crosswalk.name}: {len(crosswalk.rows)} rows, {what} {authority.name} ({authority.document})")
    return OK


@click.command("coverage")
@click.argument("source")
@click.argument("target")
@click.option("--open", "only_open", is_flag=True, help="Only what has neither a row nor a stated reason.")
@json_option
@click.pass_obj
def coverage(workspace: Path, *, source: str, target: str, only_open: bool, as_json: bool) -> int:
    """Say how far SOURCE reaches into TARGET and back, control by control, with what has no counterpart.

    Only stored rows count, never a chain. "Full" means that a row says the other side asks for all of it.

    \b
    Example:
        plantproof crosswalk coverage iec62443-3-3 nis2 --open
    """  # noqa: D301
    from plantproof.adapters.content import Content
    from plantproof.adapters.library import Library
    from plantproof.core.crosswalk import coverage as rules
    from plantproof.core.crosswalk.rows import ControlRef

    library = Library(Content(workspace))
    keys = library.catalog(source).key, library.catalog(target).key
    answer: dict[str, list[Covered]] = {}
    for catalog, other in (keys, keys[::-1]):
        controls = [ControlRef(catalog, ident) for ident in library.catalogs[catalog].assessable()]
        reasons = library.reasons(catalog, other)
        answer[catalog] = rules.coverage(controls, other, library.graph, library.structure, reasons)
    if as_json:
        print_json({catalog: [_covered_json(c) for c in found] for catalog, found in answer.items()})
        return OK
    for catalog, found in answer.items():
        shown = [c for c in found if c.reach is rules.Reach.OPEN or not only_open]
        rows = [[c.control.control, c.reach, _others(c)] for c in shown]
        print_table([catalog, "reach", "counterparts"], rows, title=f"{catalog} seen from the other side")
        counts = Counter(c.reach for c in found)
        told = ", ".join(f"{counts[reach]} {reach}" for reach in rules.Reach if counts[reach])
        talk(f"{catalog}: {len(found)} controls, {told}")
    return OK


def _chosen(library: Library, names: tuple[str, ...]) -> list[Crosswalk]:
    if len(names) == 1:
        found = [
            crosswalk for crosswalk in library.crosswalks if names[0] in {crosswalk.name, *crosswalk.name.split("#")}
        ]
    elif len(names) == 2:  # noqa: PLR2004 - the two catalogs
        pair = {library.catalog(name).key for name in names}
        found = [crosswalk for crosswalk in library.crosswalks if {crosswalk.source, crosswalk.target} == pair]
    else:
        raise UsageError("give one name, or two catalogs", code="usage.unknown-name", hint="See --help.")
    if not found:
        hint = "`plantproof crosswalk show` lists them; `plantproof crosswalk path` finds chains."
        raise UsageError(f"there is no crosswalk {' to '.join(names)!r}", code="usage.unknown-name", hint=hint)
    return found


def _print_list(library: Library, *, as_json: bool) -> int:
    rows = [
        {
            "name": crosswalk.name,
            "source": crosswalk.source,
            "target": crosswalk.target,
            "rows": len(crosswalk.rows),
            "authority": crosswalk.authority.name,
            "official": crosswalk.authority.official,
            "document": crosswalk.authority.document,
        }
        for crosswalk in library.crosswalks
    ]
    if as_json:
        print_json(rows)
    else:
        headings = ["name", "source", "target", "rows", "authority", "official"]
        print_table(headings, [["yes" if row[h] is True else row[h] or "" for h in headings] for row in rows])
        talk(f"{len(rows)} crosswalks, {sum(len(crosswalk.rows) for crosswalk in library.crosswalks)} rows")
    return OK


def row_json(row: Row) -> dict[str, Any]:
    """A row for programs."""
    return {
        "uuid": row.uuid,
        "sources": [str(ref) for ref in row.sources],
        "relation": row.relation.value,
        "targets": [str(ref) for ref in row.targets],
        "authority": {
            "name": row.authority.name,
            "official": row.authority.official,
            "document": row.authority.document,
        },
        "confidence": row.confidence,
        "rationale": row.rationale,
    }


def _crosswalk_json(crosswalk: Crosswalk) -> dict[str, Any]:
    return {
        "name": crosswalk.name,
        "title": crosswalk.title,
        "source": crosswalk.source,
        "target": crosswalk.target,
        "rows": [row_json(row) for row in crosswalk.rows],
        "unmapped-sources": dict(crosswalk.unmapped_sources),
        "unmapped-targets": dict(crosswalk.unmapped_targets),
    }


def _covered_json(covered: Covered) -> dict[str, Any]:
    return {
        "control": str(covered.control),
        "reach": covered.reach.value,
        "counterparts": [
            {
                "control": str(link.target),
                "relation": link.relation.value,
                "authority": link.row.authority.name,
                "official": link.row.authority.official,
            }
            for link in covered.links
        ],
        "through": [str(ref) for ref in covered.relatives],
        "reason": covered.reason,
    }


def _others(covered: Covered) -> str:
    if covered.reason:
        return covered.reason
    if covered.relatives:
        return f"see {', '.join(ref.control for ref in covered.relatives)}"
    return ", ".join(f"{link.target.control} ({link.relation})" for link in covered.links)


def _ids(row: Row, side: str) -> str:
    return ", ".join(ref.control for ref in getattr(row, side))
