# SPDX-License-Identifier: Apache-2.0
"""Six verdicts, and how the verdicts of many checks on many assets become one for a requirement."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

__all__ = ["Strength", "Verdict", "worst"]


class Verdict(IntEnum):
    """Outcome of one check on one asset, or of one requirement in one zone. Only SATISFIED counts as proof."""

    SATISFIED = 0
    NOT_SATISFIED = 1
    NOT_APPLICABLE = 2
    NO_EVIDENCE = 3
    STALE = 4
    INCONCLUSIVE = 5

    @property
    def label(self) -> str:
        """As people read it: ``not satisfied``."""
        return self.name.lower().replace("_", " ")

    @property
    def known(self) -> bool:
        """Whether evidence decided it."""
        return self in {Verdict.SATISFIED, Verdict.NOT_SATISFIED, Verdict.NOT_APPLICABLE}

    @property
    def met(self) -> bool:
        """Whether a requirement with this verdict counts for SL-A."""
        return self in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}


class Strength(StrEnum):
    """What a satisfied check is worth for a requirement (component definition)."""

    DEMONSTRATES = "demonstrates"
    SUPPORTS = "supports"
    """Evidence in favour, never proof on its own."""


# From what an assessor must hear first to what needs no word.
_ORDER = (
    Verdict.NOT_SATISFIED,
    Verdict.INCONCLUSIVE,
    Verdict.STALE,
    Verdict.NO_EVIDENCE,
    Verdict.SATISFIED,
    Verdict.NOT_APPLICABLE,
)
_RANK = {verdict: rank for rank, verdict in enumerate(_ORDER)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Roll up: any failure wins, then anything unknown, then satisfied; order does not matter.

    Nothing at all is NO_EVIDENCE: silence proves nothing.
    """
    return min(verdicts, key=_RANK.__getitem__, default=Verdict.NO_EVIDENCE)
