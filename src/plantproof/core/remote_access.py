# SPDX-License-Identifier: Apache-2.0
"""Who may come in from far away, by which conduits, until when (IEC 62443-3-2, ZCR 3.6; 3-3, SR 1.13; 2-4, SP.07)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from plantproof.core.finding import ERROR, WARNING, Finding
from plantproof.core.instants import outside
from plantproof.core.levels import FR
from plantproof.core.plant import Conduit, Flow, Plant, Zone
from plantproof.errors import Location

__all__ = ["ACCESS_RULES", "RemoteAccess", "access_findings", "ways_in"]

ACCESS_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "access-ended": "An entry that ran out leaves no way in behind.",
        "access-approved": "Who approves an access is not who answers for it.",
        "access-unregistered": "Each conduit by which somebody comes in from far away is in the register.",
        "access-way": "The conduits of an entry join one another, and begin outside or in a zone of remote access.",
        "access-factors": "Where FR 1 asks for SL 3, people from far away show two factors (SR 1.1 RE 2).",
        "access-unseen": "What is to show the sessions is read by a collector.",
    }
)
"""What holds in a register, by rule; in the order in which findings are told."""

_OUTSIDE: Final = frozenset({"external", "cloud"})
_REMOTE: Final = "remote-access"
_LOWEST_OFFICE: Final = 4.0
_TWO_FACTORS: Final = 3
"""Level of FR 1 from which on SR 1.1 RE 2 is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAccess:
    """One party that may come in, as the register says."""

    id: str
    party: str
    purpose: str
    conduits: tuple[str, ...]
    """The way in, from outside to where it ends."""
    owner: str
    """Role inside that opens and ends the sessions."""
    approved_by: str
    granted: str
    """Instant as text, as ``until``."""
    until: str
    assets: tuple[str, ...] = ()
    """What is worked on; empty: whatever the last conduit leads to."""
    shown_by: tuple[str, ...] = ()
    """Assets whose evidence shows who came: an access server, a jump host."""
    multi_factor: bool | None = None
    """Whether its people show two factors; None: nobody said, as of the next two."""
    supervised: bool | None = None
    recorded: bool | None = None
    contact: str = ""
    reference: str = ""
    """Contract or order."""
    declared: Location = field(default_factory=Location)

    def why_not(self, at: str) -> str:
        """Why it does not hold at an instant; empty if it does."""
        return outside(at, self.granted, self.until, begun="granted") or self.self_approved

    @property
    def self_approved(self) -> str:
        """That who answers for it approved it; empty: another did."""
        same = self.approved_by.casefold() == self.owner.casefold()
        return f"{self.owner} approved what {self.owner} answers for" if same else ""

    def ended(self, at: str) -> bool:
        """Whether it has run out."""
        return at > self.until


def ways_in(plant: Plant) -> Mapping[str, tuple[Flow, ...]]:
    """The flows by which somebody comes in from far away, by conduit: from outside, or on from a remote access zone."""
    found: dict[str, tuple[Flow, ...]] = {}
    for conduit in plant.conduits.values():
        flows = tuple(flow for flow in conduit.flows if _leads_in(plant, flow))
        if flows:
            found[conduit.id] = flows
    return found


def _leads_in(plant: Plant, flow: Flow) -> bool:
    source, target = plant.zones[flow.source], plant.zones[flow.target]
    return source.kind in _OUTSIDE | {_REMOTE} and target.kind not in _OUTSIDE and _of_the_plant(target)


def _of_the_plant(zone: Zone) -> bool:
    """Whether it lies below the enterprise's levels; one of which nobody says the level does."""
    return zone.kind == _REMOTE or (zone.kind != "enterprise" and float(zone.purdue or 0) < _LOWEST_OFFICE)


def access_findings(plant: Plant, register: Sequence[RemoteAccess], at: str) -> tuple[Finding, ...]:
    """Judge the register by every rule.

    Args:
        plant: Zones, conduits, assets.
        register: Its entries.
        at: The instant as text.

    Returns:
        Findings, errors first, each kind in the order of :data:`ACCESS_RULES` and of the files.
    """
    order = list(ACCESS_RULES)
    found = [finding for rule in _RULES for finding in rule(plant, register, at)]
    return tuple(sorted(found, key=lambda one: (one.severity != ERROR, order.index(one.id))))


