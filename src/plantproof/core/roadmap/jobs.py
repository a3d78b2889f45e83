# SPDX-License-Identifier: Apache-2.0
"""From missing controls to jobs: each piece of work once, however many zones wait for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plantproof.core.roadmap.gaps import Gap, Missing, Open, Work
from plantproof.core.roadmap.terms import NOTHING, Estimate, Range, Scope, Terms, total

__all__ = ["Job", "JobKey", "job_key", "jobs_of"]

JobKey = tuple[str, str]
"""Control and zone; the zone is empty if the work is done once for the plant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The work on one control: in one zone, or once for all that miss it."""

    control: str
    zones: tuple[str, ...]
    scope: Scope
    work: Work
    """What is to be done; of several zones the most work: fix, then collect, attest, renew."""
    reason: str
    """Why the control is not met, in the first zone with the most work."""
    assets: tuple[str, ...]
    checks: tuple[str, ...]
    show: Range
    """Person-days to show that it holds."""
    do: Range
    """Person-days to bring it about; from nothing, while nobody knows whether it holds."""
    cost: Range
    """Money: the days at the day's rate, and what has to be bought."""
    estimate: Estimate

    @property
    def effort(self) -> Range:
        """Person-days altogether."""
        return self.show + self.do


def job_key(terms: Terms, control: str, zone: str) -> JobKey:
    """Which job a control in a zone belongs to."""
    return control, "" if terms.estimate(control, zone).scope is Scope.PLANT else zone


def jobs_of(gaps: Iterable[Gap], terms: Terms) -> Mapping[JobKey, Job]:
    """One job for each control and zone, or for each control of which the estimate says: once for the plant.

    What is out of scope is no job.
    """
    grouped: dict[JobKey, list[Missing]] = {}
    for gap in gaps:
        for missing in gap.missing:
            if terms.left_out(missing.zone, missing.control) is None:
                grouped.setdefault(job_key(terms, missing.control, missing.zone), []).append(missing)
    return {key: _job(members, terms) for key, members in grouped.items()}


def _job(members: list[Missing], terms: Terms) -> Job:
    first = min(members, key=lambda one: list(Work).index(one.work))
    estimate = terms.estimate(first.control, first.zone)
    assets = tuple(dict.fromkeys(asset for one in members for asset in one.assets))
    pieces = [one for missing in members for one in missing.open]
    each = [[one] for one in pieces] if estimate.scope is Scope.ASSET else [pieces]
    parts = [_parts(work, estimate) for work in each]
    show, do, bought = (total(column) for column in zip(*parts, strict=True))
    return Job(
        control=first.control,
        zones=tuple(one.zone for one in members),
        scope=estimate.scope,
        work=first.work,
        reason=first.reason,
        assets=assets,
        checks=tuple(sorted({check for one in members for check in one.checks})),
        show=show,
        do=do,
        cost=(show + do).priced(terms.day_rate) + bought.times(terms.price_factor),
        estimate=estimate,
    )


def _parts(pieces: Sequence[Open], estimate: Estimate) -> tuple[Range, Range, Range]:
    """Days to show, days to do, things to buy, for pieces of work that are done together.

    Of a failed check the fault is known, and the next collection shows the repair. Of what is unknown it may turn out
    that nothing is missing but the proof. What ran out was shown once.
    """
    works = {one.work for one in pieces}
    show = estimate.show if any(one.to_show for one in pieces) else NOTHING
    if Work.FIX in works:
        return show, estimate.do, estimate.cost
    if works == {Work.RENEW}:
        return show, NOTHING, NOTHING
    return show, estimate.do.at_most(), estimate.cost.at_most()
