# SPDX-License-Identifier: Apache-2.0
"""What the drawing of a plant may show beyond the plant itself: security levels and findings, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from plantproof.core.finding import ERROR, Finding
from plantproof.core.judgement import Assessment
from plantproof.core.levels import SLVector
from plantproof.core.plant import Plant

__all__ = ["MET", "MISSED", "OPEN", "Mark", "Overlay", "Standing", "Way", "marks_of", "standings_of"]

MET: Final = "met"
OPEN: Final = "open"
MISSED: Final = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a zone or conduit is from its target."""

    sl_t: SLVector
    proven: SLVector
    """Lower bound of SL-A."""
    possible: SLVector
    """SL-A if all that is unknown turned out well."""

    @property
    def word(self) -> str:
        """:data:`MET` if the target is proven, :data:`OPEN` if it may still be, else :data:`MISSED`."""
        if self.proven.covers(self.sl_t):
            return MET
        return OPEN if self.possible.covers(self.sl_t) else MISSED

    @property
    def gap(self) -> int:
        """The most levels that any of FR1..FR7 is proven below its target: 0..4."""
        return max(max(want - have, 0) for want, have in zip(self.sl_t, self.proven, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mark:
    """One finding about a zone or conduit; sorts by rule and words, errors first."""

    warning: bool
    rule: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What passes between two zones that no conduit joins."""

    ends: tuple[str, str]
    towards: frozenset[str]
    """Those of the two to which connections are opened."""
    label: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What is laid over the plant; empty: the plant alone."""

    standings: Mapping[str, Standing] = field(default_factory=lambda: MappingProxyType({}))
    """By id of the zone or conduit."""
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By ``zone/ID`` and ``conduit/ID``."""
    ways: tuple[Way, ...] = ()
    """Beside the conduits."""


def standings_of(assessment: Assessment, plant: Plant) -> dict[str, Standing]:
    """What an assessment says of each zone, and of each conduit of which an asset is known, by id."""
    return {
        ident: Standing(sl_t=part.sl_t, proven=part.proven, possible=part.possible)
        for ident, part in assessment.parts.items()
        if ident not in plant.conduits or plant.assets_of_conduit(ident)
    }


def marks_of(findings: tuple[Finding, ...], plant: Plant) -> dict[str, tuple[Mark, ...]]:
    """Findings by where they are drawn, keyed as :attr:`Overlay.marks`; one about an asset stands at its zone."""
    found: dict[str, list[Mark]] = {}
    for one in findings:
        place = f"{'zone' if one.id in _OF_ZONES else 'conduit'}/{one.about}"
        if one.id in _OF_ASSETS and one.about in plant.assets:
            place = f"zone/{plant.assets[one.about].zone}"
        mark = Mark(warning=one.severity != ERROR, rule=one.id, message=one.message)
        found.setdefault(place, []).append(mark)
    return {key: tuple(sorted(marks)) for key, marks in found.items()}


_OF_ZONES: Final = frozenset(
    {"safety-apart", "temporary-apart", "wireless-apart", "remote-access-apart", "zone-alone", "firewall-networks"}
)
_OF_ASSETS: Final = frozenset({"asset-zone"})
