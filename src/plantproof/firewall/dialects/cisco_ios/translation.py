# SPDX-License-Identifier: Apache-2.0
"""Address translation of IOS: what an ``ip nat`` line does to packets from outside, and to packets from inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from plantproof.core.services import TCP, UDP
from plantproof.firewall.dialects.cisco.operands import address, number, port, with_mask
from plantproof.firewall.dialects.cisco.text import Line, UnreadError, Words
from plantproof.firewall.dialects.cisco_ios.interfaces import Interface
from plantproof.firewall.packets import V4, Box, Dim
from plantproof.firewall.program import Rewrite
from plantproof.firewall.ranges import Ranges

__all__ = ["Translation", "Translations"]

_EACH: Final = 256
"""Networks up to this size are translated address by address; of larger ones only where they go is known."""
_MANY: Final = 32
"""More translations of large networks are not compared with each other, and none of them is sure."""
_PORTS: Final = Ranges.of([(0, 65535)])
_PROTOCOLS: Final = {"tcp": TCP, "udp": UDP}
_HARMLESS: Final = frozenset({"extendable", "no-alias", "no-payload", "add-route"})
_IGNORED: Final = frozenset({"log", "translation", "service", "create", "settings", "portmap", "source-list"})


@dataclass(frozen=True, slots=True)
class Translation:
    """One rewriting: packets from outside (``inward``) or from inside, and what they become."""

    line: Line
    box: Box
    rewrites: tuple[Rewrite, ...]
    sure: bool
    inward: bool
    """For packets that come from outside."""
    acl: str = ""
    """The list that chooses packets from inside."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Addresses, and ports if only one is translated, inside and as they are seen outside."""

    line: Line
    local: Ranges
    globally: Ranges
    proto: int | None = None
    ports: tuple[int, int] | None = None
    sure: bool = True


