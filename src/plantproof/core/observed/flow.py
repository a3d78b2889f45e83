# SPDX-License-Identifier: Apache-2.0
"""One observed flow, and who began it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Final, TypeAlias

from plantproof.core.services import ICMP, ICMPV6, PROTOCOLS, services_on

__all__ = ["ECHO_REPLIES", "ECHO_REQUESTS", "PORTED", "Address", "ObservedFlow", "has_name", "is_reply", "service_text"]

Address: TypeAlias = IPv4Address | IPv6Address

ECHO_REQUESTS: Final = {ICMP: 8, ICMPV6: 128}
"""Type of a ping by protocol (RFC 792, RFC 4443)."""
ECHO_REPLIES: Final = {ICMP: 0, ICMPV6: 129}
PORTED: Final = frozenset(PROTOCOLS[name] for name in ("tcp", "udp", "dccp", "sctp", "udplite"))
"""Protocols with ports."""

_WELL_KNOWN: Final = 1024
_NAMES: Final[dict[int, str]] = {number: name for name, number in reversed(list(PROTOCOLS.items()))}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedFlow:
    """One record of a flow log, from the side that began it."""

    src: Address
    dst: Address
    protocol: int
    """IP protocol number."""
    port: int | None
    """Destination port; of ICMP the type; None where the protocol or the record has none."""
    first: int | None = None
    """Seconds since 1970, UTC; None if the record does not say."""
    last: int | None = None
    packets: int = 0
    size: int = 0
    """Bytes."""
    answered: bool | None = None
    """False: the other side kept silent or refused; None: the record does not say, or nothing has to answer."""
    directed: bool = True
    """False: both ports are alike and the record goes one way, so it may be the answer as well."""
    source: str = ""
    """The file, as it was named."""
    line: int = 0


@lru_cache(maxsize=65536)
def has_name(protocol: int, port: int) -> bool:
    """Whether a service of ours listens there."""
    return bool(services_on(protocol, port, port))


def is_reply(protocol: int, source: int, target: int) -> bool:
    """Whether a record that goes one way goes from the service to its client, judged by its two ports.

    The side with a known service is the service; if both or neither have one, the lower port is. So of the two records
    of a conversation exactly one is a reply, unless both ports are alike. For ICMP ``target`` is the type.
    """
    if protocol in ECHO_REPLIES:
        return target == ECHO_REPLIES[protocol]
    known, wanted = _listens(protocol, source), _listens(protocol, target)
    return known if known != wanted else source < target


def _listens(protocol: int, port: int) -> bool:
    return 0 < port < _WELL_KNOWN or has_name(protocol, port)


def service_text(protocol: int, low: int | None, high: int | None) -> str:
    """What people call it, with its number: ``modbus (tcp/502)``, ``tcp/10502``, ``icmp type 8``, ``esp``."""
    name = _NAMES.get(protocol, f"protocol {protocol}")
    if low is None or high is None:
        return name
    if protocol in ECHO_REPLIES:
        return f"{name} type {low}" if low == high else name
    if low != high:
        return f"{name}/{low}-{high}"
    named = ", ".join(dict.fromkeys(service.name for service in services_on(protocol, low, high)))
    return f"{named} ({name}/{low})" if named else f"{name}/{low}"
