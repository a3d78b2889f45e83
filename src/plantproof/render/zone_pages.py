# SPDX-License-Identifier: Apache-2.0
"""The list of zones and conduits, and a page for each zone: its levels, its assets, every requirement."""

from __future__ import annotations

from plantproof.core.judgement import ZoneStatus
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import Zone
from plantproof.render.conduit_pages import flows_of
from plantproof.render.html import in_markdown, link, prose, slug, table, tally, text
from plantproof.render.standing import standing
from plantproof.render.view import PortalView
from plantproof.render.zone_rows import by_level, sl_text

__all__ = ["zone_list", "zone_page"]


def zone_list(view: PortalView) -> str:
    """Markdown of the list of zones."""
    rows = [
        [
            link(zone.title, f"{slug(zone.id)}.html"),
            text(zone.purdue),
            *(_vector(one) for one in (zone.sl_t, *_achieved(view.assessment.zones[zone.id]))),
            str(len(view.plant.assets_of(zone.id))),
            tally(view.assessment.zones[zone.id].controls.values()),
        ]
        for zone in by_level(view.plant.zones.values())
    ]
    conduits = [
        [
            link(conduit.title, f"../conduits/{slug(conduit.id)}.html"),
            " ↔ ".join(link(view.plant.zones[zone].title, f"{slug(zone)}.html") for zone in conduit.zones),
            *(_vector(one) for one in (conduit.sl_t, *_achieved(view.assessment.conduits[conduit.id]))),
            flows_of(conduit),
        ]
        for conduit in view.plant.conduits.values()
    ]
    order = " · ".join(f"FR {int(fr)} {fr.name}" for fr in FR)
    return (
        f"# Zones\n\nOne level stands for all seven; else in the order {order}.\n\n"
        + table(["Zone", "Purdue", "SL-T", "SL-A proven", "SL-A possible", "Assets", "Requirements"], rows)
        + "\n## Conduits\n\n"
        + table(
            ["Conduit", "Joins", "SL-T", "SL-A proven", "SL-A possible", "Lets through"],
            conduits,
            empty="The plant declares no conduit.",
        )
    )


def _vector(vector: SLVector) -> str:
    return f'<span class="pp-digest">{sl_text(vector)}</span>'


def _achieved(status: ZoneStatus) -> tuple[SLVector, SLVector]:
    return status.proven, status.possible


def zone_page(view: PortalView, zone: Zone) -> str:
    """Markdown of one zone's page."""
    status = view.assessment.zones[zone.id]
    sections = [
        f"# {in_markdown(zone.title)}\n",
        f'<p class="pp-lead">Zone <code>{text(zone.id)}</code>'
        + (f" · Purdue level {text(zone.purdue)}" if zone.purdue else "")
        + f" · read {zone.concurrency} asset at a time"
        + (f" · windows: {text(', '.join(w.text for w in zone.windows))}" if zone.windows else "")
        + "</p>\n",
        prose(zone.description) + "\n",
        *standing(view, status, view.plant.assets_of(zone.id)),
    ]
    return "\n".join(sections)
