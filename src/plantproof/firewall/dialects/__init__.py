# SPDX-License-Identifier: Apache-2.0
"""One reader per dialect: the text of a configuration to a :class:`~plantproof.firewall.program.Listing`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final, cast

from plantproof.firewall.program import Listing

__all__ = ["DIALECTS", "read_listing"]

DIALECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nftables-json": "nftables",
        "iptables-save": "iptables",
        "fortios": "fortios",
        "hirschmann-hios": "hirschmann",
        "moxa-edr": "moxa",
        "cisco-ios": "cisco_ios",
        "cisco-asa": "cisco_asa",
    }
)
"""Names that users write, and the module here that reads each."""


def read_listing(dialect: str, text: str) -> Listing:
    """Read a configuration.

    Args:
        dialect: a key of :data:`DIALECTS`.
        text: the whole configuration.

    Raises:
        ContentError: it is not what the dialect writes; says the line.
    """
    module = import_module(f"plantproof.firewall.dialects.{DIALECTS[dialect]}")
    read = cast("Callable[[str], Listing]", module.read)
    return read(text)
