# SPDX-License-Identifier: Apache-2.0
"""The matrix for a plant that has none of its own yet: the project's proposal, taken from no standard."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from plantproof.core.risk.method import CATEGORIES, Consequence, Likelihood, Method, RiskLevel

__all__ = ["DEFAULT"]

_CONSEQUENCES: Final = (
    ("negligible", "Nobody is hurt.", "Nothing gets out.", "Nobody outside notices.", "Within the month's budget."),
    ("minor", "First aid.", "A spill that stays inside.", "Less output for hours.", "Within the year's budget."),
    (
        "moderate",
        "A doctor is needed.",
        "Reported, soon clean.",
        "No output for a shift.",
        "The year's result suffers.",
    ),
    ("major", "Lasting injury.", "Harm outside for months.", "No output for days.", "The year ends in loss."),
    ("severe", "Somebody dies.", "Harm outside for years.", "No output for weeks.", "The company may end."),
)
_LIKELIHOODS: Final = (
    ("rare", "Not known to have happened anywhere."),
    ("unlikely", "Has happened somewhere, not in this branch."),
    ("possible", "Has happened in this branch."),
    ("likely", "Happens in this branch every year."),
    ("expected", "Happens here unless something stops it."),
)
_RISKS: Final = (("low", 1), ("medium", 2), ("high", 3), ("extreme", 4))
_MATRIX: Final = (
    (0, 0, 0, 0, 0),
    (0, 0, 0, 1, 1),
    (0, 0, 1, 1, 2),
    (0, 1, 1, 2, 3),
    (1, 1, 2, 3, 3),
)

DEFAULT: Final = Method(
    title="Plantproof's proposal",
    consequences=tuple(
        Consequence(id=ident, meanings=MappingProxyType(dict(zip(CATEGORIES, meanings, strict=True))))
        for ident, *meanings in _CONSEQUENCES
    ),
    likelihoods=tuple(Likelihood(id=ident, description=text) for ident, text in _LIKELIHOODS),
    risks=tuple(RiskLevel(id=ident, sl_t=level) for ident, level in _RISKS),
    matrix=_MATRIX,
    tolerable=MappingProxyType(dict.fromkeys(CATEGORIES, 0)),
    own=False,
)
