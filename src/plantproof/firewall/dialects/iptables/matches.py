# SPDX-License-Identifier: Apache-2.0
"""The words of one iptables rule: its conditions as a match, its target, and what of it is not understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Final

from plantproof.core.services import ICMP, ICMPV6, PROTOCOLS
from plantproof.firewall.dialects.names import ICMP6_TYPES, ICMP_TYPES, PORT_NAMES, STATES, TCP_FLAGS
from plantproof.firewall.match import ALWAYS, NEVER, UNKNOWN, Match, both, either, match, outside, unsure
from plantproof.firewall.packets import (
    PORTED,
    Box,
    Dim,
    State,
    addresses,
    interface,
    interfaces_from,
    networks,
)
from plantproof.firewall.ranges import Ranges

__all__ = ["Spoken", "read_words"]

_PORTS: Final = PORTED
_HARMLESS_MODULES: Final = frozenset({"comment"})
_TARGET_OPTIONS: Final = frozenset(
    {"--reject-with", "--log-prefix", "--log-level", "--log-ip-options", "--log-tcp-options", "--log-tcp-sequence"}
    | {"--log-uid", "--log-macdecode", "--to-destination", "--to-source", "--to-ports", "--to", "--random"}
    | {"--random-fully", "--persistent", "--nflog-group", "--nflog-prefix", "--nflog-size", "--nflog-threshold"}
    | {"--set-mark", "--set-xmark", "--save-mark", "--restore-mark", "--nfmask", "--ctmask", "--mask", "--set-mss"}
    | {"--clamp-mss-to-pmtu", "--set-dscp", "--set-dscp-class", "--set-tos", "--set-class", "--ttl-set", "--ttl-dec"}
    | {"--ttl-inc", "--hl-set", "--hl-dec", "--hl-inc", "--queue-num", "--queue-bypass", "--queue-balance", "--zone"}
    | {"--notrack", "--helper", "--ctevents", "--add-set", "--del-set", "--exist", "--timeout", "--on-port", "--on-ip"}
    | {"--tproxy-mark", "--and-mark", "--or-mark", "--xor-mark", "--gateway", "--type", "--selctx", "--checksum-fill"}
    | {"--queue-cpu-fanout", "--ulog-prefix", "--ulog-nlgroup", "--nflog-range"}
)


@dataclass(slots=True)
class Spoken:
    """A rule understood as far as it goes."""

    found: Match = ALWAYS
    target: str = ""
    tail: bool = False
    """``-g``: what it leads to does not come back here."""
    options: dict[str, str] = field(default_factory=dict)
    """Options of the target."""
    doubts: list[str] = field(default_factory=list)
    interfaces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Words:
    """Walks over the words of a rule."""

    words: tuple[str, ...]
    six: bool
    tracked: bool
    opening: bool
    spoken: Spoken = field(default_factory=Spoken)
    at: int = 0
    protocol: str = ""

    def value(self) -> str:
        """The next word, used up; empty at the end."""
        word = self.words[self.at] if self.at < len(self.words) else ""
        self.at += 1
        return word

    def narrow(self, found: Match, *, negated: bool = False) -> None:
        self.spoken.found = both(self.spoken.found, outside(found) if negated else found)

    def doubt(self, why: str) -> None:
        self.spoken.doubts.append(why)
        self.spoken.found = unsure(self.spoken.found)


def read_words(words: tuple[str, ...], *, six: bool, tracked: bool, opening: bool) -> Spoken:
    """Read the words behind ``-A CHAIN``.

    Args:
        words: as the shell would split them.
        six: the rule is of ip6tables.
        tracked: False before connection tracking, where every packet counts as invalid.
        opening: True in the nat table, which only a connection's first packet passes.
    """
    walk = _Words(words, six, tracked, opening)
    while walk.at < len(words):
        negated = words[walk.at] == "!"
        walk.at += negated
        option = walk.value()
        reader = _OPTIONS.get(option)
        if option in {"-j", "-g", "--jump", "--goto"}:
            walk.spoken.target = walk.value()
            walk.spoken.tail = option in {"-g", "--goto"}
        elif option in _TARGET_OPTIONS and walk.spoken.target:
            takes = walk.at < len(words) and not words[walk.at].startswith("--")
            walk.spoken.options[option] = walk.value() if takes else ""
        elif reader:
            found = reader(walk, walk.value())
            if found is None:
                walk.doubt(f"not understood: {option} {words[walk.at - 1] if walk.at <= len(words) else ''}".strip())
            else:
                walk.narrow(found, negated=negated)
        elif option in {"-m", "--match"}:
            _module(walk, walk.value())
        else:
            walk.doubt(f"not known of a packet, or not understood: {option}")
            while walk.at < len(words) and not words[walk.at].startswith("-") and words[walk.at] != "!":
                walk.at += 1
    return walk.spoken


def _module(walk: _Words, name: str) -> None:
    """A module without options of its own may still match or not; those that we know speak through their options."""
    if name in {"socket", "rpfilter", "unclean", "ah", "esp", "frag", "rt", "hbh", "dst", "eui64", "ipv6header"}:
        walk.doubt(f"module {name}: not known of a packet")


def _nets(text: str) -> Ranges | None:
    found = Ranges()
    for part in text.split(","):
        try:
            address, _, mask = part.partition("/")
            network = ip_network(f"{address}/{mask}" if mask else address, strict=False)
        except ValueError:
            return None
        found |= networks(network)
    return found


def _source(walk: _Words, text: str) -> Match | None:
    del walk
    found = _nets(text)
    return None if found is None else match({Dim.SRC: found})


def _target(walk: _Words, text: str) -> Match | None:
    del walk
    found = _nets(text)
    return None if found is None else match({Dim.DST: found})


def _way(dim: Dim) -> Callable[[_Words, str], Match | None]:
    def read(walk: _Words, text: str) -> Match | None:
        if not text:
            return None
        walk.spoken.interfaces.append(text)
        return match({dim: interfaces_from(text[:-1]) if text.endswith("+") else interface(text)})

    return read


def _proto(walk: _Words, text: str) -> Match | None:
    walk.protocol = text.lower()
    if walk.protocol in {"all", "0"}:
        return ALWAYS
    number = PROTOCOLS.get(walk.protocol, int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None)  # noqa: PLR2004
    return None if number is None or number > 255 else match({Dim.PROTO: Ranges.only(number)})  # noqa: PLR2004


def _port(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) < 6:  # noqa: PLR2004 - five digits
        return int(text) if int(text) <= 65535 else None  # noqa: PLR2004
    return PORT_NAMES.get(text)


def _port_ranges(text: str) -> Ranges | None:
    spans = []
    for part in text.split(","):
        first, colon, last = part.partition(":")
        low = _port(first) if first else 0
        high = (_port(last) if last else 65535) if colon else low
        if low is None or high is None:
            return None
        spans.append((low, high))
    return Ranges.of(spans)


def _ports(*dims: Dim) -> Callable[[_Words, str], Match | None]:
    def read(walk: _Words, text: str) -> Match | None:
        del walk
        found = _port_ranges(text)
        return None if found is None else either(*(match({dim: found}) for dim in dims))

    return read


def _states(walk: _Words, text: str) -> Match | None:
    found: list[State] = []
    virtual = False
    for word in text.lower().split(","):
        if word in {"snat", "dnat"}:
            virtual = True
        elif word in STATES:
            found.append(STATES[word])
        else:
            return None
    known = set(found)
    if not walk.tracked:
        certain = ALWAYS if State.INVALID in known else NEVER
    else:
        if walk.opening:
            known = known | {State.ESTABLISHED} if State.NEW in known else known - {State.ESTABLISHED}
        certain = match({Dim.STATE: Ranges.only(*known)})
    if virtual:
        walk.spoken.doubts.append("whether a connection is translated is not known of a packet")
        return either(certain, UNKNOWN)
    return certain


def _icmp(walk: _Words, text: str) -> Match | None:
    names: Mapping[str, int] = ICMP6_TYPES if walk.six else ICMP_TYPES
    implied: Box = {Dim.PROTO: Ranges.only(ICMPV6 if walk.six else ICMP)}
    if text == "any":
        return match(implied)
    kind, slash, code = text.partition("/")
    number = names.get(kind, int(kind) if kind.isascii() and kind.isdigit() and len(kind) < 4 else None)  # noqa: PLR2004
    if number is None and kind in _CODES and not walk.six:
        number, code, slash = _CODES[kind][0], str(_CODES[kind][1]), "/"
    if number is None or number > 255 or (slash and not (code.isdigit() and int(code) < 256)):  # noqa: PLR2004
        return None
    first = number * 256
    span = (first + int(code), first + int(code)) if slash else (first, first + 255)
    return match({**implied, Dim.DPORT: Ranges.of([span])})


_CODES: Final[Mapping[str, tuple[int, int]]] = {
    "network-unreachable": (3, 0),
    "host-unreachable": (3, 1),
    "protocol-unreachable": (3, 2),
    "port-unreachable": (3, 3),
    "fragmentation-needed": (3, 4),
    "source-route-failed": (3, 5),
    "network-unknown": (3, 6),
    "host-unknown": (3, 7),
    "network-prohibited": (3, 9),
    "host-prohibited": (3, 10),
    "communication-prohibited": (3, 13),
    "network-redirect": (5, 0),
    "host-redirect": (5, 1),
    "ttl-zero-during-transit": (11, 0),
    "ttl-zero-during-reassembly": (11, 1),
}


def _flag_bits(text: str) -> int | None:
    bits = 0
    for word in text.lower().split(","):
        if word not in TCP_FLAGS:
            return None
        bits |= TCP_FLAGS[word]
    return bits


def _flags(walk: _Words, text: str) -> Match | None:
    mask, value = _flag_bits(text), _flag_bits(walk.value())
    if mask is None or value is None:
        return None
    return _flags_match(mask, value)


def _flags_match(mask: int, value: int) -> Match:
    return match({Dim.FLAGS: Ranges.only(*(flags for flags in range(256) if flags & mask == value))})


def _syn(walk: _Words, text: str) -> Match:
    walk.at -= 1 if text else 0
    del text
    return _flags_match(TCP_FLAGS["fin"] | TCP_FLAGS["syn"] | TCP_FLAGS["rst"] | TCP_FLAGS["ack"], TCP_FLAGS["syn"])


def _span(dim: Dim) -> Callable[[_Words, str], Match | None]:
    def read(walk: _Words, text: str) -> Match | None:
        del walk
        first, _, last = text.partition("-")
        try:
            return match({dim: addresses(ip_address(first), ip_address(last or first))})
        except ValueError:
            return None

    return read


def _ignored(walk: _Words, text: str) -> Match:
    del walk, text
    return ALWAYS


_OPTIONS: Final[Mapping[str, Callable[[_Words, str], Match | None]]] = {
    **dict.fromkeys(("-s", "--source", "--src"), _source),
    **dict.fromkeys(("-d", "--destination", "--dst"), _target),
    **dict.fromkeys(("-i", "--in-interface"), _way(Dim.IN)),
    **dict.fromkeys(("-o", "--out-interface"), _way(Dim.OUT)),
    **dict.fromkeys(("-p", "--protocol", "--proto"), _proto),
    **dict.fromkeys(("--sport", "--source-port", "--sports", "--source-ports"), _ports(Dim.SPORT)),
    **dict.fromkeys(("--dport", "--destination-port", "--dports", "--destination-ports"), _ports(Dim.DPORT)),
    "--ports": _ports(Dim.SPORT, Dim.DPORT),
    **dict.fromkeys(("--ctstate", "--state"), _states),
    **dict.fromkeys(("--icmp-type", "--icmpv6-type"), _icmp),
    "--tcp-flags": _flags,
    "--syn": _syn,
    "--src-range": _span(Dim.SRC),
    "--dst-range": _span(Dim.DST),
    "--comment": _ignored,
}
