# SPDX-License-Identifier: Apache-2.0
"""OT protocols' answers, stored as JSON, into facts. Nothing here speaks a protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import Facts
from plantproof.parsers.ot import modbus, opcua

__all__ = ["PARSERS"]

PARSERS: Final[Mapping[str, Callable[[str], Facts]]] = MappingProxyType(
    {"modbus.identification": modbus.parse_identification, "opcua.endpoints": opcua.parse_endpoints}
)
