# SPDX-License-Identifier: Apache-2.0
"""A check as data: what it looks at, what must hold, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plantproof.core.verdicts import Strength
from plantproof.errors import Location

__all__ = ["Assertion", "Check", "ControlClaim"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One expression that must hold, and the sentence that says what is wrong if it does not."""

    that: str
    otherwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule over the facts of one asset; the YAML file of the same id is its source."""

    id: str
    title: str
    kinds: tuple[str, ...]
    """Evidence kinds it needs, all of them. In expressions each is known by what follows its last dot
    (``linux.sshd`` is ``sshd``), with ``-`` as ``_``."""
    when: str
    """Expression: whether it applies at all; empty: always."""
    assertions: tuple[Assertion, ...]
    rationale: str
    remedy: str
    caution: str
    """What to mind in a running plant before doing so."""
    function: str = ""
    """Name of a registered function that judges instead of assertions; empty: the assertions do."""
    declared: Location = field(default_factory=Location)
    names: Mapping[str, str] = field(default_factory=dict)
    """Name in expressions -> kind; derived from ``kinds``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlClaim:
    """One line of the component definition: a check speaks to a control, this strongly."""

    check: str
    control: str
    strength: Strength
    remark: str = ""
