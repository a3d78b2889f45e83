# SPDX-License-Identifier: Apache-2.0
"""The plant: zones, conduits and assets (IEC 62443-1-1, 62443-3-2), as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from plantproof.core.levels import SLVector
from plantproof.core.windows import Window
from plantproof.errors import Location

__all__ = ["Asset", "Conduit", "Flow", "Plant", "Zone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Assets that share security requirements."""

    id: str
    title: str
    sl_t: SLVector
    purdue: str = ""
    """Purdue level as written: ``0`` .. ``5``, ``3.5``."""
    description: str = ""
    concurrency: int = 1
    """How many assets of the zone may be read at once."""
    windows: tuple[Window, ...] = ()
    """When the zone may be read; empty: at any time."""
    probing: frozenset[str] = frozenset()
    """Protocols (``opcua``, ``modbus``) that may be spoken to its assets beyond a login; none by default."""
    declared: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One thing that a conduit lets through."""

    source: str
    target: str
    service: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduit:
    """The only way between the zones that it joins."""

    id: str
    title: str
    zones: tuple[str, ...]
    sl_t: SLVector
    flows: tuple[Flow, ...] = ()
    description: str = ""
    declared: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One host or device of the inventory."""

    id: str
    zone: str
    title: str = ""
    collectors: tuple[str, ...] = ()
    """Names of the collectors that read it: ``linux_host``, ``cli_device``, ``opcua``, ``modbus``."""
    platform: str = ""
    """For ``cli_device``: ``frr`` or ``cisco_ios``."""
    simulated: bool = False
    timeout: int = 60
    """Seconds that one collector may take on it."""
    variables: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """Its inventory variables, secrets included: never written, logged or shown."""
    declared: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Everything that the workspace says about the plant."""

    name: str
    owner: str
    zones: Mapping[str, Zone]
    conduits: Mapping[str, Conduit]
    assets: Mapping[str, Asset]

    def assets_of(self, zone: str) -> tuple[Asset, ...]:
        """The zone's assets in the order of their ids."""
        return tuple(asset for _, asset in sorted(self.assets.items()) if asset.zone == zone)
