# SPDX-License-Identifier: Apache-2.0
"""The catalog as content: whole, sound, in our own words, and never the same words twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from plantproof.adapters.content import CATALOGS, PROFILES, Content
from plantproof.adapters.documents import parse_document, read_document
from plantproof.adapters.profiles import load_baseline, resolve_profile
from plantproof.adapters.receipts import Receipts
from plantproof.adapters.validation import validate_file
from plantproof.core.levels import FR
from plantproof.oscal.baseline import control_prop, walk_controls

CONTENT = Content()
PATH = CONTENT.find(CATALOGS, "iec62443-3-3")
LEVELS = {1: 37, 2: 60, 3: 90, 4: 100}
METHODS = {"EXAMINE", "INTERVIEW", "TEST"}


@cache
def catalog() -> Mapping[str, Any]:
    body = read_document(PATH).data["catalog"]
    assert isinstance(body, Mapping)
    return body


def controls() -> list[Mapping[str, Any]]:
    return [control for _, _, control in walk_controls(catalog())]


def parts(control: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [part for part in control["parts"] if part["name"] == name]


def prose(node: Mapping[str, Any]) -> Iterator[str]:
    if node.get("prose"):
        yield str(node["prose"])
    for child in node.get("parts", []):
        yield from prose(child)


@pytest.mark.parametrize("path", [PATH, *CONTENT.names(PROFILES).values()], ids=lambda path: path.stem)
def test_every_document_is_valid_oscal_with_sound_references(path: Path, tmp_path: Path) -> None:
    assert [str(defect) for defect in validate_file(path, Receipts(tmp_path))] == []


def test_the_catalog_is_whole() -> None:
    assert [group["id"] for group in catalog()["groups"]] == [fr.group for fr in FR]
    assert Counter(control["class"] for control in controls()) == {"SR": 51, "RE": 49}
    for _, parent, control in walk_controls(catalog()):
        pattern = rf"{re.escape(parent)}\.re-\d" if parent else r"sr-[1-7]\.\d{1,2}"
        assert re.fullmatch(pattern, str(control["id"])), control["id"]


@pytest.mark.parametrize(("level", "count"), LEVELS.items())
def test_a_profile_selects_what_its_level_asks(level: int, count: int) -> None:
    baseline = load_baseline(CONTENT, f"iec62443-3-3-sl{level}")
    wanted = [c["id"] for c in controls() if int(control_prop(c, "min-sl")) <= level]
    assert list(baseline.controls) == wanted
    assert len(wanted) == count


def test_a_resolved_profile_says_where_it_came_from_and_is_the_same_again() -> None:
    first = resolve_profile(CONTENT, "iec62443-3-3-sl2")
    assert first == resolve_profile(Content(), "iec62443-3-3-sl2")
    metadata = first["catalog"]["metadata"]  # type: ignore[index]  # a resolved catalog
    assert any("urn:plantproof:" in link["href"] for link in metadata["links"])


@pytest.mark.parametrize("control", controls(), ids=lambda control: control["id"])
def test_a_control_has_all_that_a_reader_needs(control: Mapping[str, Any]) -> None:
    (statement,), (guidance,) = parts(control, "statement"), parts(control, "guidance")
    assert 1 <= len(sentences(statement["prose"])) <= 3
    assert 60 <= len(guidance["prose"].split()) <= 180
    (objective,) = parts(control, "assessment-objective")
    assert 2 <= len(objective["parts"]) <= 6
    methods = [p["value"] for part in parts(control, "assessment-method") for p in part["props"]]
    assert "EXAMINE" in methods
    assert len(methods) > 1
    assert set(methods) <= METHODS
    assert int(control_prop(control, "min-sl")) in LEVELS
    assert control_prop(control, "evidence") in {"machine", "people", "both"}
    assert control_prop(control, "duty") in {role["id"] for role in catalog()["metadata"]["roles"]}
    assert control_prop(control, "label", None).lower().startswith("sr ")


@pytest.mark.parametrize("control", controls(), ids=lambda control: control["id"])
def test_a_parameter_has_a_value_a_reason_and_a_place(control: Mapping[str, Any]) -> None:
    text = "\n".join(part for top in control["parts"] for part in prose(top))
    used = set(re.findall(r"insert: param, ([^\s}]+)", text))
    for param in control.get("params", []):
        assert param["values"], param["id"]
        assert param["guidelines"][0]["prose"], param["id"]
        assert param["id"] in used


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if len(part) > 3]


def test_no_sentence_stands_twice() -> None:
    seen = Counter(
        sentence
        for control in controls()
        for top in control["parts"]
        for text in prose(top)
        for sentence in re.split(r"(?<=[.!?])\s+", text)
        if len(sentence.split()) > 4
    )
    assert [sentence for sentence, count in seen.items() if count > 1] == []


def test_guidance_differs_from_one_control_to_the_next() -> None:
    """Shared runs of eight words are the mark of a template."""
    runs: dict[str, str] = {}
    shared = []
    for control in controls():
        words = re.findall(r"[a-z0-9']+", " ".join(p["prose"].lower() for p in parts(control, "guidance")))
        for run in {" ".join(words[n : n + 8]) for n in range(len(words) - 7)}:
            first = runs.setdefault(run, control["id"])
            shared += [(run, first, control["id"])] if first != control["id"] else []
    assert shared == []


@pytest.mark.parametrize("word", ["shall", "organisation should", "organizations should", "appropriate measures"])
def test_words_of_the_standard_and_of_filler_are_absent(word: str) -> None:
    text = "\n".join(t for control in controls() for top in control["parts"] for t in prose(top)).lower()
    assert not re.search(rf"\b{word}\b", text)


def test_provenance_and_rights_are_stated_in_every_document() -> None:
    for path in [PATH, *CONTENT.names(PROFILES).values()]:
        body = next(iter(read_document(path).data.values()))
        assert isinstance(body, Mapping)
        assert {"provenance", "rights"} <= {prop["name"] for prop in body["metadata"]["props"]}, path.name


def test_yaml_and_json_hold_the_same_and_unknown_props_survive() -> None:
    from plantproof.adapters.documents import dump_json, dump_yaml

    data = {"catalog": {**catalog(), "metadata": {**catalog()["metadata"]}}}
    data["catalog"]["metadata"]["props"] = [
        *catalog()["metadata"]["props"],
        {"name": "mine", "ns": "urn:example:me", "value": "no", "class": "x", "remarks": "kept"},
    ]
    as_json = parse_document(dump_json(data).decode(), name="c.json", is_yaml=False).data
    as_yaml = parse_document(dump_yaml(as_json), name="c.yaml", is_yaml=True).data
    assert as_yaml == as_json == data
