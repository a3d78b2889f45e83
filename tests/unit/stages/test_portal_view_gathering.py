# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from fakes.portal_views import CLAIMS, make_view
from plantproof.checks.compiled import CompiledCheck
from plantproof.core.checks import ControlClaim
from plantproof.core.evidence import EvidenceItem
from plantproof.oscal.baseline import Baseline
from plantproof.ports.locker import StoredItem
from plantproof.render.site import site_pages
from plantproof.stages.assess import Rules
from plantproof.stages.publish import portal_view


def compiled(name: str) -> CompiledCheck:
    return CompiledCheck(check=make_view().checks[name], when=None, that=(), function=None, run=lambda _: 0)


def test_a_view_is_sorted_and_takes_its_prose_from_the_highest_level() -> None:
    sample = make_view()
    low = Baseline(title="low", controls={}, params={}, source={})
    top = Baseline(title="top", controls=sample.assessment.controls, params=sample.params, source=dict(sample.controls))
    rules = Rules(
        levels={4: top, 1: low},
        checks=[compiled(name) for name in ("ports", "login", "clock")],
        claims=[ControlClaim(check=a, control=b, strength=s) for a, b, s in CLAIMS],
        collectors={},
    )
    items = {
        envelope.path: StoredItem(item=EvidenceItem(envelope=envelope, content=b"Port 22\n"), commit="1" * 40)
        for envelope in reversed(sample.evidence)
    }
    view = portal_view(
        sample.assessment,
        sample.plant,
        rules,
        items=items,
        not_collected=sample.not_collected,
        tool="plantproof 0",
        downloads=("assessment-results.json",),
        risk=sample.risk,
        road=sample.road,
        registers=sample.registers,
        root=sample.root,
    )
    assert list(view.checks) == ["clock", "login", "ports"]
    assert [one.path for one in view.evidence] == sorted(items)
    assert view.controls is top.source
    assert dict(site_pages(view)).keys() == dict(site_pages(sample)).keys()
    assert dict(site_pages(view))["evidence.md"] == dict(site_pages(sample))["evidence.md"]
