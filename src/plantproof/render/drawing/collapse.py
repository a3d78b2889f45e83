# SPDX-License-Identifier: Apache-2.0
"""Many zones drawn as few boxes: one per level, or per site and level, with counts and the worst gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from plantproof.core.levels import SLVector
from plantproof.core.plant import Plant
from plantproof.render.drawing.scene import ROWS, Link, Node, Scene, joined_words, natural, signed
from plantproof.render.drawing.view import MET, MISSED, OPEN, Mark, Standing
from plantproof.render.zone_rows import sl_text

__all__ = ["AUTO", "COLLAPSES", "MANY", "collapse"]

AUTO: Final = "auto"
COLLAPSES: Final = (AUTO, "none", "site", "level")
MANY: Final = 60
"""More zones than this are put together, unless somebody wants each."""
_WORST: Final = (MISSED, OPEN, MET)


def collapse(scene: Scene, plant: Plant, how: str) -> Scene:
    """Put zones together.

    Args:
        scene: A box per zone.
        plant: Where the zones are from.
        how: One of :data:`COLLAPSES`: ``site`` makes a box per site and level, ``level`` one per level; ``auto`` is
            ``site`` for more than :data:`MANY` zones, else ``none``.
    """
    if how == AUTO:
        how = "site" if len(scene.nodes) > MANY else "none"
    if how == "none":
        return scene
    rows = _rows(scene)
    groups: dict[tuple[str, int], list[Node]] = {}
    for node in scene.nodes:
        groups.setdefault((node.site if how == "site" else "", ROWS.index(rows[node.id])), []).append(node)
    home = {
        node.id: f"elsewhere {ROWS[row]}" if node.elsewhere else f"{how} {ROWS[row]} {site}".rstrip()
        for (site, row), nodes in groups.items()
        for node in nodes
    }
    nodes = [
        _merged(home[members[0].id], site, ROWS[row], members, plant)
        for (site, row), members in sorted(groups.items(), key=lambda one: (one[0][1], natural(one[0][0])))
    ]
    order = [node.id for node in nodes]
    pairs: dict[tuple[str, str], list[Link]] = {}
    within: dict[str, set[str]] = {}
    inside: dict[str, list[Mark]] = {}
    for link in scene.links:
        upper, lower = sorted((home[end] for end in link.ends), key=order.index)
        if upper == lower:
            within.setdefault(upper, set()).update(link.conduits)
            inside.setdefault(upper, []).extend(link.marks)
        else:
            pairs.setdefault((upper, lower), []).append(link)
    links = [
        _bundle(ends, pairs[ends], home, plant) for ends in sorted(pairs, key=lambda one: [*map(order.index, one)])
    ]
    per = "site and level" if how == "site" else "level"
    return Scene(
        name=scene.name,
        nodes=tuple(replace(node, marks=tuple(sorted((*node.marks, *inside.get(node.id, ()))))) for node in nodes),
        links=tuple(links),
        within={key: tuple(sorted(ids, key=natural)) for key, ids in sorted(within.items())},
        note=" ".join(filter(None, (scene.note, f"{len(scene.nodes)} zones, drawn as one box per {per}."))),
    )


def _rows(scene: Scene) -> dict[str, str]:
    """Each zone's row; one without any has the highest of those in it."""
    rows = {node.id: node.row for node in scene.nodes}
    inner: dict[str, list[str]] = {}
    for node in scene.nodes:
        inner.setdefault(node.parent, []).append(node.id)

    def row(ident: str) -> str:
        if not rows[ident]:
            rows[ident] = min((row(one) for one in inner.get(ident, ())), key=ROWS.index, default="1")
        return rows[ident]

    return {ident: row(ident) for ident in rows}


def _merged(ident: str, site: str, row: str, members: Sequence[Node], plant: Plant) -> Node:
    if len(members) == 1:
        only = members[0]
        return replace(only, id=ident, row=row, site=site, parent="")
    zones = [plant.zones[zone] for node in members for zone in node.zones]
    kinds = Counter(zone.kind.replace("-", " ") for zone in zones)
    told = sorted(kinds.items(), key=lambda one: (one[0] != "safety", -one[1], one[0]))
    assets = sum(asset.zone in {zone.id for zone in zones} for asset in plant.assets.values())
    highest = SLVector.from_value([max(levels) for levels in zip(*(zone.sl_t for zone in zones), strict=True)])
    names = ", ".join(f"{zone.title} ({zone.id})" for zone in zones)
    same = len({zone.sl_t for zone in zones}) == 1
    facts = f"SL-T {sl_text(highest)}" if same else f"SL-T up to {highest.highest}"
    marks = tuple(sorted(mark for node in members for mark in node.marks))
    return Node(
        id=ident,
        title=f"{len(zones)} zones",
        row=row,
        site=site,
        kind="",
        word=" · ".join(f"{count} {kind}" for kind, count in told),
        facts=f"{facts} · {assets} {'asset' if assets == 1 else 'assets'}",
        said=f"{len(zones)} zones: {names}. {_gaps(members)}".strip(),
        zones=tuple(zone.id for zone in zones),
        standing=_worst([node.standing for node in members if node.standing]),
        marks=marks,
        elsewhere=members[0].elsewhere,
    )


def _worst(standings: Sequence[Standing]) -> Standing | None:
    """The one furthest from its target: missed before open before met, then the widest gap."""
    return min(standings, key=lambda one: (_WORST.index(one.word), -one.gap, one.sl_t.levels), default=None)


def _gaps(members: Sequence[Node]) -> str:
    counts = Counter(node.standing.word for node in members if node.standing)
    return f"Targets: {', '.join(f'{counts[word]} {word}' for word in _WORST if counts[word])}." if counts else ""


def _bundle(ends: tuple[str, str], links: Sequence[Link], home: dict[str, str], plant: Plant) -> Link:
    conduits = tuple(sorted({one for link in links for one in link.conduits}, key=natural))
    towards = {home[end] for link in links for end, opened in zip(link.ends, link.opens, strict=True) if opened}
    ways = {home[link.one_way] if link.one_way else "" for link in links}
    flows = [flow for one in conduits for flow in plant.conduits[one].flows]
    between = [f for f in flows if {home.get(f.source), home.get(f.target)} == {*ends}]
    services = joined_words(
        part.strip() for flow in between for part in flow.service.split(",") if part.strip() and "/" not in part
    )
    count = f"{len(conduits)} conduits" if len(conduits) > 1 else ""
    standing = _worst([link.standing for link in links if link.standing])
    if not conduits:
        services = joined_words(link.label for link in links)
    return Link(
        id=f"{ends[0]} - {ends[1]}",
        ends=ends,
        opens=(ends[0] in towards, ends[1] in towards),
        label=signed(": ".join(filter(None, (count, services))) or ("1 conduit" if conduits else ""), standing),
        said=" ".join(sorted({link.said for link in links}, key=natural)),
        conduits=conduits,
        one_way=ways.pop() if len(ways) == 1 else "",
        trust=all(link.trust for link in links),
        marks=tuple(sorted(mark for link in links for mark in link.marks)),
        standing=standing,
    )
