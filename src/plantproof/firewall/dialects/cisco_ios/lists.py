# SPDX-License-Identifier: Apache-2.0
"""Access lists of IOS: entries of standard, extended and IPv6 lists, and the order that their numbers give them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from plantproof.core.services import ICMP, ICMPV6, TCP
from plantproof.firewall.dialects.cisco.groups import Groups
from plantproof.firewall.dialects.cisco.operands import (
    OPERATORS,
    Operand,
    address,
    host,
    network,
    number,
    ports,
    prefix,
    with_wildcard,
)
from plantproof.firewall.dialects.cisco.services import has_ports, is_icmp, message, protocol
from plantproof.firewall.dialects.cisco.text import Line, UnreadError, Words
from plantproof.firewall.match import ALWAYS, Match, Part, both, match, unsure
from plantproof.firewall.packets import V4, V6, Dim, State
from plantproof.firewall.ranges import Ranges

__all__ = ["AccessList", "Entry", "Reader"]

_ACK: Final = 16
_RST: Final = 4
_FLAGS: Final = {"fin": 1, "syn": 2, "rst": _RST, "psh": 8, "ack": _ACK, "urg": 32}
_DOUBTFUL: Final = {
    "fragments": 0, "time-range": 1, "dscp": 1, "precedence": 1, "tos": 1, "option": 1, "flow-label": 1, "routing": 0,
    "mobility": 0, "dest-option": 0, "hbh": 0, "auth": 0, "undetermined-transport": 0,
}  # fmt: skip
"""Words that narrow an entry by something a question does not say, and how many words follow each."""
_STEP: Final = 10
_HIGHEST: Final = 2**32 - 1
_SESSION: Final = Ranges.only(State.ESTABLISHED, State.RELATED)


def _flags_with(*bits: int) -> Ranges:
    """Bytes of TCP flags that have any of these bits."""
    return Ranges.only(*(value for value in range(256) if any(value & bit for bit in bits)))


_ESTABLISHED: Final[Match] = (
    Part({Dim.STATE: Ranges.only(State.ESTABLISHED)}),
    Part(
        {
            Dim.STATE: Ranges.only(State.RELATED, State.INVALID, State.UNTRACKED),
            Dim.FLAGS: _flags_with(_ACK, _RST),
        }
    ),
)
"""ACK or RST: every packet of a TCP connection but the one that opens it, which is what state NEW stands for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``found`` is empty for one that never matches; ``anything`` if it is not understood."""

    line: Line
    action: str
    found: Match
    why: str = ""
    anything: bool = False


@dataclass(slots=True)
class AccessList:
    """A list; entries by number as written, in the order of the text."""

    name: str
    kind: str
    """standard, extended, ipv6, or the word of one that is not read."""
    line: int
    entries: list[tuple[int, Line, tuple[str, ...]]] = field(default_factory=list)
    highest: int = 0
    remarks: int = 0
    doubt: tuple[Line, str] | None = None

    @property
    def family(self) -> Ranges:
        """Addresses that it speaks of."""
        return V6 if self.kind == "ipv6" else V4

    def add(self, line: Line, words: tuple[str, ...]) -> None:
        """One line of the list, without what names the list."""
        given = None
        if words[0] == "sequence" and len(words) > 1:
            words = words[1:]
        if words[0].isascii() and words[0].isdigit():
            given, words = words[0], words[1:]
        if words and words[0] in {"remark", "description", "exit"}:
            self.remarks += 1
            return
        if not words or words[0] not in {"permit", "deny", "evaluate", "dynamic"}:
            self.doubt = self.doubt or (line, "a line of the list that is not understood")
            return
        if self.kind == "ipv6" and len(words) > 2 and words[-2] == "sequence":  # noqa: PLR2004 - sequence and number
            given, words = words[-1], words[:-2]
        try:
            at = number(given, _HIGHEST) if given is not None else self.highest + _STEP
        except UnreadError as error:
            self.doubt = self.doubt or (line, str(error))
            return
        self.highest = max(self.highest, at)
        self.entries.append((at, line, words))

    def ordered(self) -> list[tuple[Line, tuple[str, ...], bool]]:
        """Entries in the order in which they are tried, and whether another has the same number."""
        listed = sorted(self.entries, key=lambda entry: entry[0])
        found = []
        for index, (at, line, words) in enumerate(listed):
            twice = any(
                0 <= beside < len(listed) and listed[beside][0] == at and listed[beside][2] != words
                for beside in (index - 1, index + 1)
            )
            found.append((line, words, twice))
        return found


class Reader:
    """Reads entries. ``reflexive`` are names that entries write reflections into."""

    def __init__(self, groups: Groups, reflexive: frozenset[str]) -> None:
        self._groups = groups
        self._reflexive = reflexive

    def entry(self, owner: AccessList, line: Line, said: tuple[str, ...], *, twice: bool) -> Entry:
        """One entry of a list.

        Raises:
            ContentError: it names an object group that contains itself.
        """
        words = Words(said)
        action = words.take()
        try:
            if action == "evaluate":
                return self._evaluate(line, words)
            if action == "dynamic":
                raise UnreadError("a lock-and-key entry: users open it")  # noqa: TRY301 - one way out
            found, why = self._standard(words) if owner.kind == "standard" else self._extended(owner, words)
            found, why = _tail(words, found, why, action)
        except UnreadError as error:
            return Entry(line, action, ALWAYS, str(error), anything=True)
        if twice:
            found, why = unsure(found), why or "another entry has the same number"
        return Entry(line, action, found, why)

    def _evaluate(self, line: Line, words: Words) -> Entry:
        name = words.take()
        if words.peek():
            raise UnreadError(f"{words.peek()!r} is not understood here")
        if name not in self._reflexive:
            return Entry(line, "evaluate", ())
        why = "packets of connections that went out pass, for as long as the router remembers them"
        return Entry(line, "evaluate", (Part({Dim.STATE: _SESSION}, sure=False),), why)

    def _standard(self, words: Words) -> tuple[Match, str]:
        if words.peek() not in {"any", "host", "object-group"} and "." not in words.peek(1):
            found = host(words.take())  # an address without a mask
        else:
            found = self._address(words, V4)
        return found.match(Dim.SRC), found.why

    def _extended(self, owner: AccessList, words: Words) -> tuple[Match, str]:
        six, why = owner.kind == "ipv6", ""
        numbers: Ranges | None = None
        found: Match = ALWAYS
        if words.skip("object-group"):
            found, why = self._groups.services(words.take())
        else:
            numbers = protocol(words.take())
            if six and numbers == Ranges.only(ICMP):
                numbers = Ranges.only(ICMPV6)
            found = ALWAYS if numbers is None else match({Dim.PROTO: numbers})
        ported = has_ports(numbers)
        for dim, port in ((Dim.SRC, Dim.SPORT), (Dim.DST, Dim.DPORT)):
            end = self._address(words, owner.family)
            found, why = both(found, end.match(dim)), why or end.why
            if ported and words.peek() in OPERATORS:
                found = both(found, match({port: ports(words, several=True)}))
        if is_icmp(numbers) and numbers is not None:
            said = message(words, numbers)
            found = found if said is None else both(found, match({Dim.DPORT: said}))
        if Ranges.only(TCP) == numbers and words.peek() == "established":
            words.take()
            found = both(found, _ESTABLISHED)
        if Ranges.only(TCP) == numbers:
            found, why = _flags(words, found, why)
        return found, why

    def _address(self, words: Words, family: Ranges) -> Operand:
        word = words.take()
        if word == "any":
            return Operand(family)
        if word == "host":
            found = host(words.take())
        elif word == "object-group":
            found = self._groups.numbers(words.take(), "network", family)
        elif family == V6:
            found = network(prefix(word))
        else:
            address(word)
            found = with_wildcard(word, words.take())
        return Operand(found.sure & family, found.maybe & family, found.why)


def _flags(words: Words, found: Match, why: str) -> tuple[Match, str]:
    """Words for TCP flags: which packets carry them is not in a question, so they only may match."""
    seen = False
    while words.peek() in _FLAGS or words.peek() in {"match-any", "match-all"} or words.peek().lstrip("+-") in _FLAGS:
        words.take()
        seen = True
    return (unsure(found), why or "it looks at TCP flags") if seen else (found, why)


def _tail(words: Words, found: Match, why: str, action: str) -> tuple[Match, str]:
    while words.peek():
        word = words.take()
        if word in {"log", "log-input"}:
            continue
        if word == "reflect" and action == "permit":
            words.take()
            if words.skip("timeout"):
                words.take()
        elif word == "ttl":
            found, why = unsure(found), why or "it looks at ttl"
            words.take()
            while words.peek().isdigit():
                words.take()
        elif word in _DOUBTFUL:
            for _ in range(_DOUBTFUL[word]):
                words.take()
            found, why = unsure(found), why or f"it looks at {word}"
        else:
            raise UnreadError(f"{word!r} is not understood here")
    return found, why
