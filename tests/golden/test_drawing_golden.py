# SPDX-License-Identifier: Apache-2.0
"""The drawing of the demo plant as it was looked at, which is the picture in the how-to; ``PLANTPROOF_WRITE_GOLDEN=1`` writes it anew."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from plantproof.adapters.documents import parse_document
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.zones import read_zones
from plantproof.core.plant import Plant
from plantproof.render.drawing import draw_plant

KEPT = Path(__file__).parents[2] / "site" / "pages" / "assets" / "demo-plant.svg"


def test_the_demo_plant_is_drawn_as_it_was_looked_at() -> None:
    folder = files("plantproof.adapters.demo") / "files" / "plant"
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in ("zones.yml", "conduits.yml")}
    zones, conduits = read_zones(
        [parse_document(text, name=name, is_yaml=True) for name, text in texts.items()], Defects()
    )
    drawing = draw_plant(
        Plant(name="Nordfeld water works", owner="O", zones=zones, conduits=conduits, assets={}), alone=True
    )
    if os.environ.get("PLANTPROOF_WRITE_GOLDEN"):
        KEPT.write_text(drawing, encoding="utf-8")
    assert drawing == KEPT.read_text(encoding="utf-8")
