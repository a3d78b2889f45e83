# SPDX-License-Identifier: Apache-2.0
"""What firewalls let through, in the drawing: on the conduit's line, or on a line of its own."""

from __future__ import annotations

from fakes.plants import conduit, firewall, iptables, plant, zone
from plantproof.firewall.reach import findings_of, judge
from plantproof.render.drawing import Overlay, draw_plant, layout_numbers, plan, with_passing

HERE = plant(
    zone("office", "10.1.0.0/16"),
    zone("dmz", "10.2.0.0/24"),
    zone("cell", "10.4.0.0/24"),
    firewall("fw", a="office", b="dmz", c="cell"),
    conduit("up", "cell > dmz: opcua"),
    conduit("down", "office > dmz: https"),
)
RULES = (
    "-i a -o c -p tcp -m tcp --dport 445 -j ACCEPT",
    "-i c -o a -p udp -m limit --limit 1/second --dport 161 -j ACCEPT",
    "-i a -o b -p tcp -m tcp --dport 22 -j ACCEPT",
    "-i c -o b -p tcp -m tcp --dport 4840 -j ACCEPT",
)


def overlay(*rules: str) -> Overlay:
    devices = {"fw": iptables(*rules)}
    return with_passing(Overlay(), findings_of(HERE, devices, judge(HERE, devices)), HERE)


def test_a_finding_is_on_its_conduits_line_or_has_a_line_of_its_own() -> None:
    found = overlay(*RULES)
    assert {key: [mark.rule for mark in marks] for key, marks in found.marks.items()} == {
        "conduit/down": ["undeclared", "blocked"]
    }
    (way,) = found.ways
    assert (way.ends, way.towards, way.label) == (("cell", "office"), frozenset({"cell", "office"}), "undeclared: smb")
    assert [mark.rule for mark in way.marks] == ["undeclared", "doubtful"]


def test_only_doubt_is_told_as_doubt() -> None:
    (way,) = overlay(RULES[1]).ways
    assert way.label == "perhaps: snmp"


def test_the_line_is_drawn_told_and_explained() -> None:
    drawing = draw_plant(HERE, overlay(*RULES))
    assert 'class="pd-line pd-beside"' in drawing
    assert "undeclared: smb" in drawing
    assert "something passes, and no conduit joins them" in drawing
    assert "No conduit joins" in drawing
    assert "pd-beside" not in draw_plant(HERE, overlay()).partition("</style>")[2]
    numbers = layout_numbers(*plan(HERE, overlay(*RULES)))
    lines = numbers["lines"]
    assert isinstance(lines, list)
    (beside,) = (line for line in lines if not line["conduits"])
    assert [one["id"] for one in beside["findings"]] == ["undeclared", "doubtful"]


def test_zones_put_together_keep_what_passes_between_them() -> None:
    scene, _ = plan(HERE, overlay(*RULES), how="level")
    links = {link.id: link for link in scene.links}
    marks = [mark for link in links.values() for mark in link.marks] + [m for node in scene.nodes for m in node.marks]
    assert sorted(mark.rule for mark in marks) == ["blocked", "doubtful", "undeclared", "undeclared"]
    only, _ = plan(HERE, overlay(RULES[0], RULES[3]), how="site")
    assert only.nodes


def test_nothing_between_is_said_without_a_direction() -> None:
    bare = plant(
        zone("a", "10.1.0.0/16"), zone("b", "10.2.0.0/16"), zone("c", "10.3.0.0/16"), firewall("fw", x="a, b", y="c")
    )
    devices = {"fw": iptables()}
    (way,) = with_passing(Overlay(), findings_of(bare, devices, judge(bare, devices)), bare).ways
    assert (way.ends, way.towards, way.label) == (("a", "b"), frozenset(), "no firewall")
