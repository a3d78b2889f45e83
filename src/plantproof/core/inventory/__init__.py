# SPDX-License-Identifier: Apache-2.0
"""What is listed and what was seen: bringing hosts of another list in, and holding sightings against the assets."""

from __future__ import annotations

from plantproof.core.inventory.addresses import address_of, host_address, host_text, is_host, is_private, parse_address
from plantproof.core.inventory.bring import BRING_RULES, Allowed, Brought, There, bring
from plantproof.core.inventory.candidate import RESERVED, SAFE_NAME, Candidate
from plantproof.core.inventory.compare import CHECK_RULES, Comparison, Judged, compare, strangers
from plantproof.core.inventory.sightings import OwnAddress, Sighting, joined, of_traffic

__all__ = [
    "BRING_RULES",
    "CHECK_RULES",
    "RESERVED",
    "SAFE_NAME",
    "Allowed",
    "Brought",
    "Candidate",
    "Comparison",
    "Judged",
    "OwnAddress",
    "Sighting",
    "There",
    "address_of",
    "bring",
    "compare",
    "host_address",
    "host_text",
    "is_host",
    "is_private",
    "joined",
    "of_traffic",
    "parse_address",
    "strangers",
]
