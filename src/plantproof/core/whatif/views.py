# SPDX-License-Identifier: Apache-2.0
"""One judgement as views: levels, gaps, verdicts, blockers, findings of zoning, and what the road map takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plantproof.core.judgement import Assessment
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.roadmap import Range, RoadMap
from plantproof.core.whatif.compare import GAPS, ZONING, Value, Views
from plantproof.core.zoning import zoning_findings

__all__ = ["views_of"]


def views_of(assessment: Assessment, plant: Plant, road: RoadMap) -> Views:
    """Everything that a change of the plant can make different, ready for :func:`compare`."""
    levels = [(status, fr, f"{status.zone} {fr.name}") for status in assessment.parts.values() for fr in FR]
    return {
        "assets": {asset.id: asset.zone for asset in plant.assets.values()},
        "target": {key: status.sl_t[fr] for status, fr, key in levels},
        "proven": {key: status.proven[fr] for status, fr, key in levels},
        "possible": {key: status.possible[fr] for status, fr, key in levels},
        GAPS: {key: max(status.sl_t[fr] - status.proven[fr], 0) for status, fr, key in levels},
        "verdict": {
            f"{status.zone} {control}": one.standing
            for status in assessment.parts.values()
            for control, one in status.controls.items()
        },
        "blockers": {key: ", ".join(status.blockers[fr]) for status, fr, key in levels if status.blockers[fr]},
        ZONING: dict(_zoning(plant, assessment.at)),
        "road map": dict(_road(road)),
    }


def _zoning(plant: Plant, at: str) -> Iterator[tuple[str, Value]]:
    for finding in zoning_findings(plant, at):
        yield f"{finding.id}: {finding.message}", finding.severity


def _road(road: RoadMap) -> Iterator[tuple[str, Value]]:
    ends = [step.when for step in road.once if step.when]
    figures: Mapping[str, Range] = {
        "person-days": road.effort,
        road.terms.currency: road.cost,
        "person-days in each year": road.yearly,
    }
    for name, value in figures.items():
        digits = 0 if name == road.terms.currency else 1
        yield name, f"{value.low:.{digits}f}-{value.high:.{digits}f}"
    yield "steps", len(road.steps)
    yield "targets out of reach", len(road.unreachable)
    if ends:
        yield "ends between", f"{ends[-1].ends} and {ends[-1].ends_late}"
