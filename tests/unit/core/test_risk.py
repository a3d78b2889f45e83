# SPDX-License-Identifier: Apache-2.0
"""Each rule of risk with an assessment that breaks it and one that does not; each step with what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from plantproof.core.finding import ERROR, WARNING
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import Conduit, Flow, Plant, Zone
from plantproof.core.risk import (
    DEFAULT,
    RECORDED,
    RISK_RULES,
    TITLES,
    Acceptance,
    Approval,
    Initial,
    Method,
    Record,
    RiskAssessment,
    RiskLevel,
    Scenario,
    State,
    Threat,
    Unit,
    faults,
    risk_findings,
    zcr_groups,
    zcr_steps,
)
from plantproof.core.risk.weigh import asked, derived, initials, residual_levels, units_of
from plantproof.errors import Location

AT = "2026-11-23T12:00:00Z"
CELL, WATCH, LINE = Unit(zone="cell"), Unit(zone="watch"), Unit(conduit="line")
LOW, MEDIUM, HIGH, EXTREME = range(4)
NEGLIGIBLE, MINOR, MODERATE, MAJOR, SEVERE = range(5)
RARE, UNLIKELY, POSSIBLE, LIKELY, EXPECTED = range(5)


def zone(ident: str, kind: str = "control", *, sl: int = 4, parent: str = "") -> Zone:
    where = Location(file="z.yml", line=2)
    levels = SLVector.uniform(sl)
    return Zone(id=ident, title=ident, sl_t=levels, kind=kind, parent=parent, description="said", declared=where)


def plant(*, sl: int = 4, more: tuple[Zone, ...] = (), conduits: bool = True) -> Plant:
    zones = (zone("cell", sl=sl), zone("watch", "supervision"), zone("office", "enterprise"), *more)
    flows = (Flow(source="watch", target="cell", service="opcua"),)
    ways = [Conduit(id="line", title="line", zones=("watch", "cell"), sl_t=SLVector.uniform(4), flows=flows)]
    return Plant(
        name="p",
        owner="o",
        zones={one.id: one for one in zones},
        conduits={one.id: one for one in ways if conduits},
        assets={},
    )


def scenario(
    ident: str = "s",
    unit: Unit = CELL,
    *,
    hits: Mapping[str, int] | None = None,
    likelihood: int = LIKELY,
    remains: tuple[Mapping[str, int], int] | None = None,
    frs: frozenset[FR] = frozenset(FR),
    attacker: int = 2,
    controls: tuple[str, ...] = ("sr-1.1",),
    planned: tuple[str, ...] = (),
    vulnerability: str = "v",
) -> Scenario:
    return Scenario(
        id=ident,
        title=ident,
        unit=unit,
        threat=Threat(source="x", attacker=attacker),
        vulnerability=vulnerability,
        consequence=hits or {"safety": MAJOR},
        likelihood=likelihood,
        with_measures=remains,
        frs=frs,
        controls=controls,
        planned=planned,
        assessed="2026-06-01T00:00:00Z",
        by="r",
        declared=Location(file="r.yml", line=7),
    )


SAFE = scenario(remains=({"safety": MINOR}, RARE))


def assessment(
    *scenarios: Scenario,
    initial: tuple[Initial, ...] = (),
    acceptances: tuple[Acceptance, ...] = (),
    method: Method = DEFAULT,
    approvals: tuple[Approval, ...] = (),
    records: tuple[Record, ...] = (),
) -> RiskAssessment:
    return RiskAssessment(
        method=method,
        initial=initial,
        scenarios={one.id: one for one in scenarios},
        acceptances=acceptances,
        approvals=approvals,
        records=records,
    )


def first(unit: Unit | None = None, level: int = MAJOR) -> Initial:
    return Initial(unit=unit or Unit(), consequence={"safety": level}, reason="r", assessed="2026-01-01", by="team")


def accepted(risk: int = HIGH, *, given: str = "2026-06-01", until: str = "2026-12-31T23:59:59Z") -> Acceptance:
    return Acceptance(scenario="s", risk=risk, role="Chief", reason="r", accepted=given, until=until)


def told(risk: RiskAssessment, where: Plant | None = None) -> list[tuple[str, str, str]]:
    return [(one.id, one.about, one.severity) for one in risk_findings(where or plant(), risk, AT)]


# High without measures, medium with them.
BARE = scenario()
HALF = scenario(remains=({"safety": MAJOR}, POSSIBLE))

BROKEN: Mapping[str, tuple[set[tuple[str, str]], RiskAssessment, Plant]] = {
    "a target below what the risk asks for": ({("target-low", "cell")}, assessment(SAFE), plant(sl=2)),
    "a risk whose measures nobody judged": ({("residual-risk", "s")}, assessment(BARE), plant()),
    "a risk that is less, but not little": ({("residual-risk", "s")}, assessment(HALF), plant()),
    "a risk accepted for less than it is": ({("residual-risk", "s")}, assessment(BARE, acceptances=(accepted(MEDIUM),)), plant()),
    "a risk accepted from tomorrow on": (
        {("residual-risk", "s")}, assessment(BARE, acceptances=(accepted(given="2026-11-24T00:00:00Z"),)), plant()),
    "a risk accepted until yesterday": (
        {("residual-risk", "s"), ("acceptance-expired", "s")}, assessment(BARE, acceptances=(accepted(until="2026-11-22T23:59:59Z"),)), plant()),
    "less risk out of nothing": (
        {("measure-missing", "s")}, assessment(replace(SAFE, controls=(), planned=("a wall",))), plant()),
    "less of one harm out of nothing, which the other harm hides": (
        {("measure-missing", "s"), ("residual-risk", "s")},
        assessment(scenario(
            hits={"safety": MODERATE, "production": MAJOR}, controls=(), remains=({"safety": MINOR, "production": MAJOR}, LIKELY))), plant()),
    "a plant at risk, and nothing said of its parts": (
        {("detail-missing", "cell"), ("detail-missing", "watch"), ("detail-missing", "line")}, assessment(initial=(first(),)), plant()),
    "a zone at risk, and nothing said of it and of its conduit": (
        {("detail-missing", "cell"), ("detail-missing", "line")}, assessment(initial=(first(CELL),)), plant()),
}  # fmt: skip

SOUND: Mapping[str, tuple[RiskAssessment, Plant]] = {
    "nothing said": (assessment(), plant()),
    "a target as high as the risk asks for": (assessment(SAFE), plant(sl=3)),
    "a target that is higher": (assessment(SAFE), plant(sl=4)),
    "little risk, whatever the measures": (assessment(scenario(hits={"safety": MINOR}, likelihood=RARE)), plant()),
    "an accepted risk": (assessment(BARE, acceptances=(accepted(),)), plant()),
    "an acceptance that was renewed": (
        assessment(BARE, acceptances=(accepted(until="2026-11-01T00:00:00Z"), accepted(EXTREME))), plant()),
    "an acceptance that ran out when nothing was left to accept": (
        assessment(SAFE, acceptances=(accepted(until="2026-11-01T00:00:00Z"),)), plant()),
    "an initial risk that is tolerable": (assessment(initial=(first(level=NEGLIGIBLE),)), plant()),
    "what remains, judged as it is without measures": (
        assessment(scenario(hits={"safety": MINOR}, likelihood=RARE, controls=(), remains=({"safety": MINOR}, RARE))), plant()),
    "measures in words": (assessment(replace(SAFE, controls=(), measures=("a wall",))), plant()),
    "a category that may bear more": (
        assessment(scenario(hits={"finance": MAJOR}), method=replace(DEFAULT, tolerable={**DEFAULT.tolerable, "finance": HIGH})), plant()),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_told_and_no_other(case: str) -> None:
    wanted, risk, where = BROKEN[case]
    found = told(risk, where)
    assert {one[:2] for one in found} == wanted
    assert len(found) == len(wanted)
    warnings = {"acceptance-expired", "detail-missing"}
    assert all(severity == (WARNING if rule in warnings else ERROR) for rule, _, severity in found)


@pytest.mark.parametrize("case", SOUND)
def test_a_sound_assessment_is_left_in_peace(case: str) -> None:
    assert told(*SOUND[case]) == []


def test_every_rule_has_an_assessment_that_breaks_it() -> None:
    assert {rule for wanted, _, _ in BROKEN.values() for rule, _ in wanted} == {*RISK_RULES}


def test_findings_say_where_what_and_why() -> None:
    one, two = risk_findings(plant(sl=2), assessment(BARE, acceptances=(accepted(MEDIUM),)), AT)
    assert (
        one.message
        == "zone cell has a lower SL-T than its scenarios ask for: IAC, UC, SI, DC, RDF, TRE, RA 2 instead of 3 (s)"
    )
    assert (str(one.where), one.clause) == ("z.yml:2", "ZCR 5.6")
    assert two.message == (
        "scenario s: residual risk high is not tolerable for safety; nobody judged its measures; accepted is medium at most"
    )
    assert (str(two.where), two.clause) == ("r.yml:7", "ZCR 5.11")


def test_each_level_of_the_target_names_the_scenario_that_asks_for_it() -> None:
    weak = scenario("weak", hits={"safety": MODERATE}, frs=frozenset({FR.UC, FR.RA}))
    strong = scenario("strong", hits={"safety": SEVERE}, frs=frozenset({FR.UC, FR.RDF}))
    found = derived(assessment(weak, strong))[CELL]
    assert found.sl_t == SLVector((0, 4, 0, 0, 4, 0, 2))
    assert found.reasons == ("", "strong", "", "", "strong", "", "weak")
    assert [*derived(assessment(weak))] == [CELL]


def test_the_attacker_may_set_the_level() -> None:
    by_attacker = replace(
        DEFAULT, risks=tuple(replace(one, sl_t=None if n else 0) for n, one in enumerate(DEFAULT.risks))
    )
    assert list(faults(by_attacker)) == []
    assert asked(by_attacker, scenario(attacker=4)) == 4
    assert asked(by_attacker, scenario(attacker=4, likelihood=RARE)) == 0


def test_a_method_that_contradicts_itself_has_faults() -> None:
    rows = [list(row) for row in DEFAULT.matrix]
    rows[MAJOR][LIKELY] = LOW
    fallen = replace(DEFAULT, matrix=tuple(tuple(row) for row in rows))
    assert list(faults(fallen)) == [
        ("matrix", "major: the risk falls from possible to likely"),
        ("matrix", "likely: the risk falls from moderate to major"),
    ]
    mixed = replace(DEFAULT, risks=(RiskLevel(id="low", sl_t=2), RiskLevel(id="medium", sl_t=None), *DEFAULT.risks[2:]))
    assert [words for _, words in faults(mixed)] == [
        "the sl-t falls from low to medium",
        "the sl-t falls from medium to high",
    ]
    assert list(faults(DEFAULT)) == []


def test_the_initial_risk_of_what_has_none_is_that_of_what_embraces_it() -> None:
    inner = zone("inner", parent="cell")
    found = initials(plant(more=(inner,)), assessment(initial=(first(level=MINOR), first(CELL))))
    assert {str(unit): str(one.unit) for unit, one in found.items()} == {
        "zone cell": "zone cell",
        "zone watch": "the whole plant",
        "zone office": "the whole plant",
        "zone inner": "zone cell",
        "conduit line": "zone cell",
    }
    assert initials(plant(), assessment()) == {}


def test_outside_is_not_assessed() -> None:
    assert units_of(plant()) == (CELL, WATCH, LINE)


def states(risk: RiskAssessment, where: Plant | None = None) -> dict[str, State]:
    return {one.id: one.state for one in zcr_steps(where or plant(), risk, AT)}


def shown(risk: RiskAssessment, step: str, where: Plant | None = None) -> tuple[State, str]:
    return next((one.state, one.shown) for one in zcr_steps(where or plant(), risk, AT) if one.id == step)


def test_a_plant_without_risk_files_has_begun_with_what_its_zones_show() -> None:
    found = states(assessment())
    assert {step for step, state in found.items() if state is State.DONE} == {
        "zcr-3.1", "zcr-3.2", "zcr-6.2", "zcr-6.3", "zcr-6.4",
    }  # fmt: skip
    assert {state for step, state in found.items() if step.startswith(("zcr-2", "zcr-4", "zcr-7"))} == {State.OPEN}
    assert {found[step] for step in RECORDED} == {State.UNSEEN}


def test_the_titles_are_those_of_the_catalog() -> None:
    catalog = yaml.safe_load(
        Path(__file__).parents[3].joinpath("catalog", "iec62443-3-2.yaml").read_text(encoding="utf-8")
    )
    groups = catalog["catalog"]["groups"]
    assert {one["id"]: one["title"] for group in groups for one in (group, *group["controls"])} == TITLES
    assert [one.id for one in zcr_steps(plant(), assessment(), AT)] == [
        one["id"] for g in groups for one in g["controls"]
    ]


def test_the_initial_assessment_opens_the_way_to_the_detailed_one() -> None:
    whole, cell = (first(level=NEGLIGIBLE),), (first(CELL, NEGLIGIBLE),)
    assert shown(assessment(initial=cell), "zcr-2.1") == (State.PARTLY, "not assessed: watch")
    assert shown(assessment(initial=cell), "zcr-4.1") == (State.PARTLY, "not assessed: watch")
    assert shown(assessment(initial=whole), "zcr-2.1") == (State.DONE, "assessed by team")
    assert shown(assessment(initial=whole), "zcr-4.1") == (
        State.DONE,
        "0 of 3 zones and conduits are assessed in detail",
    )
    assert shown(assessment(initial=whole), "zcr-5.1") == (State.DONE, "every initial risk is tolerable")
    assert shown(assessment(initial=cell), "zcr-5.1") == (State.OPEN, "no scenarios: in risk/")
    missing = "not tolerable, without a scenario: zone cell, zone watch, conduit line"
    assert shown(assessment(initial=(first(),)), "zcr-4.1") == (State.PARTLY, missing)


ALL = tuple(replace(SAFE, id=str(unit), unit=unit) for unit in (CELL, WATCH, LINE))

STEPS: Mapping[str, tuple[RiskAssessment, str, State, str]] = {
    "all assessed": (assessment(*ALL), "zcr-5.10", State.DONE, "3 scenarios"),
    "one left": (assessment(*ALL[:2]), "zcr-5.4", State.PARTLY, "no scenario: conduit line"),
    "no weakness named": (assessment(replace(SAFE, vulnerability="")), "zcr-5.2", State.OPEN, "no vulnerability: s"),
    "some weaknesses named": (assessment(*ALL, replace(SAFE, vulnerability="")), "zcr-5.2", State.PARTLY, "no vulnerability: s"),
    "no measure": (assessment(*ALL, replace(BARE, controls=())), "zcr-5.8", State.PARTLY, "no measure: s"),
    "measures not judged": (assessment(*ALL, BARE), "zcr-5.9", State.PARTLY, "no residual: s"),
    "not accepted": (assessment(*ALL, BARE), "zcr-5.11", State.PARTLY, "neither tolerable nor accepted: s"),
    "accepted": (assessment(*ALL, BARE, acceptances=(accepted(),)), "zcr-5.11", State.DONE, "4 scenarios"),
    "nothing planned": (assessment(*ALL, BARE), "zcr-5.12", State.PARTLY, "nothing planned: s"),
    "planned": (assessment(*ALL, replace(BARE, planned=("a wall",))), "zcr-5.12", State.DONE, "4 scenarios"),
    "written, not told": (assessment(SAFE), "zcr-5.13", State.PARTLY, "written in risk/; no record says to whom it was told"),
    "recorded": (
        assessment(records=(Record(step="zcr-6.6", document="a.pdf", by="Chief", dated="2026-01-02"),)),
        "zcr-6.6", State.DONE, "a.pdf, by Chief, 2026-01-02"),
    "recorded tomorrow": (
        assessment(records=(Record(step="zcr-6.6", document="a.pdf", by="Chief", dated="2026-11-24"),)),
        "zcr-6.6", State.UNSEEN, "no record in risk/ says where it is written"),
    "no method": (assessment(), "zcr-6.8", State.OPEN, "no method: in risk/; Plantproof's proposal stands in"),
    "a method": (assessment(method=replace(DEFAULT, title="M", own=True)), "zcr-6.8", State.DONE, "M: low"),
    "approved": (assessment(SAFE, approvals=(Approval(role="Owner", approved="2026-06-02"),)), "zcr-7.1", State.DONE, "Owner, 2026-06-02"),
    "approved before": (
        assessment(SAFE, approvals=(Approval(role="Owner", approved="2026-05-02"),)),
        "zcr-7.1", State.PARTLY, "Owner, 2026-05-02, before the assessment of s"),
    "approved until yesterday": (
        assessment(SAFE, approvals=(Approval(role="Owner", approved="2026-06-02", until="2026-11-22"),)),
        "zcr-7.1", State.OPEN, "the approval ran out on 2026-11-22"),
}  # fmt: skip


@pytest.mark.parametrize("case", STEPS)
def test_a_step_says_what_shows_it(case: str) -> None:
    risk, step, state, words = STEPS[case]
    assert shown(risk, step) == (state, words)


def test_a_low_target_leaves_its_step_half_done() -> None:
    assert shown(assessment(SAFE), "zcr-5.6", plant(sl=2)) == (State.PARTLY, "declared lower than derived: cell")


def test_zones_show_the_steps_of_zoning() -> None:
    wireless = zone("air", "wireless", parent="cell")
    state, words = shown(assessment(), "zcr-3.5", plant(more=(wireless,)))
    assert (state, words) == (State.PARTLY, "zone air (wireless) lies in zone cell (control)")
    apart = shown(assessment(), "zcr-3.5", plant(more=(replace(wireless, parent=""),)))
    assert apart == (State.DONE, "apart: air")
    lonely = plant(conduits=False)
    assert shown(assessment(), "zcr-6.3", lonely)[0] is State.PARTLY
    assert shown(assessment(), "zcr-3.1", lonely) == (
        State.PARTLY,
        "3 zones, 0 conduits, 0 assets: nothing says how zones talk",
    )
    assert shown(assessment(), "zcr-1.1", lonely)[0] is State.PARTLY
    bare = plant(more=(replace(zone("dumb"), description=""),))
    assert shown(assessment(), "zcr-6.2", bare) == (State.PARTLY, "no description: dumb")
    assert shown(assessment(), "zcr-6.4", bare) == (State.PARTLY, "no description or no flows: dumb")


def test_a_group_is_as_far_as_its_steps() -> None:
    groups = {one.id: one for one in zcr_groups(zcr_steps(plant(), assessment(), AT))}
    assert [*groups] == [f"zcr-{number}" for number in range(1, 8)]
    assert (groups["zcr-5"].state, groups["zcr-7"].shown) == (State.OPEN, "no approvals: in risk/")
    assert groups["zcr-5"].shown.startswith("0 of 13 done; not in the text: 5.13; open: 5.1, 5.2")
    assert groups["zcr-3"].shown == "2 of 6 done; not in the text: 3.3, 3.4, 3.5, 3.6"


def test_what_remains_is_told_on_the_scale_of_the_levels() -> None:
    kept_away = scenario("a", remains=({"safety": MINOR}, RARE), frs=frozenset({FR.IAC}))
    worse = scenario("b", hits={"safety": SEVERE}, likelihood=EXPECTED, frs=frozenset({FR.IAC, FR.RA}))
    line = scenario("c", unit=LINE)
    assert residual_levels(assessment(kept_away)) == {("cell", FR.IAC): 0.0}
    assert residual_levels(assessment(kept_away, worse, line)) == {("cell", FR.IAC): 4.0, ("cell", FR.RA): 4.0}
