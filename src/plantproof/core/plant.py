# SPDX-License-Identifier: Apache-2.0
"""The plant: zones, conduits, assets and the firewalls between them (IEC 62443-1-1, 62443-3-2), as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from types import MappingProxyType
from typing import Final

from plantproof.core.levels import SLVector
from plantproof.core.services import Service, parse_services
from plantproof.core.windows import Window
from plantproof.errors import Location

__all__ = [
    "COLLECTED",
    "DIALECTS",
    "KINDS",
    "MEDIA",
    "ROUTER",
    "Asset",
    "Channel",
    "Conduit",
    "Departure",
    "Firewall",
    "Flow",
    "Interface",
    "Network",
    "OneWay",
    "Plant",
    "Zone",
]

Network = IPv4Network | IPv6Network

KINDS: Final = (
    "control",
    "supervision",
    "safety",
    "wireless",
    "remote-access",
    "dmz",
    "enterprise",
    "cloud",
    "external",
    "temporary",
)
"""What a zone may be."""
_KIND_OF_LEVEL: Final = MappingProxyType({"3": "supervision", "3.5": "dmz", "4": "enterprise", "5": "enterprise"})

MEDIA: Final = ("wired", "wireless", "vpn", "serial", "sneakernet")
"""What a conduit's channel may be made of."""

DIALECTS: Final = (
    "nftables-json",
    "iptables-save",
    "cisco-ios",
    "cisco-asa",
    "fortios",
    "hirschmann-hios",
    "moxa-edr",
    "none",
)
"""Languages of packet filters that a firewall's configuration may be written in; ``none``: it has none, a router."""
ROUTER: Final = "none"
COLLECTED: Final = MappingProxyType(
    {"nftables-json": "linux.firewall", "iptables-save": "linux.firewall", "cisco-ios": "cisco_ios.config"}
)
"""Dialects that collectors bring, and the kind of evidence: such a configuration may be that of the locker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Assets that share security requirements."""

    id: str
    title: str
    sl_t: SLVector
    purdue: str = ""
    """Purdue level as written: ``0`` .. ``5``, ``3.5``."""
    kind: str = ""
    """One of :data:`KINDS`; given as empty, it follows from the level."""
    parent: str = ""
    """Id of the zone that contains this one; empty: none does."""
    site: str = ""
    """Where the zone is; as read from a file, a zone that names none has its parent's."""
    networks: tuple[Network, ...] = ()
    """Its addresses."""
    any_address: bool = False
    """Every address that no other zone has is in it: ``networks: any``."""
    description: str = ""
    concurrency: int = 1
    """How many assets of the zone may be read at once."""
    windows: tuple[Window, ...] = ()
    """When the zone may be read; empty: at any time."""
    probing: frozenset[str] = frozenset()
    """Protocols (``opcua``, ``modbus``) that may be spoken to its assets beyond a login; none by default."""
    declared: Location = field(default_factory=Location)

    def __post_init__(self) -> None:
        if not self.kind:
            object.__setattr__(self, "kind", _KIND_OF_LEVEL.get(self.purdue, "control"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One thing that a conduit lets through."""

    source: str
    target: str
    service: str
    """As written, for people."""
    reason: str = ""
    write: bool | None = None
    """Whether it may change the process; None: nobody said."""
    declared: Location = field(default_factory=Location)

    @property
    def services(self) -> tuple[Service, ...]:
        """What ``service`` names in words that a packet filter knows; empty if it only speaks to people."""
        return parse_services(self.service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One of the links that a conduit is made of (62443-1-1)."""

    id: str
    title: str
    medium: str
    """One of :data:`MEDIA`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWay:
    """The only direction that a data diode lets through: ids of two zones."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A justified departure from a rule: ``exception:`` in a plant file."""

    reason: str
    approved_by: str
    until: str
    """Instant up to which it holds, as :func:`plantproof.core.instants.instant_text` writes it."""

    def holds(self, at: str) -> bool:
        """Whether it has not run out at an instant (as text)."""
        return at <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduit:
    """The only way between the zones that it joins."""

    id: str
    title: str
    zones: tuple[str, ...]
    sl_t: SLVector
    flows: tuple[Flow, ...] = ()
    one_way: OneWay | None = None
    trust_boundary: bool = False
    """Whether trust ends here: what comes through is not believed on the other side without a check."""
    exception: Departure | None = None
    channels: tuple[Channel, ...] = ()
    assets: tuple[str, ...] = ()
    """Assets that it consists of, as written; :meth:`Plant.assets_of_conduit` knows those that follow."""
    description: str = ""
    declared: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One interface of a firewall, and what lies behind it."""

    name: str
    """As in the firewall's configuration."""
    zones: tuple[str, ...] = ()
    """Those that are reached by it without another firewall between."""
    link: str = ""
    """Name of a network that only joins firewalls, the same at each of them; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """A packet filter between zones, and where its configuration is."""

    id: str
    title: str
    dialect: str
    """One of :data:`DIALECTS`."""
    config: str
    """Path of its configuration, relative to the workspace, with ``/``; empty for a router, and where the newest
    evidence of ``asset`` is meant."""
    interfaces: tuple[Interface, ...]
    routes: str = ""
    """Path of its routing table; empty: the configuration and the plant's shape tell what lies where."""
    asset: str = ""
    """Its name in the inventory; empty if it is not there."""
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
    components: tuple[str, ...] = ()
    """Ids of what it is made of: products that ``components/`` describes."""
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
    firewalls: Mapping[str, Firewall] = field(default_factory=lambda: MappingProxyType({}))

    def assets_of(self, zone: str) -> tuple[Asset, ...]:
        """The zone's assets in the order of their ids."""
        return tuple(asset for _, asset in sorted(self.assets.items()) if asset.zone == zone)

    def assets_of_conduit(self, conduit: str) -> tuple[Asset, ...]:
        """The assets that a conduit consists of, in the order of their ids.

        Those that it names; if it names none, the firewalls of the inventory that stand between two of its zones.
        """
        one = self.conduits[conduit]
        named = one.assets or tuple(
            firewall.asset
            for firewall in self.firewalls.values()
            if len({zone for side in firewall.interfaces for zone in side.zones}.intersection(one.zones)) > 1
        )
        return tuple(self.assets[ident] for ident in sorted(set(named)) if ident in self.assets)

    def title_of(self, part: str) -> str:
        """The title of a zone or conduit by its id."""
        found = self.zones.get(part) or self.conduits.get(part)
        return found.title if found else part

    def children_of(self, zone: str) -> tuple[Zone, ...]:
        """The zones that the zone contains directly."""
        return tuple(one for one in self.zones.values() if one.parent == zone)

    def ancestors_of(self, zone: str) -> tuple[Zone, ...]:
        """The zones that contain the zone, the nearest first."""
        found: list[Zone] = []
        parent = self.zones[zone].parent if zone in self.zones else ""
        while parent in self.zones and self.zones[parent] not in found:
            found.append(self.zones[parent])
            parent = found[-1].parent
        return tuple(found)

    def conduits_of(self, zone: str) -> tuple[Conduit, ...]:
        """The conduits that join the zone, in the order of the files."""
        return tuple(conduit for conduit in self.conduits.values() if zone in conduit.zones)
