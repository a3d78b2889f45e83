# SPDX-License-Identifier: Apache-2.0
"""From missing controls to jobs: each piece of work once, however many zones wait for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plantproof.core.roadmap.gaps import Gap, Missing, Work
from plantproof.core.roadmap.terms import NOTHING, Estimate, Range, Scope, Terms

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
    times = max(len(assets), 1) if estimate.scope is Scope.ASSET else 1
    show, do, bought = _parts(first.work, estimate)
    effort = (show + do).times(times)
    return Job(
        control=first.control,
        zones=tuple(one.zone for one in members),
        scope=estimate.scope,
        work=first.work,
        reason=first.reason,
        assets=assets,
        checks=tuple(sorted({check for one in members for check in one.checks})),
        show=show.times(times),
        do=do.times(times),
        cost=effort.priced(terms.day_rate) + bought.times(times * terms.price_factor),
        estimate=estimate,
    )


def _parts(work: Work, estimate: Estimate) -> tuple[Range, Range, Range]:
    """Days to show, days to do, things to buy.

    Of a failed check the fault is known, and the next collection shows the repair. Of what is unknown it may turn out
    that nothing is missing but the proof. What ran out was shown once.
    """
    if work is Work.FIX:
        return NOTHING, estimate.do, estimate.cost
    if work is Work.RENEW:
        return estimate.show, NOTHING, NOTHING
    return estimate.show, estimate.do.at_most(), estimate.cost.at_most()
