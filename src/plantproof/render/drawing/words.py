# SPDX-License-Identifier: Apache-2.0
"""Text in a drawing: made safe, named, and told for those who do not see it."""

from __future__ import annotations

from html import escape
from types import MappingProxyType
from typing import Final

from plantproof.render.drawing.scene import Scene

__all__ = ["LEVELS", "clean", "site_name", "summary"]

LEVELS: Final = MappingProxyType(
    {
        "outside": ("", "outside"),
        "5": ("5", "enterprise"),
        "4": ("4", "business"),
        "3.5": ("3.5", "DMZ"),
        "3": ("3", "operations"),
        "2": ("2", "cell, area"),
        "1": ("1", "control"),
        "0": ("0", "process"),
    }
)
"""Per row its number and a word for it."""


def clean(text: str) -> str:
    """For XML and HTML alike: no control characters, no line breaks, nothing that ends an element or attribute."""
    return escape("".join(char if char.isprintable() else " " for char in text))


def site_name(site: str) -> str:
    """What stands over a column."""
    return "elsewhere" if site.startswith("\0") else site or "no site"


def summary(scene: Scene, *, whole: bool) -> str:
    """The drawing as text: how much there is, and if ``whole`` every box and every line.

    Readers of a drawing with links come to each part by itself and need no list.
    """
    zones = sum(len(node.zones) for node in scene.nodes)
    conduits = {one for link in scene.links for one in link.conduits} | {
        c for ids in scene.within.values() for c in ids
    }
    said = [
        f"{zones} {'zone' if zones == 1 else 'zones'}, {len(conduits)} {'conduit' if len(conduits) == 1 else 'conduits'}."
    ]
    said += [scene.note] if scene.note else []
    if not whole:
        return " ".join(said)
    said += [node.said for node in scene.nodes]
    told: set[str] = set()
    for link in scene.links:
        if link.said not in told:
            told.add(link.said)
            said.append(link.said)
    said += [f"Inside {ident}: {', '.join(ids)}." for ident, ids in scene.within.items()]
    return " ".join(said)
