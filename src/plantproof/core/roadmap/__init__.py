# SPDX-License-Identifier: Apache-2.0
"""From gaps to a plan: what raises which zone, in which order, for how much, and when. Estimates, never promises.

A risk assessment may tell what each gap weighs: a mapping ``(zone, FR) -> weight`` handed to :func:`plan_road`.
"""

from __future__ import annotations

from plantproof.core.roadmap.gaps import Gap, Missing, Weights, Work, gaps_of, weights_of
from plantproof.core.roadmap.jobs import Job, JobKey
from plantproof.core.roadmap.lifts import Lift, Unreachable
from plantproof.core.roadmap.plan import RoadMap, Step, When, plan_road, reached
from plantproof.core.roadmap.preparation import Phase
from plantproof.core.roadmap.terms import PREPARATION, Estimate, OutOfScope, Range, Scope, Terms

__all__ = [
    "PREPARATION",
    "Estimate",
    "Gap",
    "Job",
    "JobKey",
    "Lift",
    "Missing",
    "OutOfScope",
    "Phase",
    "Range",
    "RoadMap",
    "Scope",
    "Step",
    "Terms",
    "Unreachable",
    "Weights",
    "When",
    "Work",
    "gaps_of",
    "plan_road",
    "reached",
    "weights_of",
]
