# SPDX-License-Identifier: Apache-2.0
"""The six IEC 62443 catalogs as content: whole, sound, in our own words, and never the same words twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest

from plantproof.adapters.content import CATALOGS, PROFILES, Content
from plantproof.adapters.documents import dump_json, dump_yaml, parse_document, read_document
from plantproof.adapters.profiles import load_baseline, resolve_profile
from plantproof.core.levels import FR
from plantproof.oscal.baseline import control_prop, walk_controls

CONTENT = Content()
METHODS = {"EXAMINE", "INTERVIEW", "TEST"}


class Catalog(NamedTuple):
    """What the standard has: groups at the top, and controls by class."""

    groups: int
    classes: Mapping[str, int]
    ids: str
    levels: bool = False


WHOLE = {
    "iec62443-3-3": Catalog(7, {"SR": 51, "RE": 49}, r"sr-[1-7]\.\d{1,2}", levels=True),
    "iec62443-4-2": Catalog(
        8,
        {"CCSC": 4, "CR": 43, "SAR": 2, "EDR": 8, "HDR": 8, "NDR": 12, "RE": 49},
        r"(cr|sar|edr|hdr|ndr)-[1-7]\.\d{1,2}|ccsc-[1-4]",
        levels=True,
    ),
    "iec62443-2-1-2024": Catalog(8, {"SP": 87}, r"(org|cm|net|comp|data|user|event|avail)-[1-3]\.\d{1,2}"),
    "iec62443-2-4": Catalog(12, {"BR": 72, "RE": 50}, r"sp\.\d\d\.\d\d"),
    "iec62443-4-1": Catalog(8, {"practice-requirement": 47}, r"(sm|sr|sd|si|svv|dm|sum|sg)-\d{1,2}"),
    "iec62443-3-2": Catalog(7, {"step": 32}, r"zcr-[1-7]\.\d{1,2}"),
}
LEVELS = {
    "iec62443-3-3": (37, 60, 90, 100),
    "iec62443-4-2-sar": (34, 53, 67, 73),
    "iec62443-4-2-edr": (36, 61, 77, 83),
    "iec62443-4-2-hdr": (36, 62, 78, 84),
    "iec62443-4-2-ndr": (40, 67, 86, 92),
}
AMERICAN = r"behavior|colors?|center|authoriz(?!ed_keys)\w+|organiz\w+|recogniz\w+|analyz\w+|defense|neighbor\w*|labor|favor\w*"


@cache
def catalog(name: str) -> Mapping[str, Any]:
    body = read_document(CONTENT.find(CATALOGS, name)).data["catalog"]
    assert isinstance(body, Mapping)
    return body


@cache
def controls(name: str) -> tuple[Mapping[str, Any], ...]:
    """What can be assessed: headings that only point elsewhere are left out."""
    found = (control for _, _, control in walk_controls(catalog(name)))
    return tuple(control for control in found if not control_prop(control, "heading"))


def parts(control: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [part for part in control["parts"] if part["name"] == name]


def prose(node: Mapping[str, Any]) -> Iterator[str]:
    if node.get("prose"):
        yield str(node["prose"])
    for child in node.get("parts", []):
        yield from prose(child)


def texts(control: Mapping[str, Any]) -> list[str]:
    return [text for top in control["parts"] for text in prose(top)]


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if len(part) > 3]


every_catalog = pytest.mark.parametrize("name", WHOLE)


@every_catalog
def test_the_catalog_is_whole(name: str) -> None:
    want = WHOLE[name]
    assert len(catalog(name)["groups"]) == want.groups
    assert Counter(control["class"] for control in controls(name)) == want.classes
    for _, parent, control in walk_controls(catalog(name)):
        pattern = rf"{re.escape(parent)}\.re-\d" if parent else want.ids
        assert re.fullmatch(pattern, str(control["id"])), control["id"]


def test_groups_of_a_levelled_catalog_are_the_foundational_requirements() -> None:
    assert [group["id"] for group in catalog("iec62443-3-3")["groups"]] == [fr.group for fr in FR]
    assert [group["id"] for group in catalog("iec62443-4-2")["groups"]] == ["ccsc", *(fr.group for fr in FR)]


@pytest.mark.parametrize("family", LEVELS)
def test_a_profile_selects_what_its_level_asks(family: str) -> None:
    source, kind = (family, "") if family in WHOLE else (family.rpartition("-")[0], family.rpartition("-")[2].upper())
    counted = []
    for level in (1, 2, 3, 4):
        chosen = list(load_baseline(CONTENT, f"{family}-sl{level}").controls)
        counted.append(len(chosen))
        wanted = [
            c["id"]
            for c in controls(source)
            if c["class"] != "CCSC"
            and int(control_prop(c, "min-sl")) <= level
            and (not kind or kind in {p["value"] for p in c["props"] if p["name"] == "component-type"})
        ]
        assert chosen == wanted, level
    assert tuple(counted) == LEVELS[family]


def test_the_common_constraints_hold_beside_every_level() -> None:
    resolved = resolve_profile(CONTENT, "iec62443-4-2-ccsc")["catalog"]
    assert [c["id"] for _, _, c in walk_controls(resolved)] == [f"ccsc-{n}" for n in (1, 2, 3, 4)]  # type: ignore[arg-type]  # a resolved catalog


def test_a_resolved_profile_says_where_it_came_from_and_is_the_same_again() -> None:
    first = resolve_profile(CONTENT, "iec62443-3-3-sl2")
    assert first == resolve_profile(Content(), "iec62443-3-3-sl2")
    metadata = first["catalog"]["metadata"]  # type: ignore[index]  # a resolved catalog
    assert any("urn:plantproof:" in link["href"] for link in metadata["links"])


@every_catalog
def test_a_control_has_all_that_a_reader_needs(name: str) -> None:
    roles = {role["id"] for role in catalog(name)["metadata"]["roles"]}
    faults = []
    for control in controls(name):
        (statement,), (guidance,) = parts(control, "statement"), parts(control, "guidance")
        (objective,) = parts(control, "assessment-objective")
        methods = [p["value"] for part in parts(control, "assessment-method") for p in part["props"]]
        duties = {p["value"] for p in control["props"] if p["name"] == "duty"}
        holds = {
            "statement of 1 to 3 sentences": 1 <= len(sentences(statement["prose"])) <= 3,
            "guidance of 60 to 180 words": 60 <= len(guidance["prose"].split()) <= 180,
            "2 to 6 objectives": 2 <= len(objective["parts"]) <= 6,
            "EXAMINE and another method": "EXAMINE" in methods and len(methods) > 1 and set(methods) <= METHODS,
            "lowest level": not WHOLE[name].levels
            or control["class"] == "CCSC"
            or int(control_prop(control, "min-sl")) in {1, 2, 3, 4},
            "evidence": control_prop(control, "evidence") in {"machine", "people", "both"},
            "duty of a known role": bool(duties) and duties <= roles,
            "label": bool(control_prop(control, "label", None)),
            "source confidence": control_prop(control, "source-confidence").startswith(("high", "medium", "low")),
        }
        faults += [f"{control['id']}: {what}" for what, well in holds.items() if not well]
    assert faults == []


@every_catalog
def test_a_parameter_has_a_value_a_reason_and_a_place(name: str) -> None:
    for control in controls(name):
        used = set(re.findall(r"insert: param, ([^\s}]+)", "\n".join(texts(control))))
        assert used == {param["id"] for param in control.get("params", [])}, control["id"]
        for param in control.get("params", []):
            assert param["values"], param["id"]
            assert param["guidelines"][0]["prose"], param["id"]


def test_no_sentence_stands_twice_in_the_whole_library() -> None:
    seen: dict[str, str] = {}
    twice = []
    for name in WHOLE:
        for control in controls(name):
            for text in texts(control):
                for sentence in re.split(r"(?<=[.!?])\s+", text):
                    if len(sentence.split()) > 4:
                        first = seen.setdefault(sentence.lower(), f"{name} {control['id']}")
                        twice += [(sentence, first)] if first != f"{name} {control['id']}" else []
    assert twice == []


def test_guidance_differs_from_one_control_to_the_next() -> None:
    """Shared runs of eight words are the mark of a template."""
    runs: dict[str, str] = {}
    shared = []
    for name in WHOLE:
        for control in controls(name):
            words = re.findall(r"[a-z0-9']+", " ".join(p["prose"].lower() for p in parts(control, "guidance")))
            for run in {" ".join(words[n : n + 8]) for n in range(len(words) - 7)}:
                first = runs.setdefault(run, f"{name} {control['id']}")
                shared += [(run, first)] if first != f"{name} {control['id']}" else []
    assert shared == []


@every_catalog
@pytest.mark.parametrize("word", ["shall", "organi[sz]ations should", "appropriate measures", AMERICAN])
def test_words_of_the_standard_of_filler_and_of_another_spelling_are_absent(name: str, word: str) -> None:
    text = "\n".join(t for control in controls(name) for t in texts(control)).lower()
    assert re.findall(rf"\b(?:{word})\b", text) == []


def test_provenance_and_rights_are_stated_in_every_document() -> None:
    for path in [*CONTENT.names(CATALOGS).values(), *CONTENT.names(PROFILES).values()]:
        body = next(iter(read_document(path).data.values()))
        assert isinstance(body, Mapping)
        assert {"provenance", "rights"} <= {prop["name"] for prop in body["metadata"]["props"]}, path.name


@every_catalog
def test_yaml_and_json_hold_the_same_and_unknown_props_survive(name: str) -> None:
    data = {"catalog": {**catalog(name), "metadata": {**catalog(name)["metadata"]}}}
    data["catalog"]["metadata"]["props"] = [
        *catalog(name)["metadata"]["props"],
        {"name": "mine", "ns": "urn:example:me", "value": "no", "class": "x", "remarks": "kept"},
    ]
    as_json = parse_document(dump_json(data).decode(), name="c.json", is_yaml=False).data
    as_yaml = parse_document(dump_yaml(as_json), name="c.yaml", is_yaml=True).data
    assert as_yaml == as_json == data
