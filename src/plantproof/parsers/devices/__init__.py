# SPDX-License-Identifier: Apache-2.0
"""Network devices' text into facts. Secrets never become facts: only their type and keyed fingerprint do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import Facts
from plantproof.parsers.devices import frr, ios, ios_shows

__all__ = ["PARSERS"]

PARSERS: Final[Mapping[str, Callable[[str], Facts]]] = MappingProxyType(
    {
        "cisco_ios.config": ios.parse_config,
        "cisco_ios.snmp": ios_shows.parse_snmp,
        "cisco_ios.ssh": ios_shows.parse_ssh,
        "cisco_ios.time": ios_shows.parse_time,
        "cisco_ios.users": ios_shows.parse_users,
        "cisco_ios.version": ios_shows.parse_version,
        "frr.config": frr.parse_config,
        "frr.version": frr.parse_version,
    }
)
