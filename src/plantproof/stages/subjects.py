# SPDX-License-Identifier: Apache-2.0
"""What is judged: an asset with everything that the locker holds of it, parsed, and why the rest is missing."""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.checks.subjects import KindEvidence, Subject
from plantproof.core.evidence import item_path
from plantproof.core.facts import SectionState
from plantproof.core.judgement import EvidenceRef
from plantproof.core.plant import Asset, Conduit, Zone
from plantproof.parsers.registry import parse
from plantproof.ports.collecting import CollectorInfo, KindInfo
from plantproof.ports.locker import StoredItem
from plantproof.stages.selecting import kinds_of

__all__ = ["reference_to", "subject_of", "whole_of"]


def subject_of(
    asset: Asset,
    collectors: Mapping[str, CollectorInfo],
    items: Mapping[str, StoredItem],
    *,
    reasons: Mapping[tuple[str, str], str],
    params: Mapping[str, str],
    at: str,
) -> Subject:
    """The asset with its evidence of every kind that its collectors bring.

    Args:
        asset: What is judged.
        collectors: By name.
        items: Everything that the locker holds, by path.
        reasons: Why something was not collected, by asset and kind, or by asset and collector.
        params: Control parameters that hold for the asset.
        at: The instant of judgement, as text.
    """
    evidence = {}
    for name in asset.collectors:
        for kind in kinds_of(asset, collectors[name]):
            stored = items.get(item_path(asset.zone, asset.id, kind.kind, kind.media))
            if stored is not None:
                evidence[kind.kind] = _found(kind, stored, at)
            else:
                reason = reasons.get((asset.id, kind.kind)) or reasons.get((asset.id, name)) or "never collected"
                evidence[kind.kind] = KindEvidence(
                    kind=kind.kind, facts=None, state=SectionState.NOT_COLLECTED, reason=reason
                )
    return Subject(asset=asset, evidence=evidence, expected=frozenset(evidence), params=params)


def whole_of(part: Zone | Conduit, evidence: KindEvidence, *, params: Mapping[str, str]) -> Subject:
    """A zone or conduit as a whole, of which only what is reckoned from all its firewalls can tell."""
    return Subject(
        asset=Asset(id="", zone=part.id, title=part.title),
        evidence={evidence.kind: evidence},
        expected=frozenset({evidence.kind}),
        params=params,
    )


def reference_to(stored: StoredItem) -> EvidenceRef:
    """Where anyone finds an item."""
    envelope = stored.item.envelope
    return EvidenceRef(
        path=envelope.path,
        sha256=envelope.sha256,
        commit=stored.commit,
        collected=envelope.clocks.collected,
        valid_until=envelope.clocks.valid_until,
        simulated=envelope.simulated,
    )


def _found(kind: KindInfo, stored: StoredItem, at: str) -> KindEvidence:
    envelope = stored.item.envelope
    whole = envelope.state is SectionState.COMPLETE
    return KindEvidence(
        kind=kind.kind,
        facts=parse(kind.kind, stored.item.content.decode()) if whole else None,
        state=envelope.state,
        reason=envelope.reason,
        notes=envelope.notes,
        stale=envelope.clocks.valid_until < at,
        ref=reference_to(stored),
    )
