# SPDX-License-Identifier: Apache-2.0
"""The flows that conduits declare, found by zones and number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from plantproof.core.plant import Conduit
from plantproof.core.services import Service, parse_services

__all__ = ["Declarations", "Declared"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One flow of a conduit."""

    conduit: str
    number: int
    """1-based, in the order of the file."""
    source: str
    target: str
    text: str
    """The service as written."""
    services: tuple[Service, ...]
    """Empty: a label for people, which no packet can be compared with."""
    write: bool | None = None
    """Whether it may change the process; None: nobody said."""

    def permitting(self, protocol: int, low: int | None, high: int | None) -> Service | None:
        """The service of this flow that covers all these ports; None if none does."""
        # A record without a port fits only what permits every port.
        first, last = (0, 65535) if low is None or high is None else (low, high)
        for service in self.services:
            if service.name == "any" and not service.ports:
                return service
            for ports in service.ports:
                if ports.protocol == protocol and ports.first <= first <= last <= ports.last:
                    return service
        return None


class Declarations:
    """Every declared flow, by its two zones."""

    def __init__(self, conduits: Iterable[Conduit]) -> None:
        self.all = tuple(
            Declared(
                conduit=conduit.id,
                number=number,
                source=flow.source,
                target=flow.target,
                text=flow.service,
                services=parse_services(flow.service),
                write=flow.write,
            )
            for conduit in conduits
            for number, flow in enumerate(conduit.flows, start=1)
        )
        self._by_zones: dict[tuple[str, str], list[Declared]] = defaultdict(list)
        for declared in self.all:
            self._by_zones[declared.source, declared.target].append(declared)

    def between(self, source: str, target: str) -> list[Declared]:
        """The flows from one zone to another, in the order of the files."""
        return self._by_zones.get((source, target), [])
