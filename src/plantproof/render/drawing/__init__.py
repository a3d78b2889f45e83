# SPDX-License-Identifier: Apache-2.0
"""The Purdue drawing of a plant: zones on their levels, sites side by side, conduits between them, as SVG or numbers.

Levels are rows and sites are columns. From plant to picture each step is a pure function: scene (what is drawn),
collapse (many zones as few boxes), tree, places, routes and lanes (where), svg (how it looks). The same plant gives the
same bytes, whatever the order of its files.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.plant import Plant
from plantproof.render.drawing.collapse import AUTO, COLLAPSES, MANY, collapse
from plantproof.render.drawing.layout import Layout, lay_out
from plantproof.render.drawing.numbers import layout_numbers
from plantproof.render.drawing.passing import with_passing
from plantproof.render.drawing.scene import Scene, make_scene
from plantproof.render.drawing.svg import svg
from plantproof.render.drawing.view import Mark, Overlay, Standing, marks_of, standings_of

__all__ = [
    "AUTO",
    "COLLAPSES",
    "MANY",
    "Layout",
    "Mark",
    "Overlay",
    "Scene",
    "Standing",
    "draw_plant",
    "layout_numbers",
    "marks_of",
    "plan",
    "standings_of",
    "with_passing",
]

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_BARE: Final = Overlay()


def plan(plant: Plant, overlay: Overlay = _BARE, *, site: str = "", how: str = AUTO) -> tuple[Scene, Layout]:
    """What is drawn, and where.

    Args:
        plant: Zones, conduits and assets.
        overlay: Levels and findings to show.
        site: Only this one, with what its conduits lead to; empty: all.
        how: One of :data:`COLLAPSES`.
    """
    scene = collapse(make_scene(plant, overlay, site=site), plant, how)
    return scene, lay_out(scene)


def draw_plant(
    plant: Plant,
    overlay: Overlay = _BARE,
    *,
    site: str = "",
    how: str = AUTO,
    links: Mapping[str, str] = _NOTHING,
    ident: str = "plant",
    alone: bool = False,
) -> str:
    """Draw the plant as one ``<svg>`` element of several lines, none of them empty.

    Args:
        plant: Zones, conduits and assets.
        overlay: Levels and findings to show.
        site: Only this one, with what its conduits lead to; empty: all.
        how: One of :data:`COLLAPSES`.
        links: Per zone id the address that its box leads to.
        ident: Prefix of the ids in the drawing; must differ where a page holds two.
        alone: For a file of its own: with a heading and its own colours.
    """
    scene, layout = plan(plant, overlay, site=site, how=how)
    return svg(scene, layout, links=links, ident=ident, alone=alone)
