# SPDX-License-Identifier: Apache-2.0
"""Which zone has an address, of zones that may lie in one another."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from plantproof.core.plant import Plant, Zone

__all__ = ["Homes"]


class Homes:
    """The zone of an address: one look-up for each length of a prefix, however many networks there are."""

    def __init__(self, plant: Plant) -> None:
        self.rest = next((zone for zone in plant.zones.values() if zone.any_address), None)
        """The zone of ``networks: any``, if there is one."""
        self._zones: dict[tuple[int, int], dict[int, Zone]] = {}
        # Of nested zones with the same network the inner one comes last, and stays.
        for zone in sorted(plant.zones.values(), key=lambda one: len(plant.ancestors_of(one.id))):
            for network in zone.networks:
                bits = network.max_prefixlen - network.prefixlen
                self._zones.setdefault((network.version, bits), {})[int(network.network_address) >> bits] = zone
        self._narrow_first = sorted(self._zones)

    def of(self, address: IPv4Address | IPv6Address) -> Zone | None:
        """The zone with the narrowest network around the address, else the one of ``networks: any``."""
        return self.declared(address) or self.rest

    def declared(self, address: IPv4Address | IPv6Address) -> Zone | None:
        """The zone with the narrowest network around the address; None if no zone names a network around it."""
        for version, bits in self._narrow_first:
            found = self._zones[version, bits].get(int(address) >> bits) if version == address.version else None
            if found:
                return found
        return None
