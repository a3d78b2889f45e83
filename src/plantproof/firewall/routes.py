# SPDX-License-Identifier: Apache-2.0
"""Routing tables as Linux and FRR print them as JSON: which addresses leave by which interface.

Forms: iproute2 ``ip -j route show table all`` (ip-route(8)), FRR ``show ip route json`` and ``show ipv6 route json``.
Tables of rules (``ip rule``) and VRFs other than the default are not told apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final, TypeAlias

from plantproof.errors import ContentError
from plantproof.firewall.packets import networks
from plantproof.firewall.ranges import Ranges

__all__ = ["read_routes"]

_Network: TypeAlias = IPv4Network | IPv6Network
_NOWHERE: Final = frozenset({"blackhole", "unreachable", "prohibit", "throw"})
_NOT_ROUTES: Final = frozenset({"local", "broadcast", "multicast", "anycast"})
_HINT: Final = "Save what `ip -j route show table all`, or FRR's `show ip route json`, prints."


@dataclass(frozen=True, slots=True)
class _Route:
    network: _Network
    interfaces: tuple[str, ...]
    """None of them: packets are dropped here."""
    metric: int


def read_routes(text: str) -> Mapping[str, Ranges]:
    """Addresses by the interface they leave by; the longest prefix wins. What no route names leaves by none.

    Raises:
        ContentError: it is neither of the two forms.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise _bad("is not JSON") from None
    best: dict[_Network, _Route] = {}
    for route in _linux(data) if isinstance(data, list) else _frr(data) if isinstance(data, dict) else _refuse():
        known = best.get(route.network)
        if known is None or route.metric < known.metric:
            best[route.network] = route
        elif route.metric == known.metric:
            best[route.network] = _Route(route.network, (*known.interfaces, *route.interfaces), route.metric)
    found: dict[str, list[tuple[int, int]]] = {}
    for span, route in _parts(best.values()):
        for name in route.interfaces:
            found.setdefault(name, []).append(span)
    return {name: Ranges.of(spans) for name, spans in found.items()}


def _parts(routes: Any) -> Iterator[tuple[tuple[int, int], _Route]]:
    """The addresses of each route that no longer prefix takes: prefixes nest, so one pass with a stack is enough."""
    spans = sorted(((*networks(route.network).spans[0], route) for route in routes), key=lambda one: (one[0], -one[1]))
    stack: list[tuple[int, _Route]] = []
    at = 0
    for first, last, route in spans:
        while stack and stack[-1][0] < first:
            end, above = stack.pop()
            if at <= end:
                yield (at, end), above
            at = max(at, end + 1)
        if stack and at < first:
            yield (at, first - 1), stack[-1][1]
        stack.append((last, route))
        at = first
    while stack:
        end, above = stack.pop()
        if at <= end:
            yield (at, end), above
        at = max(at, end + 1)


def _linux(data: list[Any]) -> Iterator[_Route]:
    for entry in data:
        if not isinstance(entry, dict) or not isinstance(entry.get("dst"), str):
            raise _bad("has an entry without dst")
        kind = entry.get("type", "unicast")
        if kind in _NOT_ROUTES:
            continue
        hops = [entry, *(hop for hop in entry.get("nexthops", []) if isinstance(hop, dict))]
        names = tuple(str(hop["dev"]) for hop in hops if "dev" in hop) if kind not in _NOWHERE else ()
        metric = entry.get("metric", 0)
        for network in _networks(entry["dst"], entry):
            yield _Route(network, names, metric if isinstance(metric, int) else 0)


def _networks(text: str, entry: Mapping[str, Any]) -> tuple[_Network, ...]:
    if text == "default":
        sixth = ":" in str(entry.get("gateway", entry.get("via", ""))) or entry.get("pref") is not None
        return (ip_network("::/0" if sixth else "0.0.0.0/0"),)
    try:
        return (ip_network(text, strict=False),)
    except ValueError:
        raise _bad(f"has a destination {text[:60]!r} that is no network") from None


def _frr(data: Mapping[str, Any]) -> Iterator[_Route]:
    for prefix, entries in data.items():
        if not isinstance(entries, list):
            raise _bad(f"has an entry {prefix[:60]!r} that is no list")
        for entry in entries:
            if not isinstance(entry, dict) or not entry.get("selected"):
                continue
            hops = [hop for hop in entry.get("nexthops", []) if isinstance(hop, dict) and hop.get("fib", True)]
            names = tuple(str(hop["interfaceName"]) for hop in hops if "interfaceName" in hop)
            for network in _networks(prefix, {}):
                yield _Route(network, names, 0)


def _refuse() -> Iterator[_Route]:
    raise _bad("is neither a list nor an object")


def _bad(what: str) -> ContentError:
    return ContentError(f"the routing table {what}", code="content.firewall", hint=_HINT)
