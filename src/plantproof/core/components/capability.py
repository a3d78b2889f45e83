# SPDX-License-Identifier: Apache-2.0
"""SL-C of components, assets, zones and conduits from claims that hold at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from plantproof.core.components.claims import MET, Component, ComponentClaim, Requirement
from plantproof.core.judgement import Capability
from plantproof.core.levels import FR, MAX_LEVEL, SLVector
from plantproof.core.plant import Asset, Plant

__all__ = ["asset_capability", "capabilities", "in_force", "inherited", "reach_of", "zone_capability"]

_NONE = SLVector.uniform(0)


def reach_of(component: Component, requirements: Mapping[str, Requirement]) -> SLVector:
    """SL-C of a component, whether its claim holds or not: as claimed, but no higher than its own claims carry it.

    A level counts for an FR when everything that IEC 62443-4-2 asks of this type of component up to there is claimed
    as met, or as not applicable; what is not spoken of is not claimed.
    """
    if not component.claims:
        return component.sl_c or _NONE
    levels = []
    for fr in FR:
        asked = [one for one in requirements.values() if one.fr is fr and component.type in one.types]
        open_ = [one.min_sl for one in asked if not _is_met(component, one.id)]
        level = min(open_, default=MAX_LEVEL + 1) - 1
        levels.append(level if component.sl_c is None else min(level, component.sl_c[fr]))
    return SLVector.from_value(levels)


def _is_met(component: Component, requirement: str) -> bool:
    claim = component.claims.get(requirement)
    return claim is not None and claim.state in MET


def in_force(asset: Asset, components: Mapping[str, Component], at: str) -> tuple[Component, ...]:
    """The asset's components whose claims hold at an instant."""
    found = (components[name] for name in asset.components if name in components)
    return tuple(one for one in found if not one.why_not(at))


def asset_capability(
    asset: Asset, components: Mapping[str, Component], requirements: Mapping[str, Requirement], at: str
) -> SLVector | None:
    """SL-C of an asset: that of its weakest component; None if it names none, or the claim of one does not hold."""
    holding = in_force(asset, components, at)
    if not holding or len(holding) < len(asset.components):
        return None
    return _lowest(reach_of(one, requirements) for one in holding)


def inherited(
    assets: Iterable[Asset],
    components: Mapping[str, Component],
    requirements: Mapping[str, Requirement],
    serving: Iterable[str],
) -> Iterator[tuple[str, Component, ComponentClaim]]:
    """What the assets' components claim of the requirements that serve one of the system, whether it holds or not.

    Args:
        assets: Whose components are asked.
        components: By id.
        requirements: What IEC 62443-4-2 asks, by id; one that is not for a component's type is left out.
        serving: Ids of requirements of IEC 62443-4-2.

    Yields:
        The asset's id, its component, and a claim; where only levels are claimed, one that follows from them.
    """
    asked = [requirements[name] for name in serving if name in requirements]
    for asset in assets:
        for component in (components[name] for name in asset.components if name in components):
            for one in asked:
                if component.type not in one.types:
                    continue
                claim = component.claims.get(one.id)
                if claim is None and not component.claims and component.sl_c and component.sl_c[one.fr] >= one.min_sl:
                    told = f"follows from SL-C {component.sl_c[one.fr]} in {one.fr.name}"
                    claim = ComponentClaim(requirement=one.id, state="met", remark=told)
                if claim is not None:
                    yield asset.id, component, claim


def zone_capability(
    assets: Iterable[Asset], components: Mapping[str, Component], requirements: Mapping[str, Requirement], at: str
) -> Capability:
    """SL-C of a zone or conduit with these assets: the weakest counts; of what nobody claims it is 0, or anything."""
    known = {asset.id: asset_capability(asset, components, requirements, at) for asset in assets}
    vectors = [one for one in known.values() if one is not None]
    silent = tuple(ident for ident, one in known.items() if one is None)
    possible = _lowest(vectors)
    return Capability(claimed=_NONE if silent or not known else possible, possible=possible, silent=silent)


def capabilities(
    plant: Plant, components: Mapping[str, Component], requirements: Mapping[str, Requirement], at: str
) -> Mapping[str, Capability]:
    """SL-C of every zone and conduit by id; none at all in a plant that describes no component."""
    if not components:
        return {}
    zones = {zone: zone_capability(plant.assets_of(zone), components, requirements, at) for zone in plant.zones}
    conduits = {
        one: zone_capability(plant.assets_of_conduit(one), components, requirements, at) for one in plant.conduits
    }
    return {**zones, **conduits}


def _lowest(vectors: Iterable[SLVector]) -> SLVector:
    found = list(vectors)
    return SLVector.from_value([min((one[fr] for one in found), default=MAX_LEVEL) for fr in FR])
