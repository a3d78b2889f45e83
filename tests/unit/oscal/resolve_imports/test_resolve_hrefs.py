# SPDX-License-Identifier: Apache-2.0
"""How imports find their documents."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from fakes.oscal_library import Library, catalog, control, profile
from plantproof.errors import ContentError
from plantproof.oscal.resolve import resolve

UUID = "00000000-0000-4000-8000-00000000000A"
INSTANT = "2030-01-01T00:00:00Z"


def by_resource(**resource: Any) -> dict[str, Any]:
    reference = {"href": f"#{UUID.lower()}", "include-all": {}}
    return profile(reference, back_matter={"resources": [{"uuid": "other"}, {"uuid": UUID, **resource}]})


def run(document: dict[str, Any], library: Library) -> list[str]:
    result: Any = resolve(document, uri="case", fetch=library, instant=INSTANT)
    return [one["id"] for one in result["catalog"]["controls"]]


def library() -> Library:
    return Library({"a.json": catalog(control("json-1")), "a.yaml": catalog(control("yaml-1"))})


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([("x/a.yaml", "application/oscal.catalog+yaml"), ("x/a.json", "application/oscal.catalog+json")], "json-1"),
        ([("a.xml", "application/xml"), ("a.yaml", "application/yaml")], "yaml-1"),
        ([("a.yaml", None), ("a.json", None)], "json-1"),
        ([("gone.json", None), ("a.yaml", None)], "yaml-1"),
        ([("#inside", "application/json"), ("a.yml", None), ("a.yaml", None)], "yaml-1"),
    ],
)
def test_json_comes_before_yaml(links: list[tuple[str, str | None]], expected: str) -> None:
    rlinks = [{"href": href} | ({"media-type": kind} if kind else {}) for href, kind in links]
    assert run(by_resource(rlinks=rlinks), library()) == [expected]


def test_the_first_failure_is_told_when_no_link_works() -> None:
    rlinks = [{"href": "b.yaml"}, {"href": "b.json"}]
    with pytest.raises(ContentError, match=r"there is no b\.json") as caught:
        run(by_resource(rlinks=rlinks), library())
    assert caught.value.code == "content.import"


def test_a_broken_document_is_not_passed_over() -> None:
    class Broken(Library):
        def __call__(self, href: str, base: str) -> tuple[str, Mapping[str, object]]:
            if href == "a.json":
                raise ContentError("not JSON", code="content.syntax")
            return super().__call__(href, base)

    with pytest.raises(ContentError, match="not JSON"):
        run(by_resource(rlinks=[{"href": "a.json"}, {"href": "a.yaml"}]), Broken(library().documents))


@pytest.mark.parametrize("wrapped", [True, False])
def test_an_embedded_document_is_read(wrapped: bool) -> None:
    text = base64.b64encode(json.dumps(catalog(control("in-1"))).encode()).decode()
    assert run(by_resource(base64={"value": text} if wrapped else text), library()) == ["in-1"]


@pytest.mark.parametrize("content", ["%%%", base64.b64encode(b"{").decode(), base64.b64encode(b"[]").decode()])
def test_what_is_embedded_must_be_json(content: str) -> None:
    with pytest.raises(ContentError, match="embedded") as caught:
        run(by_resource(base64={"value": content}), library())
    assert caught.value.code == "content.import"
    assert caught.value.where is not None
    assert caught.value.where.pointer == "/profile/back-matter/resources/1/base64"


def test_a_resource_without_a_link_is_refused() -> None:
    with pytest.raises(ContentError, match="no link") as caught:
        run(by_resource(), library())
    assert caught.value.where is not None
    assert caught.value.where.pointer == "/profile/back-matter/resources/1"


def test_each_href_is_fetched_relative_to_its_own_profile_and_read_once() -> None:
    found = library()
    found.documents["inner"] = profile({"href": "a.json", "include-all": {}})
    document = profile({"href": "x/inner", "include-all": {}}, {"href": "x/inner", "include-all": {}})
    assert run(document, found) == ["json-1", "json-1"]
    assert found.asked == [("x/inner", "case"), ("a.json", "inner"), ("x/inner", "case")]


@pytest.mark.parametrize("document", [{"component-definition": {}}, {}, {"catalog": None, "profile": None}])
def test_only_catalogs_and_profiles_are_imported(document: dict[str, Any]) -> None:
    with pytest.raises(ContentError, match="neither a catalog nor a profile") as caught:
        run(profile(), Library({"base": document}))
    assert caught.value.code == "content.import"


def test_only_profiles_are_resolved() -> None:
    with pytest.raises(ContentError, match="not an OSCAL profile") as caught:
        resolve(catalog(control("c-1")), uri="case", fetch=library(), instant=INSTANT)
    assert caught.value.code == "content.profile"


def test_a_profile_without_imports_is_an_empty_catalog() -> None:
    document = profile()
    document["profile"]["imports"] = []
    result: Any = resolve(document, uri="case", fetch=library(), instant=INSTANT)
    assert list(result["catalog"]) == ["uuid", "metadata"]


def test_a_long_chain_of_profiles_is_no_circle() -> None:
    found = Library({"p0": catalog(control("c-1"))})
    for number in range(1, 40):
        found.documents[f"p{number}"] = profile({"href": f"p{number - 1}", "include-all": {}})
    assert run(found.documents["p39"], found) == ["c-1"]
