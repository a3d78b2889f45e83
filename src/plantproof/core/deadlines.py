# SPDX-License-Identifier: Apache-2.0
"""Everything in a plant's files that holds until a day, in one order: what runs out next, and what has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plantproof.core.components import Component
from plantproof.core.plant import Plant
from plantproof.core.remote_access import RemoteAccess
from plantproof.core.risk import RiskAssessment
from plantproof.core.roles import ROLES, Holder
from plantproof.core.statements import Statements
from plantproof.errors import Location

__all__ = ["KINDS", "Deadline", "deadlines_of"]

_MOST: Final = 4
KINDS: Final = (
    *("attestation", "measure", "waiver", "exception", "acceptance", "approval"),
    *("claim", "role", "remote-access"),
)
"""What may run out: statements on requirements, a conduit's exception, accepted risk, the owner's approval of the risk
assessment, a supplier's claim, a contract, an access."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that holds until a day."""

    kind: str
    """One of :data:`KINDS`."""
    about: str
    """What it is, with its id if it has one."""
    who: str
    """Who answers for it."""
    until: str
    """Instant as text."""
    where: Location
    """Its file, and its line where that is known."""

    @property
    def place(self) -> str:
        """``roles/roles.yml:9``."""
        return f"{self.where.file}:{self.where.line}" if self.where.line else self.where.file

    def ended(self, at: str) -> bool:
        """Whether it has run out at an instant."""
        return at > self.until


def deadlines_of(
    plant: Plant,
    *,
    statements: Statements,
    risk: RiskAssessment,
    components: Mapping[str, Component],
    roles: Sequence[Holder],
    register: Sequence[RemoteAccess],
) -> tuple[Deadline, ...]:
    """All of them, the earliest first.

    Args:
        plant: Its conduits' exceptions.
        statements: Attestations, measures and waivers.
        risk: Acceptances and approvals.
        components: Claims of suppliers.
        roles: Who holds which role; one without an end is left out.
        register: Remote access.
    """
    found = [
        *_stated(statements),
        *_excused(plant),
        *_accepted(risk),
        *(
            Deadline("claim", f"{one.title} ({one.id})", one.by, one.valid_until, one.declared)
            for one in components.values()
        ),
        *(Deadline("role", _role(one), one.party, one.until, one.declared) for one in roles if one.until),
        *(
            Deadline(
                "remote-access", f"{one.party} ({one.id}) by {_all(one.conduits)}", one.owner, one.until, one.declared
            )
            for one in register
        ),
    ]
    return tuple(sorted(found, key=lambda one: (one.until, KINDS.index(one.kind), one.about, one.place)))


def _stated(said: Statements) -> Iterator[Deadline]:
    """One for each statement, however many zones it names."""
    places: dict[tuple[str, str, str, str, Location], list[str]] = {}
    for attestation in said.attestations:
        who = f"{attestation.name} ({attestation.role})"
        key = ("attestation", attestation.control, who, attestation.valid_until, Location(file=attestation.path))
        places.setdefault(key, []).append(attestation.zone)
    for measure in said.measures:
        name = f"{measure.control} ({measure.id})"
        key = ("measure", name, measure.declared_by, measure.until, measure.where)
        places.setdefault(key, []).append(measure.zone)
    for waiver in said.waivers:
        key = ("waiver", f"{waiver.control} ({waiver.id})", waiver.owner, waiver.until, waiver.where)
        places.setdefault(key, []).append(waiver.zone)
    for (kind, name, who, until, where), zones in places.items():
        yield Deadline(kind, f"{name} in {_all(zones)}", who, until, where)


def _excused(plant: Plant) -> Iterator[Deadline]:
    for conduit in plant.conduits.values():
        one = conduit.exception
        if one is not None:
            yield Deadline("exception", f"conduit {conduit.id}", one.approved_by, one.until, conduit.declared)


def _accepted(risk: RiskAssessment) -> Iterator[Deadline]:
    for one in risk.acceptances:
        yield Deadline("acceptance", f"risk of {one.scenario}", one.role, one.until, one.declared)
    for given in risk.approvals:
        if given.until:
            yield Deadline("approval", "results of the risk assessment", given.role, given.until, given.declared)


def _role(one: Holder) -> str:
    return f"{ROLES[one.role]}: {_all(one.parts + one.assets) or 'the plant'}"


def _all(names: Iterable[str]) -> str:
    """The first few names, each once, and how many more there are."""
    several = list(dict.fromkeys(names))
    rest = f" and {len(several) - _MOST} more" if len(several) > _MOST else ""
    return ", ".join(several[:_MOST]) + rest
