# SPDX-License-Identifier: Apache-2.0
"""``plantproof crosswalk lint`` and ``diff``."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof.cli.crosswalk.showing import row_json
from plantproof.cli.exits import FINDINGS, OK
from plantproof.cli.output import json_option, print_json, print_table, talk

if TYPE_CHECKING:
    from plantproof.core.crosswalk.rows import Row

__all__ = ["diff", "lint"]

_Key = tuple[tuple[str, ...], tuple[str, ...]]


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
@click.pass_obj
def lint(workspace: Path, paths: tuple[Path, ...], as_json: bool) -> int:
    """Find what is wrong in crosswalks: in PATHS, held against all content at hand, or in everything at hand.

    Dangling ids, rows that stand twice, contradictions and wrong inverses between documents, a control that equals
    two of one catalog, rows without a reason or an authority. Exit status 1 if there is any.

    \b
    Example:
        plantproof crosswalk lint my-crosswalk.yaml
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.content import Content
    from plantproof.adapters.library import Library, read_crosswalk
    from plantproof.core.crosswalk import lint as rules

    content = Content(workspace)
    library = Library(content)
    crosswalks = list(library.crosswalks)
    own = {crosswalk.name for crosswalk in crosswalks}
    if paths:
        own = set()
        for path in paths:
            found = read_crosswalk(content, path.stem, path)
            own |= {crosswalk.name for crosswalk in found}
            crosswalks = [crosswalk for crosswalk in crosswalks if crosswalk.name not in own] + found
    controls = {key: catalog.entries for key, catalog in library.catalogs.items()}
    problems = [p for p in rules.lint(crosswalks, controls, library.structure) if p.crosswalk in own]
    if as_json:
        print_json([asdict(problem) for problem in problems])
    elif problems:
        print_table(
            ["crosswalk", "rule", "problem", "row"], [[p.crosswalk, p.rule, p.message, p.row] for p in problems]
        )
    counts = Counter(problem.rule for problem in problems)
    told = ", ".join(f"{number} {rule}" for rule, number in counts.most_common())
    talk(f"{len(own)} crosswalks: {told}" if problems else f"{len(own)} crosswalks, nothing wrong")
    return FINDINGS if problems else OK


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("new", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
@click.pass_obj
def diff(workspace: Path, old: Path, new: Path, as_json: bool) -> int:
    """Say which rows NEW has that OLD had not, which are gone, and what changed in the others.

    Rows are the same if they join the same controls. Exit status 1 if there is a difference.

    \b
    Example:
        git show HEAD~1:crosswalks/ours.yaml > old.yaml; plantproof crosswalk diff old.yaml crosswalks/ours.yaml
    """  # noqa: D301
    from plantproof.adapters.content import Content
    from plantproof.adapters.library import read_crosswalk

    content = Content(workspace)
    before, after = (
        {_key(row): row for crosswalk in read_crosswalk(content, path.stem, path) for row in crosswalk.rows}
        for path in (old, new)
    )
    added = [row for key, row in after.items() if key not in before]
    gone = [row for key, row in before.items() if key not in after]
    changed = [(before[key], row, fields) for key, row in after.items() if (fields := _fields(before.get(key), row))]
    if as_json:
        print_json(
            {
                "added": [row_json(row) for row in added],
                "gone": [row_json(row) for row in gone],
                "changed": [
                    {"old": row_json(was), "new": row_json(row), "fields": fields} for was, row, fields in changed
                ],
            }
        )
    else:
        rows = [["+", _name(row), row.relation, row.rationale] for row in added]
        rows += [["-", _name(row), row.relation, row.rationale] for row in gone]
        rows += [
            ["~", _name(row), field, f"{getattr(was, field)} -> {getattr(row, field)}"]
            for was, row, fields in changed
            for field in fields
        ]
        if rows:
            print_table(["", "row", "relation or field", "what"], rows)
    talk(f"{len(added)} added, {len(gone)} gone, {len(changed)} changed")
    return FINDINGS if added or gone or changed else OK


def _key(row: Row) -> _Key:
    return tuple(sorted(map(str, row.sources))), tuple(sorted(map(str, row.targets)))


def _fields(was: Row | None, row: Row) -> list[str]:
    """Names of what differs between two rows of the same controls."""
    if was is None:
        return []
    names = ("relation", "authority", "confidence", "rationale")
    return [name for name in names if getattr(was, name) != getattr(row, name)]


def _name(row: Row) -> str:
    return f"{', '.join(map(str, row.sources))} to {', '.join(map(str, row.targets))}"
