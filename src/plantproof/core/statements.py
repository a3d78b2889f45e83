# SPDX-License-Identifier: Apache-2.0
"""What people state of requirements: that one is met, what is done instead, or that it is let go for a time.

An attestation says that a requirement is met. A compensating measure says what is done where it cannot be met
(IEC 62443-3-2, ZCR 5; 3-3, 4.4). A waiver says that nothing is done for now, and who bears that. The first two count
for SL-A while they hold, a waiver never does; each is shown as what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from plantproof.core.instants import outside
from plantproof.errors import Location

__all__ = ["Attestation", "Measure", "Place", "Statements", "Temporary", "Waiver"]

Place = tuple[str, str]
"""Id of a zone or conduit, and id of a control."""
_Stated = TypeVar("_Stated", "Attestation", "Measure", "Waiver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A dated statement by a named role that a requirement is met, for what only people can show."""

    control: str
    zone: str
    """Id of the zone or conduit."""
    statement: str
    role: str
    name: str
    stated: str
    """Instant as text, as all in this module; texts of instants sort as time does."""
    valid_until: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Temporary:
    """What a measure and a waiver have in common: one requirement, in one zone or conduit, until a day."""

    id: str
    control: str
    zone: str
    """Id of the zone or conduit."""
    until: str
    assets: tuple[str, ...] = ()
    """For these of its assets only; empty: for all."""
    where: Location = field(default_factory=Location)

    def covers(self, asset: str) -> bool:
        """Whether it is meant for one of the assets."""
        return not self.assets or asset in self.assets


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Temporary):
    """What is done instead of one requirement. It counts where it is declared, reviewed by another, and not run out."""

    instead: str
    """What is done instead."""
    declared_by: str
    """Role that answers for it."""
    declared: str
    reviewed_by: str = ""
    """Role that looked at it; empty: nobody has."""
    reviewed: str = ""

    def why_not(self, at: str) -> str:
        """Why it does not count at an instant; empty if it does."""
        if lapsed := outside(at, self.declared, self.until, begun="declared"):
            return lapsed
        if not self.reviewed_by or not self.reviewed or at < self.reviewed:
            return "nobody has reviewed it"
        if _same(self.reviewed_by, self.declared_by):
            return f"{self.declared_by} reviewed what {self.declared_by} declared"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver(Temporary):
    """That one requirement is let go for a time: who asked for it and does something until then, who allowed it."""

    reason: str
    """Why it is not met, and what is going to be done."""
    owner: str
    """Role that asked for it and ends it."""
    approved_by: str
    """Role that allowed it and bears what may happen."""
    granted: str
    ticket: str = ""
    """Where it was decided: the number of a change, of minutes, of a contract."""

    def why_not(self, at: str) -> str:
        """Why it does not hold at an instant; empty if it does."""
        if lapsed := outside(at, self.granted, self.until, begun="granted"):
            return lapsed
        if _same(self.approved_by, self.owner):
            return f"{self.owner} approved what {self.owner} asked for"
        return ""


def _same(role: str, other: str) -> bool:
    return role.casefold() == other.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """All that people state, of a plant or of one requirement in one place, whether it counts or not."""

    attestations: tuple[Attestation, ...] = ()
    measures: tuple[Measure, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def by_place(self) -> Mapping[Place, Statements]:
        """The same, sorted by what they are about; who states nothing is not in it."""
        said, done, let = _sorted_in(self.attestations), _sorted_in(self.measures), _sorted_in(self.waivers)
        return {
            place: Statements(
                attestations=tuple(said.get(place, ())),
                measures=tuple(done.get(place, ())),
                waivers=tuple(let.get(place, ())),
            )
            for place in dict.fromkeys((*said, *done, *let))
        }

    def without(self, places: Iterable[Place]) -> Statements:
        """All but what is stated of some requirements."""
        left_out = frozenset(places)
        return Statements(
            attestations=tuple(one for one in self.attestations if (one.zone, one.control) not in left_out),
            measures=tuple(one for one in self.measures if (one.zone, one.control) not in left_out),
            waivers=tuple(one for one in self.waivers if (one.zone, one.control) not in left_out),
        )

    def and_also(self, more: Statements) -> Statements:
        """These and others."""
        return Statements(
            attestations=self.attestations + more.attestations,
            measures=self.measures + more.measures,
            waivers=self.waivers + more.waivers,
        )


def _sorted_in(items: Iterable[_Stated]) -> dict[Place, list[_Stated]]:
    found: dict[Place, list[_Stated]] = {}
    for item in items:
        found.setdefault((item.zone, item.control), []).append(item)
    return found
