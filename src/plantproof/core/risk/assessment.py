# SPDX-License-Identifier: Apache-2.0
"""What a plant says about its risks: initial and detailed assessment, acceptances, approvals (IEC 62443-3-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from plantproof.core.levels import FR
from plantproof.core.risk.default import DEFAULT
from plantproof.core.risk.method import Method
from plantproof.errors import Location

__all__ = ["Acceptance", "Approval", "Initial", "Record", "RiskAssessment", "Scenario", "Threat", "Unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What a risk is about: a zone, a conduit, or, with neither, the whole plant."""

    zone: str = ""
    conduit: str = ""

    def __str__(self) -> str:
        return f"zone {self.zone}" if self.zone else f"conduit {self.conduit}" if self.conduit else "the whole plant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Initial:
    """The worst that may credibly happen, as though it were certain (ZCR 2.1)."""

    unit: Unit
    consequence: Mapping[str, int]
    """Per category that is hit, the level."""
    reason: str
    assessed: str
    by: str
    declared: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """Who may do it, and how."""

    source: str
    attacker: int
    """What the attacker can do, in the terms of SL 1..4."""
    way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One way in which a zone or conduit may come to harm (ZCR 5)."""

    id: str
    title: str
    unit: Unit
    threat: Threat
    consequence: Mapping[str, int]
    likelihood: int
    """Without any measure."""
    assessed: str
    """Instant as text."""
    by: str
    """Role that answers for the estimate."""
    vulnerability: str = ""
    frs: frozenset[FR] = frozenset(FR)
    """The foundational requirements whose level keeps it away."""
    controls: tuple[str, ...] = ()
    """Measures that exist, as ids of controls."""
    measures: tuple[str, ...] = ()
    """Measures that exist, in words."""
    planned: tuple[str, ...] = ()
    """Measures that are still to come; they count for nothing yet."""
    with_measures: tuple[Mapping[str, int], int] | None = None
    """Consequence and likelihood with the measures that exist; None: nobody judged them, so they count for nothing."""
    declared: Location = field(default_factory=Location)

    @property
    def residual(self) -> tuple[Mapping[str, int], int]:
        """Consequence and likelihood that remain."""
        return self.with_measures or (self.consequence, self.likelihood)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A residual risk that somebody answers for, up to a level and a day (ZCR 5.11)."""

    scenario: str
    risk: int
    """The highest risk that is accepted."""
    role: str
    reason: str
    accepted: str
    until: str
    name: str = ""
    declared: Location = field(default_factory=Location)

    def holds(self, at: str) -> bool:
        """Whether it has been given and has not run out at an instant."""
        return self.accepted <= at <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """The owner's word for the results (ZCR 7.1)."""

    role: str
    approved: str
    name: str = ""
    until: str = ""
    """Empty: without end."""
    declared: Location = field(default_factory=Location)

    def holds(self, at: str) -> bool:
        """Whether it has been given and has not run out at an instant."""
        return self.approved <= at and (not self.until or at <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where a step is written down that plant files do not show."""

    step: str
    document: str
    by: str
    dated: str
    declared: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAssessment:
    """All of it; empty if the plant has no ``risk/``."""

    method: Method = DEFAULT
    initial: tuple[Initial, ...] = ()
    scenarios: Mapping[str, Scenario] = field(default_factory=lambda: MappingProxyType({}))
    acceptances: tuple[Acceptance, ...] = ()
    approvals: tuple[Approval, ...] = ()
    records: tuple[Record, ...] = ()

    def scenarios_of(self, unit: Unit) -> tuple[Scenario, ...]:
        """The scenarios of a zone or conduit, in the order of the files."""
        return tuple(one for one in self.scenarios.values() if one.unit == unit)
