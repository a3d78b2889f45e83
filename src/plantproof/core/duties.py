# SPDX-License-Identifier: Apache-2.0
"""Who owes what: the duties that the catalogs of IEC 62443 lay on roles, and the parties that hold them in a plant.

IEC 62443-3-3 is owed zone by zone and conduit by conduit as far as the SL-T asks for it, 4-2 product by product as far
as the zones of its assets ask, 4-1 by each supplier, and 2-1, 2-4 and 3-2 once for the plant. What 2-4 asks of who
integrates it asks of who maintains as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plantproof.core.components import Component, Requirement
from plantproof.core.finding import WARNING, Finding
from plantproof.core.judgement import Assessment
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.roles import INTEGRATOR, MAINTAINER, OWNER, ROLES, SUPPLIER, Holder

__all__ = ["CATALOGS", "Duty", "Obligation", "Parties", "duty_findings", "obligations"]

_SYSTEM, _COMPONENT, _SERVICE = "iec62443-3-3", "iec62443-4-2", "iec62443-2-4"
CATALOGS: Final = ("iec62443-2-1-2024", _SERVICE, "iec62443-3-2", _SYSTEM, "iec62443-4-1", _COMPONENT)
"""Keys of the catalogs whose duties are told."""
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One requirement, and on whom its catalog lays it."""

    catalog: str
    control: str
    label: str
    title: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One duty of one role in one place."""

    duty: Duty
    role: str
    parties: tuple[str, ...]
    """Who holds the role there; empty: nobody does."""
    part: str = ""
    """Id of the zone or conduit; empty: it is owed for the plant as a whole, or for a component."""
    component: str = ""
    state: str = ""
    """Of 3-3 the verdict, of 4-2 the claim; empty where nothing here judges it."""
    met: bool = False


@dataclass(frozen=True, slots=True)
class Parties:
    """Who holds which role where, at an instant."""

    plant: Plant
    holders: Sequence[Holder]
    components: Mapping[str, Component]
    at: str

    def of(self, role: str, part: str = "") -> tuple[str, ...]:
        """The parties in a role, in a zone or conduit or (without) anywhere in the plant."""
        held = [
            one.party
            for one in self.holders
            if one.role == role and one.holds(self.at) and (not part or self._touches(one, part))
        ]
        if role == OWNER and not held:
            held = [self.plant.owner] if self.plant.owner else []
        if role == SUPPLIER:
            held += [one.supplier for one in self.components.values() if not part or self._is_in(one, part)]
        return tuple(dict.fromkeys(held))

    def _touches(self, holder: Holder, part: str) -> bool:
        return holder.answers_for(part) or any(holder.answers_for(part, asset) for asset in self._assets(part))

    def _is_in(self, component: Component, part: str) -> bool:
        return any(component.id in self.plant.assets[asset].components for asset in self._assets(part))

    def _assets(self, part: str) -> list[str]:
        found = self.plant.assets_of(part) if part in self.plant.zones else self.plant.assets_of_conduit(part)
        return [asset.id for asset in found]


def obligations(
    parties: Parties,
    duties: Mapping[str, Sequence[Duty]],
    assessment: Assessment,
    requirements: Mapping[str, Requirement],
) -> Iterator[Obligation]:
    """Everything that anybody owes, catalog by catalog.

    Args:
        parties: Who holds which role.
        duties: Of each catalog the requirements that name a role, in document order.
        assessment: What is known of IEC 62443-3-3 in each zone and conduit.
        requirements: What IEC 62443-4-2 asks of components, by id.
    """
    for catalog, found in duties.items():
        if catalog == _SYSTEM:
            yield from _of_systems(parties, found, assessment)
        elif catalog == _COMPONENT:
            yield from _of_components(parties, found, requirements)
        else:
            yield from _of_plant(parties, found)


def _of_plant(parties: Parties, duties: Iterable[Duty]) -> Iterator[Obligation]:
    for duty in duties:
        roles = [*duty.roles, *([MAINTAINER] if duty.catalog == _SERVICE and INTEGRATOR in duty.roles else [])]
        for role in dict.fromkeys(roles):
            yield Obligation(duty=duty, role=role, parties=parties.of(role))


def _of_systems(parties: Parties, duties: Sequence[Duty], assessment: Assessment) -> Iterator[Obligation]:
    for part, standing in assessment.parts.items():
        held = {role: parties.of(role, part) for role in ROLES}
        for duty in duties:
            info = assessment.controls.get(duty.control)
            if info is None or info.min_sl > standing.sl_t[info.fr]:
                continue
            status = standing.controls[duty.control]
            state = f"{status.verdict.label}, compensated" if status.compensated else status.verdict.label
            for role in duty.roles:
                yield Obligation(
                    duty=duty, role=role, parties=held.get(role, ()), part=part, state=state, met=status.met
                )


def _of_components(
    parties: Parties, duties: Sequence[Duty], requirements: Mapping[str, Requirement]
) -> Iterator[Obligation]:
    for component in parties.components.values():
        asked = _asked_of(parties.plant, component)
        for duty in duties:
            one = requirements.get(duty.control)
            if one is None or component.type not in one.types or one.min_sl > asked[one.fr]:
                continue
            claim = component.claims.get(one.id)
            state = claim.state.replace("-", " ") if claim else "not claimed" if component.claims else "level claimed"
            holds = not component.why_not(parties.at)
            met = holds and (claim.state != "not-met" if claim else _level(component, one.fr) >= one.min_sl)
            for role in duty.roles:
                who = (component.supplier,) if role == SUPPLIER else parties.of(role)
                yield Obligation(
                    duty=duty,
                    role=role,
                    parties=who,
                    component=component.id,
                    state=state if holds else f"{state}, {component.why_not(parties.at)}",
                    met=met,
                )


def _level(component: Component, fr: FR) -> int:
    """What is claimed of an FR as a whole, where single requirements are not spoken of."""
    return component.sl_c[fr] if component.sl_c and not component.claims else 0


def _asked_of(plant: Plant, component: Component) -> Mapping[FR, int]:
    """Per FR the highest target of the zones and conduits that its assets belong to."""
    users = {asset.id for asset in plant.assets.values() if component.id in asset.components}
    targets = [zone.sl_t for zone in plant.zones.values() if users & {one.id for one in plant.assets_of(zone.id)}]
    targets += [
        one.sl_t for one in plant.conduits.values() if users & {asset.id for asset in plant.assets_of_conduit(one.id)}
    ]
    return {fr: max((target[fr] for target in targets), default=0) for fr in FR}


def duty_findings(parties: Parties, owed: Iterable[Obligation]) -> tuple[Finding, ...]:
    """Duties that nobody bears (``role-vacant``), and roles that have ended (``role-ended``).

    That no supplier is known is no finding here but one of ``components check``: ``component-missing``.
    """
    vacant: dict[str, dict[str, int]] = {}
    for one in owed:
        if not one.parties and one.role != SUPPLIER:
            places = vacant.setdefault(one.role, {})
            places[one.part] = places.get(one.part, 0) + 1
    ended = (holder for holder in parties.holders if not holder.holds(parties.at))
    return (*(_vacant(role, places) for role, places in vacant.items()), *map(_ended, ended))


def _ended(holder: Holder) -> Finding:
    return Finding(
        id="role-ended",
        severity=WARNING,
        about=holder.party,
        message=f"{holder.party} was {holder.role} until {holder.until[:10]}",
        hint="Write the new contract's day, or who does it now.",
        where=holder.declared,
    )


def _vacant(role: str, places: Mapping[str, int]) -> Finding:
    parts = [part for part in places if part]
    more = f" and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else ""
    where = f" of {', '.join(parts[:_SHOWN])}{more}" if parts else ""
    return Finding(
        id="role-vacant",
        severity=WARNING,
        about=role,
        message=f"nobody is {role}{where}: {sum(places.values())} duties are nobody's",
        hint=f"Write it in roles/: - {{role: {role}, party: NAME}}, with zones: or conduits: if not for all.",
    )
