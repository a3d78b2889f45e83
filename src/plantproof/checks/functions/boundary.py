# SPDX-License-Identifier: Apache-2.0
"""What firewalls let through at a boundary against what conduits declare: the message has to name flows and rules."""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.checks.functions.judged import Judged, records, undecided
from plantproof.core.verdicts import Verdict

__all__ = ["only_declared_flows"]

_MOST = 3


def only_declared_flows(names: Mapping[str, object]) -> Judged:
    """Nothing crosses the boundary but what a conduit declares.

    Facts: ``reach.let_through`` (records with ``message`` and ``lines``), ``reach.open`` (why more may go through than
    was seen), ``reach.files`` (firewalls whose configuration nobody collected), ``reach.passing``. What is let through
    decides, whoever wrote the configuration down; that nothing else is counts only if all of it was collected.
    """
    found = records(names, "reach", "let_through")
    facts = names.get("reach")
    if found is None or not isinstance(facts, Mapping):
        return undecided("reach.let_through is not in the evidence")
    if found:
        lines = {line for _, record in found for line in _numbers(record.get("lines"))}
        told = _several([str(record.get("message", "")) for _, record in found])
        return Judged(verdict=Verdict.NOT_SATISFIED, message=told, lines=tuple(sorted(lines)))
    doubts, files = facts.get("open"), facts.get("files")
    if not isinstance(doubts, list) or not isinstance(files, list):
        return undecided("reach.open or reach.files is not in the evidence")
    if doubts:
        return undecided(_several([str(one) for one in doubts]))
    if files:
        whose = ", ".join(str(one) for one in files)
        return undecided(f"only what conduits declare passes, by files that nobody collected: {whose}")
    return Judged(
        verdict=Verdict.SATISFIED,
        message=f"the firewalls let through only what conduits declare (passages: {facts.get('passing', 0)})",
    )


def _several(messages: list[str]) -> str:
    shown = list(dict.fromkeys(messages))
    rest = len(shown) - _MOST
    return "; ".join(shown[:_MOST]) + (f" (and {rest} more)" if rest > 0 else "")


def _numbers(value: object) -> list[int]:
    return [one for one in value if isinstance(one, int)] if isinstance(value, list) else []
