# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.core.levels import FR, SLVector
from plantproof.errors import ContentError, Location

LEVELS = st.integers(0, 4)
VECTORS = st.tuples(LEVELS, LEVELS, LEVELS, LEVELS, LEVELS, LEVELS, LEVELS).map(SLVector)


def test_a_number_means_the_same_level_for_every_fr() -> None:
    assert list(SLVector.from_value(2)) == [2] * 7


def test_a_map_names_frs_by_code_or_number_and_the_rest_takes_the_default() -> None:
    vector = SLVector.from_value({"IAC": 3, "fr5": 2, "default": 1})
    assert (vector[FR.IAC], vector[FR.RDF], vector[FR.RA]) == (3, 2, 1)
    assert str(vector) == "(3, 1, 1, 1, 2, 1, 1)"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (5, "5 is not a security level"),
        (-1, "-1 is not"),
        (True, "True is not"),
        ("2", "'2' is not"),
        (None, "None is not"),
        ([1, 2], "seven levels, one for each FR, not 2"),
        ([1, 2, 3, 4, 0, 1, "x"], "'x' is not"),
        ({"IAK": 2}, "'IAK' is not a foundational requirement"),
    ],
)
def test_anything_else_is_refused_with_the_forms_that_are_taken(value: object, said: str) -> None:
    with pytest.raises(ContentError, match=said) as caught:
        SLVector.from_value(value, Location(file="zones.yml", line=3))
    assert "default: 1" in caught.value.hint
    assert str(caught.value).startswith("zones.yml:3: ")


@given(VECTORS)
def test_every_vector_reads_back_from_its_list_and_covers_itself(vector: SLVector) -> None:
    assert SLVector.from_value(list(vector)) == vector
    assert vector.covers(vector)
    assert vector.highest == max(vector)


@given(VECTORS, VECTORS)
def test_covering_is_a_partial_order(one: SLVector, other: SLVector) -> None:
    if one.covers(other) and other.covers(one):
        assert one == other


def test_each_fr_has_a_title_and_a_group() -> None:
    assert [fr.group for fr in FR] == [f"fr-{n}" for n in range(1, 8)]
    assert len({fr.title for fr in FR}) == 7
