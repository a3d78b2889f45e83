# SPDX-License-Identifier: Apache-2.0
"""Risk assessment after IEC 62443-3-2 (ZCR 1 to 7) as values and pure functions; ids of clauses are ids only.

A method of the plant's own turns consequence and likelihood into risk; scenarios give zones and conduits an SL-T with
a reason; what remains is tolerable, or a named role accepts it until a day. Nothing here judges evidence: that a
measure exists is what somebody wrote.
"""

from plantproof.core.risk.assessment import (
    Acceptance,
    Approval,
    Initial,
    Record,
    RiskAssessment,
    Scenario,
    Threat,
    Unit,
)
from plantproof.core.risk.default import DEFAULT
from plantproof.core.risk.method import ATTACKER, CATEGORIES, Consequence, Likelihood, Method, RiskLevel, faults
from plantproof.core.risk.rules import RISK_RULES, risk_findings
from plantproof.core.risk.steps import State, Step, zcr_groups, zcr_steps
from plantproof.core.risk.titles import RECORDED, TITLES, label_of
from plantproof.core.risk.weigh import residual_levels

__all__ = [
    "ATTACKER",
    "CATEGORIES",
    "DEFAULT",
    "RECORDED",
    "RISK_RULES",
    "TITLES",
    "Acceptance",
    "Approval",
    "Consequence",
    "Initial",
    "Likelihood",
    "Method",
    "Record",
    "RiskAssessment",
    "RiskLevel",
    "Scenario",
    "State",
    "Step",
    "Threat",
    "Unit",
    "faults",
    "label_of",
    "residual_levels",
    "risk_findings",
    "zcr_groups",
    "zcr_steps",
]
