# SPDX-License-Identifier: Apache-2.0
"""What a road map is reckoned with: ranges, estimates per control, the team's capacity, what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

__all__ = ["NOTHING", "PREPARATION", "Estimate", "OutOfScope", "Range", "Scope", "Terms", "total"]


@dataclass(frozen=True, slots=True)
class Range:
    """From a low to a high figure: person-days, or money."""

    low: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    @property
    def mid(self) -> float:
        """Half-way between the two."""
        return (self.low + self.high) / 2

    def times(self, factor: float) -> Range:
        """So many of it."""
        return Range(self.low * factor, self.high * factor)

    def priced(self, rate: Range) -> Range:
        """Days at a rate for each day."""
        return Range(self.low * rate.low, self.high * rate.high)

    def at_most(self) -> Range:
        """The same if it turns out to be needed, nothing if not."""
        return Range(0, self.high)


NOTHING: Final = Range(0, 0)


def total(ranges: Iterable[Range]) -> Range:
    """The sum of ranges; lows and highs apart, because estimates may all be wrong in the same direction."""
    result = NOTHING
    for one in ranges:
        result = result + one
    return result


class Scope(StrEnum):
    """How often the work is done: once for all zones, once for each zone, or for each asset that lacks it."""

    PLANT = "plant"
    ZONE = "zone"
    ASSET = "asset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What one control takes, once per scope. Estimates, not measurements."""

    control: str
    scope: Scope
    show: Range
    """Person-days to show that it holds, if it does: evidence brought, a statement checked and signed."""
    do: Range
    """Person-days to bring it about where it does not hold."""
    cost: Range = NOTHING
    """What has to be bought for it."""
    reason: str = ""


_UNKNOWN: Final = Estimate(
    control="",
    scope=Scope.ZONE,
    show=Range(0.1, 1),
    do=Range(0.5, 20),
    reason="nobody has estimated this control: write down what you think in roadmap.yml",
)

PREPARATION: Final[Mapping[str, str]] = MappingProxyType(
    {
        "collector": "An asset that nothing reads: find out how it can be read, and write it into the inventory.",
        "empty-zone": "A zone without assets: find out what is in it.",
        "zoning-error": "One error of `zones check`.",
        "zoning-warning": "One warning of `zones check`.",
        "risk-zone": "A zone whose target no risk assessment explains.",
        "renewal": "One attestation that runs out within a year.",
        "month": "Collecting and judging again, once a month, for the whole plant.",
    }
)
"""Work besides controls, by the name of its estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfScope:
    """What the road map leaves out: a zone, a control everywhere, or a control in one zone."""

    zone: str
    control: str
    reason: str

    def covers(self, zone: str, control: str) -> bool:
        """Whether a control in a zone is left out by this entry."""
        return self.zone in {"", zone} and self.control in {"", control}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything that a road map is reckoned with besides the plant and its assessment."""

    currency: str = "EUR"
    day_rate: Range = NOTHING
    price_factor: float = 1
    """What the prices of the estimates are multiplied by: another currency, another market."""
    capacity: Range = Range(1, 1)
    """Person-days that the team has in a month."""
    start: str = ""
    """Day of the first step, as ``2027-01-04``; empty: the day of judgement."""
    estimates: Mapping[tuple[str, str], Estimate] = field(default_factory=lambda: MappingProxyType({}))
    """By control and zone; the zone is empty where it holds for all."""
    preparation: Mapping[str, Range] = field(default_factory=lambda: MappingProxyType({}))
    """Person-days by the words of :data:`PREPARATION`."""
    kinds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """How much a zone weighs, by its kind."""
    zones: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """How much single zones weigh, instead of their kind."""
    out_of_scope: tuple[OutOfScope, ...] = ()

    def estimate(self, control: str, zone: str) -> Estimate:
        """The estimate of a control in a zone: the zone's own, else the one for all zones, else a wide guess."""
        found = self.estimates.get((control, zone)) or self.estimates.get((control, ""))
        return found or replace(_UNKNOWN, control=control)

    def left_out(self, zone: str, control: str) -> OutOfScope | None:
        """The entry that leaves a control out in a zone."""
        return next((one for one in self.out_of_scope if one.covers(zone, control)), None)
