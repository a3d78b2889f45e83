# SPDX-License-Identifier: Apache-2.0
"""The plant as things to draw: boxes with their rows and lines with their words. Nothing here has a place yet.

Everything is sorted by id, so that the order of declaration in files never shows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from plantproof.core.plant import Conduit, Flow, Plant, Zone
from plantproof.render.drawing.view import MET, MISSED, OPEN, Mark, Overlay, Standing, Way
from plantproof.render.zone_rows import sl_text

__all__ = ["ROWS", "Link", "Node", "Scene", "joined_words", "make_scene", "natural", "signed"]

ROWS: Final = ("outside", "5", "4", "3.5", "3", "2", "1", "0")
"""Rows from the top: Purdue levels, and above them what the plant does not own."""
_ROW_OF_KIND: Final = MappingProxyType(
    {
        "external": "outside",
        "cloud": "outside",
        "enterprise": "4",
        "dmz": "3.5",
        "remote-access": "3.5",
        "supervision": "3",
        "wireless": "2",
        "temporary": "2",
        "control": "1",
        "safety": "1",
    }
)
_SIGNS: Final = MappingProxyType({MET: "✓", OPEN: "?", MISSED: "✗"})
_NAMES: Final = 2
_LONGEST: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One box: a zone, or several zones drawn as one."""

    id: str
    title: str
    row: str
    """One of :data:`ROWS`; of a zone with others in it and no level of its own, empty: theirs."""
    site: str
    parent: str = ""
    kind: str
    """One of the plant's kinds; empty for several zones."""
    word: str
    """What kind it is and how many assets it has."""
    facts: str
    """Its target, and whether assets are simulated."""
    said: str
    """All about it in one paragraph, for titles and descriptions."""
    zones: tuple[str, ...]
    standing: Standing | None = None
    marks: tuple[Mark, ...] = ()
    elsewhere: bool = False
    """Shown only because a conduit of the drawn site leads there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One line between two boxes: a conduit, a pair of zones of one, or several conduits drawn as one."""

    id: str
    ends: tuple[str, str]
    opens: tuple[bool, bool]
    """Per end whether connections are opened towards it: there is an arrowhead."""
    label: str
    said: str
    conduits: tuple[str, ...]
    """Empty: it is no conduit, but something passes."""
    one_way: str = ""
    """Id of the end that a diode lets data out to; empty: no diode."""
    trust: bool = False
    marks: tuple[Mark, ...] = ()
    standing: Standing | None = None
    """None: nothing is known of what the conduit consists of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A whole drawing before its layout."""

    name: str
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    within: Mapping[str, tuple[str, ...]]
    """By box the conduits that run inside it and have no line."""
    note: str = ""
    """What the drawing leaves out or puts together."""


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts ``cell-2`` before ``cell-10``."""
    parts = re.split(r"([0-9]+)", text)
    return (*((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts), (0, 0, text))


def make_scene(plant: Plant, overlay: Overlay, *, site: str = "") -> Scene:
    """Turn a plant into boxes and lines, a box per zone.

    Args:
        plant: Any plant, also one whose ids lead nowhere.
        overlay: What is known of its zones and conduits.
        site: Draw this site and what its conduits lead to; empty: every site.
    """
    shown = sorted(plant.zones, key=natural)
    if site:
        own = {zone for zone in shown if _site(plant, zone) == site}
        joins = [one.zones for one in plant.conduits.values() if own & {*one.zones}]
        far = {zone for zones in joins for zone in zones if zone not in own}
        shown = [zone for zone in shown if zone in own or zone in far]
    assets = Counter(asset.zone for asset in plant.assets.values())
    simulated = Counter(asset.zone for asset in plant.assets.values() if asset.simulated)
    among = frozenset(shown)
    outer = frozenset(plant.zones[zone].parent for zone in shown)
    nodes = [
        _node(
            plant, plant.zones[zone], overlay, (among, outer), assets=assets[zone], simulated=simulated[zone], site=site
        )
        for zone in shown
    ]
    by_id = {node.id: node for node in nodes}
    conduits = sorted(plant.conduits.values(), key=lambda one: natural(one.id))
    links: list[Link] = []
    for conduit in conduits:
        if not site or own & {*conduit.zones}:
            marks = overlay.marks.get(f"conduit/{conduit.id}", ())
            links += _links(conduit, by_id, marks, overlay.standings.get(conduit.id))
    ways = (way for way in overlay.ways if {*way.ends} <= by_id.keys() and (not site or own & {*way.ends}))
    links += [_beside(way, by_id) for way in ways]
    note = f"Site {site}, and zones elsewhere that its conduits lead to." if site else ""
    return Scene(name=plant.name, nodes=tuple(nodes), links=tuple(links), within={}, note=note)


def _site(plant: Plant, zone: str) -> str:
    """A box in a box stands where the outer one stands."""
    outer = plant.ancestors_of(zone)
    return outer[-1].site if outer and outer[-1].id != zone else plant.zones[zone].site


def _node(
    plant: Plant,
    zone: Zone,
    overlay: Overlay,
    among: tuple[frozenset[str], frozenset[str]],
    *,
    assets: int,
    simulated: int,
    site: str,
) -> Node:
    """One zone; ``among`` are all that are shown, and all that others lie in."""
    shown, outer = among
    around = [one.id for one in plant.ancestors_of(zone.id)]
    # Zones that lie in one another in a circle cannot be drawn so: they stand side by side.
    parent = next((one for one in around if one in shown), "") if zone.id not in around else ""
    count = "1 asset" if assets == 1 else f"{assets} assets"
    acted = "" if not simulated else "simulated" if simulated == assets else f"{simulated} simulated"
    elsewhere = bool(site) and _site(plant, zone.id) != site
    standing, marks = overlay.standings.get(zone.id), overlay.marks.get(f"zone/{zone.id}", ())
    level = f"level {zone.purdue}" if zone.purdue else "no level given"
    said = [
        f"Zone {zone.title} ({zone.id}): {zone.kind}, {level}, SL-T {sl_text(zone.sl_t)}, {count}{f' ({acted})' if acted else ''}"
    ]
    said += [f"lies in {zone.parent}"] if zone.parent else []
    said += [f"site {zone.site}"] if zone.site else []
    said += [f"SL-A {sl_text(standing.proven)} proven, {sl_text(standing.possible)} possible"] if standing else []
    row = zone.purdue if zone.purdue in ROWS else "" if zone.id in outer else _row_of(plant, zone)
    return Node(
        id=zone.id,
        title=zone.title,
        row=row,
        site="\0elsewhere" if elsewhere else _site(plant, zone.id),
        parent=parent,
        kind=zone.kind,
        word=f"{zone.kind.replace('-', ' ')} · {f'at {zone.site}' if elsewhere and zone.site else count}",
        facts=" · ".join(filter(None, (f"SL-T {sl_text(zone.sl_t)}", acted))),
        said="; ".join(said) + _told(marks),
        zones=(zone.id,),
        standing=standing,
        marks=marks,
        elsewhere=elsewhere,
    )


def _row_of(plant: Plant, zone: Zone) -> str:
    """A zone without a level has its outer zone's, else what is usual for its kind."""
    levels = (one.purdue for one in plant.ancestors_of(zone.id) if one.purdue in ROWS)
    return next(levels, _ROW_OF_KIND.get(zone.kind, "1"))


