# SPDX-License-Identifier: Apache-2.0
"""What belongs where: assets and addresses to zones, zones to conduits and firewalls."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from plantproof.core.finding import ERROR, WARNING, Finding
from plantproof.core.plant import Asset, Plant
from plantproof.core.zoning.homes import Homes

__all__ = ["asset_zone", "firewall_networks", "zone_alone"]


def asset_zone(plant: Plant, at: str) -> Iterator[Finding]:
    """Assets that are in no zone, or in another one by their address."""
    del at
    homes = Homes(plant)
    for asset in plant.assets.values():
        said = _misplaced(plant, asset, homes)
        if said:
            yield Finding(
                id="asset-zone",
                severity=ERROR,
                about=asset.id,
                message=f"asset {asset.id} {said}",
                hint="Correct plantproof_zone or the address in the inventory, or the networks of the zones.",
                clause="ZCR 3.1",
                where=asset.declared,
            )


def _misplaced(plant: Plant, asset: Asset, homes: Homes) -> str:
    """Why the asset is not in exactly one zone; empty if it is. Its address is not told: variables stay inside."""
    if asset.zone not in plant.zones:
        return f"is in zone {asset.zone or '(none)'}, which is not declared"
    try:
        address = ip_address(str(asset.variables.get("ansible_host", "")))
    except ValueError:
        return ""  # a name or nothing: only a network could tell where it is
    said = plant.zones[asset.zone]
    home = homes.of(address)
    if home is None:
        return f"has an address outside of the networks of its zone {said.id}" if said.networks else ""
    if home == said or (not said.networks and home in plant.ancestors_of(said.id)):
        return ""
    return f"is said to be in zone {said.id}, but zone {home.id} has its address"


def zone_alone(plant: Plant, at: str) -> Iterator[Finding]:
    """Zones to which nothing leads, and nobody says why."""
    del at
    joined = {zone for conduit in plant.conduits.values() for zone in conduit.zones}
    # A zone that only holds others is reached through them.
    reached = joined | {outer.id for zone in joined for outer in plant.ancestors_of(zone)}
    for zone in plant.zones.values():
        if zone.id not in reached and not zone.description:
            yield Finding(
                id="zone-alone",
                severity=WARNING,
                about=zone.id,
                message=f"zone {zone.id} has no conduit, and no description says why",
                hint="Declare its conduits, or say in its description that nothing leads there.",
                clause="ZCR 3.1",
                where=zone.declared,
            )


def firewall_networks(plant: Plant, at: str) -> Iterator[Finding]:
    """Zones behind a firewall whose addresses nobody wrote down."""
    del at
    having = {zone.id for zone in plant.zones.values() if zone.networks or zone.any_address}
    named: dict[str, str] = {}
    for firewall in plant.firewalls.values():
        for interface in firewall.interfaces:
            for zone in interface.zones:
                named.setdefault(zone, firewall.id)
    for zone, firewall_id in named.items():
        if zone in plant.zones and zone not in having:
            yield Finding(
                id="firewall-networks",
                severity=WARNING,
                about=zone,
                message=f"zone {zone} lies behind firewall {firewall_id}, but no networks say which addresses it has",
                hint="Write networks: [192.0.2.0/24] with the zone's own.",
                clause="ZCR 6.4",
                where=plant.zones[zone].declared,
            )
