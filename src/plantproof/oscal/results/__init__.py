# SPDX-License-Identifier: Apache-2.0
"""Assessments as OSCAL 1.2.1: assessment-results and plan of action and milestones, streamed, reproducible.

How our words become OSCAL's:

* a zone is a component of type ``network``, a conduit one of type ``interconnection``, an asset an inventory item;
* outcomes of one check with one verdict are one observation with its assets as subjects (a million observations of one
  subject each would be half a gigabyte that says the same);
* a requirement in a zone is a finding. OSCAL knows two states: *satisfied* and *not applicable* become ``satisfied``,
  everything else ``not-satisfied``; the reason is ``pass``, ``fail``, or ``other`` for what is unknown. Our own
  verdict stands in a prop, because "unknown" is not "failed";
* a gap of the road map is a risk; its steps are milestones of one remediation, their jobs actions within them;
* an attestation is an observation by INTERVIEW with the attesting person as its origin.
"""

from __future__ import annotations

from plantproof.oscal.results.assessment_results import write_assessment_results
from plantproof.oscal.results.milestones import write_milestones
from plantproof.oscal.results.poam import write_poam

__all__ = ["write_assessment_results", "write_milestones", "write_poam"]
