# SPDX-License-Identifier: Apache-2.0
"""A filter as a program: what every dialect is translated into, and all that the model knows of it.

Instructions stand in one line and are tried in order. Each has a box of packets that it may match; if it is not
``sure``, whether it matches also depends on something that a packet's coordinates do not tell (rate, time, length, a
list that lives elsewhere, an expression that we do not understand), and both ways are followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from plantproof.firewall.packets import ANY, Box, Dim
from plantproof.firewall.ranges import Ranges

__all__ = ["NO_RULE", "Act", "Instruction", "Listing", "Program", "Rewrite", "Rule", "Step"]

NO_RULE = -1


class Act(Enum):
    """What happens to a packet that an instruction matches."""

    FORWARD = "forward"
    """It leaves the device."""
    DROP = "drop"
    """It does not: dropped, refused, or taken by the device itself."""
    ANYTHING = "anything"
    """It may leave, may be dropped, and may go on: the rule is not understood."""
    GO = "go"
    """On at ``to``; what was called is forgotten, if ``fresh``."""
    CALL = "call"
    """On at ``to``, and back to ``after`` on return."""
    RETURN = "return"
    """Back to where the last call said."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A coordinate gets new values (address translation); of several values, which one is not known."""

    dim: Dim
    values: Ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an instruction does."""

    act: Act
    to: int = 0
    """For GO and CALL: the place of the instruction that comes next."""
    fresh: bool = False
    returns: int = 0
    """With ``fresh``: where the first return leads."""
    rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Instruction:
    """One match and what follows from it. ``after`` is where a call comes back to."""

    box: Box
    step: Step
    sure: bool = True
    rule: int = NO_RULE
    """Index of the rule to name in answers; NO_RULE for what nobody wrote."""
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as people know it: where it stands, as it is written or printed, what it does."""

    line: int
    text: str
    action: str
    """The dialect's word: ``accept``, ``drop``, ``permit``, ``deny``, ``policy drop``, ``jump web``..."""
    place: str = ""
    """Chain, access list or policy table."""
    understood: bool = True
    why: str = ""
    """What of it is not understood."""
    decides: bool = True
    """False for what only counts, logs or leads elsewhere."""

    @property
    def is_policy(self) -> bool:
        """Whether it is what a device does with what no rule takes."""
        return not self.line or self.action.startswith("policy") or "implicit" in self.text


@dataclass(frozen=True, slots=True)
class Program:
    """Instructions and where to begin."""

    instructions: tuple[Instruction, ...]
    start: int = 0
    base: Box = field(default_factory=lambda: ANY)
    """Packets that the configuration speaks of (a family, for example)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One configuration, read: its rules for people, its program for the model, and what was not understood."""

    dialect: str
    rules: tuple[Rule, ...]
    program: Program
    lines: int
    """Lines that speak of filtering, translation or interfaces."""
    interfaces: tuple[str, ...] = ()
    """Names of interfaces that it mentions."""
    incomplete: tuple[Rule, ...] = ()
    """Why no answer can be sure at all: a listing that ends too early, a feature that may decide anything."""
    homes: Mapping[str, Ranges] = field(default_factory=lambda: MappingProxyType({}))
    """Per interface the addresses that are known to lie behind it, if the configuration tells."""
