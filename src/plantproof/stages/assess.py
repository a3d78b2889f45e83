# SPDX-License-Identifier: Apache-2.0
"""Assessing: one judgement of one baseline at one instant, from evidence alone. Touches no device.

The same evidence, content and instant give the same assessment, on any machine and in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from plantproof.checks.compiled import CompiledCheck
from plantproof.checks.engine import evaluate
from plantproof.checks.explain import outcome_of
from plantproof.checks.subjects import KindEvidence, Subject
from plantproof.core.achieved import zone_status
from plantproof.core.checks import ControlClaim
from plantproof.core.evidence import NotCollected
from plantproof.core.judgement import (
    Assessment,
    Capability,
    ControlInfo,
    Outcome,
    Proof,
    ZoneStatus,
)
from plantproof.core.levels import SLVector
from plantproof.core.plant import Asset, Conduit, Plant, Zone
from plantproof.core.rollup import control_status
from plantproof.core.statements import Place, Statements
from plantproof.core.verdicts import Verdict
from plantproof.oscal.baseline import Baseline
from plantproof.ports.collecting import CollectorInfo
from plantproof.ports.locker import StoredItem
from plantproof.stages.subjects import subject_of, whole_of

_NOTHING: Final = Statements()
_Key = tuple[str, str, str, Verdict]
"""Check, asset, the zone or conduit if it was judged as a whole, verdict."""
_Judged = dict[str, list[Outcome]]
"""Per zone or conduit what checks say of its assets."""

__all__ = ["Rules", "assess", "values_at"]


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
    statements: Statements,
    sl_c: Mapping[str, Capability] = MappingProxyType({}),
    boundaries: Mapping[str, KindEvidence] = MappingProxyType({}),
    at: str,
) -> Assessment:
    """Judge every zone and conduit of the plant.

    Args:
        plant: Zones, conduits and assets.
        rules: Baselines, checks, claims.
        items: Everything that the locker holds, by path.
        commit: The locker's commit that ``items`` were read from.
        not_collected: What could not be brought when it was last asked for.
        statements: All attestations, compensating measures and waivers of the workspace.
        boundaries: What the firewalls let through, of zones and conduits by id; none where the plant names no firewall.
        sl_c: SL-C of zones and conduits by id, where components are described.
        at: The instant of judgement, as text.
    """
    reasons = {(item.asset, item.kind): item.reason for item in not_collected}
    params = {zone.id: values_at(zone.sl_t, rules.levels) for zone in plant.zones.values()}
    subjects = [
        subject_of(asset, rules.collectors, items, reasons=reasons, params=params[asset.zone], at=at)
        for _, asset in sorted(plant.assets.items())
    ]
    evaluation = evaluate(rules.checks, subjects, now=at)
    judged: _Judged = {zone: [] for zone in plant.zones}
    outcomes: dict[_Key, Outcome] = {}
    for check, subject, _ in evaluation.asked():
        outcome = outcome_of(evaluation, check, subject)
        outcomes[_key(outcome)] = outcome
        judged[outcome.zone].append(outcome)
    judged |= _on_conduits(plant, rules, {one.asset.id: one for one in subjects}, outcomes, at)
    for outcome in _on_boundaries(plant, rules, boundaries, at):
        outcomes[_key(outcome)] = outcome
        judged[outcome.zone].append(outcome)
    top = rules.levels[max(rules.levels)]
    roll = _RollUp(top.controls, _proofs(judged, rules.claims), statements.by_place(), sl_c, at)
    return Assessment(
        at=at,
        baseline=top.title,
        locker_commit=commit,
        controls=top.controls,
        zones={one.id: roll.of(one, plant.assets_of(one.id)) for one in plant.zones.values()},
        conduits={one.id: roll.of(one, plant.assets_of_conduit(one.id)) for one in plant.conduits.values()},
        outcomes=tuple(outcomes.values()),
    )


def _key(outcome: Outcome) -> _Key:
    return outcome.check, outcome.asset, "" if outcome.asset else outcome.zone, outcome.verdict


def _on_boundaries(plant: Plant, rules: Rules, boundaries: Mapping[str, KindEvidence], at: str) -> Iterator[Outcome]:
    """What checks say of zones and conduits as a whole."""
    parts: list[Zone | Conduit] = [*plant.zones.values(), *plant.conduits.values()]
    subjects = [
        whole_of(part, boundaries[part.id], params=values_at(part.sl_t, rules.levels))
        for part in parts
        if part.id in boundaries
    ]
    evaluation = evaluate(rules.checks, subjects, now=at)
    for check, subject, _ in evaluation.asked():
        yield outcome_of(evaluation, check, subject)


def _on_conduits(
    plant: Plant,
    rules: Rules,
    subjects: Mapping[str, Subject],
    outcomes: dict[_Key, Outcome],
    at: str,
) -> _Judged:
    """The conduits' assets, judged by the values of the conduits' targets; what comes out anew goes to ``outcomes``."""
    found: _Judged = {}
    for conduit in plant.conduits.values():
        params = values_at(conduit.sl_t, rules.levels)
        members = [replace(subjects[asset.id], params=params) for asset in plant.assets_of_conduit(conduit.id)]
        evaluation = evaluate(rules.checks, members, now=at)
        found[conduit.id] = []
        for check, subject, _ in evaluation.asked():
            outcome = replace(outcome_of(evaluation, check, subject), zone=conduit.id)
            found[conduit.id].append(outcomes.setdefault(_key(outcome), outcome))
    return found


@dataclass(frozen=True, slots=True)
class _RollUp:
    """Everything that speaks to a requirement in a zone or conduit, by the two."""

    controls: Mapping[str, ControlInfo]
    proofs: Mapping[Place, Sequence[Proof]]
    said: Mapping[Place, Statements]
    sl_c: Mapping[str, Capability]
    at: str

    def of(self, part: Zone | Conduit, assets: Iterable[Asset]) -> ZoneStatus:
        """The status of every requirement, and the levels that follow."""
        names = [asset.id for asset in assets]
        statuses = {
            control.id: control_status(
                control,
                zone=part.id,
                assets=names,
                proofs=self.proofs.get((part.id, control.id), ()),
                said=self.said.get((part.id, control.id), _NOTHING),
                at=self.at,
            )
            for control in self.controls.values()
        }
        return replace(zone_status(part.id, part.sl_t, self.controls, statuses), sl_c=self.sl_c.get(part.id))


def values_at(sl_t: SLVector, levels: Mapping[int, Baseline]) -> dict[str, str]:
    """The parameter values that hold for a target: those of its level for the requirement's FR.

    A requirement that the target does not select yet takes the values of the lowest level that does.
    """
    top = levels[max(levels)]
    values: dict[str, str] = {}
    for control in top.controls.values():
        level = min(max(sl_t[control.fr], control.min_sl, min(levels)), max(levels))
        baseline = levels[level]
        params = baseline.source.get(control.id, {}).get("params")
        for param in params if isinstance(params, list) else ():
            if param["id"] in baseline.params:
                values[param["id"]] = baseline.params[param["id"]]
    return values


def _proofs(judged: _Judged, claims: Sequence[ControlClaim]) -> dict[Place, list[Proof]]:
    by_check: dict[str, list[tuple[str, Outcome]]] = {}
    for part, outcomes in judged.items():
        for outcome in outcomes:
            by_check.setdefault(outcome.check, []).append((part, outcome))
    found: dict[Place, list[Proof]] = {}
    for claim in claims:
        for part, outcome in by_check.get(claim.check, ()):
            proof = Proof(outcome=outcome, strength=claim.strength)
            found.setdefault((part, claim.control), []).append(proof)
    return found
