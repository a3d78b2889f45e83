# SPDX-License-Identifier: Apache-2.0
"""Zones that have to be kept apart (IEC 62443-3-2 ZCR 3.2 to 3.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.finding import ERROR, Finding
from plantproof.core.plant import Plant, Zone
from plantproof.core.zoning.conduits import excused, joined

__all__ = ["guests_apart", "office_apart", "safety_apart", "safety_conduit"]

_PROCESS: Final = frozenset({"control", "safety"})
_INSIDE: Final = _PROCESS | {"supervision"}
_OUTSIDE: Final = frozenset({"enterprise", "external", "cloud"})
_GUESTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "temporary": ("temporary-apart", "ZCR 3.4"),
        "wireless": ("wireless-apart", "ZCR 3.5"),
        "remote-access": ("remote-access-apart", "ZCR 3.6"),
    }
)


def _inside(zone: Zone) -> bool:
    """Whether the zone operates or watches the process; one for guests does by its level."""
    low = zone.purdue in {"0", "1", "2"} or (zone.purdue == "3" and zone.kind != "remote-access")
    return zone.kind in _INSIDE or (zone.kind in _GUESTS and low)


def _outside(zone: Zone) -> bool:
    return zone.kind in _OUTSIDE or (zone.kind in {"wireless", "temporary"} and zone.purdue in {"4", "5"})


def _names(zones: list[Zone]) -> str:
    return " and ".join(f"{zone.id} ({zone.kind})" for zone in zones)


def safety_apart(plant: Plant, at: str) -> Iterator[Finding]:
    """Safety zones that hold other zones, or share networks with the zone around them."""
    del at
    for zone in plant.zones.values():
        for outer in plant.ancestors_of(zone.id):
            if "safety" not in {zone.kind, outer.kind} or zone.kind == outer.kind:
                continue
            shared = sorted(str(network) for network in {*zone.networks} & {*outer.networks})
            if outer.kind == "safety":
                message = f"zone {zone.id} ({zone.kind}) lies in safety zone {outer.id}"
            elif shared:
                message = f"safety zone {zone.id} has the network {shared[0]} in common with zone {outer.id}, around it"
            else:
                continue
            yield Finding(
                id="safety-apart",
                severity=ERROR,
                about=zone.id,
                message=message,
                hint="Give the safety functions a zone and networks of their own, or treat the whole zone as safety.",
                clause="ZCR 3.3",
                where=zone.declared,
            )
            break  # the nearest is enough


def safety_conduit(plant: Plant, at: str) -> Iterator[Finding]:
    """Conduits between a safety zone and what is neither control nor safety."""
    for conduit in plant.conduits.values():
        zones = joined(plant, conduit)
        safety = [zone for zone in zones if zone.kind == "safety"]
        others = [zone for zone in zones if zone.kind not in _PROCESS]
        holds, ended = excused(conduit, at)
        if safety and others and not holds:
            yield Finding(
                id="safety-conduit",
                severity=ERROR,
                about=conduit.id,
                message=f"conduit {conduit.id} joins {_names(safety)} with {_names(others)}{ended}",
                hint="Lead it through a control zone, or write exception: with reason, approved-by and until.",
                clause="ZCR 3.3",
                where=conduit.declared,
            )


def office_apart(plant: Plant, at: str) -> Iterator[Finding]:
    """Conduits from outside of the plant straight to the process."""
    for conduit in plant.conduits.values():
        zones = joined(plant, conduit)
        outside, inside = [z for z in zones if _outside(z)], [z for z in zones if _inside(z)]
        holds, ended = excused(conduit, at)
        if outside and inside and not holds:
            yield Finding(
                id="office-apart",
                severity=ERROR,
                about=conduit.id,
                message=f"conduit {conduit.id} joins {_names(outside)} directly with {_names(inside)}{ended}",
                hint="Put a DMZ between them, or write exception: with reason, approved-by and until.",
                clause="ZCR 3.2",
                where=conduit.declared,
            )


def guests_apart(plant: Plant, at: str) -> Iterator[Finding]:
    """Temporary, wireless and remote access zones inside or around zones of the process."""
    del at
    for zone in plant.zones.values():
        for outer in plant.ancestors_of(zone.id):
            guest, host = (zone, outer) if zone.kind in _GUESTS else (outer, zone)
            if guest.kind in _GUESTS and host.kind in _PROCESS:
                rule, clause = _GUESTS[guest.kind]
                yield Finding(
                    id=rule,
                    severity=ERROR,
                    about=zone.id,
                    message=f"zone {zone.id} ({zone.kind}) lies in zone {outer.id} ({outer.kind})",
                    hint=f"Put {guest.id} beside {host.id} and join the two by a conduit.",
                    clause=clause,
                    where=zone.declared,
                )
                break  # the nearest is enough
