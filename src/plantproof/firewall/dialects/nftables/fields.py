# SPDX-License-Identifier: Apache-2.0
"""What the left side of an nftables match speaks of: a coordinate, what it implies, how values are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Final

from plantproof.core.services import ICMP, ICMPV6, PROTOCOLS
from plantproof.firewall.dialects.names import ICMP6_TYPES, ICMP_TYPES, PORT_NAMES, STATES, TCP_FLAGS
from plantproof.firewall.packets import (
    ANY,
    PORTED,
    V4,
    V6,
    Box,
    Dim,
    addresses,
    interface,
    interfaces_from,
    networks,
    whole,
)
from plantproof.firewall.ranges import Ranges

__all__ = ["Field", "field_of", "flag_bits", "read_target"]


@dataclass(frozen=True, slots=True)
class Field:
    """One coordinate as nftables sees it."""

    dim: Dim
    read: Callable[[object], Ranges | None]
    """A value as a set; None if it cannot be told."""
    implied: Box = field(default_factory=lambda: ANY)
    """What must hold of a packet for the field to exist: without it a match fails, a negated one too."""
    within: Ranges | None = None
    """All values that the field can have; None: the whole coordinate."""
    sure: bool = True

    @property
    def all(self) -> Ranges:
        """All values of the field."""
        return self.within or whole(self.dim)


def _number(value: object, names: Mapping[str, int], last: int) -> Ranges | None:
    if isinstance(value, str):
        value = names.get(value, int(value) if value.isascii() and value.isdigit() and len(value) < 20 else None)  # noqa: PLR2004 - no number of ours is longer
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= last:
        return None
    return Ranges.only(value)


def _address(value: object) -> Ranges | None:
    if isinstance(value, dict) and isinstance(value.get("prefix"), dict):
        prefix = value["prefix"]
        value = f"{prefix.get('addr')}/{prefix.get('len')}"
    if not isinstance(value, str):
        return None
    try:
        if "/" in value:
            return networks(ip_network(value, strict=False))
        first, _, last = value.partition("-")
        return addresses(ip_address(first), ip_address(last or first))
    except ValueError:
        return None


def _port(value: object) -> Ranges | None:
    return _number(value, PORT_NAMES, 65535)


def _protocol(value: object) -> Ranges | None:
    return _number(value, PROTOCOLS, 255)


def _types(names: Mapping[str, int]) -> Callable[[object], Ranges | None]:
    def read(value: object) -> Ranges | None:
        found = _number(value, names, 255)
        return Ranges.of((first * 256, last * 256 + 255) for first, last in found) if found else None

    return read


def _code(value: object) -> Ranges | None:
    found = _number(value, {}, 255)
    return Ranges.of((t * 256 + first, t * 256 + last) for first, last in found for t in range(256)) if found else None


def _state(value: object) -> Ranges | None:
    found = STATES.get(str(value))
    return None if found is None else Ranges.only(found)


def _interface(value: object) -> Ranges | None:
    if not isinstance(value, str) or not value:
        return None  # the index of an interface that no longer exists
    if value.endswith("\\*"):
        return interface(value[:-2] + "*")
    return interfaces_from(value[:-1]) if value.endswith("*") else interface(value)


def _family(value: object) -> Ranges | None:
    families = {"ipv4": V4, "ip": V4, "ipv6": V6, "ip6": V6, 2: V4, 10: V6, 0x0800: V4, 0x86DD: V6, 4: V4, 6: V6}
    if isinstance(value, str | int):
        return families.get(value, Ranges() if value in {"arp", "vlan"} else None)
    return None


def flag_bits(value: object) -> int | None:
    """TCP flags as a byte: a name, a number, a list or an or of them."""
    if isinstance(value, dict) and "|" in value:
        value = value["|"]
    if isinstance(value, list):
        bits = [flag_bits(item) for item in value]
        return None if None in bits else _union([bit for bit in bits if bit is not None])
    found = _number(value, TCP_FLAGS, 255)
    return found.spans[0][0] if found else None


def _union(bits: list[int]) -> int:
    found = 0
    for bit in bits:
        found |= bit
    return found


def _flags(value: object) -> Ranges | None:
    bits = flag_bits(value)
    return None if bits is None else Ranges.only(bits)


def _proto(*names: str) -> Box:
    return {Dim.PROTO: Ranges.only(*(PROTOCOLS[name] for name in names))}


_META: Final[Mapping[str, Field]] = {
    "iifname": Field(Dim.IN, _interface),
    "iif": Field(Dim.IN, _interface),
    "oifname": Field(Dim.OUT, _interface),
    "oif": Field(Dim.OUT, _interface),
    "l4proto": Field(Dim.PROTO, _protocol),
    "nfproto": Field(Dim.SRC, _family),
    "protocol": Field(Dim.SRC, _family),
}
_ICMP: Final[Box] = {Dim.SRC: V4, Dim.PROTO: Ranges.only(ICMP)}
_ICMPV6: Final[Box] = {Dim.SRC: V6, Dim.PROTO: Ranges.only(ICMPV6)}
_V4: Final[Box] = {Dim.SRC: V4}
_V6: Final[Box] = {Dim.SRC: V6}

_PAYLOAD: Final[Mapping[tuple[str, str], Field]] = {
    ("ip", "saddr"): Field(Dim.SRC, _address, within=V4),
    ("ip", "daddr"): Field(Dim.DST, _address, within=V4),
    ("ip6", "saddr"): Field(Dim.SRC, _address, within=V6),
    ("ip6", "daddr"): Field(Dim.DST, _address, within=V6),
    ("ip", "protocol"): Field(Dim.PROTO, _protocol, _V4),
    ("ip6", "nexthdr"): Field(Dim.PROTO, _protocol, _V6),
    ("ip", "version"): Field(Dim.SRC, _family, _V4),
    ("ip6", "version"): Field(Dim.SRC, _family, _V6),
    ("ether", "type"): Field(Dim.SRC, _family),
    ("icmp", "type"): Field(Dim.DPORT, _types(ICMP_TYPES), _ICMP),
    ("icmp", "code"): Field(Dim.DPORT, _code, _ICMP),
    ("icmpv6", "type"): Field(Dim.DPORT, _types(ICMP6_TYPES), _ICMPV6),
    ("icmpv6", "code"): Field(Dim.DPORT, _code, _ICMPV6),
    ("tcp", "flags"): Field(Dim.FLAGS, _flags, _proto("tcp")),
    **{(p, "sport"): Field(Dim.SPORT, _port, _proto(p)) for p in ("tcp", "udp", "udplite", "sctp", "dccp")},
    **{(p, "dport"): Field(Dim.DPORT, _port, _proto(p)) for p in ("tcp", "udp", "udplite", "sctp", "dccp")},
    ("th", "sport"): Field(Dim.SPORT, _port, {Dim.PROTO: PORTED}),
    ("th", "dport"): Field(Dim.DPORT, _port, {Dim.PROTO: PORTED}),
}


def field_of(left: object) -> Field | None:
    """The field that an expression reads; None if it is none that the model has."""
    if not isinstance(left, dict) or len(left) != 1:
        return None
    (kind, body), *_ = left.items()
    if not isinstance(body, dict):
        return None
    if kind == "meta":
        return _META.get(str(body.get("key")))
    if kind == "payload":
        return _PAYLOAD.get((str(body.get("protocol")), str(body.get("field"))))
    if kind == "ct" and body.get("key") == "state" and "dir" not in body:
        return Field(Dim.STATE, _state)
    return None


def read_target(dim: Dim, value: object) -> Ranges | None:
    """The addresses or ports to which a translation leads; None if there are none, or they are not known."""
    read = _address if dim in {Dim.SRC, Dim.DST} else _port
    if isinstance(value, dict) and isinstance(value.get("range"), list) and len(value["range"]) == 2:  # noqa: PLR2004
        first, last = (read(end) for end in value["range"])
        return Ranges.of([(first.spans[0][0], last.spans[-1][1])]) if first and last else None
    return None if value is None else read(value)
