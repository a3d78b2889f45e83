# SPDX-License-Identifier: Apache-2.0
"""Packets in people's words: protocols and ports by the names that plants use, industrial ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from plantproof.core.services import PROTOCOLS, SERVICES, TCP, UDP, Ports, Service
from plantproof.firewall.packets import PORTED, Box, Dim, address_text, whole
from plantproof.firewall.ranges import Ranges

__all__ = ["boxes_of", "industrial_in", "services_text", "sets_text"]

_NAMES: Final = {number: name for name, number in reversed(list(PROTOCOLS.items()))}
_SHOWN: Final = 4
_FIRST_ADDRESSES: Final = 3
_ALL_PORTS: Final = whole(Dim.DPORT)


def boxes_of(service: Service) -> tuple[Box, ...]:
    """The packets that a service's requests are."""
    if not service.ports:
        return ({},)
    return tuple(_box(ports) for ports in service.ports)


def _box(ports: Ports) -> Box:
    found = {Dim.PROTO: Ranges.only(ports.protocol)}
    if (ports.first, ports.last) != (0, 65535):
        found[Dim.DPORT] = Ranges.of([(ports.first, ports.last)])
    return found


def services_text(boxes: Iterable[Box]) -> str:
    """Protocols and ports of packets: ``modbus (tcp/502)``, ``tcp/8000-8080``, ``any``; long lists are cut short."""
    spans = _spans(boxes)
    if any(protocol < 0 for protocol, _, _ in spans):
        return _nearly_any(spans)
    words = list(dict.fromkeys(_word(*span) for span in spans))
    inside = industrial_in(span for span in spans if span[1] != span[2])
    told = _first(words)
    return f"{told} (with {_first(inside)})" if inside else told


def _nearly_any(spans: Iterable[tuple[int, int, int]]) -> str:
    """All protocols, or all but the ports of some that are missing."""
    having = {protocol: Ranges.of(span[1:] for span in spans if span[0] == protocol) for protocol, _, _ in spans}
    if -1 in having:
        return "any"
    missing = [(protocol, *span) for protocol in (TCP, UDP) for span in _ALL_PORTS - having.get(protocol, Ranges())]
    return f"any but {_first([_word(*span) for span in missing])}" if missing else "any"


def _first(words: list[str]) -> str:
    return ", ".join(words[:_SHOWN]) + (f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else "")


def industrial_in(spans: Iterable[tuple[int, int, int]]) -> list[str]:
    """Industrial services of which a port lies in one of the spans (protocol, first, last)."""
    several = list(spans)
    return [
        service.name
        for service in SERVICES.values()
        if service.industrial
        and any(
            ports.protocol == protocol and ports.first <= last and first <= ports.last
            for protocol, first, last in several
            for ports in service.ports
            if not (service.dynamic and ports.first >= 49152)  # noqa: PLR2004 - ephemeral ports tell no service
        )
    ]


def _spans(boxes: Iterable[Box]) -> list[tuple[int, int, int]]:
    by_protocol: dict[int, list[tuple[int, int]]] = {}
    for box in boxes:
        for protocol, span in _of(box):
            by_protocol.setdefault(protocol, []).append(span)
    return [(protocol, *span) for protocol in sorted(by_protocol) for span in Ranges.of(by_protocol[protocol])]


def _of(box: Box) -> Iterator[tuple[int, tuple[int, int]]]:
    """Protocol and port span; protocol -1 for all, -2 for all that are left over in a wide set."""
    ports, protocols = box.get(Dim.DPORT, _ALL_PORTS), box.get(Dim.PROTO)
    if protocols is None:
        protocols = PORTED if ports != _ALL_PORTS else Ranges.only(-1)
    if protocols.size > 64:  # noqa: PLR2004 - "not TCP" and the like
        yield -2, (0, 0)
        protocols &= PORTED
    for first, last in protocols:
        for protocol in range(first, last + 1):
            for span in ports:
                yield protocol, span


def _word(protocol: int, first: int, last: int) -> str:
    name = _NAMES.get(protocol, f"protocol {protocol}")
    if (first, last) == _ALL_PORTS.spans[0]:
        return name if protocol not in PORTED else f"{name}, all ports"
    if protocol not in PORTED:
        return f"{name} type {first // 256}" + ("" if first // 256 == last // 256 else f"-{last // 256}")
    called = [
        service.name
        for service in SERVICES.values()
        if not service.dynamic and any(ports == Ports(protocol, first, last) for ports in service.ports)
    ]
    number = f"{name}/{first}" if first == last else f"{name}/{first}-{last}"
    return f"{' or '.join(called)} ({number})" if called else number


def sets_text(ranges: Ranges | None) -> str:
    """Addresses, the first few of them: ``10.1.0.5``, ``10.1.0.0-10.1.0.255``."""
    if ranges is None:
        return "any"
    words = [
        address_text(first) if first == last else f"{address_text(first)}-{address_text(last)}"
        for first, last in ranges.spans[:_FIRST_ADDRESSES]
    ]
    more = len(ranges.spans) - len(words)
    return ", ".join(words) + (f" and {more} more" if more else "")
