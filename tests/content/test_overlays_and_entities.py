# SPDX-License-Identifier: Apache-2.0
"""Overlays change what they say they change and take nothing out; NIS2 profiles select the whole of what binds an entity."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from plantproof.adapters.content import CATALOGS, PROFILES, Content
from plantproof.adapters.documents import read_document
from plantproof.adapters.profiles import resolve_profile
from plantproof.oscal.baseline import control_prop, walk_controls
from plantproof.oscal.differences import compare

CONTENT = Content()
OVERLAYS = ("cloud", "legacy", "remote", "sis", "wireless")
SERVICES = {
    *("cdn", "cloud", "data-centre", "dns", "managed-security", "managed-services"),
    *("marketplace", "search", "social", "tld", "trust"),
}  # the eleven kinds of Article 1 of Regulation (EU) 2024/2690


@cache
def profile(name: str) -> Mapping[str, Any]:
    body = read_document(CONTENT.find(PROFILES, name)).data["profile"]
    assert isinstance(body, Mapping)
    return body


@cache
def catalog(name: str) -> Mapping[str, Any]:
    body = read_document(CONTENT.find(CATALOGS, name)).data["catalog"]
    assert isinstance(body, Mapping)
    return body


def selected(name: str) -> list[str]:
    resolved = resolve_profile(CONTENT, name)["catalog"]
    assert isinstance(resolved, Mapping)
    return [str(c["id"]) for _, _, c in walk_controls(resolved) if not control_prop(c, "heading")]


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_changes_exactly_what_it_says_and_takes_nothing_out(name: str) -> None:
    overlay = profile(f"iec62443-3-3-overlay-{name}")["modify"]
    resolved = resolve_profile(CONTENT, f"iec62443-3-3-overlay-{name}")["catalog"]
    found = compare(catalog("iec62443-3-3"), resolved)
    assert not found.added
    assert not found.gone
    assert {change.param for change in found.values} == {p["param-id"] for p in overlay["set-parameters"]}
    assert set(found.changed) >= {alter["control-id"] for alter in overlay["alters"]}
    assert len(overlay["alters"]) >= 5


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_says_why_each_value_and_each_addition_stands_there(name: str) -> None:
    body = profile(f"iec62443-3-3-overlay-{name}")
    assert len(body["metadata"]["remarks"].split()) >= 40
    reasons = [p["guidelines"][0]["prose"] for p in body["modify"]["set-parameters"]]
    texts = [part["prose"] for a in body["modify"]["alters"] for add in a["adds"] for part in add["parts"]]
    assert all(len(text.split()) >= 12 for text in reasons + texts)
    assert len(set(reasons + texts)) == len(reasons) + len(texts)


@pytest.mark.parametrize("entity", ["essential", "important"])
def test_both_kinds_of_entity_owe_every_duty_of_the_directive(entity: str) -> None:
    assert len(selected(f"nis2-{entity}")) == 26
    assert "Article 3" in profile(f"nis2-{entity}")["metadata"]["remarks"]  # 32 and 33: the supervision


def test_the_regulation_has_a_profile_for_each_kind_of_service_it_names() -> None:
    whole = [str(c["id"]) for _, _, c in walk_controls(catalog("nis2-2024-2690"))]
    found = {
        name.removeprefix("nis2-2024-2690-") for name in CONTENT.names(PROFILES) if name.startswith("nis2-2024-2690-")
    }
    assert found == SERVICES
    for service in SERVICES:
        assert selected(f"nis2-2024-2690-{service}") == whole
        assert len(whole) == 424
