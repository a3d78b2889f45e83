# SPDX-License-Identifier: Apache-2.0
"""The other frameworks and every crosswalk as content: counted, sourced, with a reason wherever a row is our own."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from plantproof.adapters.content import CATALOGS, CROSSWALKS, PROFILES, Content
from plantproof.adapters.library import Library
from plantproof.adapters.receipts import Receipts
from plantproof.adapters.validation import validate_file
from plantproof.core.crosswalk import coverage as rules
from plantproof.core.crosswalk.lint import lint
from plantproof.core.crosswalk.rows import ControlRef

CONTENT = Content()
COUNTS = {
    "anssi-ics": {"measure": 223},
    "cis-csc-6": {"control": 20},
    "cis-v8": {"control": 18, "safeguard": 153},
    "iec62443-2-1-2010": {"clause": 4, "requirement": 126},
    "iso27001-2013": {"clause": 29, "control": 114},
    "iso27001-2022": {"clause": 41, "control": 93},
    "nerc-cip": {"requirement": 49, "part": 137},
    "nis2": {"paragraph": 11, "point": 15},
    "nis2-2024-2690": {"section": 47, "clause": 160, "point": 217},
    "nist-csf-1.1": {"category": 23, "subcategory": 108},
    "nist-csf-2.0": {"category": 22, "subcategory": 106},
}
OFFICIAL = {
    "anssi-ics-to-iec62443-2-1-2024": 105,
    "anssi-ics-to-iec62443-2-4": 152,
    "anssi-ics-to-iec62443-3-2": 17,
    "anssi-ics-to-iec62443-3-3": 123,
    "anssi-ics-to-iec62443-4-1": 38,
    "anssi-ics-to-iec62443-4-2": 136,
    "iso27001-2013-to-2022": 144,
    "nis2-2024-2690-to-iso27001-2022": 125,
    "nis2-2024-2690-to-nis2": 16,
    "nis2-2024-2690-to-nist-csf-2.0": 279,
    "nist-csf-1.1-to-2.0": 186,
    "nist-csf-1.1-to-cis-csc-6": 172,
    "nist-csf-1.1-to-iec62443-2-1-2010": 171,
    "nist-csf-1.1-to-iec62443-3-3": 118,
    "nist-csf-1.1-to-iso27001-2013": 302,
    "nist-csf-1.1-to-nist-800-53-4": 459,
    "nist-csf-2.0-to-iso27001-2022": 341,
}
TARGETS = ("nis2", "nis2-2024-2690", "iso27001-2022", "nist-csf-2.0", "nerc-cip", "cis-v8")
OWN = [(source, target) for source in ("iec62443-3-3", "iec62443-2-1-2024") for target in TARGETS] + [
    ("iec62443-3-3", "iec62443-2-1-2024"),
    ("iec62443-4-2", "iec62443-3-3"),
]


@cache
def library() -> Library:
    return Library(CONTENT)


DOCUMENTS = [path for kind in (CATALOGS, CROSSWALKS, PROFILES) for path in CONTENT.names(kind).values()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_document_is_valid_oscal_with_sound_references(path: Path, tmp_path: Path) -> None:
    assert [str(defect) for defect in validate_file(path, Receipts(tmp_path))] == []


@pytest.mark.parametrize("name", COUNTS)
def test_a_framework_is_whole(name: str) -> None:
    index = library().catalogs[name]
    assert Counter(str(index.controls[ident]["class"]) for ident in index.assessable()) == COUNTS[name]


@pytest.mark.parametrize("name", sorted(set(COUNTS) - {"nist-800-53-4", "cis-csc-6"}))
def test_a_framework_is_said_in_our_words_and_leads_to_its_source(name: str) -> None:
    index = library().catalogs[name]
    faults = []
    for ident in index.assessable():
        control = index.controls[ident]
        assert isinstance(control["parts"], list)
        text = control["parts"][0]["prose"]
        if not 1 < len(text.split()) <= 50:
            faults.append(f"{ident}: {len(text.split())} words")
        if re.search(r"\bshall\b", text.lower()):
            faults.append(f"{ident}: shall")
        if len(str(control["title"]).split()) > 16:
            faults.append(f"{ident}: a title of a sentence's length")
    assert faults == []
    matter = index.body["back-matter"]
    assert isinstance(matter, dict)
    assert matter["resources"][0]["citation"]["text"]


def test_the_library_has_every_official_row_and_says_by_whom() -> None:
    found = {c.name: len(c.rows) for c in library().crosswalks if c.authority.official}
    assert found == OFFICIAL
    assert sum(found.values()) == 2884
    for crosswalk in library().crosswalks:
        assert crosswalk.authority.name
        assert crosswalk.authority.document


def test_nothing_in_the_crosswalks_contradicts_itself() -> None:
    known = {key: frozenset(index.entries) for key, index in library().catalogs.items()}
    assert list(lint(library().crosswalks, known, library().structure)) == []


def test_a_row_of_our_own_has_a_reason_that_no_other_row_has() -> None:
    seen: dict[str, str] = {}
    faults = []
    for crosswalk in library().crosswalks:
        if crosswalk.authority.official:
            continue
        assert crosswalk.authority.name == "Plantproof"
        for row in crosswalk.rows:
            place = f"{crosswalk.name} {row.sources} {row.targets}"
            reason = row.rationale
            if len(reason.split()) < 8 or len(reason.split()) > 50:
                faults.append(f"{place}: {len(reason.split())} words")
            if seen.setdefault(reason.lower(), place) != place:
                faults.append(f"{place}: the reason of {seen[reason.lower()]}")
            if row.confidence not in {"high", "medium", "low"}:
                faults.append(f"{place}: no confidence")
    assert faults == []


@pytest.mark.parametrize(("source", "target"), OWN)
def test_no_requirement_is_left_without_a_row_or_a_stated_reason(source: str, target: str) -> None:
    assert open_controls(source, target) == []


@pytest.mark.parametrize("source", ["iec62443-3-3", "iec62443-2-1-2024"])
@pytest.mark.parametrize("target", ["nis2", "nis2-2024-2690"])
def test_no_duty_of_nis2_is_left_without_a_row_or_a_stated_reason(source: str, target: str) -> None:
    assert open_controls(target, source) == []


def open_controls(catalog: str, other: str) -> list[str]:
    shelf = library()
    controls = [ControlRef(catalog, ident) for ident in shelf.catalogs[catalog].assessable()]
    found = rules.coverage(controls, other, shelf.graph, shelf.structure, shelf.reasons(catalog, other))
    return [str(covered.control) for covered in found if covered.reach is rules.Reach.OPEN]
