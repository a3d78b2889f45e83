# SPDX-License-Identifier: Apache-2.0
"""Checks that an expression cannot say, by name. A check file names one under ``function``.

Nothing is discovered: a function is here because somebody wrote its line. Each is pure, never raises on any facts, and
says "inconclusive" where the evidence does not hold what it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from plantproof.checks.functions.boundary import only_declared_flows
from plantproof.checks.functions.certificates import certificates_in_date
from plantproof.checks.functions.judged import CheckFunction, Judged
from plantproof.checks.functions.keys import keys_open_one_account

__all__ = ["FUNCTIONS", "CheckFunction", "Judged"]

FUNCTIONS: Final[Mapping[str, CheckFunction]] = MappingProxyType(
    {
        "certificates_in_date": certificates_in_date,
        "keys_open_one_account": keys_open_one_account,
        "only_declared_flows": only_declared_flows,
    }
)
