# SPDX-License-Identifier: Apache-2.0
"""Duties as tables for people and as counts for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plantproof.cli.output import print_table
from plantproof.core.duties import Obligation

__all__ = ["print_obligations", "print_summary", "summary_json"]

_Key = tuple[str, str, str]


def _counts(owed: Iterable[Obligation]) -> dict[_Key, list[int]]:
    """Per party, role and standard: how many duties, how many of them are judged here, and how many of those met."""
    found: dict[_Key, list[int]] = {}
    for one in owed:
        for party in one.parties or ("nobody",):
            numbers = found.setdefault((party, one.role, one.duty.catalog), [0, 0, 0])
            numbers[0] += 1
            numbers[1] += bool(one.state)
            numbers[2] += one.met
    return dict(sorted(found.items(), key=lambda item: (item[0][0] == "nobody", item[0])))


def summary_json(owed: Iterable[Obligation]) -> list[dict[str, object]]:
    """The counts for programs; ``party`` is null where nobody holds the role."""
    return [
        {
            "party": None if party == "nobody" else party,
            "role": role,
            "standard": standard,
            "duties": duties,
            "judged": judged,
            "met": met,
        }
        for (party, role, standard), (duties, judged, met) in _counts(owed).items()
    ]


def print_summary(owed: Iterable[Obligation]) -> None:
    """The counts for people."""
    rows = [
        [party, role, standard, duties, met if judged else "-", judged - met if judged else "-"]
        for (party, role, standard), (duties, judged, met) in _counts(owed).items()
    ]
    print_table(["party", "role", "standard", "duties", "met", "open"], rows)


def print_obligations(owed: Sequence[Obligation]) -> None:
    """Requirement by requirement."""
    rows = [
        [
            one.duty.label,
            one.duty.title,
            one.role,
            ", ".join(one.parties) or "nobody",
            one.part or one.component or "the plant",
            one.state or "not judged here",
        ]
        for one in owed
    ]
    print_table(["requirement", "title", "role", "party", "where", "state"], rows)
