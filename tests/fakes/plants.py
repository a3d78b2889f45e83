# SPDX-License-Identifier: Apache-2.0
"""Plants from a few words, for tests that ask what reaches what."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from plantproof.core.levels import SLVector
from plantproof.core.plant import Conduit, Firewall, Flow, Interface, OneWay, Plant, Zone
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.reach import Device

SL = SLVector.uniform(1)


def zone(name: str, *nets: str, **more: Any) -> Zone:
    return Zone(id=name, title=name, sl_t=SL, networks=tuple(ip_network(net) for net in nets), **more)


def conduit(name: str, *flows: str, one_way: str = "") -> Conduit:
    """Flows as ``office > dmz: https, ssh`` or ``dmz > cell: modbus read``."""
    read = []
    for text in flows:
        ends, _, service = text.partition(": ")
        source, _, target = ends.partition(" > ")
        service, only, _ = service.partition(" read")
        read.append(Flow(source=source, target=target, service=service, write=False if only else None))
    way = None
    if one_way:
        source, _, target = one_way.partition(" > ")
        way = OneWay(source=source, target=target)
    zones = tuple(dict.fromkeys(end for flow in read for end in (flow.source, flow.target)))
    if way:
        zones = (way.source, way.target)
    return Conduit(id=name, title=name, zones=zones, sl_t=SL, flows=tuple(read), one_way=way)


def firewall(name: str, dialect: str = "iptables-save", **interfaces: str) -> Firewall:
    """Interfaces as ``lan="office"``, ``up="link:core"``, ``lan="office, guests"``."""
    read = []
    for interface, behind in interfaces.items():
        if behind.startswith("link:"):
            read.append(Interface(name=interface, link=behind.removeprefix("link:")))
        else:
            read.append(Interface(name=interface, zones=tuple(part.strip() for part in behind.split(","))))
    return Firewall(id=name, title=name, dialect=dialect, config=f"{name}.txt", interfaces=tuple(read))


def plant(*parts: Zone | Conduit | Firewall) -> Plant:
    return Plant(
        name="test",
        owner="",
        zones={part.id: part for part in parts if isinstance(part, Zone)},
        conduits={part.id: part for part in parts if isinstance(part, Conduit)},
        assets={},
        firewalls={part.id: part for part in parts if isinstance(part, Firewall)},
    )


def iptables(*rules: str, nat: tuple[str, ...] = (), policy: str = "DROP", answers: bool = True) -> Device:
    """A firewall with these rules in FORWARD, such as ``-s 10.1.0.0/16 -p tcp --dport 22 -j ACCEPT``."""
    lines = ["*nat", ":PREROUTING ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]", *nat, "COMMIT"] if nat else []
    lines += ["*filter", f":FORWARD {policy} [0:0]"]
    lines += ["-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"] if answers else []
    lines += [f"-A FORWARD {rule}" for rule in rules]
    return Device(read_listing("iptables-save", "\n".join([*lines, "COMMIT", ""])))
