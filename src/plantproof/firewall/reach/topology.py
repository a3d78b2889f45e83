# SPDX-License-Identifier: Apache-2.0
"""Where zones, firewalls and the networks between them lie: what a packet has to pass on its way from zone to zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from plantproof.core.plant import Plant, Zone
from plantproof.firewall.packets import V4, V6, networks
from plantproof.firewall.ranges import Ranges

__all__ = ["Port", "Segment", "Topology"]


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """One interface of one firewall."""

    firewall: str
    interface: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Zones that reach one another without a firewall, and the interfaces that look at them."""

    zones: tuple[str, ...]
    """Empty for a network that only joins firewalls."""
    ports: tuple[Port, ...]


@dataclass(frozen=True, slots=True)
class Topology:
    """Segments, which zone is on which, and the addresses of each zone."""

    segments: tuple[Segment, ...]
    place: Mapping[str, int]
    """Zone to segment; a zone that no interface and no zone around it leads to is missing."""
    addresses: Mapping[str, Ranges]
    """What each zone has alone: of nested networks the smaller one owns the address."""
    _beyond: dict[tuple[str, int], Ranges] = field(default_factory=dict)

    @classmethod
    def of(cls, plant: Plant) -> Topology:
        """Derive it from what the plant's firewalls say of their interfaces."""
        groups = _Groups()
        ports: dict[str, list[Port]] = {}
        for firewall in plant.firewalls.values():
            for interface in firewall.interfaces:
                names = [f"zone {zone}" for zone in interface.zones]
                names += [f"link {interface.link}"] if interface.link else []
                for name in names:
                    groups.join(names[0], name)
                if names:
                    ports.setdefault(names[0], []).append(Port(firewall.id, interface.name))
        placed = {zone: root for zone in plant.zones if (root := _root(plant, zone, groups))}
        roots = sorted({groups.find(name) for name in ports})
        segments = tuple(
            Segment(
                zones=tuple(zone for zone in plant.zones if placed.get(zone) == root),
                ports=tuple(sorted(port for name in ports if groups.find(name) == root for port in ports[name])),
            )
            for root in roots
        )
        place = {zone: roots.index(root) for zone, root in placed.items()}
        return cls(segments, place, _own(plant.zones))

    def ways_on(self, at: int, passed: Iterable[str]) -> list[tuple[Port, Port, int]]:
        """From a segment through a firewall that was not passed yet: in, out, and the segment behind it."""
        seen = set(passed)
        return [
            (entry, leaving, behind)
            for entry in self.segments[at].ports
            if entry.firewall not in seen
            for behind, segment in enumerate(self.segments)
            if behind != at
            for leaving in segment.ports
            if leaving.firewall == entry.firewall
        ]

    def beyond(self, firewall: str, behind: int) -> Ranges:
        """All addresses of zones to be met from a segment on, without going back through the firewall."""
        key = (firewall, behind)
        if key not in self._beyond:
            met, waiting = {behind}, [behind]
            while waiting:
                for _, _, found in self.ways_on(waiting.pop(), [firewall]):
                    if found not in met:
                        met.add(found)
                        waiting.append(found)
            zones = [zone for segment in met for zone in self.segments[segment].zones]
            self._beyond[key] = Ranges.of(span for zone in zones for span in self.addresses[zone])
        return self._beyond[key]


class _Groups:
    """Names that belong together (disjoint sets)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._above

    def find(self, name: str) -> str:
        above = self._above.setdefault(name, name)
        while above != self._above[above]:
            above = self._above[above]
        return above

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self._above[second] = first


def _root(plant: Plant, zone: str, groups: _Groups) -> str:
    """The group of a zone, or of the nearest zone around it that an interface leads to."""
    for name in (zone, *(one.id for one in plant.ancestors_of(zone))):
        if f"zone {name}" in groups:
            return groups.find(f"zone {name}")
    return ""


def _own(zones: Mapping[str, Zone]) -> Mapping[str, Ranges]:
    """A zone's networks without those of other zones that lie in them; ``any`` has what nobody else has."""
    found = {}
    named = Ranges.of(span for zone in zones.values() for span in networks(*zone.networks))
    for zone in zones.values():
        own = networks(*zone.networks)
        within = [
            net
            for other in zones.values()
            if other is not zone
            for net in other.networks
            if any(net != mine and net.version == mine.version and net.subnet_of(mine) for mine in zone.networks)  # type: ignore[arg-type]  # of one version
        ]
        own -= networks(*within)
        found[zone.id] = own | ((V4 | V6) - named) if zone.any_address else own
    return found
