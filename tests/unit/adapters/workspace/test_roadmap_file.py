# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from plantproof.adapters.roadmap import FILE, load_terms, shipped_terms
from plantproof.core.roadmap import OutOfScope, Range, Scope, Terms
from plantproof.errors import ContentError

GOOD = """\
currency: CHF
day-rate: 900
price-factor: 0.95
capacity: [4, 6]
start: 2027-01-04
preparation:
  collector: [1, 2]
weights:
  kinds: {dmz: 3}
  zones: {cell: 7}
estimates:
  - control: sr-6.2
    do: [50, 90]
  - {control: sr-6.2, zone: cell, show: 1, reason: The cell has its own.}
out-of-scope:
  - {zone: lab, reason: It is torn down in spring.}
"""


def load(folder: Path, text: str) -> Terms:
    (folder / FILE).write_text(text, encoding="utf-8")
    return load_terms(folder, zones=("cell", "lab"), controls=("sr-6.2", "sr-1.1"))


def test_a_workspace_without_the_file_has_the_shipped_estimates(tmp_path: Path) -> None:
    assert load_terms(tmp_path, zones=(), controls=()) == shipped_terms()


def test_what_the_plant_says_stands_on_what_is_shipped(tmp_path: Path) -> None:
    terms, shipped = load(tmp_path, GOOD), shipped_terms()
    assert (terms.currency, terms.day_rate, terms.price_factor) == ("CHF", Range(900, 900), 0.95)
    assert (terms.capacity, terms.start) == (Range(4, 6), "2027-01-04")
    assert terms.preparation == {**shipped.preparation, "collector": Range(1, 2)}
    assert terms.kinds == {**shipped.kinds, "dmz": 3}
    assert terms.zones == {"cell": 7}
    assert terms.out_of_scope == (OutOfScope(zone="lab", control="", reason="It is torn down in spring."),)
    known = shipped.estimate("sr-6.2", "")
    everywhere, cell = terms.estimate("sr-6.2", "lab"), terms.estimate("sr-6.2", "cell")
    assert (everywhere.do, everywhere.show, everywhere.scope) == (Range(50, 90), known.show, Scope.PLANT)
    # In a zone of its own, what is usually done once for the plant is done once for the zone.
    assert (cell.do, cell.show, cell.scope, cell.reason) == (
        known.do, Range(1, 1), Scope.ZONE, "The cell has its own.",
    )  # fmt: skip
    assert terms.estimate("sr-1.1", "cell") == shipped.estimate("sr-1.1", "")


@pytest.mark.parametrize(
    ("text", "line", "said", "hint"),
    [
        ("currency: EUR\ncapacity: 0\n", 2, "capacity must be more than 0", "no time at all"),
        ("capacity: [8]\n", 1, "must be a range", "[2, 5]"),
        ("capacity: [9, 8]\n", 1, "runs backwards", "lower figure first"),
        ("day-rate: .inf\n", 1, "must be a range from 0 to 1000000", ""),
        ("price-factor: cheap\n", 1, "price-factor must be a number", ""),
        ("\nstart: soon\n", 2, "start 'soon' is not a date", "2026-11-23"),
        ("preparation:\n  colector: 1\n", 2, "unknown key 'colector'", "'collector'"),
        ("weights:\n  kinds:\n    savety: 1\n", 3, "'savety' is not a kind of zone", "'safety'"),
        ("weights:\n  zones:\n    cel: 1\n", 3, "'cel' is not a zone", "'cell'"),
        ("weights: {zone: {}}\n", 1, "unknown key 'zone'", "'zones'"),
        ("estimates:\n  - control: sr-6.3\n", 2, "there is no control sr-6.3", "sr-6.2"),
        ("estimates:\n  - control: sr-6.2\n    zone: cel\n", 3, "names zone cel", "'cell'"),
        ("estimates:\n  - {control: sr-6.2, zone: cell, scope: plant}\n", 2, "for the whole plant", "scope: zone"),
        ("estimates:\n  - control: sr-6.2\n  - control: sr-6.2\n", 3, "is given twice", "another zone"),
        ("out-of-scope:\n  - reason: later\n", 2, "neither a zone nor a control", "Write zone:"),
        ("out-of-scope:\n  - zone: cell\n", 2, "has no reason", ""),
    ],
)
def test_a_defect_says_where_and_what_to_do(tmp_path: Path, text: str, line: int, said: str, hint: str) -> None:
    with pytest.raises(ContentError) as caught:
        load(tmp_path, text)
    assert said in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.where
    assert (caught.value.where.file, caught.value.where.line) == (str(tmp_path / FILE), line)
    assert caught.value.also == ()


def test_one_pass_finds_every_defect(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        load(tmp_path, "capacity: 0\nday-rate: x\nestimates: [{control: no}]\n")
    assert len(caught.value.also) == 2
