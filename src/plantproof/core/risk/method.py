# SPDX-License-Identifier: Apache-2.0
"""How a plant weighs risk: scales, the matrix, what is tolerable, and the SL-T that a risk asks for (ZCR 5.3 to 5.7).

Levels are counted from the least, from 0; their names are the plant's own words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from plantproof.core.levels import MAX_LEVEL
from plantproof.errors import Location

__all__ = ["ATTACKER", "CATEGORIES", "Consequence", "Likelihood", "Method", "RiskLevel", "faults"]

CATEGORIES: Final = ("safety", "environment", "production", "finance")
"""What a consequence may hit."""

ATTACKER: Final = "attacker"
"""Instead of a number: the SL-T is the level of the attacker who is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """How bad it may be."""

    id: str
    meanings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the level means, by category; a category without a meaning is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """How likely it is."""

    id: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLevel:
    """What consequence and likelihood come to."""

    id: str
    sl_t: int | None
    """The level that protects against it, 0..4; None: :data:`ATTACKER`."""

    def asks(self, attacker: int) -> int:
        """The SL-T for an attacker of a level 1..4."""
        return attacker if self.sl_t is None else self.sl_t


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Scales from the least to the worst, and a matrix over them."""

    title: str
    consequences: tuple[Consequence, ...]
    likelihoods: tuple[Likelihood, ...]
    risks: tuple[RiskLevel, ...]
    matrix: tuple[tuple[int, ...], ...]
    """Per consequence, per likelihood, the number of the risk."""
    tolerable: Mapping[str, int]
    """Per category the highest risk that is borne as it is."""
    own: bool = True
    """Whether the plant wrote it; False: the project's proposal stands in."""
    declared: Location = field(default_factory=Location)

    def risk(self, consequence: Mapping[str, int], likelihood: int) -> int:
        """The highest risk of the categories that are hit; 0 if none is."""
        return max((self.matrix[level][likelihood] for level in consequence.values()), default=0)

    @property
    def borne(self) -> str:
        """What is tolerable, in words: ``low for safety, environment; medium for production, finance``."""
        of: dict[int, list[str]] = {}
        for category, level in self.tolerable.items():
            of.setdefault(level, []).append(category)
        if len(of) == 1:
            return self.risks[next(iter(of))].id
        return "; ".join(f"{self.risks[level].id} for {', '.join(names)}" for level, names in of.items())

    def intolerable(self, consequence: Mapping[str, int], likelihood: int) -> tuple[str, ...]:
        """The categories in which the risk is higher than what is tolerable there."""
        return tuple(
            category
            for category, level in consequence.items()
            if self.matrix[level][likelihood] > self.tolerable[category]
        )


def faults(method: Method) -> Iterator[tuple[str, str]]:
    """Where more harm or more likelihood would lower the risk, or more risk the SL-T: key of the method, and words.

    A method with a fault must not be used: its order of risks contradicts itself.
    """
    for row, consequence in zip(method.matrix, method.consequences, strict=True):
        for number, (less, more) in enumerate(pairwise(row)):
            if more < less:
                yield "matrix", f"{consequence.id}: the risk falls from {_step(method.likelihoods, number)}"
    for number, (upper, lower) in enumerate(pairwise(method.matrix)):
        for less, more, likelihood in zip(upper, lower, method.likelihoods, strict=True):
            if more < less:
                yield "matrix", f"{likelihood.id}: the risk falls from {_step(method.consequences, number)}"
    for number, (lesser, greater) in enumerate(pairwise(method.risks)):
        if any(greater.asks(attacker) < lesser.asks(attacker) for attacker in range(1, MAX_LEVEL + 1)):
            yield "risks", f"the sl-t falls from {_step(method.risks, number)}"


def _step(levels: tuple[Consequence | Likelihood | RiskLevel, ...], number: int) -> str:
    return f"{levels[number].id} to {levels[number + 1].id}"
