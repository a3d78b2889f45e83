# SPDX-License-Identifier: Apache-2.0
"""Two small made-up standards and a crosswalk between them, as a workspace holds them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plantproof.core.identity import PROP_NS, stable_uuid

__all__ = ["control", "make_catalog", "make_crosswalk", "make_row", "write_standards"]

Json = dict[str, Any]


def prop(name: str, value: str, ns: str = PROP_NS) -> Json:
    return {"name": name, "value": value} | ({"ns": ns} if ns else {})


def metadata(title: str, *props: Json) -> Json:
    found: Json = {"title": title, "last-modified": "2026-11-23T00:00:00Z", "version": "1", "oscal-version": "1.2.1"}
    return found | ({"props": list(props)} if props else {})


def control(ident: str, title: str, prose: str = "", *nested: Json, kind: str = "control", label: str = "") -> Json:
    found: Json = {"id": ident, "class": kind, "title": title, "props": [prop("label", label or ident.upper(), "")]}
    if prose:
        found["parts"] = [{"id": f"{ident}_smt", "name": "statement", "prose": prose}]
    return found | ({"controls": list(nested)} if nested else {})


def make_catalog(key: str, *groups: tuple[str, Sequence[Json]]) -> Json:
    return {
        "catalog": {
            "uuid": stable_uuid("catalog", key),
            "metadata": metadata(f"The {key} standard", prop("catalog-key", key)),
            "groups": [{"id": ident, "title": f"Group {ident}", "controls": list(inner)} for ident, inner in groups],
        }
    }


def make_row(source: str, relation: str, target: str, remarks: str = "both ask for it", **more: Any) -> Json:
    def items(names: str) -> list[Json]:
        return [{"type": "control", "id-ref": name} for name in names.split()]

    row = {
        "uuid": stable_uuid("row", source, relation, target, remarks),
        "relationship": relation,
        "sources": items(source),
        "targets": items(target),
    }
    return row | ({"remarks": remarks} if remarks else {}) | more


def make_crosswalk(
    rows: Sequence[Json], *, source: str = "urn:plantproof:catalog:red", target: str = "urn:plantproof:catalog:blue",
    props: Sequence[Json] | None = None, mapping: Mapping[str, Any] | None = None,
) -> Json:  # fmt: skip
    said = (
        [prop("authority", "Us"), prop("official", "no"), prop("source-document", "this")] if props is None else props
    )
    return {
        "mapping-collection": {
            "uuid": stable_uuid("crosswalk", source, target),
            "metadata": metadata("Red to blue", *said),
            "provenance": {
                "method": "human",
                "matching-rationale": "semantic",
                "status": "complete",
                "mapping-description": "made up",
            },
            "mappings": [
                {
                    "uuid": stable_uuid("mapping", source, target),
                    "source-resource": {"type": "catalog", "href": source},
                    "target-resource": {"type": "catalog", "href": target},
                    "maps": list(rows),
                    **(mapping or {}),
                }
            ],
        }
    }


RED = make_catalog(
    "red",
    (
        "r-1",
        [
            control(
                "r-1.1",
                "Doors are locked",
                "Every door of the pump house has a lock that closes by itself.",
                control("r-1.1.re-1", "Doors report", "A door that stands open is reported.", kind="RE"),
                label="R 1.1",
            ),
            control("r-1.2", "Keys are counted", "A list says who has which key.", label="R 1.2"),
        ],
    ),
)
BLUE = make_catalog(
    "blue",
    (
        "b",
        [
            control(
                "b-7",
                "Access",
                "Only those who must may enter.",
                control("b-7.a", "Locks", "There are locks.", kind="point", label="7(a)"),
                label="7",
            ),
            control("b-8", "Windows", "Windows are shut at night.", label="8"),
        ],
    ),
)
ROWS = (
    make_row("r-1.1", "superset-of", "b-7.a", "Locks are asked for by both; red also wants them to close."),
    make_row("r-1.2", "intersects-with", "b-7", "Keys decide who enters."),
)


def write_standards(root: Path, rows: Sequence[Json] = ROWS, **crosswalk: Any) -> Path:
    """Write both catalogs and the crosswalk ``red-to-blue`` into a workspace's folders, as JSON; returns the root."""
    documents = {
        "catalog/red.json": RED,
        "catalog/blue.json": BLUE,
        "catalog/crosswalks/red-to-blue.json": make_crosswalk(rows, **crosswalk),
    }
    for name, document in documents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return root