def _links(
    conduit: Conduit, by_id: Mapping[str, Node], marks: tuple[Mark, ...], standing: Standing | None
) -> list[Link]:
    zones = sorted({zone for zone in conduit.zones if zone in by_id}, key=lambda one: _height(by_id[one]))
    pairs: dict[tuple[str, str], list[Flow]] = {}
    for flow in conduit.flows:
        if flow.source in zones and flow.target in zones and flow.source != flow.target:
            upper, lower = sorted((flow.source, flow.target), key=zones.index)
            pairs.setdefault((upper, lower), []).append(flow)
    way = conduit.one_way
    if way and way.source in zones and way.target in zones and way.source != way.target:
        upper, lower = sorted((way.source, way.target), key=zones.index)
        pairs.setdefault((upper, lower), [])
    for zone in zones[1:]:
        if not any(zone in pair for pair in pairs):
            pairs[zones[0], zone] = []
    found = []
    for number, (ends, flows) in enumerate(sorted(pairs.items(), key=lambda one: [zones.index(z) for z in one[0]])):
        services = joined_words(name for flow in flows for name in _names(flow))
        found.append(
            Link(
                id=conduit.id if not number else f"{conduit.id}#{number + 1}",
                ends=ends,
                opens=(any(flow.target == ends[0] for flow in flows), any(flow.target == ends[1] for flow in flows)),
                label=signed(services or ("no flows" if not conduit.flows else ""), standing),
                said=_said(conduit, marks, standing),
                conduits=(conduit.id,),
                one_way=way.target if way and {way.source, way.target} == {*ends} else "",
                trust=conduit.trust_boundary,
                marks=() if number else marks,
                standing=standing,
            )
        )
    return found


