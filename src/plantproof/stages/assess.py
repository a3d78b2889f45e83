# SPDX-License-Identifier: Apache-2.0
"""Assessing: one judgement of one baseline at one instant, from evidence alone. Touches no device.

The same evidence, content and instant give the same assessment, on any machine and in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plantproof.checks.compiled import CompiledCheck
from plantproof.checks.engine import evaluate
from plantproof.checks.explain import outcome_of
from plantproof.checks.subjects import KindEvidence, Subject
from plantproof.core.achieved import zone_status
from plantproof.core.checks import ControlClaim
from plantproof.core.evidence import NotCollected, item_path
from plantproof.core.facts import SectionState
from plantproof.core.judgement import Assessment, Attestation, ControlStatus, EvidenceRef, Outcome, Proof
from plantproof.core.measures import Measure
from plantproof.core.plant import Asset, Plant, Zone
from plantproof.core.rollup import control_status
from plantproof.oscal.baseline import Baseline
from plantproof.parsers.registry import parse
from plantproof.ports.collecting import CollectorInfo, KindInfo
from plantproof.ports.locker import StoredItem
from plantproof.stages.selecting import kinds_of

__all__ = ["Rules", "assess", "zone_params"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What to judge by: content, none of it about this plant."""

    levels: Mapping[int, Baseline]
    """The baseline of each security level; the highest holds every requirement."""
    checks: Sequence[CompiledCheck]
    claims: Sequence[ControlClaim]
    collectors: Mapping[str, CollectorInfo]


def assess(
    plant: Plant,
    rules: Rules,
    *,
    items: Mapping[str, StoredItem],
    commit: str,
    not_collected: Iterable[NotCollected],
    attestations: Sequence[Attestation],
    measures: Sequence[Measure] = (),
    at: str,
) -> Assessment:
    """Judge every zone of the plant.

    Args:
        plant: Zones and assets.
        rules: Baselines, checks, claims.
        items: Everything that the locker holds, by path.
        commit: The locker's commit that ``items`` were read from.
        not_collected: What could not be brought when it was last asked for.
        attestations: All of the workspace's.
        measures: All compensating measures of the workspace.
        at: The instant of judgement, as text.
    """
    reasons = {(item.asset, item.kind): item.reason for item in not_collected}
    params = {zone.id: zone_params(zone, rules.levels) for zone in plant.zones.values()}
    subjects = [
        _subject(asset, rules.collectors, items, reasons=reasons, params=params[asset.zone], at=at)
        for _, asset in sorted(plant.assets.items())
    ]
    evaluation = evaluate(rules.checks, subjects, now=at)
    outcomes = [outcome_of(evaluation, check, subject) for check, subject, _ in evaluation.asked()]
    top = rules.levels[max(rules.levels)]
    proofs = _proofs(outcomes, rules.claims)
    zones = {}
    for zone in plant.zones.values():
        statuses: dict[str, ControlStatus] = {}
        assets = [asset.id for asset in plant.assets_of(zone.id)]
        for control in top.controls.values():
            statuses[control.id] = control_status(
                control,
                zone=zone.id,
                assets=assets,
                proofs=proofs.get((zone.id, control.id), ()),
                attestations=[a for a in attestations if (a.zone, a.control) == (zone.id, control.id)],
                measures=[m for m in measures if (m.zone, m.control) == (zone.id, control.id)],
                at=at,
            )
        zones[zone.id] = zone_status(zone.id, zone.sl_t, top.controls, statuses)
    return Assessment(
        at=at,
        baseline=top.title,
        locker_commit=commit,
        controls=top.controls,
        zones=zones,
        outcomes=tuple(outcomes),
    )


def zone_params(zone: Zone, levels: Mapping[int, Baseline]) -> dict[str, str]:
    """The parameter values that hold in a zone: those of its SL-T for the requirement's FR.

    A requirement that the SL-T does not select yet takes the values of the lowest level that does.
    """
    top = levels[max(levels)]
    values: dict[str, str] = {}
    for control in top.controls.values():
        level = min(max(zone.sl_t[control.fr], control.min_sl, min(levels)), max(levels))
        baseline = levels[level]
        params = baseline.source.get(control.id, {}).get("params")
        for param in params if isinstance(params, list) else ():
            if param["id"] in baseline.params:
                values[param["id"]] = baseline.params[param["id"]]
    return values


def _subject(
    asset: Asset,
    collectors: Mapping[str, CollectorInfo],
    items: Mapping[str, StoredItem],
    *,
    reasons: Mapping[tuple[str, str], str],
    params: Mapping[str, str],
    at: str,
) -> Subject:
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


def _found(kind: KindInfo, stored: StoredItem, at: str) -> KindEvidence:
    envelope = stored.item.envelope
    clocks = envelope.clocks
    ref = EvidenceRef(
        path=envelope.path,
        sha256=envelope.sha256,
        commit=stored.commit,
        collected=clocks.collected,
        valid_until=clocks.valid_until,
        simulated=envelope.simulated,
    )
    whole = envelope.state is SectionState.COMPLETE
    return KindEvidence(
        kind=kind.kind,
        facts=parse(kind.kind, stored.item.content.decode()) if whole else None,
        state=envelope.state,
        reason=envelope.reason,
        notes=envelope.notes,
        stale=clocks.valid_until < at,
        ref=ref,
    )


def _proofs(outcomes: Sequence[Outcome], claims: Sequence[ControlClaim]) -> dict[tuple[str, str], list[Proof]]:
    by_check: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_check.setdefault(outcome.check, []).append(outcome)
    found: dict[tuple[str, str], list[Proof]] = {}
    for claim in claims:
        for outcome in by_check.get(claim.check, ()):
            proof = Proof(outcome=outcome, strength=claim.strength)
            found.setdefault((outcome.zone, claim.control), []).append(proof)
    return found
