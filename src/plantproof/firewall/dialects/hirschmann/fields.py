# SPDX-License-Identifier: Apache-2.0
"""Columns of the rule tables as matches (HM2-FW-MIB, HM2-NAT-MIB); what is written in an unknown way is unsure."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_network
from typing import Final

from plantproof.firewall.dialects.hirschmann.document import Row
from plantproof.firewall.match import ALWAYS, UNKNOWN, Match, both, match, unsure
from plantproof.firewall.packets import PORTED, V4, Dim, State, networks
from plantproof.firewall.ranges import Ranges

__all__ = ["ACTIONS", "PROTOCOLS", "conditions", "network", "port_ranges"]

ACTIONS: Final = {1: "accept", 2: "drop", 3: "reject", 4: "enforce-modbus", 5: "enforce-opc"}
PROTOCOLS: Final = {
    1: ("icmp", 1), 2: ("igmp", 2), 3: ("ipip", 4), 4: ("tcp", 6), 5: ("udp", 17), 6: ("esp", 50), 7: ("ah", 51),
    8: ("icmpv6", 58), 9: ("any", None),
}  # fmt: skip
"""The MIB's own numbers, their names, and the number in a packet."""
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2} ){3}[0-9A-Fa-f]{2}")
_STATES: Final = {
    "new": State.NEW, "est": State.ESTABLISHED, "established": State.ESTABLISHED, "rel": State.RELATED,
    "related": State.RELATED, "inv": State.INVALID, "invalid": State.INVALID,
}  # fmt: skip
_ALL_PORTS: Final = 65535
_LONGEST: Final = 200
"""Of parameters, in characters; the MIB says 50."""
_PLAIN: Final = re.compile(r"[0-9.]{7,15}(?:/[0-9]{1,2})?")


def network(text: str) -> Ranges:
    """``any``, an address, a network, the latter two perhaps with ``!`` before; an address also as four octets in hex.

    The address of nothing (0.0.0.0) without a length is none of these: it may be meant as any.

    Raises:
        ValueError: none of these.
    """
    if text.lower() == "any":
        return V4
    if text.startswith("!"):
        return V4 - _one(text[1:].strip())
    return _one(text)


def _one(text: str) -> Ranges:
    if _HEX.fullmatch(text):
        text = str(IPv4Address(bytes.fromhex(text.replace(" ", ""))))
    if not _PLAIN.fullmatch(text) or text == "0.0.0.0":  # noqa: S104 - an address to read, not to listen on
        raise ValueError(text)
    return networks(ip_network(text, strict=False))


def port_ranges(text: str) -> Ranges | None:
    """``any`` (None), ``80``, ``80-90``, or several of them with commas between.

    Raises:
        ValueError: none of these.
    """
    if text.lower() == "any":
        return None
    spans = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        low, high = _number(first, _ALL_PORTS), _number(last if dash else first, _ALL_PORTS)
        if low > high:
            raise ValueError(text)
        spans.append((low, high))
    return Ranges.of(spans)


def _number(text: str, most: int) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6) or int(text) > most:  # noqa: PLR2004 - digits of 65535
        raise ValueError(text)
    return int(text)


def conditions(row: Row, prefix: str) -> tuple[Match, list[str]]:
    """What a row matches, and what of it is not understood."""
    found, why = ALWAYS, []
    for column, dim in (("SourceAddress", Dim.SRC), ("TargetAddress", Dim.DST)):
        try:
            found = both(found, match({dim: network(row.text(prefix + column, "any"))}))
        except ValueError:
            why.append(f"{column} {row.text(prefix + column)}")
            found = unsure(found)
    number = row.number(f"{prefix}Proto", 9)
    if number not in PROTOCOLS:
        why.append(f"protocol {row.text(f'{prefix}Proto')}")
        found = unsure(found)
    protocol = PROTOCOLS.get(number, ("", None))[1]
    if protocol is not None:
        found = both(found, match({Dim.PROTO: Ranges.only(protocol)}))
    for column, dim in (("SourcePort", Dim.SPORT), ("TargetPort", Dim.DPORT)):
        more, reason = _port(row.text(prefix + column, "any"), dim, protocol)
        found = both(found, more)
        why += [f"{column} {reason}"] if reason else []
    parameters = row.text(f"{prefix}RuleParams")
    if len(parameters) > _LONGEST:
        return unsure(found), [*why, "parameters longer than a device has"]
    for word in filter(None, parameters.split(",")):
        more = _parameter(word.strip(), protocol)
        found = both(found, more)
        why += [f"parameter {word.strip()}"] if any(not part.sure for part in more) else []
    return found, why


def _port(text: str, dim: Dim, protocol: int | None) -> tuple[Match, str]:
    try:
        ranges = port_ranges(text)
    except ValueError:
        return UNKNOWN, text
    if ranges is None:
        return ALWAYS, ""
    if protocol is None:
        return unsure(match({dim: ranges, Dim.PROTO: PORTED})), f"{text} of any protocol"
    if protocol not in PORTED:
        return UNKNOWN, f"{text} of a protocol without ports"
    return match({dim: ranges}), ""


def _parameter(word: str, protocol: int | None) -> Match:
    """``state=new|rel``, ``type=8``, ``code=0``; all others depend on what the question does not tell."""
    name, _, text = word.partition("=")
    values = [value.strip().lower() for value in text.split("|")]
    if name in {"none", ""} and not text:
        return ALWAYS
    try:
        if name == "state":
            return match({Dim.STATE: Ranges.only(*(_STATES[value] for value in values))})
        if name in {"type", "code"} and protocol in {1, 58}:
            numbers = [_number(value, 255) for value in values]
            if name == "type":
                return match({Dim.DPORT: Ranges.of((n * 256, n * 256 + 255) for n in numbers)})
            return match({Dim.DPORT: Ranges.only(*(t * 256 + n for t in range(256) for n in numbers))})
    except (KeyError, ValueError):
        return UNKNOWN
    return UNKNOWN
