# SPDX-License-Identifier: Apache-2.0
"""What firewalls let through, as evidence: of each zone and conduit the facts that checks judge, with their items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from plantproof.checks.subjects import KindEvidence
from plantproof.core.evidence import REACH
from plantproof.core.facts import LINE, Facts, SectionState
from plantproof.core.judgement import EvidenceRef
from plantproof.core.plant import ROUTER, Plant
from plantproof.firewall.reach import Boundary, Device, Finding, boundaries_of
from plantproof.ports.locker import StoredItem
from plantproof.render.firewall_page import FirewallView
from plantproof.stages.subjects import reference_to

__all__ = ["boundary_evidence"]

_PARSER = "plant.reach/1"


def boundary_evidence(
    plant: Plant, walls: FirewallView, items: Mapping[str, StoredItem], at: str
) -> Mapping[str, KindEvidence]:
    """Evidence of the kind ``plant.reach`` for every zone and conduit.

    One configuration that is out of date makes all of it stale: what is told of a boundary rests on every firewall on
    any way to it.

    Args:
        plant: With its firewalls.
        walls: What they let through, of all pairs.
        items: Everything that the locker holds, by path.
        at: The instant of judgement, as text.
    """
    refs = {
        name: reference_to(items[device.source])
        for name, device in walls.devices.items()
        if not plant.firewalls[name].config and device.source in items
    }
    unread = {
        one.about: one.why for one in walls.report.unknown if one.about in walls.devices and one.about not in refs
    }
    filters = {firewall.id for firewall in plant.firewalls.values() if firewall.dialect != ROUTER}
    if filters and filters <= unread.keys():
        name, why = next(iter(unread.items()))
        missing = KindEvidence(kind=REACH, facts=None, state=SectionState.NOT_COLLECTED, reason=f"{name}: {why}")
        return dict.fromkeys((*plant.zones, *plant.conduits), missing)
    files = list(_files(plant, refs, unread))
    unseen = [
        f"{name}: {note}"
        for name in refs
        for note in items[walls.devices[name].source].item.envelope.notes  # parts that the collector could not read
    ]
    if not refs and not files:
        unseen.append("nothing was collected of any firewall")
    stale = any(ref.valid_until < at for ref in refs.values())
    return {
        part: _evidence(replace(boundary, open=(*boundary.open, *unseen)), walls.devices, refs, files, stale=stale)
        for part, boundary in boundaries_of(plant, walls.report, walls.findings).items()
    }


def _files(plant: Plant, refs: Mapping[str, EvidenceRef], unread: Mapping[str, str]) -> Iterator[str]:
    """Firewalls of which a file says how they are set up, or what they route: people keep it, nobody collected it."""
    for firewall in plant.firewalls.values():
        if firewall.id not in unread and (firewall.routes or (firewall.config and firewall.id not in refs)):
            yield firewall.id


def _evidence(
    boundary: Boundary,
    devices: Mapping[str, Device],
    refs: Mapping[str, EvidenceRef],
    files: list[str],
    *,
    stale: bool,
) -> KindEvidence:
    if boundary.untold:
        return KindEvidence(kind=REACH, facts=None, state=SectionState.NOT_COLLECTED, reason=boundary.untold)
    # The item in which most is wrong comes first: it is the one whose lines are told.
    wrong = [name for finding in boundary.let_through for name in dict.fromkeys(name for name, _ in finding.rules)]
    order = sorted(refs, key=lambda name: -wrong.count(name))
    first = order[0] if order else ""
    data = {
        "passing": boundary.passing,
        "let_through": [_record(finding, devices, first) for finding in boundary.let_through],
        "open": list(boundary.open),
        "files": files,
    }
    return KindEvidence(
        kind=REACH,
        facts=Facts(kind=REACH, parser=_PARSER, data=data),
        stale=stale,
        ref=refs.get(first),
        others=tuple(refs[name] for name in order[1:]),
    )


def _record(finding: Finding, devices: Mapping[str, Device], first: str) -> dict[str, object]:
    """One passage; its lines are those of the first item."""
    lines = sorted({rule.line for name, rule in finding.rules if name == first and rule.line})
    shown = dict.fromkeys(f"{devices[name].source}:{rule.line}" for name, rule in finding.rules if rule.line)
    by = f" ({', '.join(shown)})" if shown else ""
    return {LINE: lines[0] if lines else 0, "lines": lines, "message": finding.message + by}
