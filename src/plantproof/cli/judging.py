# SPDX-License-Identifier: Apache-2.0
"""What assess, explain, publish and run share: judge the workspace's locker at an instant, and write the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plantproof import __version__
from plantproof.core.evidence import NotCollected
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.judgement import Assessment
from plantproof.core.plant import Plant
from plantproof.core.statements import Statements
from plantproof.errors import UsageError
from plantproof.ports.locker import StoredItem
from plantproof.stages.assess import Rules

if TYPE_CHECKING:
    from plantproof.adapters.workspace import Workspace
    from plantproof.checks.subjects import KindEvidence
    from plantproof.cli.wiring import Wiring
    from plantproof.render.firewall_page import FirewallView

__all__ = ["TOOL", "Evidence", "Judged", "evidence_at", "judge", "judge_by", "write_portal", "write_results"]

_JUDGED_BY = "iec62443-3-3"
TOOL = f"plantproof {__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An assessment, and what it was made from."""

    assessment: Assessment
    plant: Plant
    rules: Rules
    items: Mapping[str, StoredItem]
    not_collected: tuple[NotCollected, ...]
    output: Path
    root: Path
    files: Workspace
    """As it was read; the plant that was judged may be another."""
    firewalls: FirewallView | None
    """What the firewalls let through; None: the plant names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the locker held at an instant."""

    at: str
    commit: str
    items: Mapping[str, StoredItem]
    not_collected: tuple[NotCollected, ...]


def judge(workspace: Path, at: str = "") -> Judged:
    """Judge the workspace at an instant (default: now) by the evidence that was in the locker then.

    Raises:
        PlantproofError: the workspace, the content or the locker is not sound.
    """
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    return judge_by(wiring, evidence_at(wiring, at), wiring.workspace.plant, wiring.workspace.statements)


def evidence_at(wiring: Wiring, at: str = "") -> Evidence:
    """Read the locker as it was at an instant (default: now).

    Raises:
        PlantproofError: the instant is none, or the locker is not sound.
    """
    instant = instant_text(parse_instant(at) if at else wiring.clock.now())
    locker = wiring.locker
    commit = locker.commit_at(instant) if at else locker.head()
    manifest = locker.manifest(commit) if commit else None
    return Evidence(
        at=instant,
        commit=commit,
        items=locker.items(commit) if commit else {},
        not_collected=manifest.not_collected if manifest else (),
    )


def judge_by(wiring: Wiring, evidence: Evidence, plant: Plant, statements: Statements) -> Judged:
    """Judge a plant by evidence and statements, with the rules of a workspace."""
    from plantproof.cli.passing import firewall_view
    from plantproof.stages.assess import assess

    missing = tuple(item for item in evidence.not_collected if item.asset in plant.assets)
    root, items = wiring.paths.root, evidence.items
    walls = firewall_view(root, plant, lambda: items, evidence.at) if plant.firewalls else None
    assessment = assess(
        plant,
        wiring.rules,
        items=items,
        commit=evidence.commit,
        not_collected=missing,
        statements=statements,
        sl_c=wiring.sl_c(plant, evidence.at),
        boundaries=_boundaries(plant, walls, items, evidence.at) if walls else {},
        at=evidence.at,
    )
    return Judged(
        assessment=assessment,
        plant=plant,
        rules=wiring.rules,
        items=items,
        not_collected=missing,
        output=wiring.paths.output,
        root=root,
        files=wiring.workspace,
        firewalls=walls,
    )


def _boundaries(
    plant: Plant, walls: FirewallView, items: Mapping[str, StoredItem], at: str
) -> Mapping[str, KindEvidence]:
    from plantproof.stages.boundaries import boundary_evidence

    return boundary_evidence(plant, walls, items, at)


def write_results(judged: Judged, output: Path) -> dict[str, Path]:
    """Write assessment results and, if anything is open, the plan of action; returns them by file name."""
    from plantproof.adapters.files import replacing
    from plantproof.oscal.results import write_assessment_results, write_poam

    checks = {compiled.check.id: compiled.check for compiled in judged.rules.checks}
    results, poam = output / "assessment-results.json", output / "poam.json"
    with replacing(results) as file:
        write_assessment_results(judged.assessment, judged.plant, checks, file.write, tool=TOOL)
    with replacing(poam) as file:
        is_open = write_poam(judged.assessment, judged.plant, checks, file.write, tool=TOOL)
    if not is_open:
        poam.unlink()
        return {results.name: results}
    return {results.name: results, poam.name: poam}


def write_portal(judged: Judged, downloads: Mapping[str, Path], *, licensed: bool = False) -> tuple[Path, int]:
    """Build the portal; returns its folder and the number of its pages.

    Args:
        judged: What to show.
        downloads: Files to offer, by name.
        licensed: Show the owner's licensed texts, in a folder of its own, so that the other one can be handed on.

    Raises:
        UsageError: there are no such texts.
        ContentError: one of them belongs to no control.
    """
    from plantproof.adapters.content import Content
    from plantproof.adapters.library import Library
    from plantproof.adapters.portal import build_portal
    from plantproof.adapters.roadmap import load_terms
    from plantproof.cli.expiring import all_deadlines
    from plantproof.core.remote_access import access_findings
    from plantproof.core.risk import residual_levels, risk_findings, zcr_steps
    from plantproof.core.roadmap import plan_road
    from plantproof.render.risk_page import RiskView
    from plantproof.render.site import site_pages
    from plantproof.render.view import RegisterView
    from plantproof.stages.publish import other_standards, portal_view

    library = Library(Content(judged.root))
    at, risk = judged.assessment.at, judged.files.risk
    terms = load_terms(judged.root, zones=judged.plant.zones, controls=judged.assessment.controls)
    texts = _licensed_texts(judged) if licensed else {}
    view = portal_view(
        judged.assessment,
        judged.plant,
        judged.rules,
        items=judged.items,
        not_collected=judged.not_collected,
        tool=TOOL,
        downloads=sorted(downloads),
        standards=other_standards(library.catalogs, library.graph, _JUDGED_BY),
        licensed=texts,
        firewalls=judged.firewalls,
        risk=RiskView(risk, risk_findings(judged.plant, risk, at), zcr_steps(judged.plant, risk, at), at),
        road=plan_road(judged.assessment, judged.plant, terms, residual=residual_levels(risk)),
        registers=RegisterView(
            register=judged.files.remote_access,
            findings=access_findings(judged.plant, judged.files.remote_access, at),
            deadlines=all_deadlines(judged.files),
        ),
        root=str(judged.root),
    )
    target = judged.output / ("site-licensed" if licensed else "site")
    pages = build_portal(site_pages(view), downloads, target, name=judged.plant.name, at=judged.assessment.at)
    return target, pages


def _licensed_texts(judged: Judged) -> Mapping[str, str]:
    from plantproof.adapters.workspace.licensed import FOLDER, read_licensed

    found = read_licensed(judged.root, _JUDGED_BY, judged.rules.levels[max(judged.rules.levels)].source)
    if not found:
        folder = f"{FOLDER}/{_JUDGED_BY}"
        hint = f"Put the text of each requirement that you have licensed into {folder}/ID.txt, such as sr-1.1.txt."
        raise UsageError(f"there are no texts in {judged.root / folder}", code="usage.unknown-name", hint=hint)
    return found
