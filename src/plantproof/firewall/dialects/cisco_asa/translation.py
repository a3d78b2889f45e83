# SPDX-License-Identifier: Apache-2.0
"""Address translation of the ASA from 8.3 on: which address a packet really means, before any list is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from plantproof.core.services import TCP, UDP
from plantproof.firewall.dialects.cisco.naming import anycase
from plantproof.firewall.dialects.cisco.operands import Operand, address, port
from plantproof.firewall.dialects.cisco.text import Line, UnreadError, Words
from plantproof.firewall.dialects.cisco_asa.document import Document
from plantproof.firewall.packets import V4, V6, Box, Dim
from plantproof.firewall.program import Rewrite
from plantproof.firewall.ranges import Ranges

__all__ = ["Translation", "translations"]

_EACH: Final = 256
"""So many addresses are translated one by one; of more it is only known into which range they go."""
_EVERY: Final = V4 | V6
_AUTO: Final = 2
"""The section of translations that stand in objects."""
_PROTOCOLS: Final = {"tcp": TCP, "udp": UDP}
_HARMLESS: Final = frozenset({"dns", "no-proxy-arp", "route-lookup"})


@dataclass(frozen=True, slots=True)
class Translation:
    """Packets that a line takes, and what it makes of their destination; of none, that they may be dropped."""

    line: Line
    box: Box
    rewrites: tuple[Rewrite, ...]
    sure: bool
    why: str = ""
    drops: bool = False


@dataclass(frozen=True, slots=True)
class _Nat:
    """One line: addresses behind the first interface and as they are seen behind the second, and back."""

    line: Line
    order: tuple[object, ...]
    ends: tuple[str, str]
    real: Operand
    mapped: Operand
    dynamic: bool
    target: tuple[Operand, Operand] | None = None
    """Destination as seen and as it is."""
    service: tuple[int, int, int] | None = None
    """Protocol, real port, mapped port."""
    unclear: str = ""
    one_way: bool = False


def translations(document: Document) -> tuple[list[Translation], list[tuple[Line, str]]]:
    """What the lines do, in the order in which they are tried, and lines that are not understood."""
    found: list[_Nat] = []
    gaps: list[tuple[Line, str]] = []
    for index, (line, owner) in enumerate(document.nats):
        try:
            each = _read(document, line, owner, index)
        except UnreadError as error:
            gaps.append((line, f"address translation: {error}"))
            continue
        if each is not None:
            found.append(each)
    found.sort(key=lambda each: each.order)
    listed = [(each, list(_carried_out(each))) for each in found]
    changed = Ranges.of(
        span for _, several in listed for one in several if one.rewrites for span in one.box.get(Dim.DST, _EVERY)
    )
    return [one for each, several in listed for one in (*several, *_ends_search(each, changed))], gaps


def _read(document: Document, line: Line, owner: str, index: int) -> _Nat | None:
    if "inactive" in line.words:
        return None
    said = list(line.words[1:])
    ends = ("any", "any")
    if said and said[0].startswith("("):
        first, _, second = said.pop(0).strip("()").partition(",")
        ends = (first.casefold(), second.casefold())
        if not second or "(" in second:
            raise UnreadError("the interfaces are not understood")
    words = Words(tuple(said))
    return _object(document, line, owner, ends, words) if owner else _twice(document, line, ends, words, index)


def _object(document: Document, line: Line, owner: str, ends: tuple[str, str], words: Words) -> _Nat:
    kind = words.take()
    if kind not in {"static", "dynamic"}:
        raise UnreadError(f"{kind!r} is not understood here")
    real = document.groups.numbers(owner, "network", _EVERY)
    mapped = _mapped(document, words, ends[1])
    dynamic = kind == "dynamic"
    low = real.sure.spans[0][0] if real.sure else 0
    order = (_AUTO, dynamic, real.sure.size, low, owner)
    service, unclear = None, real.why or mapped.why
    one_way = False
    while words.peek() and not dynamic:
        word = words.take()
        if word == "service":
            proto = _PROTOCOLS.get(words.take())
            if proto is None:
                raise UnreadError("a service that is neither TCP nor UDP")
            service = (proto, port(words.take()), port(words.take()))
        elif word == "unidirectional":
            one_way = True
        elif word not in _HARMLESS:
            unclear = unclear or f"{word!r} is not read"
    return _Nat(line, order, ends, real, mapped, dynamic, service=service, unclear=unclear, one_way=one_way)


def _twice(document: Document, line: Line, ends: tuple[str, str], words: Words, index: int) -> _Nat:
    if words.peek().isdigit():
        raise UnreadError("a place in the order, which only a command gives")
    section = 3 if words.skip("after-auto") else 1
    if not words.skip("source"):
        raise UnreadError(f"{words.peek()!r} is not understood here")
    kind = words.take()
    if kind not in {"static", "dynamic"}:
        raise UnreadError(f"{kind!r} is not understood here")
    real = _named(document, words.take())
    mapped = _mapped(document, words, ends[1])
    target, unclear, one_way = None, real.why or mapped.why, False
    while words.peek():
        word = words.take()
        if word == "destination" and words.skip("static"):
            seen = _mapped(document, words, ends[0])
            target = (seen, _named(document, words.take()))
            unclear = unclear or seen.why or target[1].why
        elif word == "description":
            break
        elif word == "unidirectional":
            one_way = True
        elif word not in _HARMLESS and not (kind == "dynamic" and word == "interface"):
            unclear = unclear or f"{word!r} is not read"
    order = (section, index)
    return _Nat(line, order, ends, real, mapped, kind == "dynamic", target, unclear=unclear, one_way=one_way)


def _named(document: Document, name: str) -> Operand:
    return Operand(_EVERY) if name == "any" else document.groups.numbers(name, "network", _EVERY)


def _mapped(document: Document, words: Words, end: str) -> Operand:
    """The other addresses: of an interface, an object, or one address."""
    word = words.take()
    if word == "interface":
        own = document.own().get(end)
        return Operand(own) if own else Operand(maybe=V4, why="the address of the interface is not known")
    if word == "pat-pool":
        word = words.take()
    if word == "any":
        return Operand(_EVERY)
    if document.groups.kind(word):
        return document.groups.numbers(word, "network", _EVERY)
    found = address(word)
    shift = 0 if found.version == 4 else 2**32  # noqa: PLR2004 - IPv4
    return Operand(Ranges.only(int(found) + shift))


def _carried_out(nat: _Nat) -> Iterator[Translation]:
    into = {} if nat.ends[1] == "any" else {Dim.IN: anycase([nat.ends[1]])}
    out = {} if nat.ends[0] == "any" else {Dim.OUT: anycase([nat.ends[0]])}
    real, mapped = nat.real.sure | nat.real.maybe, nat.mapped.sure | nat.mapped.maybe
    source = {} if nat.target is None else {Dim.SRC: nat.target[1].sure | nat.target[1].maybe}
    sure = not nat.unclear
    why = nat.unclear
    if nat.dynamic or nat.one_way:
        held = "only packets of connections that were opened from the other side are led back"
        yield Translation(
            nat.line, {**into, **source, Dim.DST: mapped}, (Rewrite(Dim.DST, real),), sure=False, why=why or held
        )
    else:
        box: Box = {**into, **source, Dim.DST: mapped}
        if nat.service is not None:
            box = {**box, Dim.PROTO: Ranges.only(nat.service[0]), Dim.DPORT: Ranges.only(nat.service[2])}
        for part, changes in _pairs(box, mapped, real):
            extra = () if nat.service is None else (Rewrite(Dim.DPORT, Ranges.only(nat.service[1])),)
            loose = any(change.values.size > 1 for change in changes)
            yield Translation(
                nat.line,
                part,
                (*changes, *extra),
                sure and not loose,
                why or ("which address it means" if loose else ""),
            )
    yield from _outward(nat, real)
    if mapped != real or nat.dynamic:
        told = "the device may drop packets to an address that it translates in the other direction"
        yield Translation(nat.line, {**into, **source, **out, Dim.DST: real}, (), sure=False, why=told, drops=True)


def _ends_search(nat: _Nat, changed: Ranges) -> Iterator[Translation]:
    """A line about both ends may end the search for packets whose destination a later one translates."""
    if nat.order[0] != _AUTO and nat.target is None and changed:
        box: Box = {Dim.SRC: nat.real.sure | nat.real.maybe, Dim.DST: changed}
        if nat.ends[0] != "any":
            box = {**box, Dim.IN: anycase([nat.ends[0]])}
        yield Translation(nat.line, box, (), sure=False, why="whether a later line still counts is not documented")


def _outward(nat: _Nat, real: Ranges) -> Iterator[Translation]:
    """Packets from behind the first interface whose destination is translated too."""
    if nat.target is None:
        return
    ends: dict[Dim, Ranges] = {} if nat.ends[0] == "any" else {Dim.IN: anycase([nat.ends[0]])}
    seen, meant = (one.sure | one.maybe for one in nat.target)
    box: Box = {**ends, Dim.SRC: real, Dim.DST: seen}
    for each, changes in _pairs(box, seen, meant):
        loose = any(change.values.size > 1 for change in changes)
        part = each if changes or nat.ends[1] == "any" else {**each, Dim.OUT: anycase([nat.ends[1]])}
        sure = not nat.unclear and not loose and not (nat.ends[1] != "any" and changes)
        why = nat.unclear or ("" if sure else "which interface it leaves by decides")
        yield Translation(nat.line, part, changes, sure, why)


def _pairs(box: Box, seen: Ranges, meant: Ranges) -> Iterator[tuple[Box, tuple[Rewrite, ...]]]:
    """Address by address, where that can be told; none changes if they are the same."""
    if seen == meant:
        yield box, ()
    elif seen.size == meant.size <= _EACH and len(seen.spans) == len(meant.spans) == 1:
        first, other = seen.spans[0][0], meant.spans[0][0]
        for offset in range(seen.size):
            change = Rewrite(Dim.DST, Ranges.only(other + offset))
            yield {**box, Dim.DST: Ranges.only(first + offset)}, (change,)
    else:
        yield box, (Rewrite(Dim.DST, meant),)
