# SPDX-License-Identifier: Apache-2.0
"""Every page of the portal as path and text. Pages grow with zones, requirements and checks, never with assets."""

from __future__ import annotations

import json
from collections.abc import Iterator

from plantproof.render.check_pages import check_list, check_pages, outcomes_by_check
from plantproof.render.conduit_pages import conduit_page
from plantproof.render.control_pages import control_list, control_page
from plantproof.render.firewall_page import firewall_page
from plantproof.render.html import slug
from plantproof.render.overview import overview_page
from plantproof.render.record_pages import evidence_pages, findings_pages, missing_page, verify_page
from plantproof.render.register_pages import dates_page, remote_access_page
from plantproof.render.risk_page import risk_page
from plantproof.render.road_page import road_page
from plantproof.render.standard_pages import standard_list, standard_page
from plantproof.render.view import PortalView
from plantproof.render.zone_pages import zone_list, zone_page

__all__ = ["site_pages"]

_LISTS = frozenset(
    {
        "index.md",
        "zones/index.md",
        "controls/index.md",
        "checks/index.md",
        "findings.md",
        "standards/index.md",
        "firewalls.md",
        "risk.md",
        "roadmap.md",
        "remote-access.md",
        "dates.md",
    }
)
_UNSEARCHED = frozenset({"evidence.md", "not-collected.md"})


def site_pages(view: PortalView) -> Iterator[tuple[str, str]]:
    """Yield (path below the site's pages, text), in a stable order: Markdown, and data of tables too long for a page."""
    for path, page in _pages(view):
        yield path, _front_matter(path, page) + page if path.endswith(".md") else page


def _pages(view: PortalView) -> Iterator[tuple[str, str]]:
    yield "index.md", overview_page(view)
    yield from _plant_pages(view)
    yield "controls/index.md", control_list(view)
    for info in view.assessment.controls.values():
        yield f"controls/{slug(info.id)}.md", control_page(view, info)
    yield "checks/index.md", check_list(view)
    outcomes = outcomes_by_check(view)
    for check in view.checks.values():
        yield from check_pages(view, check, outcomes.get(check.id, ()))
    yield "standards/index.md", standard_list(view)
    for standard in view.standards:
        yield f"standards/{slug(standard.key)}.md", standard_page(view, standard)
    yield from findings_pages(view)
    yield from evidence_pages(view)
    yield "not-collected.md", missing_page(view)
    yield "verify.md", verify_page(view)


def _plant_pages(view: PortalView) -> Iterator[tuple[str, str]]:
    """What is told of the plant itself; some pages only if it has what they tell of."""
    yield "zones/index.md", zone_list(view)
    for zone in view.plant.zones.values():
        yield f"zones/{slug(zone.id)}.md", zone_page(view, zone)
    for conduit in view.plant.conduits.values():
        yield f"conduits/{slug(conduit.id)}.md", conduit_page(view, conduit)
    if view.firewalls:
        yield "firewalls.md", firewall_page(view.plant, view.firewalls)
    if view.registers and (view.registers.register or view.registers.findings):
        yield "remote-access.md", remote_access_page(view, view.registers)
    if view.risk:
        yield "risk.md", risk_page(view.plant, view.risk, view.assessment)
    if view.road:
        yield "roadmap.md", road_page(view.plant, view.assessment, view.road)
    if view.registers and view.registers.deadlines:
        yield "dates.md", dates_page(view, view.registers)


def _front_matter(path: str, page: str) -> str:
    # Material undoes the escapes of a title that it takes from the heading, but writes one that it is given as it is.
    heading = page.partition("\n")[0].removeprefix("# ")
    title = json.dumps("Overview" if path == "index.md" else heading)
    # The sidebar would show the page's own name only; a list is wide and has no parts worth a table of contents.
    hidden = ["navigation", "toc"] if path in _LISTS | _UNSEARCHED else ["navigation"]
    search = "search:\n  exclude: true\n" if path in _UNSEARCHED else ""
    return f"---\ntitle: {title}\nhide: [{', '.join(hidden)}]\n{search}---\n\n"
