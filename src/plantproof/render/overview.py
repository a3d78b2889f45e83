# SPDX-License-Identifier: Apache-2.0
"""The portal's first page: where the plant stands, at a glance, and what the glance does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from plantproof.core.levels import FR
from plantproof.core.verdicts import Verdict
from plantproof.render.heatmap import heat_map, legend
from plantproof.render.html import badge, in_markdown, link, slug, table, text
from plantproof.render.plant_map import plant_map
from plantproof.render.view import PortalView

__all__ = ["overview_page"]

_MOST = 12


def overview_page(view: PortalView) -> str:
    """Markdown of the overview."""
    found = view.assessment
    return "\n".join(
        [
            f"# {in_markdown(view.plant.name)}\n",
            f'<p class="pp-lead">{text(found.baseline)} · judged as of <b>{text(found.at)}</b> · evidence at commit '
            f'<code title="{text(found.locker_commit)}">{text(found.locker_commit[:12] or "none")}</code></p>\n',
            _simulated(view),
            _cards(view),
            "## Security levels by zone\n",
            "SL-A, achieved, against SL-T, the target. The first number is proven; the second is still possible.\n",
            heat_map(view),
            legend(),
            "## Zones and conduits\n",
            f'<figure class="pp-map">{plant_map(view.plant)}</figure>\n',
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


def _simulated(view: PortalView) -> str:
    if not view.simulated:
        return ""
    names = ", ".join(text(name) for name in view.simulated)
    return (
        '<div class="pp-note" role="note"><b>Some of this evidence comes from simulated devices</b> '
        f"({names}). It shows how the road works, not how a real device is configured.</div>\n"
    )


def _cards(view: PortalView) -> str:
    statuses = [s for zone in view.assessment.zones.values() for s in zone.controls.values()]
    counts = Counter(status.verdict for status in statuses)
    cards = [
        f"<li><b>{counts[verdict]}</b>{badge(verdict)}</li>"
        for verdict in (
            Verdict.SATISFIED,
            Verdict.NOT_SATISFIED,
            Verdict.INCONCLUSIVE,
            Verdict.STALE,
            Verdict.NO_EVIDENCE,
            Verdict.NOT_APPLICABLE,
        )
    ]
    attested = sum(1 for s in statuses if s.verdict is Verdict.SATISFIED and s.reason.startswith("attested"))
    note = (
        f"{len(view.assessment.controls)} requirements in each of {len(view.plant.zones)} zones"
        f"; {attested} of the satisfied ones rest on attestations. {len(view.evidence)} evidence items of "
        f"{len(view.plant.assets)} assets; {len(view.not_collected)} things could not be collected "
        f"({link('why', 'not-collected.html')})."
    )
    return f'<ul class="pp-cards">{"".join(cards)}</ul>\n<p>{note}</p>\n'


def _blockers(view: PortalView) -> str:
    return table(
        ["Zone", "FR", "SL-A", "SL-T", "Blocking requirements"],
        _blocker_rows(view),
        empty="Nothing: every target is proven.",
    )


def _blocker_rows(view: PortalView) -> Iterator[list[str]]:
    for zone in view.assessment.zones.values():
        for fr in FR:
            blockers = zone.blockers[fr]
            if zone.proven[fr] >= zone.sl_t[fr] or not blockers:
                continue
            links = [
                f"{link(view.assessment.controls[c].label, f'controls/{slug(c)}.html')} {badge(zone.controls[c].verdict)}"
                for c in blockers[:4]
            ]
            more = f" and {len(blockers) - 4} more" if len(blockers) > 4 else ""  # noqa: PLR2004 - what a cell holds
            yield [
                link(zone.zone, f"zones/{slug(zone.zone)}.html#{fr.group}"),
                fr.name,
                str(zone.proven[fr]),
                str(zone.sl_t[fr]),
                "<br>".join(links) + more,
            ]


def _findings(view: PortalView) -> str:
    found = view.open_findings()
    rows = [
        [
            text(outcome.zone),
            text(outcome.asset),
            link(view.checks[outcome.check].title, f"checks/{slug(outcome.check)}.html"),
            text(outcome.message),
        ]
        for outcome in found[:_MOST]
    ]
    more = f"<p>{link(f'All {len(found)} open findings', 'findings.html')}</p>\n" if found else ""
    return table(["Zone", "Asset", "Check", "What was found"], rows, empty="No check is unsatisfied.") + more
