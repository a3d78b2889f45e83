# SPDX-License-Identifier: Apache-2.0
"""Made-up views for the portal: small, whole, and if wanted full of names that nobody should have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fakes.assessments import (
    AT,
    make_assessment,
    make_attestation,
    make_check,
    make_control,
    make_measure,
    make_outcome,
    make_plant,
    make_waiver,
)
from plantproof.core.checks import Check, ControlClaim
from plantproof.core.deadlines import deadlines_of
from plantproof.core.evidence import Clocks, CollectorId, Envelope, NotCollected
from plantproof.core.facts import SectionState
from plantproof.core.judgement import ControlInfo
from plantproof.core.levels import FR
from plantproof.core.plant import Flow, Plant
from plantproof.core.remote_access import RemoteAccess, access_findings
from plantproof.core.risk import DEFAULT, Acceptance, RiskAssessment, Scenario, Threat, Unit, risk_findings, zcr_steps
from plantproof.core.roadmap import Range, Terms, plan_road
from plantproof.core.statements import Attestation, Statements
from plantproof.core.verdicts import Strength, Verdict
from plantproof.core.windows import Window
from plantproof.errors import Location
from plantproof.render.risk_page import RiskView
from plantproof.render.view import PortalView, RegisterView

HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "[tap](javascript:document.title='owned') <a href='http://evil.example/'>here</a>",
    "</td></table></div><h1 onclick=\"document.title='owned'\">x</h1>\n\n# heading\n\n![i](http://evil.example/i.png)",
    "*a* `b` {: onclick=\"document.title='owned'\" } &#60;b&#62; \u202etxt.exe \x02wzxhzdk:0\x03",
)

CLAIMS = (
    ("login", "sr-1.1", Strength.DEMONSTRATES),
    ("login", "sr-1.1.re-1", Strength.SUPPORTS),
    ("ports", "sr-7.1", Strength.DEMONSTRATES),
    ("ports", "sr-2.1", Strength.SUPPORTS),
    ("clock", "sr-2.1", Strength.DEMONSTRATES),
)
VERDICTS = {
    "login": (Verdict.SATISFIED, Verdict.STALE),
    "ports": (Verdict.NOT_SATISFIED, Verdict.SATISFIED, Verdict.NOT_APPLICABLE),
    "clock": (Verdict.NO_EVIDENCE, Verdict.INCONCLUSIVE),
}


def make_controls() -> tuple[ControlInfo, ...]:
    basic = tuple(make_control(f"sr-{int(fr)}.1", fr, 1) for fr in FR)
    return (*basic, make_control("sr-1.1.re-1", FR.IAC, 2), make_control("sr-6.2", FR.TRE, 4))


def make_oscal(control: ControlInfo) -> Mapping[str, object]:
    ident = control.id
    return {
        "id": ident,
        "title": control.title,
        "props": [{"name": "duty", "value": "asset-owner"}, {"name": "label", "value": control.label}],
        "params": [
            {"id": f"{ident}_prm", "label": "how long", "guidelines": [{"prose": "Shorter is safer."}]},
        ],
        "links": [{"href": "#sr-2.1", "rel": "related"}, {"href": "#sr-9.9", "rel": "related"}],
        "parts": [
            {"name": "statement", "prose": f"Wait {{{{ insert: param, {ident}_prm }}}} & <then> act.\n\nTwice."},
            {"name": "guidance", "prose": "Walk the plant."},
            {
                "name": "assessment-objective",
                "parts": [{"name": "assessment-objective", "prose": "A list names every door."}],
            },
            {
                "name": "assessment-method",
                "props": [{"name": "method", "value": "EXAMINE"}],
                "parts": [{"name": "assessment-objects", "prose": "The list of doors."}],
            },
        ],
    }


def make_envelope(zone: str, asset: str, *, simulated: bool, notes: tuple[str, ...] = ()) -> Envelope:
    stale = asset.endswith("-0")
    return Envelope(
        path=f"{zone}/{asset}/linux.sshd.txt",
        sha256="ab" * 32,
        size=10,
        zone=zone,
        asset=asset,
        kind="linux.sshd",
        collector=CollectorId(name="linux_host", version="1", digest="d"),
        clocks=Clocks(
            observed=None,
            collected="2026-11-10T06:37:00Z" if stale else "2026-11-23T06:07:00Z",
            received="2026-11-23T06:37:00Z",
            valid_until="2026-11-17T06:37:00Z" if stale else "2026-11-30T06:37:00Z",
        ),
        state=SectionState.TRUNCATED if stale else SectionState.COMPLETE,
        run="r",
        notes=notes,
        simulated=simulated,
    )


def make_view(zones: int = 3, assets: int = 2, *, hostile: bool = False) -> PortalView:
    """A plant of some zones, a few requirements and checks, and every verdict somewhere."""
    ids = [f"zone-{number}" for number in range(zones)]
    plant = make_plant(ids, assets)
    plant = replace(
        plant,
        zones={
            ident: replace(zone, description="What it does.", windows=(Window.parse("mon-fri 08:00-16:00"),))
            for ident, zone in plant.zones.items()
        },
        conduits={
            ident: replace(
                one,
                assets=(f"{ids[0]}-0",),
                flows=(Flow(source=ids[0], target=ids[1], service="tcp/443", reason="reports"),),
            )
            for ident, one in plant.conduits.items()
        },
    )
    controls = make_controls()
    checks = {name: make_check(name) for name in VERDICTS}
    checks["clock"] = replace(checks["clock"], assertions=(), function="clock", when="true", caution="")
    outcomes = [
        make_outcome(name, asset.id, asset.zone, found[number % len(found)])
        for number, asset in enumerate(plant.assets.values())
        for name, found in VERDICTS.items()
    ]
    attestations = [make_attestation(ident, ids[0]) for ident in ("sr-3.1", "sr-5.1")]
    missing = [NotCollected(zone=ids[0], asset=f"{ids[0]}-0", kind="linux.sudo", reason="needs root")]
    if hostile:
        plant = _hostile_plant(plant)
        checks = {name: _hostile_check(check) for name, check in checks.items()}
        outcomes = [replace(one, message=HOSTILE[3]) if one.message else one for one in outcomes]
        attestations = [_hostile_attestation(one) for one in attestations]
        missing = [replace(one, reason=" ".join(HOSTILE)) for one in missing]
    measures, waivers = (
        [make_measure("sr-1.1", ids[-1])],
        [make_waiver(ident, ids[-1]) for ident in ("sr-1.1", "sr-2.1")],
    )
    if hostile:
        measures = [replace(one, instead=HOSTILE[0], declared_by=HOSTILE[1]) for one in measures]
        waivers = [replace(one, reason=HOSTILE[2], owner=HOSTILE[0], ticket=HOSTILE[4]) for one in waivers]
    assessment = make_assessment(plant, controls, outcomes, CLAIMS, attestations, measures=measures, waivers=waivers)
    risk = make_risk(ids, hostile=hostile)
    return PortalView(
        plant=plant,
        assessment=assessment,
        risk=RiskView(risk, risk_findings(plant, risk, AT), zcr_steps(plant, risk, AT), AT),
        root="/w",
        road=plan_road(assessment, plant, Terms(day_rate=Range(800, 1000), capacity=Range(8, 12))),
        registers=make_registers(
            plant, Statements(measures=tuple(measures), waivers=tuple(waivers)), risk, hostile=hostile
        ),
        checks=checks,
        claims=[ControlClaim(check=a, control=b, strength=s) for a, b, s in CLAIMS],
        controls={control.id: make_oscal(control) for control in controls},
        params={f"{control.id}_prm": HOSTILE[0] if hostile else "5 minutes" for control in controls},
        evidence=[
            make_envelope(
                asset.zone, asset.id, simulated=asset.simulated, notes=HOSTILE[:2] if hostile else ("a note",)
            )
            for asset in plant.assets.values()
        ],
        not_collected=missing,
        tool="plantproof 0",
        downloads=("assessment-results.json",),
    )


def make_registers(plant: Plant, said: Statements, risk: RiskAssessment, *, hostile: bool) -> RegisterView:
    """An access that holds, one that ran out, and all dates."""
    words = HOSTILE if hostile else ("Maker", "Faults.", "Production", "Security officer", "Contract 7")
    first = RemoteAccess(
        id="maker",
        party=words[0],
        purpose=words[1],
        conduits=tuple(plant.conduits)[:1],
        assets=tuple(plant.assets)[:1],
        owner=words[2],
        approved_by=words[3],
        granted="2026-01-01T00:00:00Z",
        until="2027-01-01T00:00:00Z",
        reference=words[4],
        contact=words[0],
        multi_factor=True,
        recorded=False,
        shown_by=tuple(plant.assets)[:1],
        declared=Location(file="/w/remote-access/register.yml", line=2),
    )
    old = replace(first, id="old", until="2026-06-30T23:59:59Z", shown_by=(), assets=())
    register: tuple[RemoteAccess, ...] = (first, old) if plant.conduits else ()
    dates = deadlines_of(plant, statements=said, risk=risk, components={}, roles=(), register=register)
    return RegisterView(register=register, findings=access_findings(plant, register, AT), deadlines=dates)


def make_risk(zones: Sequence[str], *, hostile: bool = False) -> RiskAssessment:
    """A scenario that is accepted, one that is tolerable, and one that nobody bears."""
    words = HOSTILE if hostile else ("words", "other words", "a reason", "a way", "a weakness")
    likely = len(DEFAULT.likelihoods) - 1
    worst = len(DEFAULT.consequences) - 1
    shared: Any = {"assessed": AT, "by": words[0], "threat": Threat(source=words[1], attacker=2, way=words[3])}
    made = [
        Scenario(id="stop", title=words[0], unit=Unit(zone=zones[0]), consequence={"production": worst}, likelihood=likely, planned=words[:2], **shared),
        Scenario(id="leak", title=words[1], unit=Unit(conduit="c1") if len(zones) > 1 else Unit(zone=zones[0]), consequence={"environment": worst}, likelihood=likely, measures=words[2:4], with_measures=({"environment": worst}, likely - 1), **shared),
        Scenario(id="delay", title=words[2], unit=Unit(zone=zones[-1]), consequence={"finance": 1}, likelihood=2, controls=("sr-1.1",), with_measures=({"finance": 0}, 0), vulnerability=words[4], **shared),
    ]  # fmt: skip
    accepted = Acceptance(
        scenario="leak",
        risk=len(DEFAULT.risks) - 1,
        role=words[0],
        name=words[1],
        reason=words[3],
        accepted=AT,
        until=AT,
    )
    return RiskAssessment(scenarios={one.id: one for one in made}, acceptances=(accepted,))


def _hostile_plant(plant: Plant) -> Plant:
    return replace(
        plant,
        name=" ".join(HOSTILE),
        zones={
            ident: replace(zone, title=HOSTILE[number % len(HOSTILE)], description="\n\n".join(HOSTILE))
            for number, (ident, zone) in enumerate(plant.zones.items())
        },
        conduits={ident: replace(one, title=HOSTILE[2]) for ident, one in plant.conduits.items()},
        assets={
            ident: replace(asset, title=HOSTILE[number % len(HOSTILE)], collectors=(HOSTILE[1],))
            for number, (ident, asset) in enumerate(plant.assets.items())
        },
    )


def _hostile_check(check: Check) -> Check:
    return replace(check, title=HOSTILE[0] + HOSTILE[4], rationale=HOSTILE[3], remedy=HOSTILE[1], when=HOSTILE[1])


def _hostile_attestation(one: Attestation) -> Attestation:
    return replace(one, name=HOSTILE[1], role=HOSTILE[0], statement=HOSTILE[3], path=HOSTILE[2])


__all__ = ["AT", "HOSTILE", "make_view"]