def _ended(plant: Plant, register: Sequence[RemoteAccess], at: str) -> Iterator[Finding]:
    open_ways = ways_in(plant)
    held = {conduit for one in register if not one.why_not(at) for conduit in one.conduits}
    for one in register:
        if not one.ended(at):
            continue
        left = [conduit for conduit in one.conduits if conduit in open_ways and conduit not in held]
        still = f", and {', '.join(left)} still lets it in" if left else ""
        yield Finding(
            id="access-ended",
            severity=ERROR if left else WARNING,
            about=one.id,
            message=f"the access of {one.party} ran out on {one.until[:10]}{still}",
            hint="Close the conduit's flow and its accounts, then take the entry out; or have it granted again.",
            clause="SR 1.13",
            where=one.declared,
        )


def _approved(plant: Plant, register: Sequence[RemoteAccess], at: str) -> Iterator[Finding]:
    del plant, at
    for one in register:
        if one.self_approved:
            yield Finding(
                id="access-approved",
                severity=ERROR,
                about=one.id,
                message=f"access {one.id}: {one.self_approved}, so it does not hold",
                hint="Let another role approve it.",
                clause="SR 1.13 RE(1)",
                where=one.declared,
            )


def _unregistered(plant: Plant, register: Sequence[RemoteAccess], at: str) -> Iterator[Finding]:
    named = {conduit for one in register if one.granted <= at for conduit in one.conduits}
    for ident, flows in ways_in(plant).items():
        if ident in named:
            continue
        conduit = plant.conduits[ident]
        told = ", ".join(f"{flow.service} from {flow.source} to {flow.target}" for flow in flows)
        yield Finding(
            id="access-unregistered",
            severity=WARNING,
            about=ident,
            message=f"nobody is registered for conduit {ident}, which lets in {told}",
            hint="Write into remote-access/ who comes that way, until when, and who answers for it.",
            clause="SR 1.13",
            where=conduit.declared,
        )


def _way(plant: Plant, register: Sequence[RemoteAccess], at: str) -> Iterator[Finding]:
    ways = ways_in(plant)
    for one in register:
        if one.ended(at):
            continue
        conduits = [plant.conduits[name] for name in one.conduits]
        wrong = "" if one.conduits[0] in ways else f"{one.conduits[0]} lets nobody in from far away"
        wrong = wrong or next(
            (
                f"{after.id} does not begin where {before.id} ends"
                for before, after in pairwise(conduits)
                if not set(before.zones) & set(after.zones)
            ),
            "",
        )
        if wrong:
            yield Finding(
                id="access-way",
                severity=WARNING,
                about=one.id,
                message=f"access {one.id}: {wrong}",
                hint="Name the conduits in the order in which a session passes them, the outermost first.",
                where=one.declared,
            )


def _factors(plant: Plant, register: Sequence[RemoteAccess], at: str) -> Iterator[Finding]:
    for one in register:
        if one.multi_factor or one.ended(at):
            continue
        zones = dict.fromkeys(name for conduit in one.conduits for name in _entered(plant.conduits[conduit]))
        strict = [name for name in zones if plant.zones[name].sl_t[FR.IAC] >= _TWO_FACTORS]
        if strict:
            yield Finding(
                id="access-factors",
                severity=WARNING,
                about=one.id,
                message=f"access {one.id} enters {', '.join(strict)}, and nobody says that its people show two factors",
                hint="Ask for a second factor and write multi-factor: true, or end the sessions further out.",
                clause="SR 1.1 RE(2)",
                where=one.declared,
            )


def _entered(conduit: Conduit) -> tuple[str, ...]:
    return tuple(flow.target for flow in conduit.flows) or conduit.zones


def _unseen(plant: Plant, register: Sequence[RemoteAccess], at: str) -> Iterator[Finding]:
    for one in register:
        blind = [name for name in one.shown_by if not plant.assets[name].collectors]
        if one.ended(at) or (one.shown_by and not blind):
            continue
        told = f"nothing reads {', '.join(blind)}" if blind else "no asset is named whose evidence shows its sessions"
        yield Finding(
            id="access-unseen",
            severity=WARNING,
            about=one.id,
            message=f"access {one.id}: {told}",
            hint="Name the access server or jump host in shown-by:, and give it plantproof_collectors.",
            clause="SR 1.13",
            where=one.declared,
        )


_RULES: Final[tuple[Callable[[Plant, Sequence[RemoteAccess], str], Iterator[Finding]], ...]] = (
    _ended,
    _approved,
    _unregistered,
    _way,
    _factors,
    _unseen,
)
