# SPDX-License-Identifier: Apache-2.0
"""What zones can reach through the plant's firewalls and routers, against what the conduits declare."""

from plantproof.firewall.reach.judge import Blocked, Outcome, Pair, Passage, Report, Unknown, judge
from plantproof.firewall.reach.spread import Device

__all__ = ["Blocked", "Device", "Outcome", "Pair", "Passage", "Report", "Unknown", "judge"]
