# SPDX-License-Identifier: Apache-2.0
"""What a check function takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from plantproof.core.facts import LINE
from plantproof.core.verdicts import Verdict

__all__ = ["CheckFunction", "Judged", "records", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A function's verdict, why, and the lines of the first kind's text that decided it."""

    verdict: Verdict
    message: str = ""
    lines: tuple[int, ...] = ()


CheckFunction = Callable[[Mapping[str, object]], Judged]
"""From names (those of expressions: kinds, asset, params, now, now_days) to a verdict."""


def undecided(message: str, lines: tuple[int, ...] = ()) -> Judged:
    """The evidence does not say."""
    return Judged(verdict=Verdict.INCONCLUSIVE, message=message, lines=lines)


def records(names: Mapping[str, object], name: str, key: str) -> list[tuple[int, Mapping[str, object]]] | None:
    """(line, record) of a list of records in the facts; None if it is not there."""
    facts = names.get(name)
    found = facts.get(key) if isinstance(facts, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        return None
    return [(_line(each), each) for each in found]


def _line(record: Mapping[str, object]) -> int:
    line = record.get(LINE)
    return line if isinstance(line, int) else 0
