# SPDX-License-Identifier: Apache-2.0
"""The risk assessment as a page: matrix, scenarios by what remains, targets beside what they ask for, the steps of ZCR."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plantproof.core.finding import Finding
from plantproof.core.judgement import Assessment
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.risk import Method, RiskAssessment, Scenario, State, Step, Unit, label_of
from plantproof.core.risk.weigh import (
    Derived,
    acceptance_of,
    declared_of,
    derived,
    remaining,
    residual,
    units_of,
    unmitigated,
)
from plantproof.render.html import findings_table, link, mark, slug, status_badge, table, text
from plantproof.render.zone_rows import sl_text

__all__ = ["RiskView", "risk_page"]

_KINDS: Final = ("ok", "maybe", "stale", "bad")
"""From the least risk to the worst; the name of the level stands beside."""
_STATES: Final[Mapping[State, tuple[str, str]]] = {
    State.DONE: ("ok", "✓"),
    State.PARTLY: ("maybe", "◐"),
    State.OPEN: ("bad", "✗"),
}


@dataclass(frozen=True, slots=True)
class RiskView:
    """What the plant says about its risks, and what rules and steps make of it."""

    assessment: RiskAssessment
    findings: Sequence[Finding]
    steps: Sequence[Step]
    at: str


def risk_page(plant: Plant, view: RiskView, assessment: Assessment) -> str:
    """Markdown of the page."""
    risk = view.assessment
    scenarios = sorted(
        risk.scenarios.values(),
        key=lambda one: (-residual(risk.method, one), -unmitigated(risk.method, one), one.id),
    )
    return "\n".join(
        [
            "# Risk\n",
            "What may happen, how bad and how likely, with and without the measures that exist, and who bears what remains. "
            "Estimates of the owner; only beside a control that is named as a measure stands what "
            "evidence says of it.\n",
            findings_table(view.findings, "No rule of risk is broken."),
            "## Matrix\n",
            _matrix(risk.method, scenarios),
            "## Scenarios\n",
            table(
                ["Scenario", "Of", "Hits", "Without measures", "What is done", "Remains", "Which is"],
                [_scenario(plant, view, one, assessment) for one in scenarios],
                filterable=True,
                empty="None is written in risk/ yet: plantproof zones steps says where to begin.",
            ),
            "## Targets\n",
            "The SL-T that the scenarios ask for, beside the one that the plant declares.\n",
            table(
                ["Zone or conduit", "Declared", "Asked for", "Which is", "Because of"],
                _targets(plant, risk),
                empty="No scenario asks for a target.",
            ),
            "## Steps of IEC 62443-3-2\n",
            "Done says that the text holds what the step asks for; whether it is right is for people to judge.\n",
            table(["Step", "What", "State", "Shown by, or missing"], map(_step, view.steps)),
        ]
    )


def _level(method: Method, number: int) -> str:
    kind = _KINDS[round(number * (len(_KINDS) - 1) / max(len(method.risks) - 1, 1))]
    return f'<span class="pp-badge pp-{kind}">{text(method.risks[number].id)}</span>'


def _matrix(method: Method, scenarios: Sequence[Scenario]) -> str:
    before = Counter(_cell(method, one.consequence, one.likelihood) for one in scenarios)
    after = Counter(_cell(method, *one.residual) for one in scenarios)
    head = "".join(
        f'<th scope="col"><abbr title="{text(one.description or one.id)}">{text(one.id)}</abbr></th>'
        for one in method.likelihoods
    )
    rows = []
    for level, consequence in reversed([*enumerate(method.consequences)]):
        meaning = "; ".join(f"{category}: {words}" for category, words in consequence.meanings.items())
        cells = "".join(
            f"<td>{_level(method, number)}{_counts(before[level, likelihood], after[level, likelihood])}</td>"
            for likelihood, number in enumerate(method.matrix[level])
        )
        name = f'<abbr title="{text(meaning or consequence.id)}">{text(consequence.id)}</abbr>'
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    body = "\n".join(rows)
    own = "" if method.own else " The plant has no method of its own: this is the proposal of Plantproof."
    return (
        f"<p>{text(method.title)}: consequence from bottom to top, likelihood from left to right. "
        f"Tolerable: {text(method.borne)}.{text(own)} In a cell: how many scenarios without and with measures.</p>\n"
        '<div class="pp-scroll" tabindex="0"><table class="pp-reach">\n'
        f'<thead><tr><th scope="col">consequence, likelihood</th>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>\n'
    )


def _counts(before: int, after: int) -> str:
    return f"<br><b>{before} → {after}</b>" if before or after else ""


def _cell(method: Method, consequence: Mapping[str, int], likelihood: int) -> tuple[int, int]:
    """Where in the matrix: the category with the highest risk, the worst of equals."""
    return max(consequence.values(), key=lambda level: (method.matrix[level][likelihood], level)), likelihood


def _scenario(plant: Plant, view: RiskView, one: Scenario, assessment: Assessment) -> list[str]:
    risk, method = view.assessment, view.assessment.method
    worst = max(one.consequence.values())
    hits = [category for category, level in one.consequence.items() if level == worst]
    done = [*(_control(assessment, one.unit, name) for name in one.controls), *map(text, one.measures)]
    planned = f"<br><small>planned: {text('; '.join(one.planned))}</small>" if one.planned else ""
    way = f"<br><small>{text(one.threat.source)}{text(f', {one.threat.way}' if one.threat.way else '')}</small>"
    return [
        f'<b id="{slug(one.id)}">{text(one.title)}</b><br><small><code>{text(one.id)}</code></small>{way}',
        _unit(plant, one.unit),
        f"{text(', '.join(hits))}: {text(method.consequences[worst].id)}, {text(method.likelihoods[one.likelihood].id)}",
        _level(method, unmitigated(method, one)),
        ("<br>".join(done) or "nothing") + planned,
        _level(method, residual(method, one)) + ("" if one.with_measures else "<br><small>nobody judged it</small>"),
        _standing(risk, one, view.at),
    ]


def _control(assessment: Assessment, unit: Unit, name: str) -> str:
    """A control that is named as a measure, and what evidence says of it in that zone or conduit."""
    part = assessment.parts.get(unit.zone or unit.conduit)
    if part is None or name not in part.controls:
        return text(name)
    label = link(assessment.controls[name].label, f"controls/{slug(name)}.html#{slug(part.zone)}")
    return f"{label} {status_badge(part.controls[name])}"


def _standing(risk: RiskAssessment, one: Scenario, at: str) -> str:
    if not remaining(risk.method, one):
        return mark("ok", "✓", "tolerable")
    accepted = acceptance_of(risk, one, at)
    if accepted is None:
        return mark("bad", "✗", "not tolerable")
    who = f"{accepted.role}{f' ({accepted.name})' if accepted.name else ''}"
    return f"{mark('maybe', '✓', 'accepted')}<br><small>{text(who)}, until {text(accepted.until[:10])}: {text(accepted.reason)}</small>"


def _unit(plant: Plant, unit: Unit) -> str:
    if unit.zone:
        return link(plant.title_of(unit.zone), f"zones/{slug(unit.zone)}.html")
    return link(plant.title_of(unit.conduit), f"conduits/{slug(unit.conduit)}.html") if unit.conduit else "the plant"


def _targets(plant: Plant, risk: RiskAssessment) -> Iterator[list[str]]:
    wanted = derived(risk)
    for unit in units_of(plant):
        if unit not in wanted:
            continue
        have, ask = declared_of(plant, unit), wanted[unit]
        low = [fr.name for fr in FR if have[fr] < ask.sl_t[fr]]
        high = [fr.name for fr in FR if have[fr] > ask.sl_t[fr]]
        which = mark("bad", "✗", f"lower in {', '.join(low)}") if low else mark("ok", "✓", "enough")
        more = f"<br><small>higher in {', '.join(high)}</small>" if high else ""
        yield [_unit(plant, unit), sl_text(have), sl_text(ask.sl_t), which + more, _reasons(ask)]


def _reasons(wanted: Derived) -> str:
    found = dict.fromkeys(reason for reason in wanted.reasons if reason)
    return ", ".join(link(reason, f"#{slug(reason)}") for reason in found) or "–"


def _step(step: Step) -> list[str]:
    kind, sign = _STATES.get(step.state, ("na", "–"))
    return [text(label_of(step.id)), text(step.title), mark(kind, sign, str(step.state)), text(step.shown)]
