# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections import Counter

import pytest

from plantproof.adapters.content import Content
from plantproof.adapters.profiles import load_baseline
from plantproof.adapters.roadmap import shipped_terms
from plantproof.core.plant import KINDS
from plantproof.core.roadmap import PREPARATION, Scope

CONTROLS = load_baseline(Content(), "iec62443-3-3-sl4").controls


def test_every_control_has_one_estimate_and_every_estimate_a_control() -> None:
    terms = shipped_terms()
    assert {control for control, _ in terms.estimates} == set(CONTROLS)
    assert {zone for _, zone in terms.estimates} == {""}
    assert set(terms.preparation) == set(PREPARATION)
    assert set(terms.kinds) == set(KINDS)


@pytest.mark.parametrize("control", CONTROLS)
def test_an_estimate_is_a_range_with_a_reason(control: str) -> None:
    found = shipped_terms().estimate(control, "")
    assert 0 < found.show.low < found.show.high
    assert 0 < found.do.low < found.do.high
    assert 0 <= found.cost.low <= found.cost.high
    # To show what holds is never dearer than to bring it about.
    assert found.show.high <= found.do.high
    assert len(found.reason) > 40
    assert found.reason.endswith(".")


def test_each_control_was_thought_about_by_itself() -> None:
    found = shipped_terms().estimates.values()
    assert len({one.reason for one in found}) == len(CONTROLS)
    figures = Counter((one.scope, one.show, one.do, one.cost) for one in found)
    assert max(figures.values()) <= 4
    assert set(Counter(one.scope for one in found)) == set(Scope)


def test_safety_weighs_most_and_what_is_not_ours_least() -> None:
    kinds = shipped_terms().kinds
    assert max(kinds, key=lambda kind: kinds[kind]) == "safety"
    assert min(kinds, key=lambda kind: kinds[kind]) == "external"
