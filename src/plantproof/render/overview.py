# SPDX-License-Identifier: Apache-2.0
"""The portal's first page: where the plant stands, at a glance, and what the glance does not say."""

from __future__ import annotations

from plantproof.core.judgement import ZoneStatus
from plantproof.core.levels import FR
from plantproof.core.verdicts import Verdict
from plantproof.core.zoning import zoning_findings
from plantproof.render.drawing import Overlay, draw_plant, marks_of, standings_of, with_passing
from plantproof.render.heatmap import heat_map, legend
from plantproof.render.html import (
    asset_in_zone,
    badge,
    in_markdown,
    link,
    plain_verdicts,
    slug,
    status_badge,
    table,
    text,
)
from plantproof.render.view import PortalView

__all__ = ["overview_page"]

_MOST = 12
_FEW = 4
_CARDS = (Verdict.NOT_SATISFIED, Verdict.INCONCLUSIVE, Verdict.STALE, Verdict.NO_EVIDENCE, Verdict.NOT_APPLICABLE)


def overview_page(view: PortalView) -> str:
    """Markdown of the overview."""
    found = view.assessment
    return "\n".join(
        [
            f"# {in_markdown(view.plant.name)}\n",
            f'<p class="pp-lead">{text(found.baseline)} · judged as of <b>{text(found.at)}</b> · evidence at commit '
            f'<code title="{text(found.locker_commit)}">{text(found.locker_commit[:12] or "none")}</code></p>\n',
            _inside(view),
            _simulated(view),
            _cards(view),
            "## Security levels\n",
            "SL-A, achieved, against SL-T, the target. The first number is proven; the second is still possible.\n",
            heat_map(view),
            legend(),
            "## Zones and conduits\n",
            f'<figure class="pp-map">{_drawing(view)}</figure>\n',
            "## What blocks the next level\n",
            _blockers(view),
            "## Open findings\n",
            _findings(view),
            "## What this page does not say\n",
            "Only *satisfied* counts as proof. A check that *supports* a requirement never proves it; what no collector can see, a named person must attest. "
            "What is unknown is shown as unknown. A zone's level is no statement about the devices' own capability (SL-C), and none about "
            "what happened between two collections.\n",
        ]
    )


def _inside(view: PortalView) -> str:
    if not view.licensed:
        return ""
    return (
        '<div class="pp-note" role="note"><b>This copy stays inside the plant.</b> It holds licensed text of the standard '
        f"for {len(view.licensed)} requirements. What may be handed on is built by <code>plantproof publish</code>.</div>\n"
    )


def _simulated(view: PortalView) -> str:
    names = view.simulated
    if not names:
        return ""
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return (
        '<div class="pp-note" role="note"><b>Some of this evidence comes from simulated devices</b> '
        f"({', '.join(text(name) for name in names[:_MOST])}{more}). "
        "It shows how the road works, not how a real device is configured.</div>\n"
    )