class Translations:
    """All ``ip nat`` lines of a configuration; read when the interfaces are known."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._pools: dict[str, list[tuple[int, int]]] = {}
        self.gaps: list[tuple[Line, str]] = []
        self.others: list[Line] = []
        """Lines that are not carried out."""
        self._pairs: list[_Pair] = []
        self._loose: list[Translation] = []

    def add(self, line: Line, body: list[Line]) -> None:
        """One line and, of a pool, the ranges beneath it."""
        words = line.words[2:]
        if words[:1] == ("pool",):
            self._pool(words, body)
        elif words[:1] and words[0] not in _IGNORED:
            self._lines.append(line)

    def _pool(self, words: tuple[str, ...], body: list[Line]) -> None:
        spans = self._pools.setdefault(words[1] if len(words) > 1 else "", [])
        for ends in (words[2:4], *(line.words[:2] if line.words[0] != "address" else line.words[1:3] for line in body)):
            try:
                first, last = (int(address(word)) for word in ends)
            except (UnreadError, ValueError):
                continue
            spans.append((first, last))

    def pairs(self) -> list[tuple[Ranges, Ranges]]:
        """Addresses under which something else is reached, and what; nothing if that depends on the port."""
        return [(pair.globally, pair.local if pair.ports is None else Ranges()) for pair in self._pairs]

    def read(self, interfaces: dict[str, Interface]) -> list[Translation]:
        """What the lines do, in the order in which it is tried."""
        for line in self._lines:
            try:
                self._read(line, Words(line.words[2:]), interfaces)
            except UnreadError as error:
                self.gaps.append((line, f"address translation: {error}"))
        return [*self._paired(), *self._loose]

    def _read(self, line: Line, words: Words, interfaces: dict[str, Interface]) -> None:
        side, what, kind = words.take(), words.take(), words.take()
        if (side, what, kind) == ("inside", "source", "static"):
            self._pairs.append(_inside(line, words, interfaces))
        elif (side, what) == ("inside", "source") and kind in {"list", "route-map"}:
            name = words.take()
            outer = self._target(words, interfaces)
            words.skip("overload")
            sure = kind == "list" and not words.peek() and outer != V4
            inward = _inward(line, {Dim.DST: outer}, (Rewrite(Dim.DST, V4),), sure=False)
            changes = (Rewrite(Dim.SRC, outer), Rewrite(Dim.SPORT, _PORTS))
            self._loose += [inward, _outward(line, {}, changes, sure, name if sure else "")]
        elif (side, what) in {("outside", "source"), ("inside", "destination")}:
            self.others.append(line)
        else:
            raise UnreadError(f"{side} {what} {kind} is not understood")

    def _target(self, words: Words, interfaces: dict[str, Interface]) -> Ranges:
        """The addresses of a pool or an interface; any, where the configuration does not tell."""
        word, name = words.take(), words.take()
        if word == "pool":
            return Ranges.of(self._pools.get(name, [])) & V4 or V4
        return _own(name, interfaces) if word == "interface" else V4

    def _paired(self) -> Iterator[Translation]:
        """Static translations; where two speak of one address, which of them counts is left open."""
        locals_, globals_ = Counter[int](), Counter[int]()
        for pair in self._pairs:
            if pair.local.size <= _EACH and pair.globally.size <= _EACH:
                locals_.update(_each(pair.local))
                globals_.update(_each(pair.globally))
        wide = [pair for pair in self._pairs if max(pair.local.size, pair.globally.size) > _EACH]
        for pair in self._pairs:
            alone = len(wide) <= _MANY and not any(
                other is not pair and (other.local.meets(pair.local) or other.globally.meets(pair.globally))
                for other in wide
            )
            yield from _static(pair, locals_, globals_, alone=alone)


def _inward(line: Line, box: Box, rewrites: tuple[Rewrite, ...], sure: bool) -> Translation:  # noqa: FBT001
    return Translation(line, box, rewrites, sure, inward=True)


def _outward(line: Line, box: Box, rewrites: tuple[Rewrite, ...], sure: bool, acl: str = "") -> Translation:  # noqa: FBT001
    return Translation(line, box, rewrites, sure, inward=False, acl=acl)


def _static(pair: _Pair, locals_: Counter[int], globals_: Counter[int], *, alone: bool) -> Iterator[Translation]:
    proto: Box = {} if pair.proto is None else {Dim.PROTO: Ranges.only(pair.proto)}
    if pair.ports is not None and pair.local.size == pair.globally.size == 1:
        inner, outer = pair.ports
        box: Box = {**proto, Dim.DST: pair.globally, Dim.DPORT: Ranges.only(outer)}
        changes = (Rewrite(Dim.DST, pair.local), Rewrite(Dim.DPORT, Ranges.only(inner)))
        yield _inward(pair.line, box, changes, pair.sure and alone)
        box = {**proto, Dim.SRC: pair.local, Dim.SPORT: Ranges.only(inner)}
        changes = (Rewrite(Dim.SRC, pair.globally), Rewrite(Dim.SPORT, Ranges.only(outer)))
        yield _outward(pair.line, box, changes, pair.sure and alone and locals_[pair.local.spans[0][0]] == 1)
    elif pair.ports is None and pair.local.size == pair.globally.size <= _EACH:
        for local, outside in zip(_each(pair.local), _each(pair.globally), strict=True):
            ends = Ranges.only(local), Ranges.only(outside)
            sure = pair.sure and alone
            yield _inward(pair.line, {Dim.DST: ends[1]}, (Rewrite(Dim.DST, ends[0]),), sure and globals_[outside] == 1)
            yield _outward(pair.line, {Dim.SRC: ends[0]}, (Rewrite(Dim.SRC, ends[1]),), sure and locals_[local] == 1)
    else:
        inward, outward = [Rewrite(Dim.DST, pair.local)], [Rewrite(Dim.SRC, pair.globally)]
        if pair.ports is not None:
            inward.append(Rewrite(Dim.DPORT, Ranges.only(pair.ports[0])))
            outward.append(Rewrite(Dim.SPORT, Ranges.only(pair.ports[1])))
        yield _inward(pair.line, {**proto, Dim.DST: pair.globally}, tuple(inward), sure=False)
        yield _outward(pair.line, {**proto, Dim.SRC: pair.local}, tuple(outward), sure=False)


def _inside(line: Line, words: Words, interfaces: dict[str, Interface]) -> _Pair:
    proto, ports, sure = None, None, True
    if words.skip("network"):
        local, outer = words.take(), words.take()
        mask = words.take()
        mask = mask.removeprefix("/")
        inner_net, outer_net = _net(local, mask), _net(outer, mask)
        pair = _Pair(line, inner_net, outer_net)
    else:
        word = words.take()
        if word in _PROTOCOLS:
            proto, word = _PROTOCOLS[word], words.take()
        local_ = _one(word)
        inside = port(words.take()) if proto is not None else 0
        if words.skip("interface"):
            outside = _own(words.take(), interfaces)
            sure = outside.size == 1
        else:
            outside = _one(words.take())
        ports = (inside, port(words.take())) if proto is not None else None
        pair = _Pair(line, local_, outside, proto, ports, sure)
    while words.peek():
        if words.take() not in _HARMLESS:  # route-map, vrf, redundancy...
            return _Pair(line, pair.local, pair.globally, pair.proto, pair.ports, sure=False)
    return pair


def _net(base: str, mask: str) -> Ranges:
    if mask.isascii() and mask.isdigit():
        length = number(mask, 32)
        mask = ".".join(str((0xFFFFFFFF << 32 - length & 0xFFFFFFFF) >> shift & 255) for shift in (24, 16, 8, 0))
    net = with_mask(base, mask)
    return Ranges.of([(int(net[0]), int(net[-1]))])


def _one(word: str) -> Ranges:
    found = Ranges.only(int(address(word))) & V4
    if not found or ":" in word:
        raise UnreadError(f"{word!r} is no IPv4 address")
    return found


def _own(name: str, interfaces: dict[str, Interface]) -> Ranges:
    found = interfaces.get(name.casefold())
    return Ranges.only(*found.own) if found and found.own else V4


def _each(ranges: Ranges) -> list[int]:
    return [value for first, last in ranges for value in range(first, last + 1)]
