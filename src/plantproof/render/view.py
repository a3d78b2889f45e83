# SPDX-License-Identifier: Apache-2.0
"""What the portal shows, gathered: everything a page needs and nothing that it would have to compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plantproof.core.checks import Check, ControlClaim
from plantproof.core.evidence import Envelope, NotCollected
from plantproof.core.judgement import Assessment, Outcome
from plantproof.core.plant import Plant
from plantproof.core.verdicts import Verdict

__all__ = ["PortalView"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalView:
    """One assessment of one plant, with the content it was judged by."""

    plant: Plant
    assessment: Assessment
    checks: Mapping[str, Check]
    claims: Sequence[ControlClaim]
    controls: Mapping[str, Mapping[str, object]]
    """Each control as OSCAL has it, with the values of its highest baseline."""
    params: Mapping[str, str]
    evidence: Sequence[Envelope]
    """Every item of the locker, sorted by path."""
    not_collected: Sequence[NotCollected]
    tool: str

    def open_findings(self) -> tuple[Outcome, ...]:
        """Outcomes that are not satisfied, by zone, check and asset."""
        failed = (o for o in self.assessment.outcomes if o.verdict is Verdict.NOT_SATISFIED)
        return tuple(sorted(failed, key=lambda o: (o.zone, o.check, o.asset)))

    def claims_of_check(self, check: str) -> tuple[ControlClaim, ...]:
        """What a check is worth, requirement by requirement."""
        return tuple(claim for claim in self.claims if claim.check == check)

    @property
    def simulated(self) -> tuple[str, ...]:
        """Ids of the simulated assets."""
        return tuple(sorted(asset.id for asset in self.plant.assets.values() if asset.simulated))