def _cards(view: PortalView) -> str:
    statuses = [s for zone in view.assessment.zones.values() for s in zone.controls.values()]
    attested = [status for status in statuses if status.attested]
    compensated = [status for status in statuses if status.compensated]
    waived = [status for status in statuses if status.waived]
    counts = plain_verdicts(statuses)
    said = status_badge(attested[0]) if attested else ""
    cards = [
        (counts[Verdict.SATISFIED], badge(Verdict.SATISFIED)),
        *([(len(attested), said)] if attested else []),
        *([(len(compensated), status_badge(compensated[0]))] if compensated else []),
        *([(len(waived), status_badge(waived[0]))] if waived else []),
        *((counts[verdict], badge(verdict)) for verdict in _CARDS),
    ]
    shown = "".join(f"<li><b>{count}</b>{mark}</li>" for count, mark in cards)
    note = (
        f"{_many(len(view.assessment.controls), 'requirement')} in each of {_many(len(view.plant.zones), 'zone')}. "
        "<i>Satisfied</i> was demonstrated by checks"
        f"{'; <i>attested</i> rests on the word of a named person' if attested else ''}"
        f"{'; <i>compensated</i> is not met, and something else is done instead' if compensated else ''}"
        f"{'; <i>waived</i> is not met, let go for a time, and counts for no level' if waived else ''}. "
        f"{_many(len(view.evidence), 'evidence item')} from {_many(len(view.plant.assets), 'asset')}"
        + (
            f"; {link(_many(len(view.not_collected), 'thing'), 'not-collected.html')} could not be collected."
            if view.not_collected
            else "; everything that was asked for came."
        )
    )
    return f'<ul class="pp-cards">{shown}</ul>\n<p>{note}</p>\n'


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _drawing(view: PortalView) -> str:
    found = zoning_findings(view.plant, view.assessment.at)
    overlay = Overlay(standings=standings_of(view.assessment, view.plant), marks=marks_of(found, view.plant))
    if view.firewalls:
        overlay = with_passing(overlay, view.firewalls.findings, view.plant)
    return draw_plant(view.plant, overlay, links=_zone_pages(view))


def _zone_pages(view: PortalView) -> dict[str, str]:
    return {zone: f"zones/{slug(zone)}.html" for zone in view.plant.zones}


def _blockers(view: PortalView) -> str:
    found = [
        (zone, fr)
        for zone in map(view.assessment.parts.__getitem__, view.judged_parts())
        for fr in FR
        if zone.proven[fr] < zone.sl_t[fr] and zone.blockers[fr]
    ]
    found.sort(key=lambda at: (_failing(*at), at[0].sl_t[at[1]] - at[0].proven[at[1]]), reverse=True)
    rows = [_blocker(view, zone, fr) for zone, fr in found[:_MOST]]
    rest = len(found) - _MOST
    more = (
        f"<p>And {rest} more, each on the page of {link('its zone or conduit', 'zones/index.html')}.</p>\n"
        if rest > 0
        else ""
    )
    headings = ["Zone or conduit", "FR", "SL-A", "Requirements in the way"]
    return table(headings, rows, empty="Nothing: every target is proven.") + more


def _failing(zone: ZoneStatus, fr: FR) -> bool:
    return any(zone.controls[ident].verdict is Verdict.NOT_SATISFIED for ident in zone.blockers[fr])


def _blocker(view: PortalView, zone: ZoneStatus, fr: FR) -> list[str]:
    idents = zone.blockers[fr]
    links = [
        f"<li>{link(view.assessment.controls[ident].label, f'controls/{slug(ident)}.html#{slug(zone.zone)}')} "
        f"{status_badge(zone.controls[ident])}</li>"
        for ident in idents[:_FEW]
    ]
    if len(idents) > _FEW:
        links.append(f"<li>and {len(idents) - _FEW} more</li>")
    return [
        link(view.plant.title_of(zone.zone), f"{view.page_of(zone.zone)}#{fr.group}"),
        f'<abbr title="{text(fr.title)}">{fr.name}</abbr>',
        f"{zone.proven[fr]}&nbsp;of&nbsp;{zone.sl_t[fr]}",
        f'<ul class="pp-run">{"".join(links)}</ul>',
    ]


def _findings(view: PortalView) -> str:
    found = view.open_findings()
    rows = [
        [
            f"SL&nbsp;{level}" if (level := view.level_of_check(outcome.check)) else "–",
            asset_in_zone(outcome.asset, view.plant.title_of(outcome.zone)),
            link(view.checks[outcome.check].title, f"checks/{slug(outcome.check)}.html"),
            text(outcome.message),
        ]
        for outcome in found[:_MOST]
    ]
    more = f"<p>{link(f'All {len(found):,} open findings', 'findings.html')}</p>\n" if len(found) > _MOST else ""
    return table(["From", "Asset", "Check", "What was found"], rows, empty="No check is unsatisfied.") + more
