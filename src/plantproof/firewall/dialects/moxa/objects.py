# SPDX-License-Identifier: Apache-2.0
"""Address and service objects of MX-ROS, and addresses and ports as older releases write them in the policy itself."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, ip_network
from typing import Final

from plantproof.firewall.dialects.moxa.blocks import Block
from plantproof.firewall.match import ALWAYS, UNKNOWN, Match, both, either, match
from plantproof.firewall.packets import V4, Dim, addresses, networks
from plantproof.firewall.ranges import Ranges

__all__ = ["ANY_WORDS", "Objects", "address", "port_range", "protocol"]

ANY_WORDS: Final = frozenset({"any", "all"})
_PROTOCOLS: Final = {
    "tcp": (6,),
    "udp": (17,),
    "tcp-udp": (6, 17),
    "icmp": (1,),
    "igmp": (2,),
    "esp": (50,),
    "gre": (47,),
}
_PAIR: Final = 2


def address(words: tuple[str, ...]) -> Ranges:
    """``all``, ``single a``, ``range a b``, ``subnet a mask``, ``a``, ``a/len``, ``a-b`` or ``a mask``.

    Raises:
        ValueError: none of these.
    """
    if not words or (len(words) == 1 and words[0].lower() in ANY_WORDS):
        return V4
    kind = words[0].lower()
    if kind == "range" and len(words) == 1 + _PAIR:
        return _between(words[1], words[2])
    if kind in {"single", "subnet"}:
        words = words[1:]
    if len(words) == _PAIR and words[1].startswith("255."):
        return networks(ip_network("/".join(words), strict=False)) & V4
    if len(words) != 1 or words[0] == "0.0.0.0":  # noqa: S104 - may be meant as any
        raise ValueError(" ".join(words))
    first, dash, last = words[0].partition("-")
    return _between(first, last) if dash else networks(ip_network(words[0], strict=False)) & V4


def _between(first: str, last: str) -> Ranges:
    found = addresses(IPv4Address(first), IPv4Address(last))
    if not found:
        raise ValueError(first)
    return found


def port_range(words: tuple[str, ...]) -> Ranges | None:
    """``all`` (None), ``80``, ``80-90``, ``single 80`` or ``range 80 90``.

    Raises:
        ValueError: none of these.
    """
    if len(words) == 1 and words[0].lower() in ANY_WORDS:
        return None
    kind = words[0].lower() if words else ""
    if kind == "range" and len(words) == 1 + _PAIR:
        low, high = _port(words[1]), _port(words[2])
    else:
        word = words[-1] if kind == "single" and len(words) == _PAIR else " ".join(words)
        first, dash, last = word.partition("-")
        low, high = _port(first), _port(last if dash else first)
    if low > high:
        raise ValueError(" ".join(words))
    return Ranges.of([(low, high)])


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6) or int(text) > 65535:  # noqa: PLR2004 - ports
        raise ValueError(text)
    return int(text)


def protocol(word: str) -> Match:
    """A protocol by name or number; unsure if it is neither."""
    if word.lower() in ANY_WORDS:
        return ALWAYS
    if word.lower() in _PROTOCOLS:
        return match({Dim.PROTO: Ranges.only(*_PROTOCOLS[word.lower()])})
    if word.isascii() and word.isdigit() and len(word) < 4 and int(word) < 256:  # noqa: PLR2004 - one byte
        return match({Dim.PROTO: Ranges.only(int(word))})
    return UNKNOWN


class Objects:
    """Objects by name."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._addresses: dict[str, Block] = {}
        self._services: dict[str, Block] = {}
        for block in blocks:
            name = block.said("name")
            if block.words[0] == "object" and name and len(block.words) > 1:
                known = self._addresses if block.words[1].lower() == "address" else self._services
                called = " ".join(name)
                if called in known:
                    known[called] = Block(block.line, block.words, [(block.line, ("twice",))])
                else:
                    known[called] = block

    def address(self, words: tuple[str, ...], dim: Dim) -> Match:
        """What an object's name, or an address itself, means; unsure if it is neither."""
        block = self._addresses.get(" ".join(words))
        several = [words] if block is None else [said[1:] for _, said in block.lines if said[0] == "ip-addr"]
        strange = block is not None and any(said[0] not in {"name", "ip-addr"} for _, said in block.lines)
        if strange or not several:
            return UNKNOWN
        try:
            return either(*(match({dim: address(each)}) for each in several))
        except ValueError:
            return UNKNOWN

    def service(self, words: tuple[str, ...], dim: Dim) -> Match:
        """What a service object's name, or a port itself, means; unsure if it is neither."""
        block = self._services.get(" ".join(words))
        try:
            if block is not None:
                return _service(block, dim)
            ranges = port_range(words)
        except ValueError:
            return UNKNOWN
        return ALWAYS if ranges is None else match({dim: ranges, Dim.PROTO: Ranges.only(6, 17)})


def _service(block: Block, dim: Dim) -> Match:
    if len(block.words) != 1 + _PAIR or block.words[1].lower() != "service":
        return UNKNOWN
    kind = block.words[2].lower()
    found = protocol(kind)
    for _, words in block.lines:
        if words[0] == "port" and kind in {"tcp", "udp", "tcp-udp"}:
            ranges = port_range(words[1:])
            found = both(found, ALWAYS if ranges is None else match({dim: ranges}))
        elif words[0] != "name":
            return UNKNOWN  # icmp-type, ipproto and others: their values have not been seen
    return found
