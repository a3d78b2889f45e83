# SPDX-License-Identifier: Apache-2.0
"""What the portal shows, gathered: everything a page needs and nothing that it would have to compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plantproof.core.checks import Check, ControlClaim
from plantproof.core.deadlines import Deadline
from plantproof.core.evidence import Envelope, NotCollected
from plantproof.core.finding import Finding
from plantproof.core.judgement import Assessment, ControlInfo, Outcome
from plantproof.core.plant import Plant
from plantproof.core.remote_access import RemoteAccess
from plantproof.core.roadmap import RoadMap
from plantproof.core.verdicts import Verdict
from plantproof.errors import Location
from plantproof.render.firewall_page import FirewallView
from plantproof.render.html import slug
from plantproof.render.risk_page import RiskView
from plantproof.render.zone_rows import by_level

__all__ = ["PortalView", "RegisterView"]

_LAST = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """A row of a crosswalk, as seen from the other standard's control."""

    control: str
    """The requirement of the baseline."""
    relation: str
    """What the other standard's control is to it."""
    authority: str
    official: bool
    confidence: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A control of another standard with its counterparts."""

    id: str
    label: str
    title: str
    counterparts: Sequence[Counterpart]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """Another standard, as far as rows lead to it."""

    key: str
    title: str
    duties: Sequence[Duty]
    """Those with rows, in document order."""
    without: int
    """How many assessable controls no row names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterView:
    """What the plant's files say that ends some day."""

    register: Sequence[RemoteAccess]
    """Who may come in from far away."""
    findings: Sequence[Finding]
    """Of the register."""
    deadlines: Sequence[Deadline]


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
    downloads: Sequence[str] = ()
    """Names of the files that are offered beside the pages."""
    standards: Sequence[Standard] = ()
    """Other standards to whose controls crosswalks lead from the requirements, by key."""
    licensed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Control to the standard's own text, which the owner has licensed; such a portal stays inside the plant."""
    firewalls: FirewallView | None = None
    """What the firewalls let through; None: the plant names none."""
    risk: RiskView | None = None
    """The risk assessment; None: nobody asked for its page."""
    road: RoadMap | None = None
    """The way to the targets; None: nobody asked for its page."""
    registers: RegisterView | None = None
    """Remote access, and all that runs out; None: nobody asked for these pages."""
    root: str = ""
    """Folder of the workspace's files, as their places name it; pages tell what lies below it."""

    def open_findings(self) -> tuple[Outcome, ...]:
        """Outcomes that are not satisfied: those against the lowest security level first, then by zone, check and asset."""
        failed = (o for o in self.assessment.outcomes if o.verdict is Verdict.NOT_SATISFIED)
        level = {check: self.level_of_check(check) for check in self.checks}
        return tuple(sorted(failed, key=lambda o: (level[o.check] or _LAST, o.zone, o.check, o.asset)))

    def controls_of_check(self, check: str) -> tuple[ControlInfo, ...]:
        """The requirements of this baseline that a check speaks to."""
        known = self.assessment.controls
        return tuple(known[claim.control] for claim in self.claims_of_check(check) if claim.control in known)

    def level_of_check(self, check: str) -> int:
        """The lowest security level that asks for what a check looks at; 0 if none does."""
        return min((info.min_sl for info in self.controls_of_check(check)), default=0)

    def claims_of_check(self, check: str) -> tuple[ControlClaim, ...]:
        """What a check is worth, requirement by requirement."""
        return tuple(claim for claim in self.claims if claim.check == check)

    def judged_parts(self) -> tuple[str, ...]:
        """Ids of the zones, from the enterprise side down to the process, and of the conduits with a known asset."""
        zones = [zone.id for zone in by_level(self.plant.zones.values())]
        return (*zones, *(one for one in self.plant.conduits if self.plant.assets_of_conduit(one)))

    def place(self, where: Location) -> str:
        """``measures/logins.yml:2``: the same on every machine."""
        file = where.file.removeprefix(f"{self.root}/") if self.root else where.file
        return f"{file}:{where.line}" if where.line else file

    def page_of(self, part: str) -> str:
        """The page of a zone or conduit, below the site."""
        return f"{'conduits' if part in self.plant.conduits else 'zones'}/{slug(part)}.html"

    @property
    def simulated(self) -> tuple[str, ...]:
        """Ids of the simulated assets."""
        return tuple(sorted(asset.id for asset in self.plant.assets.values() if asset.simulated))
