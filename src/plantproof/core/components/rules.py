# SPDX-License-Identifier: Apache-2.0
"""What should hold between targets and what components are able to do; each rule a pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from plantproof.core.components.capability import asset_capability, reach_of
from plantproof.core.components.claims import Component, Requirement
from plantproof.core.finding import ERROR, WARNING, Finding
from plantproof.core.judgement import ControlInfo
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import Asset, Conduit, Plant, Zone
from plantproof.core.statements import Measure

__all__ = ["COMPONENT_RULES", "Described", "component_findings"]

COMPONENT_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "capability-low": "No component can do less than its zone or conduit asks, unless a measure stands in.",
        "claim-contradicts": "A claimed SL-C is no higher than the claims on single requirements carry it.",
        "claim-expired": "The claims that assets rest on hold.",
        "component-missing": "An asset in a zone with a target says which component it is.",
    }
)
"""What holds in a plant whose components are known, by rule; in the order in which findings are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the rules look at."""

    plant: Plant
    components: Mapping[str, Component]
    requirements: Mapping[str, Requirement]
    controls: Mapping[str, ControlInfo]
    """The requirements of IEC 62443-3-3, which measures name."""
    measures: Sequence[Measure]
    at: str


def _capability_low(given: Described) -> Iterator[Finding]:
    plant = given.plant
    parts: list[tuple[str, Zone | Conduit, tuple[Asset, ...]]] = [
        *(("zone", zone, plant.assets_of(zone.id)) for zone in plant.zones.values()),
        *(("conduit", one, plant.assets_of_conduit(one.id)) for one in plant.conduits.values()),
    ]
    for what, part, assets in parts:
        for asset in assets:
            have = asset_capability(asset, given.components, given.requirements, given.at)
            low = [fr for fr in FR if have is not None and have[fr] < part.sl_t[fr]]
            bare = [fr for fr in low if not _measured(given, part.id, asset.id, fr)]
            if have is None or not bare:
                continue
            told = ", ".join(f"{fr.name} {have[fr]} of {part.sl_t[fr]}" for fr in bare)
            yield Finding(
                id="capability-low",
                severity=ERROR,
                about=asset.id,
                message=f"asset {asset.id} is less able than {what} {part.id} asks: {told}",
                hint="Declare a measure for it in measures/, replace it, or lower the target with a reason.",
                where=asset.declared,
            )


def _measured(given: Described, part: str, asset: str, fr: FR) -> bool:
    return any(
        measure.zone == part
        and measure.covers(asset)
        and not measure.why_not(given.at)
        and measure.control in given.controls
        and given.controls[measure.control].fr is fr
        for measure in given.measures
    )


def _claim_contradicts(given: Described) -> Iterator[Finding]:
    for one in given.components.values():
        if one.sl_c is None or not one.claims:
            continue
        reached = reach_of(one, given.requirements)
        over = [fr for fr in FR if reached[fr] < one.sl_c[fr]]
        if over:
            told = "; ".join(f"{fr.name} {one.sl_c[fr]}, {_open(given, one, fr, one.sl_c)}" for fr in over)
            yield Finding(
                id="claim-contradicts",
                severity=ERROR,
                about=one.id,
                message=f"component {one.id} claims more than its own claims carry: {told}",
                hint="The lower level is reckoned with. Ask the supplier, or correct sl-c or claims.",
                where=one.declared,
            )


def _open(given: Described, component: Component, fr: FR, claimed: SLVector) -> str:
    asked = [
        one.label
        for one in given.requirements.values()
        if one.fr is fr and component.type in one.types and one.min_sl <= claimed[fr]
        if one.id not in component.claims or component.claims[one.id].state == "not-met"
    ]
    shown = 3
    more = f" and {len(asked) - shown} more" if len(asked) > shown else ""
    return f"but not {', '.join(asked[:shown])}{more}"


def _claim_expired(given: Described) -> Iterator[Finding]:
    for one in given.components.values():
        why = one.why_not(given.at)
        users = [asset.id for asset in given.plant.assets.values() if one.id in asset.components]
        if why and users:
            yield Finding(
                id="claim-expired",
                severity=WARNING,
                about=one.id,
                message=f"the claim of component {one.id} does not hold: {why}; {_many(users)} on it",
                hint="Ask for a new certificate or declaration, and for security updates as long as it is in use.",
                where=one.declared,
            )


def _component_missing(given: Described) -> Iterator[Finding]:
    for zone in given.plant.zones.values():
        silent = [asset for asset in given.plant.assets_of(zone.id) if not asset.components]
        if zone.sl_t.highest and silent:
            yield Finding(
                id="component-missing",
                severity=WARNING,
                about=zone.id,
                message=f"zone {zone.id} has assets of no known component: {', '.join(one.id for one in silent)}",
                hint="Describe the product in components/ and name it in the inventory: plantproof_components: [ID].",
                where=silent[0].declared,
            )


def _many(assets: Sequence[str]) -> str:
    return f"{assets[0]} rests" if len(assets) == 1 else f"{len(assets)} assets rest"


_RULES: Final[tuple[Callable[[Described], Iterator[Finding]], ...]] = (
    _capability_low,
    _claim_contradicts,
    _claim_expired,
    _component_missing,
)


def component_findings(given: Described) -> tuple[Finding, ...]:
    """Everything that the rules find; nothing in a plant that describes no component."""
    return tuple(finding for rule in _RULES for finding in rule(given)) if given.components else ()
