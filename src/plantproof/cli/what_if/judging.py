# SPDX-License-Identifier: Apache-2.0
"""Judging twice: the plant as it is, and as it might be, by the same evidence at the same instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from plantproof.cli.judging import Evidence, evidence_at, judge_by
from plantproof.cli.what_if.supposing import Suppositions, Values, moved_plant, read_suppositions, stated
from plantproof.core.plant import Plant
from plantproof.core.risk import residual_levels
from plantproof.core.roadmap import plan_road
from plantproof.core.whatif import REACH, Change, Views, compare, overruled, rehoused, views_of
from plantproof.errors import UsageError

if TYPE_CHECKING:
    from plantproof.cli.wiring import Wiring
    from plantproof.render.firewall_page import FirewallView

__all__ = ["compared"]

_NOTHING = read_suppositions()


def compared(workspace: Path, given: Suppositions, at: str) -> tuple[Change, ...]:
    """What would be different; nothing is written but a copy of the files, which is thrown away.

    Raises:
        UsageError: nothing is supposed, or a name is not known.
        PlantproofError: the workspace is not sound, with the change or without.
    """
    from plantproof.adapters.workspace.supposed import at_revision, supposed
    from plantproof.cli.wiring import Wiring

    if not given.any:
        hint = "Try --set zone.ID.sl-t=3, --move ASSET=ZONE, --with FOLDER or --against REVISION; see --help."
        raise UsageError("nothing is supposed", code="usage.bad-argument", hint=hint)
    real = Wiring.of(workspace)
    evidence = evidence_at(real, at)
    now = real.workspace.plant
    with ExitStack() as stack:
        old, new = real, real
        if given.against:
            old = Wiring.of(stack.enter_context(at_revision(real.paths, given.against)))
        before = _views(old, evidence, _NOTHING, now)
        if given.sets or given.overlays:
            new = Wiring.of(stack.enter_context(supposed(real.paths, given.overlays, given.sets)))
        after = _views(new, evidence, given.values, now)
    return compare(before, after)


def _views(wiring: Wiring, evidence: Evidence, values: Values, collected: Plant) -> Views:
    """The views of one side.

    Args:
        wiring: The files to judge by.
        evidence: What the real locker holds.
        values: What is supposed besides the files.
        collected: The plant whose zones the locker's paths name.
    """
    from plantproof.adapters.roadmap import load_terms

    plant = moved_plant(wiring.workspace.plant, values.moves)
    controls = wiring.levels[max(wiring.levels)].controls
    said = stated(wiring.workspace.statements, values, plant, controls, evidence.at)
    items = rehoused(evidence.items, collected, plant)
    judged = judge_by(wiring, replace(evidence, items=items), plant, said)
    assessment = overruled(judged.assessment, values.verdicts)
    terms = load_terms(wiring.paths.root, zones=plant.zones, controls=controls)
    road = plan_road(assessment, plant, terms, residual=residual_levels(judged.files.risk))
    return {**views_of(assessment, plant, road), REACH: dict(_reach(judged.firewalls))}


def _reach(walls: FirewallView | None) -> Iterator[tuple[str, str]]:
    """What the firewalls let through and no conduit declares, and what they hold back though one does."""
    if walls is None:
        return
    from plantproof.firewall.reach import Outcome
    from plantproof.firewall.reach.services import services_text

    report = walls.report
    yield from ((f"{one.about}: {one.why}", "unknown") for one in report.unknown)
    for pair in report.pairs.values():
        way = f"{pair.source} > {pair.target}"
        if pair.unfiltered:
            yield way, str(Outcome.UNFILTERED)
        for passage in pair.passages:
            yield f"{way}: {services_text(passage.arriving)}", str(passage.outcome)
        for blocked in pair.blocked:
            yield f"{way}: {blocked.service}", str(blocked.outcome)
