# SPDX-License-Identifier: Apache-2.0
"""What firewalls let through, laid over the drawing: on the line of the conduit, or as a line of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from plantproof.core.plant import Plant
from plantproof.firewall.reach import Finding, Outcome
from plantproof.render.drawing.scene import joined_words
from plantproof.render.drawing.view import Mark, Overlay, Way

__all__ = ["with_passing"]

_WORDS: Final = (
    (Outcome.UNDECLARED, "undeclared"),
    (Outcome.DOUBTFUL, "perhaps"),
    (Outcome.UNFILTERED, "no firewall"),
)
"""What a line of its own is called, the gravest first; the other outcomes have a conduit."""


def with_passing(overlay: Overlay, findings: Iterable[Finding], plant: Plant) -> Overlay:
    """The overlay with what ``reach`` found.

    A finding stands on the line of the conduit that it is about, or else of the first that joins its zones. Where no
    conduit joins them, a line of its own says that something passes.
    """
    marks = dict(overlay.marks)
    ways: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        conduit = finding.conduit or _joining(plant, finding)
        if conduit:
            key = f"conduit/{conduit}"
            marks[key] = tuple(sorted((*marks.get(key, ()), _mark(finding))))
        else:
            ends = sorted((finding.source, finding.target))
            ways.setdefault((ends[0], ends[1]), []).append(finding)
    found = tuple(_way(ends, ways[ends]) for ends in sorted(ways))
    return Overlay(standings=overlay.standings, marks=marks, ways=found)


def _joining(plant: Plant, finding: Finding) -> str:
    ends = {finding.source, finding.target}
    return min((one.id for one in plant.conduits.values() if ends <= {*one.zones}), default="")


def _mark(finding: Finding) -> Mark:
    return Mark(warning=not finding.error, rule=str(finding.outcome), message=finding.message)


def _way(ends: tuple[str, str], findings: list[Finding]) -> Way:
    outcomes = {one.outcome for one in findings}
    gravest, word = next(((outcome, word) for outcome, word in _WORDS if outcome in outcomes), (None, "passes"))
    services = joined_words(_short(one.service) for one in findings if one.outcome is gravest)
    return Way(
        ends=ends,
        towards=frozenset(one.target for one in findings if one.outcome is not Outcome.UNFILTERED),
        label=word if gravest is Outcome.UNFILTERED or not services else f"{word}: {services}",
        marks=tuple(sorted(map(_mark, findings))),
    )


def _short(service: str) -> str:
    """``s7 or iccp (tcp/102)`` is too long for a line; its first name will do, the finding tells the rest."""
    return service.split(" (", 1)[0].split(" or ", 1)[0].split(" but ", 1)[0]
