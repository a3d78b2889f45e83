# SPDX-License-Identifier: Apache-2.0
"""Components as their suppliers describe them, and what they claim, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from plantproof.core.instants import outside
from plantproof.core.levels import FR, SLVector
from plantproof.errors import Location

__all__ = ["CLAIMS", "MET", "STATES", "TYPES", "Component", "ComponentClaim", "Requirement"]

TYPES: Final = MappingProxyType(
    {"SAR": "software application", "EDR": "embedded device", "HDR": "host device", "NDR": "network device"}
)
"""The four types of component of IEC 62443-4-2."""

CLAIMS: Final = MappingProxyType({"certificate": "certified by", "declaration": "declared by"})
"""Whose word a claim is."""

STATES: Final = ("met", "not-met", "not-applicable")
"""What a component claims of one requirement; ``met`` may need settings that ``remark`` tells."""
MET: Final = frozenset({"met", "not-applicable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What has to be known of a requirement of IEC 62443-4-2."""

    id: str
    label: str
    fr: FR
    min_sl: int
    types: frozenset[str]
    """The types of component that it is for, of :data:`TYPES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentClaim:
    """What is said of one requirement."""

    requirement: str
    state: str
    """One of :data:`STATES`."""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A product in one range of versions, with what is claimed of it until when."""

    id: str
    title: str
    supplier: str
    type: str
    """One of :data:`TYPES`."""
    claim: str
    """One of :data:`CLAIMS`."""
    by: str
    """Who certified or declared it."""
    stated: str
    """Instant as text, as ``valid_until``."""
    valid_until: str
    version: str = ""
    """Versions that the claim is about, as written."""
    reference: str = ""
    """Number of the certificate, or the document's name."""
    document: str = ""
    """Path of the document within the workspace; empty: it is kept elsewhere."""
    sl_c: SLVector | None = None
    """As claimed; None: only requirements are."""
    claims: Mapping[str, ComponentClaim] = field(default_factory=lambda: MappingProxyType({}))
    """By requirement; empty: only the levels are claimed."""
    declared: Location = field(default_factory=Location)

    def why_not(self, at: str) -> str:
        """Why its claim does not hold at an instant; empty if it does."""
        return outside(at, self.stated, self.valid_until, begun="stated")
