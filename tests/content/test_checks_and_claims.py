# SPDX-License-Identifier: Apache-2.0
"""The shipped checks and claims as content: whole, sourced, honest about their strength, and no words twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from plantproof.adapters.collectors import read_collectors
from plantproof.adapters.content import CATALOGS, CHECKS, COLLECTORS, Content
from plantproof.adapters.documents import read_document
from plantproof.adapters.receipts import Receipts
from plantproof.adapters.rules import COMPONENTS, load_all_checks
from plantproof.adapters.validation import validate_file
from plantproof.checks.compiled import CompiledCheck
from plantproof.core.checks import ControlClaim
from plantproof.core.evidence import REACH
from plantproof.core.identity import stable_uuid
from plantproof.core.verdicts import Strength
from plantproof.oscal.baseline import walk_controls
from plantproof.oscal.components import read_claims

CONTENT = Content()
CATALOG = "urn:plantproof:catalog:iec62443-3-3"
FIXTURES = Path(__file__).parents[1] / "checks"
LEAST = {"linux": 60, "cisco_ios": 8, "frr": 3, "opcua": 4, "modbus": 1}
EDGES = ("inconclusive", "not-applicable")
# Verbs of the standard's style, which checks have no use for; a first guard against borrowed sentences.
BORROWED = re.compile(
    r"shall provide the capability|the control system shall|ensure that|asset owner shall|\bbehavior\b", re.IGNORECASE
)
AMERICAN = re.compile(
    r"\b(?:authoriz\w*|synchroniz\w*|organiz\w*|recogniz\w*|center\w*|color|license[ds]? server|program(?:me){2})\b",
    re.IGNORECASE,
)
CODE = re.compile(r'"[^"]*"|\S*_\S*')


@cache
def checks() -> Mapping[str, CompiledCheck]:
    return {each.check.id: each for each in load_all_checks(CONTENT)}


@cache
def components_path() -> Path:
    return next(folder / COMPONENTS for folder in CONTENT.folders(COLLECTORS) if (folder / COMPONENTS).is_file())


@cache
def definition() -> Mapping[str, Any]:
    return read_document(components_path()).data


@cache
def catalog_controls() -> Mapping[str, Mapping[str, Any]]:
    body = read_document(CONTENT.find(CATALOGS, "iec62443-3-3")).data["catalog"]
    assert isinstance(body, Mapping)
    return {str(control["id"]): control for _, _, control in walk_controls(body)}


@cache
def claims() -> Sequence[ControlClaim]:
    return read_claims(definition(), checks=checks(), controls=catalog_controls())


@cache
def kinds_by_collector() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for path in sorted(CONTENT.folders(COLLECTORS)[-1].glob("roles/*/meta/evidence.yml")):
        data = yaml.safe_load(path.read_text("utf-8"))
        found[data["collector"]] = frozenset(data["kinds"])
    return {**found, "reach": frozenset({REACH})}


def requirements() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for component in definition()["component-definition"]["components"]:
        name = component["title"].split()[-1]
        for implementation in component["control-implementations"]:
            assert implementation["source"] == CATALOG
            for requirement in implementation["implemented-requirements"]:
                yield name, requirement


def sentences(text: str) -> list[str]:
    return [each.strip().lower() for each in re.split(r"(?<=[.!?;])\s+", text) if len(each.split()) > 3]


def one_each(where: list[tuple[str, str]]) -> list[str]:
    """Sentences that stand under two names."""
    owners = Counter(sentence for sentence, _ in set(where))
    return [sentence for sentence, count in owners.items() if count > 1]


def test_there_are_enough_checks_of_every_platform() -> None:
    count = Counter(each.check.kinds[0].split(".")[0] for each in checks().values())
    assert sum(count.values()) >= 40
    assert {name: count[name] for name in LEAST if count[name] < LEAST[name]} == {}


def test_every_kind_of_a_check_is_gathered_by_one_collector() -> None:
    for check in checks().values():
        homes = [name for name, kinds in kinds_by_collector().items() if kinds.issuperset(check.check.kinds)]
        assert len(homes) == 1, f"{check.check.id}: {check.check.kinds}"


def test_every_linux_kind_is_judged() -> None:
    judged = {kind for check in checks().values() for kind in check.check.kinds}
    assert kinds_by_collector()["linux_host"] <= judged


def test_collectors_are_read_the_way_the_program_reads_them() -> None:
    assert len(read_collectors(CONTENT)) >= len(kinds_by_collector()) - 1


@pytest.mark.parametrize("id_", sorted(checks()))
def test_a_check_says_why_what_to_do_and_what_to_mind(id_: str) -> None:
    check = checks()[id_].check
    assert not check.title.endswith("."), "a title has no full stop"
    assert 2 <= len(sentences(check.rationale)) <= 4
    assert len(check.remedy.split()) >= 8
    assert len(check.caution.split()) >= 12, "the caution names a risk for a running plant"
    for text in (check.title, check.rationale, check.remedy, check.caution):
        prose = CODE.sub("", text)
        assert not BORROWED.search(prose)
        assert not AMERICAN.search(prose)
    for assertion in check.assertions:
        assert not assertion.otherwise.endswith("."), "it stands in a list of what is wrong"
        assert len(assertion.otherwise.split()) >= 4


@pytest.mark.parametrize("field", ["title", "rationale", "remedy", "caution"])
def test_no_two_checks_share_a_sentence(field: str) -> None:
    found = [
        (sentence, id_) for id_, each in checks().items() for sentence in sentences(getattr(each.check, field) + ".")
    ]
    assert one_each(found) == []


def test_every_check_has_a_claim() -> None:
    assert sorted(set(checks()) - {claim.check for claim in claims()}) == []


def test_component_definition_fits_oscal(tmp_path: Path) -> None:
    defects = validate_file(components_path(), Receipts(tmp_path))
    assert defects == []


def test_claims_stand_under_the_collector_that_gathers_their_evidence() -> None:
    for name, requirement in requirements():
        for prop in requirement["props"]:
            check = checks()[prop["value"]].check
            assert kinds_by_collector()[name].issuperset(check.kinds), f"{check.id} under {name}"


def test_every_claim_says_why_it_is_as_strong_as_it_is() -> None:
    for claim in claims():
        words = claim.remark.split()
        assert 8 <= len(words) <= 40, f"{claim.check} {claim.control}"
        assert claim.remark.endswith(".")
    assert [text for text, count in Counter(claim.remark for claim in claims()).items() if count > 1] == []


def test_a_check_nearly_always_supports() -> None:
    strengths = Counter(claim.strength for claim in claims())
    assert strengths[Strength.SUPPORTS] > 4 * strengths[Strength.DEMONSTRATES] > 0


def test_no_check_demonstrates_what_people_and_procedures_do() -> None:
    procedures = {
        "sr-1.3",
        "sr-1.4",
        "sr-1.5",
        "sr-2.12",
        "sr-3.2",
        "sr-3.3",
        "sr-5.1",
        "sr-5.2",
        "sr-6.2",
        "sr-7.3",
        "sr-7.4",
    }
    shown = {claim.control for claim in claims() if claim.strength is Strength.DEMONSTRATES}
    assert sorted(shown & procedures) == []


def test_requirements_are_described_once_each_in_other_words_per_collector() -> None:
    texts = [(requirement["description"].strip(), name) for name, requirement in requirements()]
    assert all(len(text.split()) >= 6 for text, _ in texts)
    assert [text for text, count in Counter(text for text, _ in texts).items() if count > 1] == []


def test_identifiers_are_derived_so_that_a_second_run_is_an_empty_diff() -> None:
    body = definition()["component-definition"]
    assert body["uuid"] == stable_uuid("component-definition", "collectors")
    for component in body["components"]:
        name = component["title"].split()[-1]
        assert component["uuid"] == stable_uuid("component", name)
        for implementation in component["control-implementations"]:
            assert implementation["uuid"] == stable_uuid("control-implementation", name, CATALOG)
    for name, requirement in requirements():
        assert requirement["uuid"] == stable_uuid("implemented-requirement", name, requirement["control-id"])


def test_parameters_that_checks_compare_with_are_numbers_in_the_catalog() -> None:
    values = {
        parameter["id"]: parameter.get("values", [""])[0]
        for control in catalog_controls().values()
        for parameter in control.get("params", [])
    }
    for path in CONTENT.names(CHECKS).values():
        for name in re.findall(r"params\['([^']+)'\]", path.read_text("utf-8")):
            assert re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", str(values.get(name))), f"{path.name}: {name}"


def test_a_claim_names_the_control_whose_parameter_its_check_compares_with() -> None:
    speaks = {claim.check: set[str]() for claim in claims()}
    for claim in claims():
        speaks[claim.check].add(claim.control.split(".re-")[0])
    for id_, path in CONTENT.names(CHECKS).items():
        for name in re.findall(r"params\['([^'_]+)_[^']+'\]", path.read_text("utf-8")):
            assert name.split(".re-")[0] in speaks[id_], f"{id_} compares with a parameter of {name}"


def test_edges_that_bite_have_fixtures() -> None:
    edged = {path.parent.parent.name for verdict in EDGES for path in FIXTURES.glob(f"*/{verdict}/*")}
    assert len(edged & set(checks())) >= 60
    unsure = {path.parent.parent.name for path in FIXTURES.glob("*/inconclusive/*")}
    assert len(unsure & set(checks())) >= 30, "missing keys, odd words and parts that were not read"
