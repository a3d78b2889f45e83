# SPDX-License-Identifier: Apache-2.0
"""From the outcomes of checks to the status of a requirement in a zone, without claiming more than was shown.

A requirement is satisfied in a zone when it is settled for every asset of the zone: by a satisfied check that
*demonstrates* it, or by an attestation that is still valid. A check that only *supports* it never settles anything, but
one that fails, of either strength, is evidence against it. What cannot be settled keeps the requirement unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from plantproof.core.judgement import ControlInfo, ControlStatus, Proof
from plantproof.core.statements import Attestation, Statements
from plantproof.core.verdicts import Strength, Verdict, worst

__all__ = ["asset_verdicts", "control_status"]

_NOTHING: Final = Statements()
_WHOLE: Final = ""
"""Stands for the assets of a zone or conduit that has none: only what speaks of it as a whole shows anything."""


def control_status(
    control: ControlInfo,
    *,
    zone: str,
    assets: Sequence[str],
    proofs: Sequence[Proof],
    said: Statements = _NOTHING,
    at: str,
) -> ControlStatus:
    """Judge one requirement in one zone or conduit.

    Args:
        control: The requirement.
        zone: The id of the zone or conduit.
        assets: Ids of all its assets; each must be settled.
        proofs: Outcomes of every check that speaks to the requirement on one of these assets.
        said: Attestations, measures and waivers that name this requirement and zone or conduit, valid or not.
        at: The instant of judgement; texts of instants sort as time does.
    """
    valid = tuple(item for item in said.attestations if item.stated <= at <= item.valid_until)
    by_asset = asset_verdicts(assets or [_WHOLE], proofs)
    settled = {
        asset: Verdict.SATISFIED if verdict is Verdict.NO_EVIDENCE and valid else verdict
        for asset, verdict in by_asset.items()
    }
    verdict = worst(settled.values())
    if verdict is Verdict.NO_EVIDENCE and said.attestations and not valid:
        verdict = Verdict.STALE
    attested = verdict is Verdict.SATISFIED and Verdict.NO_EVIDENCE in by_asset.values()
    status = ControlStatus(
        control=control.id,
        zone=zone,
        verdict=verdict,
        attested=attested,
        reason=_attested_by(valid[0]) if attested else _reason(verdict, by_asset, proofs, said.attestations),
        proofs=tuple(proofs),
        said=replace(said, attestations=valid or said.attestations),
    )
    lacking = [asset for asset, one in settled.items() if not one.met]
    return status if verdict.met else _departed(status, lacking, at)


def _departed(status: ControlStatus, lacking: Sequence[str], at: str) -> ControlStatus:
    """What is not met, with what measures and waivers make of it; their words stand before what is so without them."""
    measures = [one for one in status.said.measures if not one.why_not(at)]
    waivers = [one for one in status.said.waivers if not one.why_not(at)]
    rest = [asset for asset in lacking if not any(one.covers(asset) for one in measures)]
    waived = bool(rest) and all(any(one.covers(asset) for one in waivers) for asset in rest)
    told = [
        *(f"measure {one.id} does not count: {one.why_not(at)}" for one in status.said.measures if one.why_not(at)),
        *(f"waiver {one.id} does not hold: {one.why_not(at)}" for one in status.said.waivers if one.why_not(at)),
    ]
    done = [
        f"compensated by measure {one.id} ({one.declared_by}, reviewed by {one.reviewed_by}) until {one.until[:10]}"
        for one in measures
    ]
    let = [f"waived by {one.id} ({one.owner}, approved by {one.approved_by}) until {one.until[:10]}" for one in waivers]
    partly = [
        *(f"measure {one.id} covers only {', '.join(one.assets)}" for one in measures),
        *(f"waiver {one.id} covers only {', '.join(one.assets)}" for one in waivers),
    ]
    if not rest:
        told = done
    elif waived:
        told = let + partly[: len(measures)]
    else:
        told += partly
    return replace(
        status,
        reason="; ".join([*told, status.reason]),
        compensated=not rest,
        waived_until=min(one.until for one in waivers) if waived else "",
    )


def asset_verdicts(assets: Iterable[str], proofs: Sequence[Proof]) -> dict[str, Verdict]:
    """What checks say of one requirement on each asset, or of the whole around it; nothing that people state."""
    whole = [proof for proof in proofs if not proof.outcome.asset]
    own: dict[str, list[Proof]] = {}
    for proof in proofs:
        if proof.outcome.asset:
            own.setdefault(proof.outcome.asset, []).append(proof)
    return {asset: _asset_verdict([*own.get(asset, ()), *whole]) for asset in assets}


def _asset_verdict(proofs: Sequence[Proof]) -> Verdict:
    if any(proof.outcome.verdict is Verdict.NOT_SATISFIED for proof in proofs):
        return Verdict.NOT_SATISFIED
    decisive = [proof.outcome.verdict for proof in proofs if proof.strength is Strength.DEMONSTRATES]
    return worst(decisive)


def _reason(
    verdict: Verdict,
    by_asset: dict[str, Verdict],
    proofs: Sequence[Proof],
    attestations: Sequence[Attestation],
) -> str:
    if verdict is Verdict.STALE and attestations and Verdict.STALE not in by_asset.values():
        return f"the attestation of {attestations[0].name} ran out on {attestations[0].valid_until[:10]}"
    concerned = [asset for asset, one in by_asset.items() if one is verdict]
    if verdict is Verdict.NO_EVIDENCE:
        return _silence(proofs, concerned)
    decisive = [p for p in proofs if p.outcome.verdict is verdict]
    if verdict is Verdict.SATISFIED:
        decisive = [p for p in decisive if p.strength is Strength.DEMONSTRATES]
        where = f" on {_names(concerned)}" if any(p.outcome.asset for p in decisive) else ""
        return f"demonstrated by {_names(sorted({p.outcome.check for p in decisive}))}{where}"
    if not decisive:
        return verdict.label
    first = decisive[0].outcome
    more = f" (and {len(decisive) - 1} more)" if len(decisive) > 1 else ""
    return f"{first.about}: {first.message}{more}"


def _attested_by(one: Attestation) -> str:
    return f"attested by {one.name} ({one.role}), valid until {one.valid_until[:10]}"


def _silence(proofs: Sequence[Proof], concerned: Sequence[str]) -> str:
    about = {*concerned, ""}
    near = [proof.outcome for proof in proofs if proof.outcome.asset in about]
    missing = [outcome for outcome in near if outcome.verdict is Verdict.NO_EVIDENCE]
    if missing:
        return f"{missing[0].about}: {missing[0].message}"
    on = f" on {_names(concerned)}" if _WHOLE not in concerned else ""
    if any(p.outcome.verdict is Verdict.SATISFIED for p in proofs):
        return f"checks support it, but none demonstrates it{on}, and nobody attests to it"
    if near:
        told = f"{near[0].check} is {near[0].verdict.label}: {near[0].message}"
        return f"nobody attests to it, and of what could support it {told}"
    if not on:
        return "no asset is named that could show it, and nobody attests to it"
    return f"nothing speaks to it{on}, and nobody attests to it"


def _names(names: Sequence[str]) -> str:
    shown = 3
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")
