# SPDX-License-Identifier: Apache-2.0
"""Addresses and ports as Cisco writes them: sets of numbers that match for sure, and such that may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from plantproof.firewall.dialects.cisco.names import PORTS
from plantproof.firewall.dialects.cisco.text import UnreadError, Words
from plantproof.firewall.match import Match, Part
from plantproof.firewall.packets import Dim, addresses, networks
from plantproof.firewall.ranges import Ranges

__all__ = [
    "OPERATORS",
    "Operand",
    "address",
    "host",
    "network",
    "number",
    "operand",
    "port",
    "ports",
    "prefix",
    "span",
    "with_mask",
    "with_wildcard",
]

OPERATORS: Final = frozenset({"eq", "neq", "lt", "gt", "range"})
_FREE: Final = 8
"""So many free bits outside of the last run are written out as ranges; more is only looked at from outside."""
_ALL: Final = 2**32 - 1
_PORTS: Final = (0, 65535)


@dataclass(frozen=True, slots=True)
class Operand:
    """A set of numbers; of ``maybe`` it is not known which belong to it, and ``why`` says what for."""

    sure: Ranges = field(default_factory=Ranges)
    maybe: Ranges = field(default_factory=Ranges)
    why: str = ""

    def match(self, dim: Dim) -> Match:
        """Packets with such a coordinate."""
        parts = [Part({dim: self.sure})] if self.sure else []
        if self.maybe:
            parts.append(Part({dim: self.maybe}, sure=False))
        return tuple(parts)


def operand(several: Iterable[Operand]) -> Operand:
    """The union."""
    listed = list(several)
    return Operand(
        Ranges.of(span for one in listed for span in one.sure),
        Ranges.of(span for one in listed for span in one.maybe),
        next((one.why for one in listed if one.why), ""),
    )


def number(word: str, highest: int) -> int:
    """A number in digits.

    Raises:
        UnreadError: it is none, or larger than ``highest``.
    """
    if not (word.isascii() and word.isdigit() and len(word) <= 10) or int(word) > highest:  # noqa: PLR2004 - 32 bits
        raise UnreadError(f"{word!r} is no number up to {highest}")
    return int(word)


def address(word: str) -> IPv4Address | IPv6Address:
    """One address.

    Raises:
        UnreadError: it is none.
    """
    try:
        return ip_address(word)
    except ValueError:
        raise UnreadError(f"{word!r} is no address") from None


def _v4(word: str) -> int:
    found = address(word)
    if isinstance(found, IPv6Address):
        raise UnreadError(f"{word!r} is no IPv4 address")
    return int(found)


def prefix(word: str) -> IPv4Network | IPv6Network:
    """``address/length``; bits behind the prefix do not count.

    Raises:
        UnreadError: it is none.
    """
    base, _, length = word.partition("/")
    found = address(base)
    bits = number(length, found.max_prefixlen)
    whole: IPv4Network | IPv6Network
    if isinstance(found, IPv4Address):
        whole = IPv4Network((int(found), bits), strict=False)
    else:
        whole = IPv6Network((int(found), bits), strict=False)
    return whole


def with_mask(base: str, mask: str) -> IPv4Network:
    """An address and a netmask.

    Raises:
        UnreadError: they are none, or the ones of the mask do not stand together.
    """
    bits = _v4(mask)
    free = bits ^ _ALL
    if free & (free + 1):
        raise UnreadError(f"{mask} is no netmask: its ones do not stand together")
    return IPv4Network((_v4(base), 32 - free.bit_length()), strict=False)


def with_wildcard(base: str, wildcard: str) -> Operand:
    """An address and a wildcard mask, whose ones are free; they need not stand together.

    Raises:
        UnreadError: they are none.
    """
    free = _v4(wildcard)
    fixed = _v4(base) & ~free & _ALL
    low = (~free & (free + 1)).bit_length() - 1  # length of the run of ones at the end
    others = [bit for bit in range(low, 32) if free >> bit & 1]
    if len(others) > _FREE:
        hull = Ranges.of([(fixed, fixed | free)])
        return Operand(maybe=hull, why=f"the wildcard mask {wildcard} falls into too many ranges")
    starts = [fixed]
    for bit in others:
        starts += [start | 1 << bit for start in starts]
    return Operand(Ranges.of((start, start + (1 << low) - 1) for start in starts))


def host(word: str) -> Operand:
    """One address."""
    found = address(word)
    return Operand(addresses(found, found))


def network(found: IPv4Network | IPv6Network) -> Operand:
    """All addresses of a network."""
    return Operand(networks(found))


def span(first: str, last: str) -> Operand:
    """From one address to another.

    Raises:
        UnreadError: they are no addresses of one family, or the wrong way round.
    """
    low, high = address(first), address(last)
    if low.version != high.version or int(low) > int(high):
        raise UnreadError(f"{first} {last} is no range")
    return Operand(addresses(low, high))


def port(word: str) -> int:
    """A port by number or by Cisco's name.

    Raises:
        UnreadError: it is neither.
    """
    return PORTS[word] if word in PORTS else number(word, 65535)


def ports(words: Words, *, several: bool) -> Ranges:
    """``eq``, ``neq``, ``lt``, ``gt`` or ``range`` and its ports; IOS takes several behind the first two.

    Raises:
        UnreadError: the operator or a port is not understood.
    """
    word = words.take()
    if word not in OPERATORS:
        raise UnreadError(f"{word!r} is no operator")
    first = port(words.take())
    if word == "range":
        last = port(words.take())
        if last < first:
            raise UnreadError(f"range {first} {last} is the wrong way round")
        return Ranges.of([(first, last)])
    if word == "lt":
        return Ranges.of([(0, first - 1)])
    if word == "gt":
        return Ranges.of([(first + 1, 65535)])
    values = [first]
    while several and (words.peek() in PORTS or words.peek().isdigit()):
        values.append(port(words.take()))
    chosen = Ranges.only(*values)
    return chosen if word == "eq" else chosen.outside(*_PORTS)
