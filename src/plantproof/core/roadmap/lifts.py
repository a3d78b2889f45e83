# SPDX-License-Identifier: Apache-2.0
"""Lifts: a level of an FR rises only when all that blocks it is met, so the blockers of a level are one step.

Lifts are ordered by the risk that they take away for each person-day. A lift of a level stands after those of the
levels below it; so of each zone and FR the best run of lifts from the bottom is compared, not the next lift alone: a
cheap high level makes up for a dear low one. Work that several zones and FRs wait for is weighed by each one's share;
once it is done, it costs the others nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import inf

from plantproof.core.levels import FR
from plantproof.core.roadmap.gaps import Gap
from plantproof.core.roadmap.jobs import Job, JobKey, job_key
from plantproof.core.roadmap.terms import OutOfScope, Terms

__all__ = ["Lift", "Unreachable", "lifts_of", "ordered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """One FR of one zone, from a proven level to a higher one, and all the work that stands in between."""

    zone: str
    fr: FR
    before: int
    after: int
    weight: float
    """The risk that it takes away."""
    needs: tuple[JobKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """A target that the road map does not reach, because something in the way is out of scope."""

    zone: str
    fr: FR
    target: int
    reached: int
    control: str
    reason: str


def lifts_of(gap: Gap, terms: Terms, weight: float) -> tuple[list[Lift], Unreachable | None]:
    """The lifts of one gap from the bottom up, as far as everything that they need is in scope.

    Args:
        gap: One zone and FR below its target.
        terms: Says what is out of scope and what is done once for the plant.
        weight: The risk of the whole gap; each lift takes its share by levels.
    """
    levels = sorted({missing.level for missing in gap.missing})
    lifts: list[Lift] = []
    for level, above in zip(levels, [*levels[1:], gap.target + 1], strict=True):
        members = [missing for missing in gap.missing if missing.level == level]
        blocked = _left_out(terms, gap.zone, [one.control for one in members])
        if blocked is not None:
            control, entry = blocked
            return lifts, Unreachable(
                zone=gap.zone,
                fr=gap.fr,
                target=gap.target,
                reached=level - 1,
                control=control,
                reason=entry.reason,
            )
        lift = Lift(
            zone=gap.zone,
            fr=gap.fr,
            before=level - 1,
            after=above - 1,
            weight=weight * (above - level) / (gap.target - gap.proven),
            needs=tuple(job_key(terms, one.control, one.zone) for one in members),
        )
        lifts.append(lift)
    return lifts, None


def _left_out(terms: Terms, zone: str, controls: Iterable[str]) -> tuple[str, OutOfScope] | None:
    for control in controls:
        entry = terms.left_out(zone, control)
        if entry is not None:
            return control, entry
    return None


def ordered(chains: Sequence[Sequence[Lift]], jobs: Mapping[JobKey, Job]) -> list[Lift]:
    """All lifts, the most risk for the least effort first; equal ones by weight, then in the order given.

    Args:
        chains: The lifts of each zone and FR from the bottom up.
        jobs: What each lift's needs take.
    """
    rest = {number: list(chain) for number, chain in enumerate(chains) if chain}
    users: dict[JobKey, set[int]] = {}
    for number, chain in rest.items():
        for lift in chain:
            for key in lift.needs:
                users.setdefault(key, set()).add(number)
    share = {key: jobs[key].effort.mid / len(numbers) for key, numbers in users.items()}
    done: set[JobKey] = set()
    # A heap of runs, best first; one whose chain has changed since is passed over when it comes up.
    version = dict.fromkeys(rest, 0)
    heap = [_entry(number, rest[number], share, done, version=0) for number in rest]
    heapify(heap)
    found: list[Lift] = []
    while heap:
        _, _, number, made, run = heappop(heap)
        if made != version[number]:
            continue
        taken, rest[number] = rest[number][:run], rest[number][run:]
        found += taken
        new = {key for lift in taken for key in lift.needs} - done
        done |= new
        for one in {number}.union(*(users[key] for key in new)):
            version[one] += 1
            if rest[one]:
                heappush(heap, _entry(one, rest[one], share, done, version=version[one]))
    return found


def _entry(
    number: int, chain: Sequence[Lift], share: Mapping[JobKey, float], done: set[JobKey], *, version: int
) -> tuple[float, float, int, int, int]:
    ratio, weight, run = _best_run(chain, share, done)
    return -ratio, -weight, number, version, run


def _best_run(chain: Sequence[Lift], share: Mapping[JobKey, float], done: set[JobKey]) -> tuple[float, float, int]:
    """Ratio, weight and length of the best run of lifts from the bottom; the shortest among equals."""
    best = (-inf, 0.0, 1)
    weight = effort = 0.0
    seen: set[JobKey] = set()
    for length, lift in enumerate(chain, 1):
        weight += lift.weight
        new = [key for key in dict.fromkeys(lift.needs) if key not in done and key not in seen]
        seen.update(new)
        effort += sum(share[key] for key in new)
        ratio = weight / effort if effort else inf
        if ratio > best[0]:
            best = (ratio, weight, length)
    return best
