# SPDX-License-Identifier: Apache-2.0
"""Our resolution of NIST's SP 800-53 baselines against what NIST published, byte for byte where it counts.

NIST's files are not in this repository. Set PLANTPROOF_OSCAL_CONTENT to a checkout of usnistgov/oscal-content (the folder
that holds ``nist.gov/``) to run these tests.

Groups, controls, parameters, parts, props, links and back-matter are compared whole, by equality of the JSON. Allowed to
differ, and nothing else: the uuid, ``last-modified``, the name of the resolution tool, and the source-profile link, which
names NIST's XML file.

A copy without the large rev 5 catalog still gives a weaker test: the catalog is put together from NIST's four
resolved baselines, so it holds every control that they select and none besides.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from plantproof.errors import ContentError
from plantproof.oscal.resolve import Note, resolve

VARIABLE = "PLANTPROOF_OSCAL_CONTENT"
BASELINES = [
    ("rev4", "LOW", 124),
    ("rev4", "MODERATE", 261),
    ("rev4", "HIGH", 343),
    ("rev5", "LOW", 149),
    ("rev5", "MODERATE", 287),
    ("rev5", "HIGH", 370),
    # The profile lists 96: NIST's result has the six parents of listed enhancements as well.
    ("rev5", "PRIVACY", 102),
]

pytestmark = pytest.mark.skipif(
    not os.environ.get(VARIABLE), reason=f"{VARIABLE} does not name a checkout of usnistgov/oscal-content"
)


def folder(revision: str) -> Path:
    return Path(os.environ[VARIABLE]) / "nist.gov" / "SP800-53" / revision / "json"


@cache
def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def published(revision: str, name: str) -> Any:
    return load(folder(revision) / f"NIST_SP-800-53_{revision}_{name}-baseline-resolved-profile_catalog.json")


def fetch(href: str, base: str) -> tuple[str, Mapping[str, object]]:
    path = Path(os.path.normpath(Path(base).parent / href))
    if path.is_file():
        return str(path), load(path)
    if path.name == "NIST_SP-800-53_rev5_catalog.json":
        return str(path), rebuilt_catalog()
    raise ContentError(f"no file {path.name}", code="content.import", hint="Complete the checkout.")


@cache
def rebuilt_catalog() -> dict[str, Any]:
    """Put the rev 5 catalog together from the four baselines."""
    catalogs = [published("rev5", name)["catalog"] for name in ("HIGH", "MODERATE", "LOW", "PRIVACY")]
    return {
        "catalog": {
            "uuid": "00000000-0000-4000-8000-000000000000",
            "metadata": catalogs[0]["metadata"],
            "groups": union([c["groups"] for c in catalogs], "id"),
            "back-matter": {"resources": union([c["back-matter"]["resources"] for c in catalogs], "uuid")},
        }
    }


def union(lists: list[list[Any]], key: str) -> list[Any]:
    """Unite ordered lists of things, and the controls inside equal things."""
    bodies: dict[str, list[Any]] = {}
    for things in lists:
        for thing in things:
            bodies.setdefault(thing[key], []).append(thing)
    result = []
    for name in in_order([[thing[key] for thing in things] for things in lists]):
        first = bodies[name][0]
        inner = [thing["controls"] for thing in bodies[name] if "controls" in thing]
        result.append(first | {"controls": union(inner, "id")} if inner else first)
    return result


def in_order(lists: Iterable[list[str]]) -> list[str]:
    """Unite lists of names that agree on order; what they leave open is decided by the ids' numbers."""
    after: dict[str, set[str]] = {}
    for names in lists:
        for position, name in enumerate(names):
            after.setdefault(name, set()).update(names[:position])
    result: list[str] = []
    while after:
        ready = [name for name, before in after.items() if not before & after.keys()]
        result.append(min(ready, key=natural))
        del after[result[-1]]
    return result


def natural(name: str) -> list[tuple[int, str]]:
    return [(int(step), "") if step.isdigit() else (0, step) for step in name.replace("-", ".").split(".")]


def control_ids(owner: Any) -> list[str]:
    found = []
    for control in owner.get("controls", []):
        found += [control["id"], *control_ids(control)]
    for group in owner.get("groups", []):
        found += control_ids(group)
    return found


def differences(ours: Any, theirs: Any, pointer: str = "") -> list[str]:
    """List where two JSON values differ, as pointers."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys = sorted(ours.keys() | theirs.keys())
        return [line for key in keys for line in differences(ours.get(key), theirs.get(key), f"{pointer}/{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [line for i, (mine, other) in pairs for line in differences(mine, other, f"{pointer}/{i}")]
    return [] if ours == theirs else [pointer]


@pytest.mark.parametrize(("revision", "name", "count"), BASELINES)
def test_published_baseline(revision: str, name: str, count: int) -> None:
    path = folder(revision) / f"NIST_SP-800-53_{revision}_{name}-baseline_profile.json"
    expected = published(revision, name)["catalog"]
    notes: list[Note] = []
    result: Any = resolve(
        load(path),
        uri=str(path),
        fetch=fetch,
        instant=expected["metadata"]["last-modified"],
        note=notes.append,
    )["catalog"]
    assert control_ids(result) == control_ids(expected)
    assert len(control_ids(result)) == count
    assert notes == []
    allowed = ["/metadata/links/0/href", "/metadata/props/0/value", "/uuid"]
    assert differences(result, expected) == allowed
    xml_name = expected["metadata"]["links"][0]["href"]
    assert Path(xml_name).stem == path.stem
    assert list(result) == list(expected)
