# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

from fakes.drawn_plants import conduit, make, zone
from plantproof.core.levels import SLVector
from plantproof.core.plant import Asset
from plantproof.render.zone_rows import sl_text, zone_rows


def test_rows_begin_at_the_top_and_count() -> None:
    plant = make(
        [zone("z0", "1"), zone("z1", "3.5"), zone("z2"), zone("z3", "3")], [conduit("c0", ("z0", "z1", "ssh"))]
    )
    assets = {
        "a": Asset(id="a", zone="z0", collectors=("linux_host",), simulated=True),
        "b": Asset(id="b", zone="z0"),
    }
    rows = zone_rows(replace(plant, assets=assets))
    assert [row.zone for row in rows] == ["z1", "z3", "z0", "z2"]
    assert (rows[2].assets, rows[2].simulated, rows[2].collectors, rows[2].conduits) == (
        2,
        1,
        {"linux_host": 1},
        ("c0",),
    )
    assert sl_text(SLVector((1, 2, 3, 4, 0, 1, 2))) == "1 2 3 4 0 1 2"
