# SPDX-License-Identifier: Apache-2.0
"""Documents of a wrong shape end in an error with a pointer, never in a traceback."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.oscal_library import Library, catalog, control, profile
from plantproof.errors import ContentError, PlantproofError
from plantproof.oscal.resolve import resolve
from plantproof.oscal.resolve.shape import Place

ALL: dict[str, Any] = {"href": "base", "include-all": {}}


def run(document: dict[str, Any], base: Any = None) -> Any:
    library = Library({"base": catalog(control("c-1")) if base is None else base})
    result: Any = resolve(document, uri="case", fetch=library, instant="2030-01-01T00:00:00Z")
    return result["catalog"]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"profile": []}, "/profile"),
        ({"profile": {"imports": {}}}, "/profile/imports"),
        ({"profile": {"imports": ["x"]}}, "/profile/imports/0"),
        (profile({"include-all": {}}), "/profile/imports/0/href"),
        (profile({"href": 7, "include-all": {}}), "/profile/imports/0/href"),
        (profile({"href": "base", "include-controls": {}}), "/profile/imports/0/include-controls"),
        (
            profile({"href": "base", "include-controls": [{"with-ids": "c-1"}]}),
            "/profile/imports/0/include-controls/0/with-ids",
        ),
        (
            profile({"href": "base", "include-controls": [{"with-ids": ["c-1", 7]}]}),
            "/profile/imports/0/include-controls/0/with-ids/1",
        ),
        (profile(merge=[]), "/profile/merge"),
        (profile(merge={"combine": "keep"}), "/profile/merge/combine"),
        (profile(merge={"custom": []}), "/profile/merge/custom"),
        (profile(modify={"alters": [{}]}), "/profile/modify/alters/0/control-id"),
        (profile(modify={"set-parameters": [{}]}), "/profile/modify/set-parameters/0/param-id"),
        (profile(back_matter={"resources": 1}), "/profile/back-matter/resources"),
        (profile(metadata=7), "/profile/metadata"),
    ],
)
def test_profile(document: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ContentError) as caught:
        run(document)
    assert caught.value.code == "content.schema"
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.pointer) == ("case", pointer)


@pytest.mark.parametrize(
    ("base", "pointer"),
    [
        ({"catalog": [1]}, "/catalog"),
        ({"catalog": {"controls": {}}}, "/catalog/controls"),
        (catalog(control("c-1", {"title": "no id"})), "/catalog/controls/0/controls/0/id"),
        (catalog(groups=[{"groups": [{"controls": [7]}]}]), "/catalog/groups/0/groups/0/controls/0"),
    ],
)
def test_catalog(base: Any, pointer: str) -> None:
    with pytest.raises(ContentError) as caught:
        run(profile(), base)
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.pointer) == ("base", pointer)


def test_pointer_escapes() -> None:
    assert (Place("f") / "a/b" / "c~d" / 0).location.pointer == "/a~1b/c~0d/0"


@pytest.mark.parametrize("key", ["parts", "controls"])
def test_deep_nesting_is_refused(key: str) -> None:
    body: dict[str, Any] = control("c-0")
    for number in range(1, 1500):
        body = {"id": f"c-{number}", "title": "t", key: [body]}
    with pytest.raises(ContentError) as caught:
        run(profile(modify={"alters": [{"control-id": "c-1499", "removes": [{"by-id": "x"}]}]}), catalog(body))
    assert caught.value.code == "content.schema"


def test_parts_too_deep_for_json_are_refused() -> None:
    body: dict[str, Any] = {"name": "leaf"}
    for _ in range(400):
        body = {"name": "part", "parts": [body]}
    with pytest.raises(ContentError, match="cannot be written as JSON"):
        run(profile(), catalog(control("c-1", parts=[body])))


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ContentError, match="cannot be written as JSON") as caught:
        run(profile(), catalog(control("c-1", parts=[{"name": "x", "prose": {1, 2}}])))
    assert caught.value.hint


def test_read_only_documents_and_yaml_dates_are_taken() -> None:
    base = {"catalog": MappingProxyType({"controls": (MappingProxyType(control("c-1", on=dt.date(2030, 1, 1))),)})}
    assert [one["id"] for one in run(profile(ALL), base)["controls"]] == ["c-1"]


CASES = sorted((Path(__file__).parents[3] / "conformance" / "resolution_cases").glob("*.json"))
JUNK = st.one_of(
    *(st.none(), st.booleans(), st.integers(0, 9), st.sampled_from(["", "c-1", "base", "#", "yes", "*"])),
    *(st.just([]), st.just({}), st.just([[]]), st.just([{}]), st.just({"id": []}), st.just([{"id": {}}]), st.just([7])),
)


def steps_into(value: Any) -> list[tuple[Any, Any]]:
    """List every place in a JSON value as its container and its key there."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [step for key in keys for step in ((value, key), *steps_into(value[key]))]


@settings(max_examples=400)
@given(st.sampled_from(CASES), st.data(), JUNK)
def test_one_wrong_value_anywhere_is_an_error_of_ours_or_a_catalog(path: Path, data: st.DataObject, junk: Any) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    library = Library({"case": {"profile": case["profile"]}})
    library.documents |= {name: {"catalog": body} for name, body in case["catalogs"].items()}
    library.documents |= {name: {"profile": body} for name, body in case.get("profiles", {}).items()}
    container, key = data.draw(st.sampled_from(steps_into(library.documents)))
    container[key] = junk
    document = library.documents["case"]
    try:
        result = resolve(document if isinstance(document, dict) else {}, uri="case", fetch=library, instant="x")
    except PlantproofError as error:
        problem = error
        assert problem.code.startswith("content.")
    else:
        assert set(result) == {"catalog"}
