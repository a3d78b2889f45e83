# SPDX-License-Identifier: Apache-2.0
"""What was seen against what is listed: addresses in no zone or of no asset, and assets with a foot in other zones.

IEC 62443-3-2 begins with knowing what is there (ZCR 1.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from plantproof.core.finding import ERROR, WARNING, Finding
from plantproof.core.inventory.addresses import address_of, edges, is_host, is_private, parse_address
from plantproof.core.inventory.candidate import Candidate
from plantproof.core.inventory.sightings import OwnAddress, Sighting
from plantproof.core.observed.flow import Address
from plantproof.core.plant import Asset, Plant, Zone
from plantproof.core.zoning.homes import Homes

__all__ = ["CHECK_RULES", "Comparison", "Judged", "compare", "strangers"]

CHECK_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "in-no-zone": "An address that was seen is in a zone.",
        "unlisted": "An address that was seen in a zone's network is an asset's.",
        "elsewhere": "An asset has addresses of its own zone only, unless it is a firewall of the plant.",
        "address-twice": "An address is one asset's.",
    }
)
"""What holds where the inventory tells all, by rule; in the order in which findings are told."""

_OTHERS: Final = frozenset({"enterprise", "external", "cloud"})
"""Kinds of zones whose hosts other people list: they are asked for only where the inventory lists some of them."""
_CLAUSE: Final = "ZCR 1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A finding, and what was seen of its address if it is about one that was seen."""

    finding: Finding
    address: Address | None = None
    sighting: Sighting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the comparison says."""

    findings: tuple[Judged, ...]
    """By rule, errors first, then by address."""
    seen: int
    """Addresses of hosts that were seen."""
    listed: int
    """Those of them that are an asset's."""
    left_alone: int
    """Those in zones whose hosts other people list, or outside of the plant."""
    unseen: tuple[str, ...]
    """Assets that no source saw, although flow logs have others of their zone. No finding: a sensor sees only what
    passes by it."""


class _Judge:
    def __init__(self, plant: Plant, seen: Mapping[Address, Sighting], own: Iterable[OwnAddress]) -> None:
        self.plant = plant
        self.homes = Homes(plant)
        self.seen = seen
        self.own = sorted(own, key=lambda one: (one.asset, one.address.version, one.address, str(one.where)))
        self.edges = edges(network for zone in plant.zones.values() for network in zone.networks)
        self.assets: dict[Address, list[Asset]] = defaultdict(list)
        for _, asset in sorted(plant.assets.items()):
            address = parse_address(address_of(asset))
            if address is not None and is_host(address):
                self.assets[address].append(asset)
        self.known = {*self.assets, *(one.address for one in self.own if one.asset in plant.assets)}
        self.listing = {asset.zone for asset in plant.assets.values()}
        self.left_alone = 0

    def hosts(self) -> list[Sighting]:
        """What was seen of hosts; at a network's edges only what spoke can be one."""
        found = [one for one in self.seen.values() if is_host(one.address)]
        return [one for one in found if one.spoke or one.address not in self.edges]

    def strangers(self, hosts: Iterable[Sighting]) -> Iterator[Judged]:
        for one in hosts:
            if one.address in self.known:
                continue
            home = self.homes.declared(one.address)
            finding = self._homeless(one) if home is None else self._unlisted(one, home)
            if finding is None:
                self.left_alone += 1
            else:
                yield Judged(finding=finding, address=one.address, sighting=one)

    def _homeless(self, one: Sighting) -> Finding | None:
        rest = self.homes.rest
        if rest is not None and not is_private(one.address):
            return None
        why = "no zone has it"
        hint = "Find out what it is; then give it to a zone by networks: and to an asset, or take it off the network."
        if rest is not None:
            why = f"no zone names a network for it, and a private address is not out in {rest.id} (networks: any)"
        elif not is_private(one.address):
            hint = "Is it the world outside? Declare that as a zone of kind external with networks: any."
        return _finding("in-no-zone", one, f"{_saw(one)}: {why}", hint)

    def _unlisted(self, one: Sighting, home: Zone) -> Finding | None:
        others = home.kind in _OTHERS
        if others and home.id not in self.listing:
            return None
        message = f"{_saw(one)}: it is in zone {home.id}, and no asset has it"
        hint = (
            "Find out what it is; then list it in the inventory with this address as ansible_host, or take it off the "
            "network."
        )
        return _finding("unlisted", one, message, hint, mild=others)

    def elsewhere(self) -> Iterator[Judged]:
        walls = {firewall.asset for firewall in self.plant.firewalls.values()}
        told: set[tuple[str, Address]] = set()
        for one in self.own:
            asset = self.plant.assets.get(one.asset)
            if asset is None or asset.id in walls or (asset.id, one.address) in told or not is_host(one.address):
                continue
            told.add((asset.id, one.address))
            home = self.homes.declared(one.address)
            if home is not None and self._apart(asset.zone, home.id):
                message = (
                    f"asset {asset.id} of zone {asset.zone} has the address {one.address}, which zone {home.id} has"
                )
                hint = (
                    f"By it {asset.id} joins both zones beside every conduit: take the address off it, move it to zone "
                    f"{home.id}, or declare it as a firewall between them."
                )
                finding = Finding(
                    id="elsewhere", severity=ERROR, about=asset.id, message=message, hint=hint, clause="ZCR 3.1",
                    where=one.where,
                )  # fmt: skip
                yield Judged(finding=finding, address=one.address, sighting=self.seen.get(one.address))

    def _apart(self, one: str, other: str) -> bool:
        """Whether neither zone lies in the other."""
        around = {one, *(zone.id for zone in self.plant.ancestors_of(one))}
        return other not in around and one not in {zone.id for zone in self.plant.ancestors_of(other)}

    def twice(self) -> Iterator[Judged]:
        for address, assets in sorted(self.assets.items(), key=lambda item: (item[0].version, item[0])):
            real = [asset for asset in assets if not asset.simulated]
            if len(real) > 1:
                first, *others = real
                names = ", ".join(f"{asset.id} ({asset.declared})" for asset in others)
                ports = {str(asset.variables.get("ansible_port", "")) for asset in real}
                doors = len(ports) == len(real)
                finding = Finding(
                    id="address-twice",
                    severity=WARNING if doors else ERROR,
                    about=first.id,
                    message=f"asset {first.id} has the address {address}, and so has {names}",
                    hint="If it is a gateway with a port for each, list the gateway too and what is behind it by name."
                    if doors
                    else "One of them has another address, or both names mean the same device: keep one.",
                    clause=_CLAUSE,
                    where=first.declared,
                )
                yield Judged(finding=finding, address=address, sighting=self.seen.get(address))

    def unseen(self, hosts: Iterable[Sighting]) -> tuple[str, ...]:
        watched = {home.id for one in hosts if one.in_flows and (home := self.homes.declared(one.address))}
        alive = {one.asset for one in self.own}
        found = []
        for address, assets in self.assets.items():
            home = self.homes.declared(address)
            if address not in self.seen and home is not None and home.id in watched:
                found += [asset.id for asset in assets if asset.id not in alive]
        return tuple(sorted(found))


