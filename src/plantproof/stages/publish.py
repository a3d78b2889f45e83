# SPDX-License-Identifier: Apache-2.0
"""Publishing: an assessment and the content it was judged by, gathered into what the portal shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plantproof.core.crosswalk.routes import Graph
from plantproof.core.crosswalk.rows import ControlRef
from plantproof.core.evidence import NotCollected
from plantproof.core.judgement import Assessment
from plantproof.core.plant import Plant
from plantproof.core.roadmap import RoadMap
from plantproof.oscal.catalogs import CatalogIndex
from plantproof.ports.locker import StoredItem
from plantproof.render.firewall_page import FirewallView
from plantproof.render.risk_page import RiskView
from plantproof.render.view import Counterpart, Duty, PortalView, RegisterView, Standard
from plantproof.stages.assess import Rules

__all__ = ["other_standards", "portal_view"]


def portal_view(
    assessment: Assessment,
    plant: Plant,
    rules: Rules,
    *,
    items: Mapping[str, StoredItem],
    not_collected: Sequence[NotCollected],
    tool: str,
    downloads: Sequence[str] = (),
    standards: Sequence[Standard] = (),
    licensed: Mapping[str, str] | None = None,
    firewalls: FirewallView | None = None,
    risk: RiskView | None = None,
    road: RoadMap | None = None,
    registers: RegisterView | None = None,
    root: str = "",
) -> PortalView:
    """Gather what the pages need; sorted, so that the same inputs give the same pages."""
    top = rules.levels[max(rules.levels)]
    return PortalView(
        plant=plant,
        assessment=assessment,
        checks={compiled.check.id: compiled.check for compiled in sorted(rules.checks, key=lambda c: c.check.id)},
        claims=rules.claims,
        controls=top.source,
        params=top.params,
        evidence=[items[path].item.envelope for path in sorted(items)],
        not_collected=not_collected,
        tool=tool,
        downloads=downloads,
        standards=standards,
        licensed=licensed or {},
        firewalls=firewalls,
        risk=risk,
        road=road,
        registers=registers,
        root=root,
    )


def other_standards(catalogs: Mapping[str, CatalogIndex], graph: Graph, judged: str) -> list[Standard]:
    """Gather the stored rows between a catalog and all others, seen from the others; chains are left out."""
    found = []
    for key, index in catalogs.items():
        duties = [duty for ident in index.entries if (duty := _duty(index, ident, graph, judged)).counterparts]
        if key != judged and duties:
            named = {duty.id for duty in duties}
            without = sum(ident not in named for ident in index.assessable())
            found.append(
                Standard(key=key, title=index.title.removesuffix(", in our own words"), duties=duties, without=without)
            )
    return found


def _duty(index: CatalogIndex, ident: str, graph: Graph, judged: str) -> Duty:
    counterparts = [
        Counterpart(
            control=link.target.control,
            relation=str(link.relation),
            authority=link.row.authority.name,
            official=link.row.authority.official,
            confidence=link.row.confidence,
            reason=link.row.rationale,
        )
        for link in graph.linked(ControlRef(index.key, ident), judged)
    ]
    return Duty(id=ident, label=index.label(ident), title=index.entry_title(ident), counterparts=counterparts)
