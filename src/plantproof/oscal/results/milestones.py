# SPDX-License-Identifier: Apache-2.0
"""A road map as OSCAL plan of action and milestones: a risk for each gap, a milestone for each step that closes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plantproof.core.judgement import Assessment
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.roadmap import Gap, JobKey, Phase, Range, RoadMap, Step
from plantproof.oscal.results.definitions import local_definitions
from plantproof.oscal.results.pieces import Ids, Sink, encode, fields, metadata, prop, write_list

__all__ = ["write_milestones"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """What stands in one risk and one item of the plan: a gap with its lifts, or a phase with its chores."""

    key: tuple[str, ...]
    title: str
    description: str
    statement: str
    props: list[dict[str, str]]
    steps: tuple[Step, ...]


_Doers = Mapping[JobKey, str]
"""The step that does a job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """What every part of the document looks things up in."""

    road: RoadMap
    assessment: Assessment
    ids: Ids
    doers: _Doers


def write_milestones(road: RoadMap, assessment: Assessment, plant: Plant, sink: Sink, *, tool: str) -> bool:
    """Write the road map as one OSCAL 1.2.1 JSON document; UUIDs stay while zones, FRs and levels do.

    Returns whether there is anything to plan; if not, nothing is written, because OSCAL knows no empty plan.
    """
    groups = tuple(_groups(road))
    if not groups:
        return False
    ids = Ids(plant.name)
    head = {
        "uuid": ids.of("roadmap"),
        "metadata": metadata(f"Road map for {plant.name}", assessment.at, tool),
        "system-id": {"identifier-type": "http://ietf.org/rfc/rfc4122", "id": ids.of("system")},
    }
    local = local_definitions(plant, assessment.parts, ids)
    sink(b'{"plan-of-action-and-milestones": {\n' + fields({**head, **({"local-definitions": local} if local else {})}))
    book = _Book(road=road, assessment=assessment, ids=ids, doers=_doers(road))
    write_list(sink, "risks", (encode(_risk(group, book)) for group in groups))
    write_list(sink, "poam-items", (encode(_item(group, ids)) for group in groups))
    sink(b"\n}}\n")
    return True


def _groups(road: RoadMap) -> Iterator[_Group]:
    for phase in Phase:
        steps = tuple(step for step in road.steps if step.phase is phase and step.lift is None)
        if steps and phase is not Phase.IMPROVEMENT:
            yield _phase(phase, steps)
    lifts: dict[tuple[str, FR], list[Step]] = {}
    for step in road.steps:
        if step.lift is not None:
            lifts.setdefault((step.lift.zone, step.lift.fr), []).append(step)
    for gap in road.gaps:
        yield _gap(gap, road, tuple(lifts.get((gap.zone, gap.fr), ())))
    steps = tuple(step for step in road.steps if step.phase is Phase.IMPROVEMENT)
    if steps:
        yield _phase(Phase.IMPROVEMENT, steps)


def _phase(phase: Phase, steps: tuple[Step, ...]) -> _Group:
    return _Group(
        key=("phase", phase),
        title=f"Phase: {phase}",
        description="; ".join(f"{step.title}: {step.why}" for step in steps),
        statement=_PHASES[phase],
        props=[prop("phase", phase)],
        steps=steps,
    )


_PHASES: Mapping[Phase, str] = {
    Phase.INVENTORY: "What nobody reads cannot be judged: every level in these zones stays unproven.",
    Phase.ZONING: "Zones and conduits that contradict the rules of zoning make a level mean less than it says.",
    Phase.RISK: "A target that no risk assessment explains may ask for too little, or for too much.",
    Phase.IMPROVEMENT: "What is proven once does not stay so: evidence and statements run out, plants change.",
}


