# SPDX-License-Identifier: Apache-2.0
"""The road map for programs: as JSON, and as rows of a table with one line for each job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from plantproof.core.judgement import Assessment, ZoneStatus
from plantproof.core.levels import FR
from plantproof.core.roadmap import Gap, Job, Phase, Range, RoadMap, Step

__all__ = ["COLUMNS", "road_json", "rows"]

COLUMNS: Final = (
    "step", "phase", "title", "zones", "control", "control title", "work", "assets", "days low", "days high",
    "cost low", "cost high", "currency", "begins", "begins late", "ends", "ends late", "why", "estimate",
)  # fmt: skip


def road_json(road: RoadMap, assessment: Assessment, after: Mapping[str, ZoneStatus]) -> dict[str, object]:
    """Everything that the road map says."""
    return {
        "at": road.at,
        "plant": road.plant,
        "currency": road.terms.currency,
        "capacity-days-per-month": _range(road.terms.capacity),
        "gaps": [_gap(gap) for gap in road.gaps],
        "steps": [_step(number, step, assessment) for number, step in enumerate(road.steps, 1)],
        "unreachable": [
            {
                "zone": one.zone,
                "fr": one.fr.name,
                "sl-t": one.target,
                "reached": one.reached,
                "control": one.control,
                "reason": one.reason,
            }
            for one in road.unreachable
        ],
        "phases": {phase: _range(road.phase_effort(phase)) for phase in Phase},
        "effort-days": _range(road.effort),
        "cost": _range(road.cost),
        "yearly-effort-days": _range(road.yearly),
        "reached": {zone: {fr.name: status.proven[fr] for fr in FR} for zone, status in after.items()},
    }


def _range(value: Range) -> list[float]:
    return [round(value.low, 2), round(value.high, 2)]


def _gap(gap: Gap) -> dict[str, object]:
    return {
        "zone": gap.zone,
        "fr": gap.fr.name,
        "sl-t": gap.target,
        "sl-a-proven": gap.proven,
        "sl-a-possible": gap.possible,
        "missing": [
            {
                "control": one.control,
                "level": one.level,
                "verdict": one.verdict.label,
                "reason": one.reason,
                "work": one.work,
                "assets": list(one.assets),
                "checks": list(one.checks),
            }
            for one in gap.missing
        ],
    }


def _step(number: int, step: Step, assessment: Assessment) -> dict[str, object]:
    lift, when = step.lift, step.when
    return {
        "number": number,
        "id": step.id,
        "phase": step.phase,
        "title": step.title,
        "why": step.why,
        "zone": step.zone,
        "lift": {"fr": lift.fr.name, "from": lift.before, "to": lift.after, "weight": round(lift.weight, 3)}
        if lift
        else None,
        "effort-days": _range(step.effort),
        "cost": _range(step.cost),
        "begins": [when.begins, when.begins_late] if when else None,
        "ends": [when.ends, when.ends_late] if when else None,
        "every-year": when is None,
        "jobs": [_job(job, assessment) for job in step.jobs],
        "done-before": [{"control": control, "zone": zone} for control, zone in step.shared],
    }


def _job(job: Job, assessment: Assessment) -> dict[str, object]:
    return {
        "control": job.control,
        "title": assessment.controls[job.control].title,
        "zones": list(job.zones),
        "scope": job.scope,
        "work": job.work,
        "reason": job.reason,
        "assets": list(job.assets),
        "checks": list(job.checks),
        "effort-days": _range(job.effort),
        "show-days": _range(job.show),
        "do-days": _range(job.do),
        "cost": _range(job.cost),
        "estimate": job.estimate.reason,
    }


def rows(road: RoadMap, assessment: Assessment) -> Iterator[Mapping[str, str]]:
    """A row for each job and chore; a lift whose jobs earlier steps have done is a row of its own."""
    for number, step in enumerate(road.steps, 1):
        when = step.when
        shared = {
            "step": str(number),
            "phase": str(step.phase),
            "title": step.title,
            "currency": road.terms.currency,
            "begins": when.begins if when else "every year",
            "begins late": when.begins_late if when else "",
            "ends": when.ends if when else "",
            "ends late": when.ends_late if when else "",
        }
        if not step.jobs:
            yield {**shared, "zones": step.zone, "why": step.why, **_figures(step.effort, step.cost)}
        for job in step.jobs:
            yield {
                **shared,
                "zones": ", ".join(job.zones),
                "control": job.control,
                "control title": assessment.controls[job.control].title,
                "work": str(job.work),
                "assets": ", ".join(job.assets),
                "why": job.reason,
                "estimate": job.estimate.reason,
                **_figures(job.effort, job.cost),
            }


def _figures(effort: Range, cost: Range) -> dict[str, str]:
    return {
        "days low": f"{effort.low:.2f}",
        "days high": f"{effort.high:.2f}",
        "cost low": f"{cost.low:.0f}",
        "cost high": f"{cost.high:.0f}",
    }
