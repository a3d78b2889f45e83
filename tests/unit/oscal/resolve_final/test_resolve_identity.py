# SPDX-License-Identifier: Apache-2.0
"""The uuid and the sharing of a resolution."""

from __future__ import annotations

import uuid
from typing import Any

from fakes.oscal_library import Library, catalog, control, profile
from plantproof.oscal.resolve import resolve

INSTANT = "2030-01-01T00:00:00Z"


def run(document: dict[str, Any], base: dict[str, Any], *, uri: str = "case", instant: str = INSTANT) -> Any:
    result: Any = resolve(document, uri=uri, fetch=Library({"base": base}), instant=instant)
    return result["catalog"]


def picking(*names: str) -> dict[str, Any]:
    return profile({"href": "base", "include-controls": [{"with-ids": list(names)}]})


BASE = catalog(control("c-1", parts=[{"name": "statement"}]), control("c-2"))


def test_uuid_is_version_5_and_does_not_know_time_or_place() -> None:
    first = run(picking("c-1"), BASE)["uuid"]
    assert uuid.UUID(first).version == 5
    assert run(picking("c-1"), BASE, uri="elsewhere", instant="2031-01-01T00:00:00Z")["uuid"] == first


def test_uuid_tells_selections_and_sources_apart() -> None:
    newer = catalog(control("c-1"), metadata={"last-modified": "2031-01-01T00:00:00Z"})
    found = {
        run(picking("c-1"), BASE)["uuid"],
        run(picking("c-2"), BASE)["uuid"],
        run(picking("c-1", "c-2"), BASE)["uuid"],
        run(picking("c-1"), newer)["uuid"],
    }
    assert len(found) == 4


def test_untouched_controls_are_shared_and_altered_ones_are_not() -> None:
    altered = picking("c-1", "c-2")
    altered["profile"]["modify"] = {
        "alters": [{"control-id": "c-1", "adds": [{"props": [{"name": "n", "value": "v"}]}]}]
    }
    first, second = run(altered, BASE)["controls"]
    mine, other = BASE["catalog"]["controls"]
    assert second is other
    assert first is not mine
    assert first["parts"] is mine["parts"]
    assert "props" not in mine


def test_source_profile_is_the_uri() -> None:
    links = run(picking("c-1"), BASE, uri="plantproof:profiles/sl1")["metadata"]["links"]
    assert links == [{"href": "plantproof:profiles/sl1", "rel": "source-profile"}]


def test_documents_without_a_version_get_ours() -> None:
    bare = picking("c-1")
    bare["profile"]["metadata"] = {"title": "Bare"}
    result = run(bare, catalog(control("c-1"), metadata={"title": "Bare", "oscal-version": "draft"}))
    assert result["metadata"]["oscal-version"] == "1.2.1"
