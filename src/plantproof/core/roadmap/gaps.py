# SPDX-License-Identifier: Apache-2.0
"""The gap of each zone and FR between target and proof: which controls are missing, why, and what work they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plantproof.core.judgement import Assessment, ControlStatus, Proof, ZoneStatus
from plantproof.core.levels import FR
from plantproof.core.plant import Plant
from plantproof.core.roadmap.terms import Terms
from plantproof.core.rollup import asset_verdicts
from plantproof.core.verdicts import Strength, Verdict

__all__ = ["MET", "Gap", "Missing", "Weights", "Work", "gaps_of", "weights_of"]

MET: Final = frozenset({Verdict.SATISFIED, Verdict.NOT_APPLICABLE})
Weights = Mapping[tuple[str, FR], float]
"""The risk that goes away when the gap of a zone and FR is closed; any unit, as long as it is one for the plant."""


class Work(StrEnum):
    """What has to be done about a control that is not met."""

    FIX = "fix"
    """Something was found that is not as it should be."""
    COLLECT = "collect"
    """A check could demonstrate it, but its evidence is missing or cannot be understood."""
    ATTEST = "attest"
    """No check at hand demonstrates it on every asset: decide, do, and let a person state it."""
    RENEW = "renew"
    """It was shown once; the evidence or the statement ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One asset on which a control is not settled; no asset at all, in a zone that has none."""

    asset: str
    work: Work
    to_show: bool
    """Whether it has to be shown besides: a repaired check that only supports the control shows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One control that a zone's target asks for and that is not shown to be met."""

    control: str
    zone: str
    level: int
    """Lowest level that selects it."""
    verdict: Verdict
    reason: str
    work: Work
    """The most work of any asset."""
    open: tuple[Open, ...]
    """What is not settled, asset by asset; one without an asset in a zone that has none."""
    checks: tuple[str, ...]
    """Checks that fail, or whose evidence is missing or unclear."""

    @property
    def assets(self) -> tuple[str, ...]:
        """Assets on which it is not settled."""
        return tuple(one.asset for one in self.open if one.asset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One zone and FR below its target."""

    zone: str
    fr: FR
    target: int
    proven: int
    possible: int
    missing: tuple[Missing, ...]
    """In the order of levels, failures first."""


def gaps_of(assessment: Assessment, plant: Plant, zones: Iterable[str] | None = None) -> tuple[Gap, ...]:
    """Every gap of the zones (default: all), in the order of the plant's files and of the FRs."""
    wanted = set(assessment.zones if zones is None else zones)
    found = []
    for status in assessment.zones.values():
        if status.zone in wanted:
            assets = [asset.id for asset in plant.assets_of(status.zone)]
            found += [_gap(assessment, assets, status, fr) for fr in FR if status.proven[fr] < status.sl_t[fr]]
    return tuple(found)


def _gap(assessment: Assessment, assets: Sequence[str], status: ZoneStatus, fr: FR) -> Gap:
    missing = [
        _missing(assets, status.controls[info.id], info.min_sl, assessment.at)
        for info in assessment.controls.values()
        if info.fr is fr and info.min_sl <= status.sl_t[fr] and not status.controls[info.id].met
    ]
    missing.sort(key=lambda one: (one.level, one.work is not Work.FIX))  # stable: catalog order within
    return Gap(
        zone=status.zone,
        fr=fr,
        target=status.sl_t[fr],
        proven=status.proven[fr],
        possible=min(status.possible[fr], status.sl_t[fr]),
        missing=tuple(missing),
    )


def _missing(assets: Sequence[str], status: ControlStatus, level: int, at: str) -> Missing:
    verdicts = asset_verdicts(assets, status.proofs)
    stated = any(one.stated <= at <= one.valid_until for one in status.said.attestations)
    settled = MET | {Verdict.NO_EVIDENCE} if stated else MET
    unsettled = {asset: verdict for asset, verdict in verdicts.items() if verdict not in settled}
    speaking = {p.outcome.check for p in status.proofs if p.outcome.verdict not in MET}
    return Missing(
        control=status.control,
        zone=status.zone,
        level=level,
        verdict=status.verdict,
        reason=status.reason or status.verdict.label,
        work=_work(status.verdict, status.proofs),
        open=_open(status, unsettled),
        checks=tuple(sorted(speaking)),
    )


def _open(status: ControlStatus, unsettled: Mapping[str, Verdict]) -> tuple[Open, ...]:
    # If no asset has the verdict of the whole, it came from people: a statement that ran out is renewed for all.
    own = status.verdict in unsettled.values()
    found = []
    for asset, verdict in unsettled.items():
        proofs = [proof for proof in status.proofs if proof.outcome.speaks_of(asset)]
        work = _work(verdict if own else status.verdict, proofs)
        shown = any(proof.strength is Strength.DEMONSTRATES for proof in proofs) or not proofs
        found.append(Open(asset=asset, work=work, to_show=work is not Work.FIX or not shown))
    if found:
        return tuple(found)
    work = _work(status.verdict, status.proofs)
    return (Open(asset="", work=work, to_show=work is not Work.FIX),)


def _work(verdict: Verdict, proofs: Sequence[Proof]) -> Work:
    if verdict is Verdict.NOT_SATISFIED:
        return Work.FIX
    if verdict is Verdict.STALE:
        return Work.RENEW
    could = [p for p in proofs if p.strength is Strength.DEMONSTRATES and p.outcome.verdict not in MET]
    return Work.COLLECT if could else Work.ATTEST


def weights_of(
    gaps: Iterable[Gap], plant: Plant, terms: Terms, residual: Mapping[tuple[str, FR], float]
) -> dict[tuple[str, FR], float]:
    """Risk of each gap: the zone's weight times what remains of the risk times the missing levels.

    Where no risk assessment tells what remains, the target stands for it: for what the owner thinks an attacker can do
    there. The zone's weight stands for what follows. Both are the project's convention.
    """
    found = {}
    for gap in gaps:
        zone = plant.zones[gap.zone]
        weight = terms.zones.get(gap.zone, terms.kinds.get(zone.kind, 1.0))
        level = residual.get((gap.zone, gap.fr), gap.target)
        found[gap.zone, gap.fr] = weight * level * (gap.target - gap.proven)
    return found
