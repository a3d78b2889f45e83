# SPDX-License-Identifier: Apache-2.0
"""What an assessment concluded: outcomes, requirement statuses and SL-A, as values that others render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from plantproof.core.levels import FR, SLVector
from plantproof.core.statements import Statements
from plantproof.core.verdicts import Strength, Verdict

__all__ = [
    "Assessment",
    "Capability",
    "ControlInfo",
    "ControlStatus",
    "EvidenceRef",
    "Outcome",
    "Proof",
    "ZoneStatus",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlInfo:
    """What judgement needs to know of a control."""

    id: str
    label: str
    """``SR 1.1 RE(2)``."""
    title: str
    fr: FR
    min_sl: int
    """Lowest security level that selects it, 1..4."""
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRef:
    """A place in the locker that anyone can open: file, digest, commit."""

    path: str
    sha256: str
    commit: str
    collected: str
    valid_until: str
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One check on one asset, or on one zone or conduit as a whole."""

    check: str
    asset: str
    """Its id; empty: the check judges the zone or conduit as a whole."""
    zone: str
    """The asset's; or the id of the conduit whose target asks for another verdict than the zone's."""
    verdict: Verdict
    message: str
    """Why, in plant terms: the failed assertion's text, the reason for no evidence."""
    evidence: tuple[EvidenceRef, ...] = ()
    lines: tuple[int, ...] = ()
    """1-based lines of the first evidence item that decided it."""

    @property
    def about(self) -> str:
        """Id of the asset, else of the zone or conduit as a whole."""
        return self.asset or self.zone

    def speaks_of(self, asset: str) -> bool:
        """Whether it counts for one asset of its zone or conduit."""
        return self.asset in {asset, ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One thing that speaks to a requirement in a zone: a check's outcome and what it is worth."""

    outcome: Outcome
    strength: Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlStatus:
    """One requirement in one zone or conduit."""

    control: str
    zone: str
    """Id of the zone or conduit."""
    verdict: Verdict
    reason: str
    """One sentence: what decided, or what is missing."""
    proofs: tuple[Proof, ...] = ()
    said: Statements = field(default_factory=Statements)
    """What people state of it here, whether it counts or not; of attestations those that hold, if any does."""
    attested: bool = False
    """Satisfied, but for some asset only because somebody attests to it; shown apart from what a check demonstrates."""
    compensated: bool = False
    """Not met, but measures that count cover every asset for which it is not; the verdict says what is so without."""
    waived_until: str = ""
    """Not met nor compensated, but waivers that hold cover every other asset for which it is not: the instant at which
    the first of them ends. Empty: it is not waived."""

    @property
    def met(self) -> bool:
        """Whether it counts for SL-A; what is waived does not."""
        return self.compensated or self.verdict.met

    @property
    def waived(self) -> bool:
        """Whether it is let go for a time."""
        return bool(self.waived_until)

    @property
    def standing(self) -> str:
        """The verdict in words, with what stands beside it: ``not satisfied, waived``."""
        beside = ", compensated" if self.compensated else ", waived" if self.waived else ""
        return self.verdict.label + beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """SL-C of a zone or conduit: what its assets are able to do by claims that hold (IEC 62443-4-2)."""

    claimed: SLVector
    """Of the weakest asset; one of which nothing is claimed counts as 0."""
    possible: SLVector
    """The same, if those of which nothing is claimed were able to do everything."""
    silent: tuple[str, ...]
    """Assets of which nothing is claimed, or no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneStatus:
    """One zone or conduit: its target, what is proven, what is still possible, and what stands in the way."""

    zone: str
    """Its id."""
    sl_t: SLVector
    proven: SLVector
    """Lower bound of SL-A."""
    possible: SLVector
    """SL-A if everything unknown turned out well."""
    blockers: Mapping[FR, tuple[str, ...]]
    """Per FR the ids of the requirements that block the level after the proven one, failures first."""
    controls: Mapping[str, ControlStatus]
    sl_c: Capability | None = None
    """None: the plant describes no component."""

    @property
    def compensated(self) -> tuple[str, ...]:
        """Ids of the requirements that count only because something else is done instead."""
        return tuple(ident for ident, status in self.controls.items() if status.compensated)

    @property
    def waived(self) -> Mapping[str, str]:
        """Ids of the requirements that are let go for a time, and the instant at which that ends."""
        return {ident: status.waived_until for ident, status in self.controls.items() if status.waived}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One judgement of one baseline at one instant."""

    at: str
    baseline: str
    """Title of the baseline."""
    locker_commit: str
    controls: Mapping[str, ControlInfo]
    zones: Mapping[str, ZoneStatus]
    outcomes: tuple[Outcome, ...]
    """At most one for each check, asset and verdict; of those of whole zones and conduits one for each check."""
    conduits: Mapping[str, ZoneStatus] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def parts(self) -> Mapping[str, ZoneStatus]:
        """Zones and conduits by id, zones first; no id is both."""
        return {**self.zones, **self.conduits}

    def what(self, part: str) -> str:
        """``zone`` or ``conduit``, by the id."""
        return "conduit" if part in self.conduits else "zone"
