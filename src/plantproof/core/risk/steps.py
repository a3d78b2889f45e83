# SPDX-License-Identifier: Apache-2.0
"""How far each step of IEC 62443-3-2 is, as far as the plant's text shows it, and what shows it.

``done`` says that the text holds what the step asks for, not that it is right: whether a scenario is credible or a
drawing matches the plant is for people to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from plantproof.core.finding import ERROR
from plantproof.core.plant import Plant
from plantproof.core.risk.assessment import Initial, RiskAssessment, Scenario, Unit
from plantproof.core.risk.rules import missing_detail, risk_findings
from plantproof.core.risk.titles import RECORDED, TITLES
from plantproof.core.risk.weigh import acceptance_of, initials, remaining, units_of
from plantproof.core.zoning import zoning_findings

__all__ = ["State", "Step", "zcr_groups", "zcr_steps"]


class State(StrEnum):
    """How far a step is."""

    DONE = "done"
    PARTLY = "partly"
    OPEN = "open"
    UNSEEN = "not in the text"
    """Text cannot show it, and no record says where it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, or a group of steps taken together."""

    id: str
    """As in the catalog: ``zcr-5.6``."""
    state: State
    shown: str
    """What shows it, or what is missing."""

    @property
    def title(self) -> str:
        """Short title, a fact of the standard."""
        return TITLES[self.id]


_Said = tuple[State, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    plant: Plant
    risk: RiskAssessment
    at: str
    zoning: Mapping[str, tuple[str, ...]]
    """Per clause (``ZCR 3.2``) what rules of zoning found: errors, for 3.1 and 6.4 warnings as well."""

    initial: Mapping[Unit, Initial]
    missing: Collection[Unit]
    """Intolerable initial risk, and no scenario."""
    detailed: Collection[Unit]
    """Has a scenario."""
    needing: tuple[Unit, ...]
    """What needs a detailed assessment: initial risk not tolerable or unknown; or has one anyway."""


def _case(plant: Plant, risk: RiskAssessment, at: str) -> _Case:
    zoning: dict[str, tuple[str, ...]] = {}
    for one in zoning_findings(plant, at):
        if one.severity == ERROR or one.clause in {"ZCR 3.1", "ZCR 6.4"}:
            zoning[one.clause] = (*zoning.get(one.clause, ()), one.message)
    initial, missing = initials(plant, risk), missing_detail(plant, risk).keys()
    detailed = {one.unit for one in risk.scenarios.values()}
    return _Case(
        plant=plant,
        risk=risk,
        at=at,
        zoning=zoning,
        initial=initial,
        missing=missing,
        detailed=detailed,
        needing=tuple(u for u in units_of(plant) if u not in initial or u in missing or u in detailed),
    )


def zcr_steps(plant: Plant, risk: RiskAssessment, at: str) -> tuple[Step, ...]:
    """The state of every step, in the order of the standard.

    Args:
        plant: Zones, conduits and assets that fit together.
        risk: An assessment of them; may be empty.
        at: The instant as text, for exceptions, acceptances and approvals.
    """
    case = _case(plant, risk, at)
    found = []
    for step in TITLES:
        if "." in step:
            state, shown = _recorded(case, step) if step in RECORDED else _STATES[step](case)
            found.append(Step(id=step, state=state, shown=shown))
    return tuple(found)


def zcr_groups(steps: Sequence[Step]) -> tuple[Step, ...]:
    """ZCR 1 to 7, each as far as its steps are: done if all are, open if none has begun."""
    found = []
    for group in (one for one in TITLES if "." not in one):
        inside = [one for one in steps if one.id.startswith(f"{group}.")]
        left = [one for one in inside if one.state is not State.DONE]
        states = {one.state for one in inside}
        begun = states & {State.DONE, State.PARTLY}
        state = next(iter(states)) if len(states) == 1 else State.PARTLY if begun else State.OPEN
        shown = inside[0].shown if len(inside) == 1 else _left(inside, left)
        found.append(Step(id=group, state=state, shown=shown))
    return tuple(found)


def _left(inside: Sequence[Step], left: Sequence[Step]) -> str:
    by_state: dict[State, list[str]] = {}
    for one in left:
        by_state.setdefault(one.state, []).append(one.id.removeprefix("zcr-"))
    told = [f"{state}: {', '.join(ids)}" for state, ids in sorted(by_state.items())]
    return "; ".join([f"{len(inside) - len(left)} of {len(inside)} done", *told])


def _some(names: Iterable[object], most: int = 4) -> str:
    listed = [str(name) for name in names]
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")


def _perimeter(case: _Case) -> _Said:
    inside = {unit.zone for unit in units_of(case.plant) if unit.zone}
    crossing = [one.id for one in case.plant.conduits.values() if inside & {*one.zones} and {*one.zones} - inside]
    if crossing:
        return State.DONE, f"{len(inside)} zones inside; points of access: {_some(crossing)}"
    return State.PARTLY, f"{len(inside)} zones inside; no conduit to a zone of kind external, cloud or enterprise"


def _initial(case: _Case) -> _Said:
    units = [unit for unit in units_of(case.plant) if unit.zone]
    bare = [unit.zone for unit in units if unit not in case.initial]
    if not case.risk.initial:
        return State.OPEN, "no initial: in risk/"
    if bare:
        return State.PARTLY, f"not assessed: {_some(bare)}"
    by = dict.fromkeys(one.by for one in case.risk.initial)
    return State.DONE, f"assessed by {_some(by)}"


def _partition(case: _Case) -> _Said:
    found = case.zoning.get("ZCR 3.1", ())
    size = f"{len(case.plant.zones)} zones, {len(case.plant.conduits)} conduits, {len(case.plant.assets)} assets"
    if found:
        return State.PARTLY, _some(found, 1)
    return (State.DONE, size) if case.plant.conduits else (State.PARTLY, f"{size}: nothing says how zones talk")


def _apart(clause: str, *kinds: str) -> Callable[[_Case], _Said]:
    def judge(case: _Case) -> _Said:
        zones = [zone.id for zone in case.plant.zones.values() if zone.kind in kinds]
        found = case.zoning.get(clause, ())
        if found:
            return State.PARTLY, _some(found, 1)
        if zones:
            return State.DONE, f"apart: {_some(zones)}"
        return State.UNSEEN, f"no zone of kind {' or '.join(kinds)}: only people know whether there should be one"

    return judge


def _comparison(case: _Case) -> _Said:
    state, shown = _initial(case)
    if state is State.OPEN:
        return state, shown
    if case.missing:
        return State.PARTLY, f"not tolerable, without a scenario: {_some(case.missing)}"
    whole = f"{len(case.needing)} of {len(units_of(case.plant))} zones and conduits are assessed in detail"
    return (state, whole) if state is State.DONE else (state, shown)


def _detailed(lacks: Callable[[_Case, Scenario], bool], what: str) -> Callable[[_Case], _Said]:
    """A step that every scenario of everything that needs one has to take; ``lacks`` says which did not."""

    def judge(case: _Case) -> _Said:
        scenarios = case.risk.scenarios.values()
        if not scenarios:
            if case.risk.initial and not case.needing:
                return State.DONE, "every initial risk is tolerable"
            return State.OPEN, "no scenarios: in risk/"
        lacking = [one.id for one in scenarios if lacks(case, one)]
        bare = [unit for unit in case.needing if unit not in case.detailed]
        if lacking:
            return (State.OPEN if len(lacking) == len(scenarios) else State.PARTLY), f"{what}: {_some(lacking)}"
        if bare:
            return State.PARTLY, f"no scenario: {_some(bare)}"
        return State.DONE, f"{len(scenarios)} scenario{'' if len(scenarios) == 1 else 's'}"

    return judge


def _target(case: _Case) -> _Said:
    low = [one.about for one in risk_findings(case.plant, case.risk, case.at) if one.id == "target-low"]
    if low:
        return State.PARTLY, f"declared lower than derived: {_some(low)}"
    return _detailed(_never, "")(case)


def _never(case: _Case, scenario: Scenario) -> bool:
    del case, scenario
    return False


def _too_risky(case: _Case, scenario: Scenario) -> bool:
    return bool(case.risk.method.intolerable(scenario.consequence, scenario.likelihood))


def _remains(case: _Case, scenario: Scenario) -> bool:
    return bool(remaining(case.risk.method, scenario)) and not acceptance_of(case.risk, scenario, case.at)


def _description(case: _Case) -> _Said:
    bare = [zone.id for zone in case.plant.zones.values() if not zone.description]
    who = f"{case.plant.name}, {case.plant.owner}"
    return (State.PARTLY, f"no description: {_some(bare)}") if bare else (State.DONE, f"{who}; every zone is described")


def _drawings(case: _Case) -> _Said:
    if not case.plant.conduits:
        return State.PARTLY, "plantproof draw draws zones, but there are no conduits"
    return State.DONE, "plantproof draw draws them from the text; whether they match the plant, only people see"


def _characteristics(case: _Case) -> _Said:
    if case.zoning.get("ZCR 6.4"):
        return State.PARTLY, _some(case.zoning["ZCR 6.4"], 1)
    zones, conduits = case.plant.zones.values(), case.plant.conduits.values()
    bare = [one.id for one in zones if not one.description] + [one.id for one in conduits if not one.flows]
    return (State.PARTLY, f"no description or no flows: {_some(bare)}") if bare else (State.DONE, "in plant/")


def _tolerable(case: _Case) -> _Said:
    method = case.risk.method
    if not method.own:
        return State.OPEN, f"no method: in risk/; {method.title} stands in"
    return State.DONE, f"{method.title}: {method.borne}"


def _recorded(case: _Case, step: str) -> _Said:
    records = [one for one in case.risk.records if one.step == step and one.dated <= case.at]
    if records:
        last = max(records, key=lambda one: one.dated)
        return State.DONE, f"{last.document}, by {last.by}, {last.dated[:10]}"
    if step == "zcr-5.13" and case.risk.scenarios:
        return State.PARTLY, "written in risk/; no record says to whom it was told"
    return State.UNSEEN, "no record in risk/ says where it is written"


def _approval(case: _Case) -> _Said:
    held = [one for one in case.risk.approvals if one.holds(case.at)]
    if not held:
        ended = [one.until[:10] for one in case.risk.approvals if one.until and one.until < case.at]
        return State.OPEN, f"the approval ran out on {max(ended)}" if ended else "no approvals: in risk/"
    last = max(held, key=lambda one: one.approved)
    assessed = {**{one.id: one.assessed for one in case.risk.scenarios.values()}}
    assessed |= {f"initial of {one.unit}": one.assessed for one in case.risk.initial}
    newer = [name for name, when in assessed.items() if when > last.approved]
    said = f"{last.role}, {last.approved[:10]}"
    return (State.PARTLY, f"{said}, before the assessment of {_some(newer)}") if newer else (State.DONE, said)


def _every_detail() -> Iterator[tuple[str, Callable[[_Case], _Said]]]:
    yield from ((f"zcr-5.{number}", _detailed(_never, "")) for number in (1, 3, 4, 5, 7))
    yield "zcr-5.2", _detailed(lambda _, one: not one.vulnerability, "no vulnerability")
    yield "zcr-5.6", _target
    yield (
        "zcr-5.8",
        _detailed(lambda case, one: _too_risky(case, one) and not (one.controls or one.measures), "no measure"),
    )
    judged = _detailed(lambda case, one: _too_risky(case, one) and not one.with_measures, "no residual")
    yield from ((f"zcr-5.{number}", judged) for number in (9, 10))
    yield "zcr-5.11", _detailed(_remains, "neither tolerable nor accepted")
    yield "zcr-5.12", _detailed(lambda case, one: _remains(case, one) and not one.planned, "nothing planned")


_STATES: Final[Mapping[str, Callable[[_Case], _Said]]] = MappingProxyType(
    {
        "zcr-1.1": _perimeter,
        "zcr-2.1": _initial,
        "zcr-3.1": _partition,
        "zcr-3.2": _apart("ZCR 3.2", "enterprise", "dmz"),
        "zcr-3.3": _apart("ZCR 3.3", "safety"),
        "zcr-3.4": _apart("ZCR 3.4", "temporary"),
        "zcr-3.5": _apart("ZCR 3.5", "wireless"),
        "zcr-3.6": _apart("ZCR 3.6", "remote-access"),
        "zcr-4.1": _comparison,
        **dict(_every_detail()),
        "zcr-6.2": _description,
        "zcr-6.3": _drawings,
        "zcr-6.4": _characteristics,
        "zcr-6.8": _tolerable,
        "zcr-7.1": _approval,
    }
)