def _gap(gap: Gap, road: RoadMap, steps: tuple[Step, ...]) -> _Group:
    short = [one for one in road.unreachable if (one.zone, one.fr) == (gap.zone, gap.fr)]
    left = "".join(f" Not planned beyond SL {o.reached}: {o.control} is out of scope ({o.reason})." for o in short)
    names = ", ".join(missing.control for missing in gap.missing)
    return _Group(
        key=("gap", gap.zone, gap.fr.name),
        title=f"{gap.zone}: {gap.fr.name} is proven to SL {gap.proven} of {gap.target}",
        description=f"Not shown to be met: {names}.{left}",
        statement=f"{gap.fr.title} of zone {gap.zone} is below its target.",
        props=[
            prop("zone", gap.zone),
            prop("fr", gap.fr.name),
            prop("sl-t", gap.target),
            prop("sl-a-proven", gap.proven),
            prop("sl-a-possible", gap.possible),
        ],
        steps=steps,
    )


def _doers(road: RoadMap) -> _Doers:
    found: dict[JobKey, str] = {}
    for step in road.steps:
        for job in step.jobs:
            for key in ((job.control, zone) for zone in ("", *job.zones)):
                found.setdefault(key, step.id)
    return found


def _risk(group: _Group, book: _Book) -> dict[str, object]:
    ids = book.ids
    risk: dict[str, object] = {
        "uuid": ids.of("roadmap-risk", *group.key),
        "title": group.title,
        "description": group.description,
        "statement": group.statement,
        "props": group.props,
        "status": "open",
    }
    late = [step.when.ends_late for step in group.steps if step.when]
    if late:
        risk["deadline"] = _end(max(late))
    if group.steps:
        risk["remediations"] = [
            {
                "uuid": ids.of("roadmap-remediation", *group.key),
                "lifecycle": "planned",
                "title": f"Steps: {group.title}",
                "description": "In the order of the road map. Effort and cost are estimates.",
                "tasks": [_milestone(step, below, book) for below, step in _stairs(group)],
            }
        ]
    return risk


def _item(group: _Group, ids: Ids) -> dict[str, object]:
    return {
        "uuid": ids.of("roadmap-item", *group.key),
        "title": group.title,
        "description": group.description,
        "props": group.props,
        "related-risks": [{"risk-uuid": ids.of("roadmap-risk", *group.key)}],
    }


def _stairs(group: _Group) -> Iterator[tuple[Step | None, Step]]:
    """Each step with the one that must be done before it: of a gap, the next lower lift."""
    below: Step | None = None
    for step in group.steps:
        yield below, step
        below = step if step.lift is not None else None


def _milestone(step: Step, below: Step | None, book: _Book) -> dict[str, object]:
    road, ids, controls = book.road, book.ids, book.assessment.controls
    task: dict[str, object] = {
        "uuid": ids.of("roadmap-step", step.id),
        "type": "milestone",
        "title": step.title,
        "description": step.why,
        "props": [prop("phase", step.phase), *_figures(step.effort, step.cost, road)],
        "timing": _timing(step),
    }
    needed = sorted({book.doers[key] for key in step.shared} | ({below.id} if below else set()))
    if needed:
        task["dependencies"] = [{"task-uuid": ids.of("roadmap-step", one)} for one in needed]
    if step.jobs:
        task["tasks"] = [
            {
                "uuid": ids.of("roadmap-job", step.id, job.control),
                "type": "action",
                "title": f"{controls[job.control].label} {controls[job.control].title}",
                "description": f"{job.reason}. Estimate: {job.estimate.reason}",
                "props": [
                    prop("control", job.control),
                    prop("work", job.work),
                    *(prop("zone", zone) for zone in job.zones),
                    *_figures(job.effort, job.cost, road),
                ],
                "timing": _timing(step),
            }
            for job in step.jobs
        ]
    return task


def _timing(step: Step) -> dict[str, object]:
    if step.when is None:
        return {"at-frequency": {"period": 1, "unit": "years"}}
    return {"within-date-range": {"start": f"{step.when.begins}T00:00:00Z", "end": _end(step.when.ends_late)}}


def _end(day: str) -> str:
    return f"{day}T23:59:59Z"


def _figures(effort: Range, cost: Range, road: RoadMap) -> Iterable[dict[str, str]]:
    currency = road.terms.currency
    return (
        prop("effort-days-low", f"{effort.low:.2f}"),
        prop("effort-days-high", f"{effort.high:.2f}"),
        prop("cost-low", f"{cost.low:.0f}", remarks=currency),
        prop("cost-high", f"{cost.high:.0f}", remarks=currency),
    )
