# SPDX-License-Identifier: Apache-2.0
"""What zones can reach through the plant's firewalls and routers, against what the conduits declare."""

from plantproof.firewall.reach.boundary import Boundary, boundaries_of
from plantproof.firewall.reach.findings import Finding, findings_of, hosts_text, named_rules
from plantproof.firewall.reach.judge import Blocked, Outcome, Pair, Passage, Report, Unknown, judge
from plantproof.firewall.reach.spread import Device
from plantproof.firewall.reach.strays import Stray

__all__ = [
    "Blocked",
    "Boundary",
    "Device",
    "Finding",
    "Outcome",
    "Pair",
    "Passage",
    "Report",
    "Stray",
    "Unknown",
    "boundaries_of",
    "findings_of",
    "hosts_text",
    "judge",
    "named_rules",
]
