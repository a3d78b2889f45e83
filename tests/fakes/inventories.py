# SPDX-License-Identifier: Apache-2.0
"""Plants with assets, and sightings, in a word each."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from types import MappingProxyType
from typing import Any

from plantproof.core.inventory import Allowed, Candidate, Sighting
from plantproof.core.levels import SLVector
from plantproof.core.plant import Asset, Firewall, Plant, Zone
from plantproof.errors import Location

ALLOWED = Allowed(collectors={"linux_host": "", "cli_device": "", "opcua": "opcua"}, platforms={"cisco_ios", "frr"})


def zone(ident: str, networks: str = "", kind: str = "", **more: Any) -> Zone:
    nets = tuple(ip_network(text) for text in networks.split())
    return Zone(id=ident, title=f"The {ident}", sl_t=SLVector.uniform(1), kind=kind, networks=nets, **more)


def asset(ident: str, where: str, address: str = "", **more: Any) -> Asset:
    variables = MappingProxyType({"ansible_host": address, **more.pop("variables", {})} if address else {})
    return Asset(
        id=ident, zone=where, variables=variables, declared=Location(file="inventory.yml", line=7), **more
    )  # fmt: skip


def plant(*parts: Zone | Asset | Firewall) -> Plant:
    return Plant(
        name="p",
        owner="o",
        zones={one.id: one for one in parts if isinstance(one, Zone)},
        conduits={},
        assets={one.id: one for one in parts if isinstance(one, Asset)},
        firewalls={one.id: one for one in parts if isinstance(one, Firewall)},
    )


def saw(
    address: str, *, spoke: bool = True, times: int = 1, line: int = 2, at: str = "2026-11-02T00:00:00Z"
) -> Sighting:
    return Sighting(
        address=ip_address(address),
        spoke=spoke,
        times=times,
        first=at,
        last=at,
        in_flows=True,
        where=Location(file="f.csv", line=line),
    )


def host(name: str, address: str = "", where: str = "", line: int = 2, **more: Any) -> Candidate:
    return Candidate(name=name, address=address, zone=where, where=Location(file="l.csv", line=line), **more)
