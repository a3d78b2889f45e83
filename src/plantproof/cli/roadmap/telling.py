# SPDX-License-Identifier: Apache-2.0
"""The road map for people: gaps, steps with bars over time, totals, and what to make of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import click

from plantproof.cli.output import print_table, visible
from plantproof.core.judgement import Assessment, ZoneStatus
from plantproof.core.roadmap import Gap, Phase, Range, RoadMap, Step, Work

__all__ = ["days", "money", "print_road"]

_WIDTH: Final = 28
_TEN: Final = 10


def print_road(road: RoadMap, assessment: Assessment, after: Mapping[str, ZoneStatus], *, details: bool) -> None:
    """Write the road map to standard output."""
    if road.gaps:
        headings = ["zone", "FR", "SL-T", "proven", "possible", *Work]
        print_table(headings, [_gap(gap) for gap in road.gaps], title=f"Gaps of {road.plant}, as of {road.at}")
        click.echo()
    if road.once:
        ends = [step.when.ends_late for step in road.once if step.when]
        headings = ["no.", "phase", "step", "controls", "days", road.terms.currency, "ends between", f"to {ends[-1]}"]
        if not details:
            print_table(headings, [_step(number, step, road) for number, step in enumerate(road.once, 1)])
        else:
            _print_details(road, assessment)
        click.echo()
    for line in _totals(road):
        click.echo(line)
    for line in _end(road, after):
        click.echo(line)


def _gap(gap: Gap) -> list[object]:
    counts = Counter(one.work for one in gap.missing)
    return [gap.zone, gap.fr.name, gap.target, gap.proven, gap.possible, *(counts[work] or "-" for work in Work)]


def _step(number: int, step: Step, road: RoadMap) -> list[object]:
    when = step.when
    before = f" +{len(step.shared)} done" if step.shared else ""
    controls = f"{len(step.jobs)}{before}" if step.lift else "-"
    ends = f"{when.ends} .. {when.ends_late}" if when else ""
    return [number, step.phase, step.title, controls, days(step.effort), money(step.cost), ends, _bar(step, road)]


def _bar(step: Step, road: RoadMap) -> str:
    """Solid while the step lasts if all goes well, light until it ends if nothing does."""
    first, last = road.once[0].when, road.once[-1].when
    when = step.when
    if when is None or first is None or last is None:
        return ""
    begin = date.fromisoformat(first.begins)
    length = max((date.fromisoformat(last.ends_late) - begin).days, 1)

    def column(day: str) -> int:
        return round((date.fromisoformat(day) - begin).days * (_WIDTH - 1) / length)

    solid, light = column(when.ends), column(when.ends_late)
    at = column(when.begins)
    return " " * at + "█" * (solid - at + 1) + "░" * (light - solid)


def _print_details(road: RoadMap, assessment: Assessment) -> None:
    for number, step in enumerate(road.once, 1):
        when = f"{step.when.ends} .. {step.when.ends_late}" if step.when else ""
        click.secho(f"{number}. {step.title} ({step.phase})", bold=True)
        click.echo(f"   {days(step.effort)} days, {money(step.cost)} {road.terms.currency}, ends {when}")
        click.echo(f"   {visible(step.why)}")
        for job in step.jobs:
            info = assessment.controls[job.control]
            click.echo(f"   - {info.label} {info.title} in {', '.join(job.zones)}: {job.work}, {days(job.effort)} days")
            click.echo(f"     {visible(job.reason)}")
        if step.shared:
            click.echo(f"   done by earlier steps: {', '.join(control for control, _ in step.shared)}")


def _totals(road: RoadMap) -> Iterator[str]:
    for phase in Phase:
        effort = road.phase_effort(phase)
        if effort.high:
            every = " in each year" if phase is Phase.IMPROVEMENT else ""
            yield f"{phase + ':':<24}{days(effort)} person-days{every}"
    yield f"{'altogether:':<24}{days(road.effort)} person-days, {money(road.cost)} {road.terms.currency}"


def _end(road: RoadMap, after: Mapping[str, ZoneStatus]) -> Iterator[str]:
    for one in road.unreachable:
        yield (
            f"not reached: {one.zone} {one.fr.name} stays at SL {one.reached} of {one.target}, "
            f"because {one.control} is out of scope: {visible(one.reason)}"
        )
    if road.gaps and all(status.proven.covers(status.sl_t) for status in after.values()):
        yield "when all is done, every target is proven"
    elif not road.gaps:
        yield "every target is proven already"
    if road.gaps:
        yield (
            "A level rises only when all that blocks it is met. Figures are estimates of the project, not of your "
            "plant: put your own into roadmap.yml."
        )


def days(effort: Range) -> str:
    """Person-days for people: ``3-12``, with one decimal below ten."""
    low, high = (f"{value:.1f}" if value < _TEN else f"{value:.0f}" for value in (effort.low, effort.high))
    return low if low == high else f"{low}-{high}"


def money(cost: Range) -> str:
    """Money for people, with spaces between thousands: ``1 200-45 000``."""
    low, high = (f"{value:,.0f}".replace(",", " ") for value in (cost.low, cost.high))
    return low if low == high else f"{low}-{high}"
