# SPDX-License-Identifier: Apache-2.0
"""The road map: steps in their order, with effort, cost and dates as ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Final

from plantproof.core.achieved import zone_status
from plantproof.core.judgement import Assessment, ZoneStatus
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.roadmap.gaps import Gap, Work, gaps_of, weights_of
from plantproof.core.roadmap.jobs import Job, JobKey, jobs_of
from plantproof.core.roadmap.lifts import Lift, Unreachable, lifts_of, ordered
from plantproof.core.roadmap.preparation import Chore, Phase, chores_after, chores_before
from plantproof.core.roadmap.terms import NOTHING, Range, Terms, total
from plantproof.core.verdicts import Verdict
from plantproof.core.zoning import zoning_findings

__all__ = ["RoadMap", "Step", "When", "plan_road", "reached"]

_MONTH_DAYS: Final = 365.25 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Days between which a step begins and ends: early if all goes well, late if nothing does."""

    begins: str
    begins_late: str
    ends: str
    ends_late: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the road: a lift with its jobs, or a chore."""

    id: str
    """Stable while the plant's words stay the same: ``lift/cell-1/RA/2``."""
    phase: Phase
    """Of a lift: gaps, if finding out is all that is sure to be done; else measures."""
    title: str
    zone: str
    lift: Lift | None
    jobs: tuple[Job, ...]
    """What the step does itself."""
    shared: tuple[JobKey, ...]
    """What it needs besides and an earlier step has done."""
    why: str
    effort: Range
    cost: Range
    when: When | None
    """None: every year again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadMap:
    """The way from what is proven to the targets."""

    at: str
    plant: str
    terms: Terms
    gaps: tuple[Gap, ...]
    steps: tuple[Step, ...]
    unreachable: tuple[Unreachable, ...]
    zones: tuple[str, ...]

    @property
    def once(self) -> tuple[Step, ...]:
        """The steps that are done once."""
        return tuple(step for step in self.steps if step.when is not None)

    @property
    def effort(self) -> Range:
        """Person-days of all steps that are done once."""
        return total(step.effort for step in self.once)

    @property
    def cost(self) -> Range:
        """Money for them."""
        return total(step.cost for step in self.once)

    @property
    def yearly(self) -> Range:
        """Person-days in each year after."""
        return total(step.effort for step in self.steps if step.when is None)

    def phase_effort(self, phase: Phase) -> Range:
        """Person-days of a phase; a job's finding out belongs to the gaps, its doing to the measures."""
        if phase in {Phase.GAPS, Phase.MEASURES}:
            jobs = [job for step in self.steps for job in step.jobs]
            return total(job.show if phase is Phase.GAPS else job.do for job in jobs)
        return total(step.effort for step in self.steps if step.phase is phase)


def plan_road(
    assessment: Assessment,
    plant: Plant,
    terms: Terms,
    *,
    zones: Sequence[str] = (),
    residual: Mapping[tuple[str, FR], float] | None = None,
) -> RoadMap:
    """Plan the way to the targets.

    Args:
        assessment: The verdicts from which the road begins.
        plant: The plant that was judged.
        terms: Estimates, capacity, prices, what is out of scope.
        zones: Ids of the zones to plan for; empty: all.
        residual: What remains of the risk per zone and FR, on the scale 0..4, from a risk assessment.
    """
    wanted = [zone for zone in plant.zones if not zones or zone in zones]
    gaps = gaps_of(assessment, plant, wanted)
    weights = weights_of(gaps, plant, terms, residual or {})
    jobs = jobs_of(gaps, terms)
    chains, unreachable = [], []
    for gap in gaps:
        lifts, short = lifts_of(gap, terms, weights[gap.zone, gap.fr])
        chains.append(lifts)
        unreachable += [short] if short else []
    findings = zoning_findings(plant, assessment.at)
    explained = {zone for zone, _ in residual or {}}
    before = chores_before(plant, wanted, findings, explained, terms)
    steps = [
        *(_chore(chore, terms) for chore in before),
        *_lift_steps(ordered(chains, jobs), jobs),
        *(_chore(chore, terms) for chore in chores_after(assessment, wanted, terms)),
    ]
    return RoadMap(
        at=assessment.at,
        plant=plant.name,
        terms=terms,
        gaps=gaps,
        steps=tuple(_dated(steps, terms, terms.start or assessment.at[:10])),
        unreachable=tuple(unreachable),
        zones=tuple(wanted),
    )


def _chore(chore: Chore, terms: Terms) -> Step:
    return Step(
        id="/".join(("chore", chore.phase.replace(" ", "-"), chore.zone or "plant", chore.key)),
        phase=chore.phase,
        title=chore.title,
        zone=chore.zone,
        lift=None,
        jobs=(),
        shared=(),
        why=chore.why,
        effort=chore.effort,
        cost=chore.effort.priced(terms.day_rate),
        when=None,
    )


def _lift_steps(lifts: Iterable[Lift], jobs: Mapping[JobKey, Job]) -> Iterable[Step]:
    done: set[JobKey] = set()
    for lift in lifts:
        new = [key for key in dict.fromkeys(lift.needs) if key not in done]
        shared = tuple(key for key in dict.fromkeys(lift.needs) if key in done)
        done.update(new)
        own = tuple(jobs[key] for key in new)
        yield Step(
            id=f"lift/{lift.zone}/{lift.fr.name}/{lift.after}",
            phase=Phase.MEASURES if any(job.work is Work.FIX for job in own) else Phase.GAPS,
            title=f"{lift.zone}: {lift.fr.name} from SL {lift.before} to {lift.after}",
            zone=lift.zone,
            lift=lift,
            jobs=own,
            shared=shared,
            why=f"{len(lift.needs)} control{'' if len(lift.needs) == 1 else 's'} of {lift.fr.title.lower()} to meet",
            effort=total(job.effort for job in own),
            cost=total(job.cost for job in own),
            when=None,
        )


def _dated(steps: Sequence[Step], terms: Terms, start: str) -> Iterable[Step]:
    """One after the other, by one team: early with little effort and the most hands, late the other way round."""
    done = NOTHING
    for step in steps:
        if step.phase is Phase.IMPROVEMENT:
            yield step
            continue
        after = done + step.effort
        when = When(
            begins=_day(start, done.low, terms.capacity.high),
            begins_late=_day(start, done.high, terms.capacity.low),
            ends=_day(start, after.low, terms.capacity.high),
            ends_late=_day(start, after.high, terms.capacity.low),
        )
        done = after
        yield replace(step, when=when)


def _day(start: str, effort: float, capacity: float) -> str:
    first = date.fromisoformat(start)
    days = ceil(round(effort / capacity * _MONTH_DAYS, 6))
    return (first + timedelta(days=min(days, (date.max - first).days))).isoformat()


def reached(assessment: Assessment, road: RoadMap) -> Mapping[str, ZoneStatus]:
    """The zones as they stand when every step is done: judged again, not read off the plan."""
    met = {(job.control, zone) for step in road.steps for job in step.jobs for zone in job.zones}
    found = {}
    for zone in road.zones:
        status = assessment.zones[zone]
        statuses = {
            control: replace(one, verdict=Verdict.SATISFIED) if (control, zone) in met else one
            for control, one in status.controls.items()
        }
        found[zone] = zone_status(zone, status.sl_t, assessment.controls, statuses)
    return found
