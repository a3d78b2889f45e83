# SPDX-License-Identifier: Apache-2.0
"""SL-C: the shipped catalog of IEC 62443-4-2, claims of all kinds, and what follows for assets and zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.adapters.content import Content
from plantproof.adapters.library import load_requirements
from plantproof.core.components import (
    TYPES,
    Component,
    ComponentClaim,
    Described,
    Requirement,
    capabilities,
    component_findings,
    in_force,
    reach_of,
    zone_capability,
)
from plantproof.core.judgement import ControlInfo
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import Asset, Conduit, Plant, Zone
from plantproof.core.statements import Measure

AT, EARLY, LATE = "2026-11-23T00:00:00Z", "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"
REQUIREMENTS = load_requirements(Content(Path("/nowhere")))
STATED = st.sampled_from(("met", "not-met", "not-applicable"))


def component(ident: str = "c", level: int | None = 2, claims: Mapping[str, str] | None = None, **more: object) -> Component:  # fmt: skip
    made = Component(
        id=ident,
        title=ident,
        supplier="Supplier",
        type="EDR",
        claim="declaration",
        by="Supplier",
        stated=EARLY,
        valid_until=LATE,
        sl_c=None if level is None else SLVector.uniform(level),
        claims={name: ComponentClaim(requirement=name, state=state) for name, state in (claims or {}).items()},
    )
    return replace(made, **more)  # type: ignore[arg-type]  # test data


def up_to(level: int, kind: str = "EDR") -> dict[str, str]:
    return {one.id: "met" for one in REQUIREMENTS.values() if kind in one.types and one.min_sl <= level}


def asset(ident: str, *components: str, zone: str = "z") -> Asset:
    return Asset(id=ident, zone=zone, components=components)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("level", range(5))
def test_claims_on_everything_up_to_a_level_reach_it(kind: str, level: int) -> None:
    reached = reach_of(
        component(level=None, claims=up_to(level, kind) or {"cr-1.1": "not-met"}, type=kind), REQUIREMENTS
    )
    asked = {
        fr: {one.min_sl for one in REQUIREMENTS.values() if one.fr is fr and kind in one.types and one.min_sl > level}
        for fr in FR
    }
    assert list(reached) == [min(asked[fr], default=5) - 1 for fr in FR]
    assert reached.covers(SLVector.uniform(level))


@given(
    st.dictionaries(st.sampled_from(sorted(REQUIREMENTS)), STATED), st.sampled_from(sorted(TYPES)), st.integers(0, 4)
)
def test_more_claims_never_lower_and_a_level_is_never_exceeded(claims: dict[str, str], kind: str, level: int) -> None:
    if not claims:
        return
    free = reach_of(component(level=None, claims=claims, type=kind), REQUIREMENTS)
    bound = reach_of(component(level=level, claims=claims, type=kind), REQUIREMENTS)
    assert all(have == min(level, other) for have, other in zip(bound, free, strict=True))
    for name in claims:
        better = reach_of(component(level=None, claims={**claims, name: "met"}, type=kind), REQUIREMENTS)
        assert better.covers(free)
    naive = [
        max(
            level
            for level in range(5)
            if all(
                claims.get(one.id, "not-met") != "not-met"
                for one in REQUIREMENTS.values()
                if one.fr is fr and kind in one.types and one.min_sl <= level
            )
        )
        for fr in FR
    ]
    assert list(free) == naive


def test_the_weakest_counts_and_the_unknown_is_both_ends() -> None:
    known = {"a": component("a", 3), "b": component("b", 1), "old": component("old", 4, valid_until=EARLY)}
    strong, weak, both = asset("s", "a"), asset("w", "b"), asset("x", "a", "b")
    found = zone_capability([strong, both], known, REQUIREMENTS, AT)
    assert (found.claimed, found.possible, found.silent) == (SLVector.uniform(1), SLVector.uniform(1), ())
    for silent in (asset("n"), asset("o", "old"), asset("p", "a", "old")):
        found = zone_capability([strong, weak, silent], known, REQUIREMENTS, AT)
        assert (found.claimed, found.possible) == (SLVector.uniform(0), SLVector.uniform(1))
        assert found.silent == (silent.id,)
    assert zone_capability([], known, REQUIREMENTS, AT).claimed == SLVector.uniform(0)
    assert in_force(asset("p", "a", "old", "gone"), known, AT) == (known["a"],)


def described(components: Mapping[str, Component], *assets: Asset, measures: tuple[Measure, ...] = ()) -> Described:
    zone = Zone(id="z", title="Z", sl_t=SLVector.uniform(2))
    link = Conduit(id="k", title="K", zones=("z", "y"), sl_t=SLVector.from_value({"RDF": 3}), assets=("s",))
    plant = Plant(name="P", owner="O", zones={"z": zone}, conduits={"k": link}, assets={one.id: one for one in assets})
    controls = {
        "sr-1.1": ControlInfo(id="sr-1.1", label="SR 1.1", title="t", fr=FR.IAC, min_sl=1),
        "sr-5.1": ControlInfo(id="sr-5.1", label="SR 5.1", title="t", fr=FR.RDF, min_sl=1),
    }
    return Described(
        plant=plant, components=components, requirements=REQUIREMENTS, controls=controls, measures=measures, at=AT
    )


def told(given: Described) -> list[tuple[str, str, str]]:
    return [(one.id, one.about, one.message) for one in component_findings(given)]


def test_a_component_below_the_target_of_zone_or_conduit_is_found_unless_measured() -> None:
    weak = component(level=None, claims=up_to(1), sl_c=SLVector.from_value({"IAC": 1, "default": 2}))
    full = component("f", 2)
    found = told(described({"c": replace(weak, claims={}), "f": full}, asset("s", "c"), asset("t", "f")))
    assert found == [
        ("capability-low", "s", "asset s is less able than zone z asks: IAC 1 of 2"),
        ("capability-low", "s", "asset s is less able than conduit k asks: RDF 2 of 3"),
    ]
    measure = Measure(
        id="m", control="sr-1.1", zone="z", instead="i", declared_by="a", declared=EARLY, until=LATE, reviewed_by="b",
        reviewed=EARLY,
    )  # fmt: skip
    at_link = replace(measure, control="sr-5.1", zone="k")
    assets = (asset("s", "c"), asset("t", "f"))
    kept = {"c": replace(weak, claims={}), "f": full}
    assert told(described(kept, *assets, measures=(measure, at_link))) == []
    for off in (replace(measure, until=EARLY), replace(measure, reviewed=""), replace(measure, assets=("t",)), at_link):
        assert len(told(described(kept, *assets, measures=(off, at_link)))) == 1


def test_claims_that_contradict_themselves_ran_out_or_are_missing() -> None:
    claims = up_to(2) | {"cr-1.1": "not-met"}
    del claims["cr-1.2"]
    high = component("c", 2, claims)
    (low, contradicts) = told(described({"c": high}, asset("t", "c")))
    assert low[:2] == ("capability-low", "t")
    assert contradicts[0] == "claim-contradicts"
    assert "IAC 2, but not CR 1.1, CR 1.2" in contradicts[2]
    old = component("c", 2, valid_until=EARLY)
    assert [one[0] for one in told(described({"c": old}, asset("t", "c")))] == ["claim-expired"]
    assert told(described({"c": old, "d": component("d")}, asset("t", "d"))) == []
    assert [one[:2] for one in told(described({"c": high}, asset("t")))] == [
        ("claim-contradicts", "c"),
        ("component-missing", "z"),
    ]
    assert told(described({}, asset("t"))) == []
    assert "from 2030-01-01" in component(stated=LATE).why_not(AT)


def test_a_plant_without_components_has_no_capability_and_conduits_have_one() -> None:
    given = described({"c": component()}, asset("s", "c"))
    found = capabilities(given.plant, given.components, REQUIREMENTS, AT)
    assert {part: one.claimed for part, one in found.items()} == {"z": SLVector.uniform(2), "k": SLVector.uniform(2)}
    assert capabilities(given.plant, {}, REQUIREMENTS, AT) == {}


def test_the_catalog_names_each_type_and_level() -> None:
    counts = {
        kind: [sum(kind in one.types and one.min_sl <= level for one in REQUIREMENTS.values()) for level in range(1, 5)]
        for kind in TYPES
    }
    assert counts == {
        "SAR": [34, 53, 67, 73],
        "EDR": [36, 61, 77, 83],
        "HDR": [36, 62, 78, 84],
        "NDR": [40, 67, 86, 92],
    }
    assert isinstance(REQUIREMENTS["cr-1.1"], Requirement)
