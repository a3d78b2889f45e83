# SPDX-License-Identifier: Apache-2.0
"""Documents as they leave: what our own URIs name becomes a file beside the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["with_files"]

_URIS: Final = ("urn:plantproof:catalog:", "urn:plantproof:profile:")
_Json = Mapping[str, object]


def with_files(document: _Json) -> dict[str, object]:
    """A copy in which imports and mapped resources name ``NAME.json``; all else is as it was."""
    return {key: _body(value) if isinstance(value, Mapping) else value for key, value in document.items()}


def _body(body: _Json) -> dict[str, object]:
    changed = dict(body)
    imports, mappings = body.get("imports"), body.get("mappings")
    if isinstance(imports, list):
        changed["imports"] = [_with_file(item) for item in imports]
    if isinstance(mappings, list):
        changed["mappings"] = [
            {key: _with_file(value) if key.endswith("-resource") else value for key, value in mapping.items()}
            for mapping in mappings
        ]
    return changed


def _with_file(holder: _Json) -> dict[str, object]:
    href = str(holder.get("href", ""))
    for uri in _URIS:
        if href.startswith(uri):
            return {**holder, "href": f"{href.removeprefix(uri)}.json"}
    return dict(holder)
