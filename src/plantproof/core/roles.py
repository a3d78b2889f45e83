# SPDX-License-Identifier: Apache-2.0
"""Who answers for what: the roles of IEC 62443-1-1 and -2-1, and the parties that hold them in a plant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from plantproof.errors import Location

__all__ = ["INTEGRATOR", "MAINTAINER", "OWNER", "ROLES", "SUPPLIER", "Holder"]

OWNER: Final = "asset-owner"
INTEGRATOR: Final = "integrator"
MAINTAINER: Final = "maintainer"
SUPPLIER: Final = "product-supplier"

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        OWNER: "Asset owner",
        INTEGRATOR: "Integration service provider",
        MAINTAINER: "Maintenance service provider",
        SUPPLIER: "Product supplier",
    }
)
"""Who has duties by IEC 62443, by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A party in one role, for the whole plant or for some of its parts."""

    role: str
    """One of :data:`ROLES`."""
    party: str
    contact: str = ""
    parts: tuple[str, ...] = ()
    """Ids of the zones and conduits; empty, with ``assets`` empty as well: the whole plant."""
    assets: tuple[str, ...] = ()
    until: str = ""
    """Instant as text up to which it holds; empty: nobody said."""
    reference: str = ""
    """Contract or appointment."""
    declared: Location = field(default_factory=Location)

    def holds(self, at: str) -> bool:
        """Whether it has not ended at an instant."""
        return not self.until or at <= self.until

    def answers_for(self, part: str, asset: str = "") -> bool:
        """Whether a zone or conduit, or an asset in it, is this party's."""
        everything = not self.parts and not self.assets
        return everything or part in self.parts or (asset != "" and asset in self.assets)