def _beside(way: Way, by_id: Mapping[str, Node]) -> Link:
    """A line where no conduit is."""
    ends = sorted(way.ends, key=lambda one: _height(by_id[one]))
    return Link(
        id=f"{ends[0]} - {ends[1]}",
        ends=(ends[0], ends[1]),
        opens=(ends[0] in way.towards, ends[1] in way.towards),
        label=way.label,
        said=f"No conduit joins {ends[0]} and {ends[1]}, and something passes" + _told(way.marks),
        conduits=(),
        marks=way.marks,
    )


def _height(node: Node) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    return (ROWS.index(node.row) if node.row else -1, natural(node.id))


def _names(flow: Flow) -> list[str]:
    """What a flow is called: by names where it has any, by numbers else."""
    parts = [part.strip() for part in flow.service.split(",") if part.strip()]
    return [part for part in parts if "/" not in part] or parts


def joined_words(words: Iterable[str]) -> str:
    """``modbus, opcua +2``: the first by the alphabet, how many more, none of them long."""
    names = {word.casefold(): word for word in sorted({*words}, reverse=True)}
    ordered = [name for _, name in sorted(names.items())]
    kept, rest = ordered[:_NAMES], len(ordered) - _NAMES
    if len(kept) > 1 and sum(map(len, kept)) > _LONGEST:
        kept, rest = kept[:1], len(ordered) - 1
    text = ", ".join(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…" for name in kept)
    return text + (f" +{rest}" if rest > 0 else "")


def signed(label: str, standing: Standing | None) -> str:
    """A line's words, with a sign before them that says how far the conduit's target is proven."""
    return f"{_SIGNS[standing.word]} {label}".rstrip() if standing else label


def _said(conduit: Conduit, marks: tuple[Mark, ...], standing: Standing | None) -> str:
    flows = sorted(f"{flow.source} opens {flow.service or 'something'} to {flow.target}" for flow in conduit.flows)
    said = [
        f"Conduit {conduit.title} ({conduit.id}), SL-T {sl_text(conduit.sl_t)}, joins {', '.join(sorted(conduit.zones))}"
    ]
    said += flows or ["no flows declared"]
    if conduit.one_way:
        said.append(f"diode, one way from {conduit.one_way.source} to {conduit.one_way.target}")
    if conduit.trust_boundary:
        said.append("trust boundary")
    if standing:
        said.append(f"SL-A {sl_text(standing.proven)} proven, {sl_text(standing.possible)} possible")
    return "; ".join(said) + _told(marks)


def _told(marks: tuple[Mark, ...]) -> str:
    return "".join(f". {'Warning' if mark.warning else 'Error'}: {mark.message} [{mark.rule}]" for mark in marks) + "."
