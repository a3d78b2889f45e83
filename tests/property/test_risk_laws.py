# SPDX-License-Identifier: Apache-2.0
"""Laws of weighing: more harm never means less risk, more scenarios never a lower target, a falling matrix is refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from plantproof.core.levels import FR, MAX_LEVEL, SLVector
from plantproof.core.plant import Plant, Zone
from plantproof.core.risk import (
    CATEGORIES,
    Acceptance,
    Consequence,
    Initial,
    Likelihood,
    Method,
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
from plantproof.core.risk.weigh import asked, derived, residual, unmitigated

AT = "2026-11-23T00:00:00Z"
ZONE = Unit(zone="z")
SIZES = st.integers(2, 5)


@st.composite
def grids(draw: st.DrawFn) -> Method:
    """A method whose matrix may rise or fall."""
    rows, columns, risks = draw(SIZES), draw(SIZES), draw(SIZES)
    level = st.integers(0, risks - 1)
    matrix = draw(st.lists(st.lists(level, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    asks = draw(st.lists(st.one_of(st.none(), st.integers(0, MAX_LEVEL)), min_size=risks, max_size=risks))
    return Method(
        title="m",
        consequences=tuple(Consequence(id=f"c{number}") for number in range(rows)),
        likelihoods=tuple(Likelihood(id=f"l{number}") for number in range(columns)),
        risks=tuple(RiskLevel(id=f"r{number}", sl_t=one) for number, one in enumerate(asks)),
        matrix=tuple(map(tuple, matrix)),
        tolerable=MappingProxyType({category: draw(level) for category in CATEGORIES}),
    )


@st.composite
def methods(draw: st.DrawFn) -> Method:
    """A method that rises everywhere: each cell the highest of all that is above it and left of it."""
    method = draw(grids())
    rows = [list(accumulate(row, max)) for row in method.matrix]
    for upper, lower in pairwise(rows):
        lower[:] = map(max, upper, lower)
    asks = sorted(draw(st.lists(st.integers(0, MAX_LEVEL), min_size=len(method.risks), max_size=len(method.risks))))
    risks = tuple(replace(one, sl_t=level) for one, level in zip(method.risks, asks, strict=True))
    if draw(st.booleans()):  # none below some risk, the attacker's level from there on
        start = draw(st.integers(0, len(risks)))
        risks = tuple(replace(one, sl_t=0 if number < start else None) for number, one in enumerate(risks))
    return replace(method, matrix=tuple(map(tuple, rows)), risks=risks)


@st.composite
def scenarios(draw: st.DrawFn, method: Method, ident: str) -> Scenario:
    worst, likeliest = len(method.consequences) - 1, len(method.likelihoods) - 1
    hits = draw(st.dictionaries(st.sampled_from(CATEGORIES), st.integers(0, worst), min_size=1))
    likelihood = draw(st.integers(0, likeliest))
    left = {category: draw(st.integers(0, level)) for category, level in hits.items()}
    return Scenario(
        id=ident,
        title=ident,
        unit=ZONE,
        threat=Threat(source="s", attacker=draw(st.integers(1, MAX_LEVEL))),
        consequence=hits,
        likelihood=likelihood,
        frs=draw(st.frozensets(st.sampled_from(FR), min_size=1)),
        with_measures=draw(st.sampled_from([None, (left, draw(st.integers(0, likelihood)))])),
        controls=draw(st.sampled_from([(), ("sr-1.1",)])),
        assessed="2026-01-01T00:00:00Z",
        by="r",
    )


@st.composite
def assessments(draw: st.DrawFn) -> RiskAssessment:
    method = draw(methods())
    found = [draw(scenarios(method, f"s{number}")) for number in range(draw(st.integers(1, 4)))]
    return RiskAssessment(method=method, scenarios={one.id: one for one in found})


def plant(level: int = 2) -> Plant:
    zone = Zone(id="z", title="z", sl_t=SLVector.uniform(level))
    return Plant(name="p", owner="o", zones={"z": zone}, conduits={}, assets={})


@given(methods())
def test_a_method_that_rises_everywhere_has_no_fault(method: Method) -> None:
    assert list(faults(method)) == []


@given(grids())
def test_a_method_has_a_fault_exactly_if_something_falls(method: Method) -> None:
    rows, columns = method.matrix, tuple(zip(*method.matrix, strict=True))
    falls = any(b < a for line in (*rows, *columns) for a, b in pairwise(line))
    asks = [[one.asks(attacker) for one in method.risks] for attacker in range(1, MAX_LEVEL + 1)]
    assert bool(list(faults(method))) == (falls or any(line != sorted(line) for line in asks))


@given(st.data(), methods())
def test_more_harm_or_more_likelihood_never_lowers_the_risk(data: st.DataObject, method: Method) -> None:
    one = data.draw(scenarios(method, "s"))
    for more in range(one.likelihood, len(method.likelihoods)):
        assert unmitigated(method, replace(one, likelihood=more)) >= unmitigated(method, one)
        assert asked(method, replace(one, likelihood=more)) >= asked(method, one)
    category = data.draw(st.sampled_from(CATEGORIES))
    worse = {**one.consequence, category: len(method.consequences) - 1}
    assert unmitigated(method, replace(one, consequence=worse)) >= unmitigated(method, one)
    assert {*method.intolerable(one.consequence, one.likelihood)} <= {*method.intolerable(worse, one.likelihood)}


@given(assessments())
def test_measures_never_raise_the_risk(risk: RiskAssessment) -> None:
    assert all(residual(risk.method, one) <= unmitigated(risk.method, one) for one in risk.scenarios.values())


@given(st.data(), assessments())
def test_another_scenario_never_lowers_the_target(data: st.DataObject, risk: RiskAssessment) -> None:
    more = replace(risk, scenarios={**risk.scenarios, "more": data.draw(scenarios(risk.method, "more"))})
    before, after = derived(risk)[ZONE], derived(more)[ZONE]
    assert after.sl_t.covers(before.sl_t)
    for fr in FR:
        named = after.reasons[fr - 1]
        assert bool(named) == (after.sl_t[fr] > 0)
        if named:
            assert fr in more.scenarios[named].frs
            assert asked(more.method, more.scenarios[named]) == after.sl_t[fr]


@given(assessments(), st.integers(0, MAX_LEVEL))
def test_a_target_is_too_low_exactly_if_it_does_not_cover_the_derived_one(risk: RiskAssessment, level: int) -> None:
    found = {one.id for one in risk_findings(plant(level), risk, AT)}
    wanted = derived(risk)[ZONE]
    assert ("target-low" in found) == (not SLVector.uniform(level).covers(wanted.sl_t))


@given(assessments())
def test_whatever_is_accepted_at_the_top_is_no_finding(risk: RiskAssessment) -> None:
    top = len(risk.method.risks) - 1
    given_ = tuple(
        Acceptance(scenario=ident, risk=top, role="r", reason="r", accepted="2026-01-01", until="2027-01-01")
        for ident in risk.scenarios
    )
    assert "residual-risk" not in {one.id for one in risk_findings(plant(), replace(risk, acceptances=given_), AT)}


@given(st.data(), assessments())
def test_the_steps_always_come_to_a_state(data: st.DataObject, risk: RiskAssessment) -> None:
    level = data.draw(st.integers(0, len(risk.method.consequences) - 1))
    first = Initial(unit=Unit(), consequence={"safety": level}, reason="r", assessed="2026-01-01", by="r")
    told = zcr_steps(plant(), replace(risk, initial=data.draw(st.sampled_from([(), (first,)]))), AT)
    assert len(told) == 32  # the steps of the catalog
    assert all(one.shown for one in told)
    groups = zcr_groups(told)
    done = {one.id for one in groups if one.state is State.DONE}
    assert done == {
        one.id for one in groups if all(s.state is State.DONE for s in told if s.id.startswith(f"{one.id}."))
    }
