# SPDX-License-Identifier: Apache-2.0
"""The road map as a page: the picture, the phases, every step with what it is made of, and what stays out of reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from plantproof.core.judgement import Assessment
from plantproof.core.plant import Plant
from plantproof.core.roadmap import Phase, Range, RoadMap, Step, Work
from plantproof.render.html import link, slug, table, text
from plantproof.render.road_chart import draw_road

__all__ = ["road_page"]

_TEN = 10
_FEW = 8
_DRAWN = 25
"""Steps in the picture; the table has them all."""


def road_page(plant: Plant, assessment: Assessment, road: RoadMap) -> str:
    """Markdown of the page."""
    terms = road.terms
    chart = "".join(
        line for line in draw_road(road, alone=False, most=_DRAWN).splitlines(keepends=True) if line.strip()
    )
    return "\n".join(
        [
            "# Road map\n",
            f"From what is proven to the targets: {_days(road.effort)} person-days and {_money(road.cost)} "
            f"{text(terms.currency)}, by a team that has {terms.capacity.low:g} to {terms.capacity.high:g} person-days a month for it; after that "
            f"{_days(road.yearly)} person-days in each year. All figures are estimates: those of the project, unless "
            "<code>roadmap.yml</code> says what the owner thinks. Steps come in the order of the risk that they take away "
            "for each person-day.\n",
            f'<div class="pp-scroll" tabindex="0"><figure class="pp-map">{chart}</figure></div>\n' if road.once else "",
            "## Phases\n",
            table(["Phase", "Steps", "Person-days"], _phases(road)),
            "## Steps\n",
            table(
                ["No.", "Step", "Phase", "What it is made of", "Person-days", terms.currency, "Ends between"],
                [_step(number, one, plant, assessment) for number, one in enumerate(road.steps, 1)],
                filterable=True,
                empty="Every target is proven, and nothing is to be prepared.",
            ),
            "## Gaps\n",
            table(
                ["Zone", "FR", "SL-T", "Proven", "Possible", *(work.capitalize() for work in Work)],
                _gaps(road, plant),
                empty="None.",
            ),
            _unreachable(road, plant),
        ]
    )


def _days(effort: Range) -> str:
    low, high = (f"{value:.1f}" if value < _TEN else f"{value:,.0f}" for value in (effort.low, effort.high))
    return low if low == high else f"{low} to {high}"


def _money(cost: Range) -> str:
    low, high = (f"{value:,.0f}" for value in (cost.low, cost.high))
    return low if low == high else f"{low} to {high}"


def _phases(road: RoadMap) -> Iterator[list[str]]:
    for number, phase in enumerate(Phase, 1):
        steps = sum(step.phase is phase for step in road.steps)
        every = " in each year" if phase is Phase.IMPROVEMENT else ""
        yield [f"{number} {phase}", str(steps), _days(road.phase_effort(phase)) + every]


def _step(number: int, step: Step, plant: Plant, assessment: Assessment) -> list[str]:
    jobs = [
        f"{link(assessment.controls[job.control].label, f'controls/{slug(job.control)}.html')} <small>{text(job.work)}</small>"
        for job in step.jobs[:_FEW]
    ]
    if len(step.jobs) > _FEW:
        jobs.append(f"and {len(step.jobs) - _FEW} more")
    if step.shared:
        jobs.append(f"<small>{len(step.shared)} are done by earlier steps</small>")
    when = f"{step.when.ends} and {step.when.ends_late}" if step.when else "every year"
    zone = f"<br><small>{link(plant.title_of(step.zone), f'zones/{slug(step.zone)}.html')}</small>" if step.zone else ""
    return [
        str(number),
        f"<b>{text(step.title)}</b>{zone}",
        text(step.phase),
        ", ".join(jobs) or text(step.why),
        _days(step.effort),
        _money(step.cost),
        when,
    ]


def _gaps(road: RoadMap, plant: Plant) -> Iterator[list[str]]:
    for gap in road.gaps:
        counts: Mapping[Work, int] = Counter(one.work for one in gap.missing)
        yield [
            link(plant.title_of(gap.zone), f"zones/{slug(gap.zone)}.html#{gap.fr.group}"),
            f'<abbr title="{text(gap.fr.title)}">{gap.fr.name}</abbr>',
            *map(str, (gap.target, gap.proven, gap.possible)),
            *(str(counts.get(work, 0) or "–") for work in Work),
        ]


def _unreachable(road: RoadMap, plant: Plant) -> str:
    rows = [
        [
            link(plant.title_of(one.zone), f"zones/{slug(one.zone)}.html"),
            one.fr.name,
            f"SL {one.reached} of {one.target}",
            text(one.control),
            text(one.reason),
        ]
        for one in road.unreachable
    ]
    return "## Out of reach\n\n" + table(["Zone", "FR", "Stays at", "Out of scope", "Why"], rows) if rows else ""