def compare(plant: Plant, seen: Mapping[Address, Sighting], own: Iterable[OwnAddress]) -> Comparison:
    """Hold what was seen against a plant's zones and assets.

    Args:
        plant: Zones with their networks, and the assets of the inventory.
        seen: What was seen, by address.
        own: Addresses that evidence gives to assets; they count as listed.
    """
    judge = _Judge(plant, seen, own)
    hosts = judge.hosts()
    order = list(CHECK_RULES)
    found = [*judge.strangers(hosts), *judge.elsewhere(), *judge.twice()]
    found.sort(
        key=lambda one: (
            order.index(one.finding.id),
            one.finding.severity != ERROR,
            one.address.version if one.address else 0,
            int(one.address) if one.address else 0,
            one.finding.about,
        )
    )
    return Comparison(
        findings=tuple(found),
        seen=len(hosts),
        listed=sum(one.address in judge.known for one in hosts),
        left_alone=judge.left_alone,
        unseen=judge.unseen(hosts),
    )


def strangers(found: Comparison) -> list[Candidate]:
    """What spoke and nobody lists, as candidates for the inventory, named by their addresses."""
    return [
        Candidate(
            name=f"seen-{str(one.address).replace(':', '-').replace('.', '-')}",
            address=str(one.address),
            title=f"Seen {_times(one.sighting)}, {_when(one.sighting)}",
            where=one.sighting.where,
        )
        for one in found.findings
        if one.finding.id in {"in-no-zone", "unlisted"} and one.sighting is not None and one.sighting.spoke
    ]


def _finding(rule: str, one: Sighting, message: str, hint: str, *, mild: bool = False) -> Finding:
    """A finding about an address; what only others spoke to may not be there at all, so that is a warning."""
    return Finding(
        id=rule,
        severity=ERROR if one.spoke and not mild else WARNING,
        about=str(one.address),
        message=message,
        hint=hint,
        clause=_CLAUSE,
        where=one.where,
    )


def _saw(one: Sighting) -> str:
    how = "was seen" if one.spoke else "was spoken to"
    return f"{one.address} {how} {_times(one)}, {_when(one)}"


def _times(one: Sighting) -> str:
    return "once" if one.times == 1 else f"{one.times} times"


def _when(one: Sighting) -> str:
    if not one.first:
        return "nobody noted when"
    return one.first if one.first == one.last else f"from {one.first} to {one.last}"
