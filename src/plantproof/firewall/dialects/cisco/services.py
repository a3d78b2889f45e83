# SPDX-License-Identifier: Apache-2.0
"""Protocols with their ports or messages, as entries and service groups of both makes write them."""

from __future__ import annotations

from typing import Final

from plantproof.core.services import ICMP, ICMPV6, TCP, UDP
from plantproof.firewall.dialects.cisco.names import ICMP4, ICMP6, PROTOCOL_NUMBERS
from plantproof.firewall.dialects.cisco.operands import OPERATORS, number, ports
from plantproof.firewall.dialects.cisco.text import UnreadError, Words
from plantproof.firewall.packets import Box, Dim
from plantproof.firewall.ranges import Ranges

__all__ = ["PORT_PROTOCOLS", "has_ports", "is_icmp", "message", "protocol", "service"]

PORT_PROTOCOLS: Final = Ranges.only(TCP, UDP, 132)
"""Protocols behind which ports may stand."""


def protocol(word: str) -> Ranges | None:
    """Protocol numbers by name or number; None for every protocol.

    Raises:
        UnreadError: it is none.
    """
    if word in {"ip", "ipv6"}:
        return None
    if word == "tcp-udp":
        return Ranges.only(TCP, UDP)
    if word in PROTOCOL_NUMBERS:
        return Ranges.only(PROTOCOL_NUMBERS[word])
    return Ranges.only(number(word, 255))


def message(words: Words, numbers: Ranges) -> Ranges | None:
    """A message of ICMP, if one comes next: name, or type with or without code.

    Raises:
        UnreadError: a number is too large.
    """
    names = ICMP4 if ICMP in numbers else ICMP6
    if words.peek() in names:
        return names[words.take()]
    if not words.peek().isdigit():
        return None
    kind = number(words.take(), 255)
    if words.peek().isdigit():
        return Ranges.only(kind * 256 + number(words.take(), 255))
    return Ranges.of([(kind * 256, kind * 256 + 255)])


def is_icmp(numbers: Ranges | None) -> bool:
    """Whether messages may stand behind the protocol."""
    return numbers is not None and numbers.size == 1 and (ICMP in numbers or ICMPV6 in numbers)


def has_ports(numbers: Ranges | None) -> bool:
    """Whether ports may stand behind the protocol."""
    return numbers is not None and not numbers - PORT_PROTOCOLS


def service(words: Words, *, bare: bool) -> Box:
    """One member of a service group: protocol, then source and destination ports or a message.

    ``bare``: the word ``destination`` may be left out.

    Raises:
        UnreadError: a word is not understood, or one is left.
    """
    numbers = protocol(words.take())
    box: dict[Dim, Ranges] = {} if numbers is None else {Dim.PROTO: numbers}
    if is_icmp(numbers) and numbers is not None:
        found = message(words, numbers)
        if found is not None:
            box[Dim.DPORT] = found
    elif has_ports(numbers):
        if words.skip("source"):
            box[Dim.SPORT] = ports(words, several=False)
        if words.skip("destination") or (bare and words.peek() in OPERATORS):
            box[Dim.DPORT] = ports(words, several=False)
    if words.peek():
        raise UnreadError(f"{words.peek()!r} is not understood here")
    return box
