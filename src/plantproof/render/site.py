# SPDX-License-Identifier: Apache-2.0
"""Every page of the portal as path and text. Pages grow with zones, requirements and checks, never with assets."""

from __future__ import annotations

from collections.abc import Iterator

from plantproof.render.check_pages import check_list, check_page, outcomes_by_check
from plantproof.render.control_pages import control_list, control_page
from plantproof.render.html import slug
from plantproof.render.overview import overview_page
from plantproof.render.record_pages import evidence_page, findings_page, missing_page, verify_page
from plantproof.render.view import PortalView
from plantproof.render.zone_pages import zone_list, zone_page

__all__ = ["site_pages"]

_NO_SEARCH = "---\nsearch:\n  exclude: true\n---\n\n"


def site_pages(view: PortalView) -> Iterator[tuple[str, str]]:
    """Yield (path below the site's pages, Markdown), in a stable order."""
    yield "index.md", _wide(overview_page(view))
    yield "zones/index.md", zone_list(view)
    for zone in view.plant.zones.values():
        yield f"zones/{slug(zone.id)}.md", zone_page(view, zone)
    yield "controls/index.md", control_list(view)
    for info in view.assessment.controls.values():
        yield f"controls/{slug(info.id)}.md", control_page(view, info)
    yield "checks/index.md", check_list(view)
    outcomes = outcomes_by_check(view)
    for check in view.checks.values():
        yield f"checks/{slug(check.id)}.md", check_page(view, check, outcomes.get(check.id, ()))
    yield "findings.md", findings_page(view)
    yield "evidence.md", _NO_SEARCH + evidence_page(view)
    yield "not-collected.md", _NO_SEARCH + missing_page(view)
    yield "verify.md", verify_page(view)


def _wide(page: str) -> str:
    return "---\nhide:\n  - toc\n---\n\n" + page
