# SPDX-License-Identifier: Apache-2.0
"""What comes before the lifts and after them: inventory, zoning, risk; and keeping it so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from plantproof.core.finding import ERROR, Finding
from plantproof.core.instants import later
from plantproof.core.judgement import Assessment
from plantproof.core.plant import Plant
from plantproof.core.roadmap.terms import NOTHING, Range, Terms

__all__ = ["Chore", "Phase", "chores_after", "chores_before"]

_YEAR = 365 * 86_400
_MONTHS = 12


class Phase(StrEnum):
    """The parts of the road, in their order."""

    INVENTORY = "inventory"
    ZONING = "zoning"
    RISK = "risk"
    GAPS = "gaps"
    MEASURES = "measures"
    IMPROVEMENT = "continuous improvement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Work that is not on one control."""

    phase: Phase
    zone: str
    """Empty: for the plant."""
    key: str
    """What tells it from the other chores of the phase and zone, however often it occurs."""
    title: str
    why: str
    effort: Range
    """Person-days; of continuous improvement, in one year."""


def chores_before(
    plant: Plant,
    zones: Collection[str],
    findings: Sequence[Finding],
    explained: Collection[str],
    terms: Terms,
) -> Iterator[Chore]:
    """What the workspace lacks before gaps mean much: readable assets, sound zones, targets with a reason.

    Args:
        plant: The plant.
        zones: Ids of the zones that the road map is for.
        findings: What ``zones check`` finds.
        explained: Zones that a risk assessment speaks of.
        terms: Estimates.
    """
    for zone in zones:
        yield from _inventory(plant, zone, terms)
    yield from _zoning(plant, zones, findings, terms)
    for zone in zones:
        if zone not in explained:
            yield Chore(
                phase=Phase.RISK,
                zone=zone,
                key="assessment",
                title=f"assess the risk of {zone}",
                why=f"no risk assessment explains its target {plant.zones[zone].sl_t}",
                effort=terms.preparation.get("risk-zone", NOTHING),
            )


def _inventory(plant: Plant, zone: str, terms: Terms) -> Iterator[Chore]:
    assets = plant.assets_of(zone)
    if not assets:
        effort = terms.preparation.get("empty-zone", NOTHING)
        title, why = f"list the assets of {zone}", "the inventory has no asset in it"
        yield Chore(phase=Phase.INVENTORY, zone=zone, key="assets", title=title, why=why, effort=effort)
    unread = [asset.id for asset in assets if not asset.collectors]
    if unread:
        yield Chore(
            phase=Phase.INVENTORY,
            zone=zone,
            key="collectors",
            title=f"make {_count(len(unread), 'asset')} of {zone} readable",
            why=f"no collector reads {_names(unread)}",
            effort=terms.preparation.get("collector", NOTHING).times(len(unread)),
        )


def _zoning(plant: Plant, zones: Collection[str], findings: Sequence[Finding], terms: Terms) -> Iterator[Chore]:
    """One chore for all that a rule says about one thing."""
    told: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if set(_zones_about(plant, finding)) & set(zones):
            told.setdefault((finding.about, finding.id), []).append(finding)
    for (about, rule), members in told.items():
        name = "zoning-error" if members[0].severity == ERROR else "zoning-warning"
        yield Chore(
            phase=Phase.ZONING,
            zone="",
            key=f"{about}/{rule}",
            title=f"{about}: settle {rule}",
            why="; ".join(one.message for one in members),
            effort=terms.preparation.get(name, NOTHING).times(len(members)),
        )


def _zones_about(plant: Plant, finding: Finding) -> Iterable[str]:
    about = finding.about
    if about in plant.zones:
        return (about,)
    if about in plant.conduits:
        return plant.conduits[about].zones
    if about in plant.assets:
        return (plant.assets[about].zone,)
    return plant.zones


def chores_after(assessment: Assessment, zones: Collection[str], terms: Terms) -> Iterator[Chore]:
    """What has to be done again each year, so that what is proven stays so."""
    effort = terms.preparation.get("month", NOTHING).times(_MONTHS)
    why = "evidence grows old, and plants change"
    title = "collect and judge every month"
    yield Chore(phase=Phase.IMPROVEMENT, zone="", key="month", title=title, why=why, effort=effort)
    in_a_year = later(assessment.at, _YEAR)
    for zone in zones:
        ends = sorted(
            {
                (item.valid_until, item.control)
                for status in assessment.zones[zone].controls.values()
                for item in status.said.attestations
                if assessment.at <= item.valid_until <= in_a_year
            }
        )
        if ends:
            yield Chore(
                phase=Phase.IMPROVEMENT,
                zone=zone,
                key="attestations",
                title=f"renew {_count(len(ends), 'attestation')} of {zone}",
                why=f"the first runs out on {ends[0][0][:10]}: {ends[0][1]}",
                effort=terms.preparation.get("renewal", NOTHING).times(len(ends)),
            )


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _names(names: Sequence[str]) -> str:
    shown = 3
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")
