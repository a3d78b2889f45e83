# SPDX-License-Identifier: Apache-2.0
"""The drawing of the demo plant as it was looked at; ``PLANTPROOF_WRITE_GOLDEN=1`` writes it anew."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from plantproof.adapters.documents import parse_document
from plantproof.adapters.workspace.entries import Defects
from plantproof.adapters.workspace.zones import read_zones
from plantproof.core.plant import Plant
from plantproof.render.drawing import draw_plant

HERE = Path(__file__).parent / "drawing"


def test_the_demo_plant_is_drawn_as_it_was_looked_at() -> None:
    folder = files("plantproof.adapters.demo") / "files" / "plant"
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in ("zones.yml", "conduits.yml")}
    zones, conduits = read_zones(
        [parse_document(text, name=name, is_yaml=True) for name, text in texts.items()], Defects()
    )
    drawing = draw_plant(Plant(name="Demo", owner="O", zones=zones, conduits=conduits, assets={}), alone=True)
    kept = HERE / "demo.svg"
    if os.environ.get("PLANTPROOF_WRITE_GOLDEN"):
        HERE.mkdir(exist_ok=True)
        kept.write_text(drawing, encoding="utf-8")
    assert drawing == kept.read_text(encoding="utf-8")
