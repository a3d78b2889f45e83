# SPDX-License-Identifier: Apache-2.0
"""Which zone an address belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import TypeAlias

from plantproof.core.observed.flow import Address
from plantproof.errors import ContentError

__all__ = ["Network", "ZoneMap", "is_everyone", "stays_on_link"]

Network: TypeAlias = IPv4Network | IPv6Network


class ZoneMap:
    """Zones by address; of nested networks the smaller one owns the address."""

    def __init__(self, networks: Mapping[str, Sequence[Network]]) -> None:
        """Index the networks of each zone.

        Raises:
            ContentError: two zones have the same network, so nobody could say whose an address is.
        """
        owners: dict[Network, str] = {}
        for zone, owned in sorted(networks.items()):
            for network in owned:
                if owners.setdefault(network, zone) != zone:
                    message = f"network {network} belongs to zone {owners[network]} and to zone {zone}"
                    raise ContentError(message, code="content.plant", hint="Give it to one of them, or divide it.")
        self.zones = frozenset(zone for zone, owned in networks.items() if owned)
        """Zones that own at least one network."""
        self._lengths = {
            version: sorted({net.prefixlen for net in owners if net.version == version}, reverse=True)
            for version in (4, 6)
        }
        self._owners = {
            (net.version, net.prefixlen, int(net.network_address) >> (net.max_prefixlen - net.prefixlen)): zone
            for net, zone in owners.items()
        }
        self._broadcasts = {
            net.broadcast_address: zone
            for net, zone in owners.items()
            if isinstance(net, IPv4Network) and net.prefixlen <= 30  # noqa: PLR2004 - smaller ones have none (RFC 3021)
        }
        self._found: dict[Address, str | None] = {}

    def zone_of(self, address: Address) -> str | None:
        """The zone that owns an address; None if no zone does."""
        if address not in self._found:
            self._found[address] = self._look_up(address)
        return self._found[address]

    def _look_up(self, address: Address) -> str | None:
        bits, number = address.max_prefixlen, int(address)
        for length in self._lengths[address.version]:
            zone = self._owners.get((address.version, length, number >> (bits - length)))
            if zone is not None:
                return zone
        return None

    def is_broadcast_of(self, address: Address) -> str | None:
        """The zone whose network has this broadcast address; None if it is none."""
        return self._broadcasts.get(address) if isinstance(address, IPv4Address) else None


def stays_on_link(address: Address) -> bool:
    """Whether no router passes it on, so that it names no host of the plant."""
    return address.is_link_local or address.is_unspecified or address.is_loopback


def is_everyone(address: Address) -> bool:
    """Whether it is 255.255.255.255, which every host of a link hears."""
    return address.version == 4 and int(address) == 0xFFFFFFFF  # noqa: PLR2004 - 255.255.255.255
