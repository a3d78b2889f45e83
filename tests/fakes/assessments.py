# SPDX-License-Identifier: Apache-2.0
"""Made-up plants and assessments for tests of whatever comes after judgement."""

from __future__ import annotations

from collections.abc import Sequence

from plantproof.core.achieved import zone_status
from plantproof.core.checks import Assertion, Check
from plantproof.core.judgement import Assessment, ControlInfo, EvidenceRef, Outcome, Proof, ZoneStatus
from plantproof.core.levels import FR, SLVector
from plantproof.core.plant import Asset, Conduit, Plant, Zone
from plantproof.core.rollup import control_status
from plantproof.core.statements import Attestation, Measure, Statements, Waiver
from plantproof.core.verdicts import Strength, Verdict
from plantproof.errors import Location

AT = "2026-11-23T06:37:00Z"


def make_control(ident: str, fr: FR, min_sl: int) -> ControlInfo:
    return ControlInfo(id=ident, label=ident.upper().replace("-", " "), title=f"Title of {ident}", fr=fr, min_sl=min_sl)


def make_check(ident: str) -> Check:
    return Check(
        id=ident,
        title=f"Title of {ident}",
        kinds=("linux.sshd",),
        when="",
        assertions=(Assertion(that="sshd.port == 22", otherwise="another port"),),
        rationale="Because.",
        remedy="Do this.",
        caution="Mind the loop.",
        names={"sshd": "linux.sshd"},
    )


def make_plant(zones: Sequence[str], assets_per_zone: int = 2) -> Plant:
    made = {
        zone: Zone(id=zone, title=f"Zone {zone}", sl_t=SLVector.uniform(2), purdue=str(number))
        for number, zone in enumerate(zones)
    }
    assets = {
        f"{zone}-{number}": Asset(id=f"{zone}-{number}", zone=zone, simulated=number == 1, collectors=("linux_host",))
        for zone in zones
        for number in range(assets_per_zone)
    }
    conduit = Conduit(id="c1", title="Conduit", zones=tuple(zones[:2]), sl_t=SLVector.uniform(2))
    conduits = {"c1": conduit} if len(zones) > 1 else {}
    return Plant(name="Test works", owner="Owner", zones=made, conduits=conduits, assets=assets)


def make_outcome(check: str, asset: str, zone: str, verdict: Verdict) -> Outcome:
    ref = EvidenceRef(
        path=f"{zone}/{asset}/linux.sshd.txt",
        sha256="0" * 64,
        commit="1" * 40,
        collected="2026-11-22T06:37:00Z",
        valid_until="2026-11-29T06:37:00Z",
        simulated=asset.endswith("-1"),
    )
    seen = verdict in {Verdict.SATISFIED, Verdict.NOT_SATISFIED, Verdict.STALE}
    message = "another port" if verdict is Verdict.NOT_SATISFIED else ""
    return Outcome(
        check=check,
        asset=asset,
        zone=zone,
        verdict=verdict,
        message=message,
        evidence=(ref,) if seen else (),
        lines=(3, 7) if seen else (),
    )


def make_attestation(control: str, zone: str) -> Attestation:
    return Attestation(
        control=control,
        zone=zone,
        statement="Seen on the walk round.",
        role="asset-owner",
        name="A. Example",
        stated="2026-06-01T00:00:00Z",
        valid_until="2027-06-01T00:00:00Z",
        path="attestations/people.yml",
    )


def make_measure(control: str, zone: str) -> Measure:
    return Measure(
        id=f"measure-{control}",
        control=control,
        zone=zone,
        where=Location(file="measures/measures.yml", line=2),
        instead="A guard checks who enters.",
        declared_by="Plant manager",
        declared="2026-01-01T00:00:00Z",
        reviewed_by="Security officer",
        reviewed="2026-02-01T00:00:00Z",
        until="2026-12-31T23:59:59Z",
    )


def make_waiver(control: str, zone: str) -> Waiver:
    return Waiver(
        id=f"waiver-{control}",
        control=control,
        zone=zone,
        where=Location(file="waivers/waivers.yml", line=2),
        reason="The panels are replaced in the next stop.",
        owner="Maintenance",
        approved_by="Plant manager",
        granted="2026-01-01T00:00:00Z",
        until="2026-12-31T23:59:59Z",
        ticket="CHG-17",
    )


def make_assessment(
    plant: Plant,
    controls: Sequence[ControlInfo],
    outcomes: Sequence[Outcome],
    claims: Sequence[tuple[str, str, Strength]],
    attestations: Sequence[Attestation] = (),
    *,
    measures: Sequence[Measure] = (),
    waivers: Sequence[Waiver] = (),
) -> Assessment:
    said = Statements(attestations=tuple(attestations), measures=tuple(measures), waivers=tuple(waivers)).by_place()
    infos = {control.id: control for control in controls}

    def status_of(part: Zone | Conduit, assets: Sequence[Asset]) -> ZoneStatus:
        names = [asset.id for asset in assets]
        statuses = {}
        for control in controls:
            proofs = [
                Proof(outcome=outcome, strength=strength)
                for check, claimed, strength in claims
                if claimed == control.id
                for outcome in outcomes
                if outcome.check == check and outcome.asset in names
            ]
            statuses[control.id] = control_status(
                control,
                zone=part.id,
                assets=names,
                proofs=proofs,
                said=said.get((part.id, control.id), Statements()),
                at=AT,
            )
        return zone_status(part.id, part.sl_t, infos, statuses)

    return Assessment(
        at=AT,
        baseline="Baseline",
        locker_commit="1" * 40,
        controls=infos,
        zones={zone.id: status_of(zone, plant.assets_of(zone.id)) for zone in plant.zones.values()},
        conduits={one.id: status_of(one, plant.assets_of_conduit(one.id)) for one in plant.conduits.values()},
        outcomes=tuple(outcomes),
    )
