# SPDX-License-Identifier: Apache-2.0
"""A library of OSCAL documents in memory, to resolve profiles against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plantproof.errors import ContentError


class Library:
    """Fetches documents by the last step of an href, and remembers what was asked for."""

    def __init__(self, documents: Mapping[str, Any] | None = None) -> None:
        self.documents: dict[str, Any] = dict(documents or {})
        self.asked: list[tuple[str, str]] = []

    def __call__(self, href: str, base: str) -> tuple[str, Mapping[str, object]]:
        self.asked.append((href, base))
        name = href.rsplit("/", 1)[-1]
        if name not in self.documents:
            raise ContentError(f"there is no {href}", code="content.import", hint="Put it into the library.")
        return name, self.documents[name]


def control(name: str, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Build a control; keyword names have underscores for hyphens."""
    body: dict[str, Any] = {"id": name, "title": f"Control {name}"}
    body |= {key.replace("_", "-"): value for key, value in more.items()}
    return body | ({"controls": list(children)} if children else {})


def catalog(*controls: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Build a catalog document."""
    body: dict[str, Any] = {"uuid": "00000000-0000-4000-8000-000000000001"}
    body["metadata"] = {"title": "Catalog", "oscal-version": "1.2.1"}
    if controls:
        body["controls"] = list(controls)
    return {"catalog": body | {key.replace("_", "-"): value for key, value in more.items()}}


def profile(*imports: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Build a profile document; without imports it takes all of ``base``."""
    body: dict[str, Any] = {"uuid": "00000000-0000-4000-8000-000000000002"}
    body["metadata"] = {"title": "Profile", "oscal-version": "1.2.1"}
    body["imports"] = list(imports) or [{"href": "base", "include-all": {}}]
    return {"profile": body | {key.replace("_", "-"): value for key, value in more.items()}}
