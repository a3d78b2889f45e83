# SPDX-License-Identifier: Apache-2.0
"""What the firewalls let through between zones: a matrix that leads to the findings, each with rule and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from plantproof.core.plant import Plant
from plantproof.firewall.program import Rule
from plantproof.firewall.reach import Device, Finding, Outcome, Pair, Report
from plantproof.render.html import slug, table, text

__all__ = ["FirewallView", "firewall_page"]

_RULES: Final = 6
_LOOKS: Final[Mapping[Outcome, tuple[str, str, str]]] = {
    Outcome.UNDECLARED: ("bad", "✗", "let through, and no conduit declares it"),
    Outcome.BACKWARDS: ("bad", "↩", "let through, though the conduit is begun from the other side"),
    Outcome.UNFILTERED: ("stale", "=", "no declared firewall stands between"),
    Outcome.BLOCKED: ("stale", "⊘", "declared, and no way lets it through"),
    Outcome.NO_ANSWER: ("stale", "⊘", "declared and let through, but no answer comes back"),
    Outcome.WRITES: ("stale", "✎", "declared to read only, and nothing on the way tells reading from writing"),
    Outcome.DOUBTFUL: ("maybe", "?", "what decides is not understood, or not known of a packet"),
    Outcome.DECLARED: ("ok", "✓", "let through, and declared"),
}


@dataclass(frozen=True, slots=True)
class FirewallView:
    """What :func:`plantproof.firewall.reach.judge` found, and the configurations that it was found in."""

    devices: Mapping[str, Device]
    report: Report
    findings: tuple[Finding, ...]


def firewall_page(plant: Plant, view: FirewallView) -> str:
    """Markdown of the page."""
    return "\n".join(
        [
            "# Firewalls\n",
            "What the configurations let through from zone to zone, over all addresses and ports, held against what the "
            "conduits declare. Packets to the firewalls themselves and traffic within a zone are not looked at.\n",
            _matrix(plant, view),
            _legend(),
            "## Findings\n",
            table(
                ["From", "To", "What", "Rules that decide"],
                [_finding_row(plant, view, finding) for finding in view.findings],
                filterable=True,
                empty="The firewalls let through what is declared, and nothing else.",
            ),
            "## Configurations\n",
            table(
                ["Firewall", "Dialect", "Where", "Rules", "Not understood", "To be known"],
                [_device_row(plant, view, name) for name in view.devices],
            ),
            "## Addresses that no zone has\n",
            table(
                ["Firewall", "What it does", "Rules that decide"],
                [
                    [text(one.firewall), text(one), "<br>".join(_rule(view, one.firewall, rule) for rule in one.rules)]
                    for one in view.report.strays
                ],
                empty="Nothing gets through from or to any, or not all zones could be asked.",
            ),
            "## Rules that let nothing through\n",
            table(
                ["Firewall", "Rule"],
                [[text(name), _rule(view, name, rule)] for name, rule in view.report.unused],
                empty="None, or not all zones could be asked.",
            ),
        ]
    )


def _matrix(plant: Plant, view: FirewallView) -> str:
    pairs = view.report.pairs
    zones = [zone for zone in plant.zones if any(zone in pair for pair in pairs)]
    head = "".join(
        f'<th scope="col"><abbr title="{text(plant.zones[zone].title)}">{number}</abbr></th>'
        for number, zone in enumerate(zones, start=1)
    )
    rows = []
    for number, source in enumerate(zones, start=1):
        cells = "".join(f"<td>{_cell(pairs.get((source, target)))}</td>" for target in zones)
        rows.append(f'<tr><th scope="row">{number} {text(plant.zones[source].title)}</th>{cells}</tr>')
    body = "\n".join(rows)
    corner = '<th scope="col">from, to</th>'
    return (
        f'<div class="pp-scroll" tabindex="0"><table class="pp-reach">\n<thead><tr>{corner}{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>\n"
    )


def _outcomes(pair: Pair) -> Iterator[Outcome]:
    found = {passage.outcome for passage in pair.passages} | {blocked.outcome for blocked in pair.blocked}
    found |= {Outcome.UNFILTERED} if pair.unfiltered else set()
    yield from (outcome for outcome in _LOOKS if outcome in found)


def _cell(pair: Pair | None) -> str:
    if pair is None:
        return ""
    shown = []
    for outcome in _outcomes(pair):
        kind, mark, words = _LOOKS[outcome]
        title = text(f"{pair.source} to {pair.target}: {outcome}, {words}")
        sign = f'<span class="pp-badge pp-{kind}" title="{title}">{mark}</span>'
        linked = outcome is not Outcome.DECLARED
        shown.append(f'<a href="#{_anchor(pair.source, pair.target)}">{sign}</a>' if linked else sign)
    return " ".join(shown)


def _anchor(source: str, target: str) -> str:
    return f"way-{slug(source)}-{slug(target)}"


def _legend() -> str:
    items = "".join(
        f'<li><span class="pp-badge pp-{kind}">{mark} {text(outcome)}</span> {text(words)}</li>'
        for outcome, (kind, mark, words) in _LOOKS.items()
    )
    return f'<ul class="pp-legend">{items}</ul>\n'


def _finding_row(plant: Plant, view: FirewallView, finding: Finding) -> list[str]:
    kind, mark, _ = _LOOKS[finding.outcome]
    badge = f'<span class="pp-badge pp-{kind}">{mark} {text(finding.outcome)}</span>'
    hosts = f"<br><small>{text(finding.hosts)}</small>" if finding.hosts else ""
    rules = [_rule(view, name, rule) for name, rule in finding.rules[:_RULES]]
    if len(finding.rules) > _RULES:
        rules.append(f"and {len(finding.rules) - _RULES} more")
    anchor = f'<span id="{_anchor(finding.source, finding.target)}"></span>'
    return [
        f"{anchor}{text(plant.zones[finding.source].title)}",
        text(plant.zones[finding.target].title),
        f"{badge} {text(finding.service)}<br>{text(finding.message)}{hosts}",
        "<br>".join(rules),
    ]


def _rule(view: FirewallView, name: str, rule: Rule) -> str:
    if not rule.line:
        return f"{text(name)}: {text(rule.why or rule.text)}"
    place = f'<code class="pp-path">{text(view.devices[name].source)}:{rule.line}</code>'
    why = f" ({text(rule.why)})" if rule.why else ""
    return f"{place} <code>{text(rule.text)}</code>{why}"


def _device_row(plant: Plant, view: FirewallView, name: str) -> list[str]:
    listing = view.devices[name].listing
    known = [one.why for one in view.report.unknown if one.about == name]
    return [
        text(plant.firewalls[name].title),
        text(listing.dialect),
        f'<code class="pp-path">{text(view.devices[name].source)}</code>',
        str(len(listing.rules)),
        str(sum(not rule.understood for rule in listing.rules) + len(listing.incomplete)),
        "<br>".join(text(why) for why in known),
    ]
