# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from plantproof.adapters.documents import parse_document
from plantproof.adapters.workspace.attestations import read_attestations
from plantproof.adapters.workspace.entries import Defects
from plantproof.core.statements import Attestation

GOOD = """\
attestations:
  - control: sr-7.4
    zone: cell
    statement: Restored.
    role: Maintenance
    name: A. Person
    stated: 2026-01-15
    valid-until: 2027-01-15
"""


def read(text: str) -> tuple[tuple[Attestation, ...], Defects]:
    defects = Defects()
    document = parse_document(text, name="a.yml", is_yaml=True)
    found = read_attestations(
        [("attestations/a.yml", document)],
        zones={"cell", "dmz"},
        conduits={"up"},
        controls={"sr-7.4", "sr-7.3"},
        defects=defects,
    )
    return found, defects


def test_a_date_alone_counts_from_its_first_second_to_its_last() -> None:
    (one,), defects = read(GOOD)
    assert not defects.found
    assert (one.stated, one.valid_until) == ("2026-01-15T00:00:00Z", "2027-01-15T23:59:59Z")
    assert (one.control, one.zone, one.path) == ("sr-7.4", "cell", "attestations/a.yml")


def test_an_instant_counts_as_written_in_utc() -> None:
    (one,), _ = read(GOOD.replace("2027-01-15", "2027-01-15T12:00:00+02:00"))
    assert one.valid_until == "2027-01-15T10:00:00Z"
    (one,), _ = read(GOOD.replace("2027-01-15", "2027-01-15T00:00:00Z"))
    assert one.valid_until == "2027-01-15T00:00:00Z"


def test_one_statement_for_several_zones_is_one_value_each() -> None:
    found, defects = read(GOOD.replace("zone: cell", "zones: [cell, dmz, cell]"))
    assert not defects.found
    assert [one.zone for one in found] == ["cell", "dmz"]


@pytest.mark.parametrize(
    ("old", "new", "message", "line", "hint"),
    [
        ("sr-7.4", "SR 7.4", "attestation of SR 7.4: there is no control SR 7.4", 2, "Did you mean 'sr-7.4'?"),
        ("zone: cell", "zone: cel", "attestation of sr-7.4: names zone cel, which no file declares", 3, "Did you mean 'cell'?"),
        ("zone: cell", "zones: []", "attestation of sr-7.4: names no zone", 3, ""),
        ("zone: cell", "zones: [cell]\n    zone: dmz", "attestation of sr-7.4: has both zone and zones", 3, "Keep one of them."),
        ("    zone: cell\n", "", "attestation of sr-7.4 has no zone", 2, ""),
        ("    valid-until: 2027-01-15\n", "", "attestation of sr-7.4 has no valid-until", 2, "A statement of people holds for a time: write a date as 2026-11-23."),
        ("2027-01-15", "2025-01-15", "attestation of sr-7.4: valid-until 2025-01-15 lies before stated 2026-01-15", 8, "A statement cannot run out before it was made."),
        ("2027-01-15", "soon", "attestation of sr-7.4: valid-until 'soon' is not a date", 8, "Write it as 2026-11-23 or 2026-11-23T06:37:00Z."),
        ("2027-01-15", "9999-12-31T23:00:00-05:00", "attestation of sr-7.4: valid-until '9999-12-31T23:00:00-05:00' is not a date", 8, "Write it as 2026-11-23 or 2026-11-23T06:37:00Z."),
        ("statement:", "statment:", "attestation of sr-7.4: unknown key 'statment'", 4, "Did you mean 'statement'?"),
    ],
)  # fmt: skip
def test_a_defect_is_named_with_its_line(old: str, new: str, message: str, line: int, hint: str) -> None:
    _, defects = read(GOOD.replace(old, new, 1))
    first = defects.found[0]
    assert (first.message, first.hint) == (message, hint)
    assert first.where is not None
    assert first.where.line == line


def test_controls_stay_unchecked_where_nobody_knows_them() -> None:
    defects = Defects()
    document = parse_document(GOOD.replace("sr-7.4", "own-1"), name="a.yml", is_yaml=True)
    (one,) = read_attestations([("a.yml", document)], zones={"cell"}, conduits=(), controls=None, defects=defects)
    assert one.control == "own-1"
    assert not defects.found
