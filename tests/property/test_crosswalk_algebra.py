# SPDX-License-Identifier: Apache-2.0
"""The algebra of relations against sets: what a chain is said to be holds always, and nothing stronger would."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.core.crosswalk.relations import Relation, compose, inverse, pairwise

Requirement = frozenset[int]
HOLDS: dict[Relation, Callable[[Requirement, Requirement], bool]] = {
    Relation.EQUAL: lambda a, b: a == b,
    Relation.SUBSET: lambda a, b: a <= b,
    Relation.SUPERSET: lambda a, b: a >= b,
    Relation.INTERSECTS: lambda a, b: bool(a & b),
    Relation.RELATED: lambda _a, _b: True,
}
# Large enough to tell all relations apart, small enough to try everything.
ALL = [frozenset(some) for size in (1, 2, 3) for some in combinations(range(4), size)]


def strongest(triples: list[tuple[Requirement, Requirement]]) -> Relation:
    return next(relation for relation in Relation if all(HOLDS[relation](a, c) for a, c in triples))


@pytest.mark.parametrize(("first", "second"), list(product(Relation, repeat=2)))
def test_a_chain_is_exactly_as_strong_as_sets_allow(first: Relation, second: Relation) -> None:
    ends = [
        (a, c)
        for a, b, c in product(ALL, repeat=3)
        if HOLDS[first](a, b) and HOLDS[second](b, c)
    ]  # fmt: skip
    assert compose(first, second) is strongest(ends)


@pytest.mark.parametrize("relation", Relation)
def test_the_inverse_is_what_the_other_side_sees(relation: Relation) -> None:
    assert inverse(relation) is strongest([(b, a) for a, b in product(ALL, repeat=2) if HOLDS[relation](a, b)])
    assert inverse(inverse(relation)) is relation


@given(st.lists(st.sampled_from(Relation), min_size=1, max_size=5))
def test_the_order_of_reading_does_not_matter(chain: list[Relation]) -> None:
    forward = reduce(compose, chain)
    assert inverse(forward) is reduce(compose, [inverse(relation) for relation in reversed(chain)])
    backward = chain[-1]
    for relation in reversed(chain[:-1]):
        backward = compose(relation, backward)
    assert backward is forward


SETS = st.frozensets(st.integers(0, 4), min_size=1)


@given(st.sampled_from(Relation), st.lists(SETS, min_size=1, max_size=3), st.lists(SETS, min_size=1, max_size=3))
def test_what_is_said_of_one_pair_of_a_row_holds(
    relation: Relation, sources: list[Requirement], targets: list[Requirement]
) -> None:
    together = frozenset[int]().union(*sources), frozenset[int]().union(*targets)
    if HOLDS[relation](*together):
        said = pairwise(relation, len(sources), len(targets))
        assert all(HOLDS[said](source, target) for source in sources for target in targets)
