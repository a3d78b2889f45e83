# SPDX-License-Identifier: Apache-2.0
"""Comparing two sets of views: what appears, vanishes or changes, and whether the plant is worse off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from plantproof.core.finding import ERROR

__all__ = ["REACH", "Change", "Value", "Views", "compare", "is_worse"]

Value = int | str
Views = Mapping[str, Mapping[str, Value]]
"""Name of a view -> what it is about -> value."""

GAPS: Final = "gap"
ZONING: Final = "zoning"
REACH: Final = "reach"
_OPENED: Final = frozenset({"undeclared", "backwards", "unfiltered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different."""

    view: str
    key: str
    before: Value | None
    """None: it was not there."""
    after: Value | None
    """None: it is no longer there."""


def compare(before: Views, after: Views) -> tuple[Change, ...]:
    """Everything that differs, in the order of the views and of their keys, new keys last."""
    found: list[Change] = []
    for view in dict.fromkeys([*before, *after]):
        old, new = before.get(view, {}), after.get(view, {})
        found += [
            Change(view=view, key=key, before=old.get(key), after=new.get(key))
            for key in dict.fromkeys([*old, *new])
            if old.get(key) != new.get(key)
        ]
    return tuple(found)


def is_worse(changes: Iterable[Change]) -> bool:
    """Whether a gap grows, an error of zoning appears, or a firewall opens what nobody declared."""
    for change in changes:
        if change.view == GAPS and _number(change.after) > _number(change.before):
            return True
        if change.view == ZONING and change.after == ERROR:
            return True
        if change.view == REACH and change.after in _OPENED:
            return True
    return False


def _number(value: Value | None) -> int:
    return value if isinstance(value, int) else 0
