# SPDX-License-Identifier: Apache-2.0
"""The road map as a picture: a bar for each step over time. The same road map gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from plantproof.core.roadmap import Phase, RoadMap, Step
from plantproof.render.drawing.words import clean

__all__ = ["draw_road"]

_ROW: Final = 26
_TOP: Final = 76
_LEFT: Final = 430
_BARS: Final = 640
_RIGHT: Final = 30
_TICKS: Final = 5
_STYLE: Final = (
    ".pr text{font:13px system-ui,sans-serif;fill:currentColor}.pr .h{font-size:18px;font-weight:700}"
    ".pr .s{font-size:12px;opacity:.75}.pr .paper{fill:none}.pr .band{fill:currentColor;fill-opacity:.04}"
    ".pr .grid{stroke:currentColor;stroke-opacity:.15}"
    ".pr .sure{fill:#2b8a73}.pr .may{fill:#2b8a73;fill-opacity:.25;stroke:#2b8a73;stroke-dasharray:3 3}"
)
"""For a chart in a page: colours come from around it."""
_ALONE: Final = (
    ".pr{color:#1c1c1c}.pr .paper{fill:#fff}"
    "@media(prefers-color-scheme:dark){.pr{color:#eee}.pr .paper{fill:#1c1c1c}.pr .sure,.pr .may{fill:#5cc4a8;stroke:#5cc4a8}}"
)


def draw_road(road: RoadMap, *, alone: bool = True, most: int | None = None) -> str:
    """Draw every step that is done once: solid while it lasts if all goes well, dashed until it ends if nothing does.

    Args:
        road: The road map.
        alone: As a file of its own; else for a page, whose colours it takes.
        most: Draw no more than the first so many steps; None: all.

    Returns:
        An SVG element; each bar has a title with its days, effort and cost.
    """
    steps = road.once[:most]
    rest = len(road.once) - len(steps)
    height = _TOP + _ROW * max(len(steps), 1) + 40
    width = _LEFT + _BARS + _RIGHT
    title = f"Road map of {road.plant}"
    told = "; ".join(f"{number}. {step.title}, {_span(step)}" for number, step in enumerate(steps, 1))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="pr" viewBox="0 0 {width} {height}" width="{width}"'
            f' height="{height}" role="img" aria-labelledby="road-title road-desc">',
            f'<title id="road-title">{clean(title)}</title>',
            f'<desc id="road-desc">{clean(told or "Nothing is to be done.")}</desc>',
            f"<style>{_STYLE}{_ALONE if alone else ''}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            f'<text class="h" x="16" y="28">{clean(title)}</text>',
            f'<text class="s" x="16" y="48">{clean(_summary(road))}</text>',
            *_grid(steps, road.at, height),
            *_rows(steps, road),
            f'<text class="s" x="16" y="{height - 14}">solid: least effort, all hands; dashed: until the latest end; '
            f"estimates, no promises{f'; {rest} more steps follow' if rest else ''}</text>",
            "</svg>",
            "",
        ]
    )


def _summary(road: RoadMap) -> str:
    effort, cost, terms = road.effort, road.cost, road.terms
    return (
        f"{effort.low:.0f} to {effort.high:.0f} person-days, {cost.low:,.0f} to {cost.high:,.0f} {terms.currency}, "
        f"with {terms.capacity.low:g} to {terms.capacity.high:g} person-days a month; as of {road.at}"
    )


def _span(step: Step) -> str:
    return f"ends between {step.when.ends} and {step.when.ends_late}" if step.when else ""


def _frame(steps: Sequence[Step], at: str) -> tuple[date, int]:
    """The first day, and the days from it to the last one."""
    ends = [step.when for step in steps if step.when]
    if not ends:
        return date.fromisoformat(at[:10]), 1
    first = date.fromisoformat(ends[0].begins)
    return first, max((date.fromisoformat(ends[-1].ends_late) - first).days, 1)


def _grid(steps: Sequence[Step], at: str, height: int) -> Iterator[str]:
    first, length = _frame(steps, at)
    for tick in range(_TICKS + 1):
        x = _LEFT + round(_BARS * tick / _TICKS, 1)
        day = date.fromordinal(first.toordinal() + length * tick // _TICKS)
        yield f'<line class="grid" x1="{x:g}" y1="{_TOP - 8}" x2="{x:g}" y2="{height - 32}"/>'
        anchor = "end" if tick == _TICKS else "middle" if tick else "start"
        yield f'<text class="s" x="{x:g}" y="{_TOP - 12}" text-anchor="{anchor}">{day.isoformat()}</text>'


def _rows(steps: Sequence[Step], road: RoadMap) -> Iterator[str]:
    first, length = _frame(steps, road.at)
    phases = list(Phase)
    for number, step in enumerate(steps):
        if step.when is None:
            continue
        y = _TOP + number * _ROW
        if number % 2:
            yield f'<rect class="band" x="0" y="{y}" width="{_LEFT + _BARS + _RIGHT}" height="{_ROW}"/>'

        def across(day: str) -> float:
            return round((date.fromisoformat(day) - first).days * _BARS / length, 1)

        begins, ends, late = (across(day) for day in (step.when.begins, step.when.ends, step.when.ends_late))
        when, effort, cost = step.when, step.effort, step.cost
        told = (
            f"{step.title}: {effort.low:.1f} to {effort.high:.1f} person-days, {cost.low:,.0f} to {cost.high:,.0f} "
            f"{road.terms.currency}, begins {when.begins}, {_span(step)}"
        )
        name = f"{number + 1}. {step.title}"
        shown = name if len(name) <= 48 else f"{name[:47]}…"  # noqa: PLR2004 - fits left of the bars
        yield f"<g><title>{clean(told)}</title>"
        yield f'<text x="16" y="{y + 18}">{clean(shown)}</text>'
        yield f'<text class="s" x="{_LEFT - 12}" y="{y + 18}" text-anchor="end">{phases.index(step.phase) + 1} {step.phase}</text>'
        yield f'<rect class="may" x="{_LEFT + begins:g}" y="{y + 7}" width="{max(late - begins, 3):g}" height="12" rx="3"/>'
        yield f'<rect class="sure" x="{_LEFT + begins:g}" y="{y + 7}" width="{max(ends - begins, 3):g}" height="12" rx="3"/>'
        yield "</g>"
