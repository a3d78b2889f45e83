# SPDX-License-Identifier: Apache-2.0
"""What the engine judges: an asset with its parsed evidence, one entry per kind. The caller parses, once per item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plantproof.core.facts import Facts, SectionState
from plantproof.core.judgement import EvidenceRef
from plantproof.core.plant import Asset

__all__ = ["KindEvidence", "Subject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindEvidence:
    """One asset's evidence of one kind."""

    kind: str
    facts: Facts | None
    """None if there was nothing to parse."""
    state: SectionState = SectionState.COMPLETE
    reason: str = ""
    """Why it was not collected."""
    notes: tuple[str, ...] = ()
    """Parts that could not be read."""
    stale: bool = False
    """Valid until an instant before the assessment's."""
    ref: EvidenceRef | None = None
    others: tuple[EvidenceRef, ...] = ()
    """Further items that the facts were made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An asset and everything that the locker holds of it."""

    asset: Asset
    """Without an id: the zone that it names, or the conduit, as a whole."""
    evidence: Mapping[str, KindEvidence]
    expected: frozenset[str] | None = None
    """Kinds that this asset's collectors can bring; a check that needs another is not asked of it. None: ask all."""
    params: Mapping[str, object] | None = None
    """Control parameters that hold for this asset, in place of the assessment's."""
