# SPDX-License-Identifier: Apache-2.0
"""Entries of extended access lists of the ASA."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from plantproof.core.services import ICMP
from plantproof.firewall.dialects.cisco.groups import Groups
from plantproof.firewall.dialects.cisco.names import PROTOCOL_NUMBERS
from plantproof.firewall.dialects.cisco.operands import OPERATORS, Operand, host, network, ports, prefix, with_mask
from plantproof.firewall.dialects.cisco.services import has_ports, is_icmp, message, protocol
from plantproof.firewall.dialects.cisco.text import Line, UnreadError, Words
from plantproof.firewall.match import ALWAYS, Match, both, match, unsure
from plantproof.firewall.packets import V4, V6, Dim
from plantproof.firewall.ranges import Ranges

__all__ = ["Entry", "Reader"]

_LEVELS: Final = frozenset(
    {"alerts", "critical", "debugging", "default", "disable", "emergencies", "errors", "informational"}
    | {"notifications", "warnings"}
)
_BYTE: Final = Ranges.of([(0, 255)])
_WORD: Final = Ranges.of([(0, 65535)])


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``anything`` if it is not understood, ``inactive`` if the device passes it over."""

    line: Line
    action: str
    found: Match
    why: str = ""
    anything: bool = False
    inactive: bool = False


class Reader:
    """Reads entries. ``aliases``: names of addresses; ``own``: addresses of interfaces by casefolded name."""

    def __init__(self, groups: Groups, aliases: Mapping[str, str], own: Mapping[str, Ranges]) -> None:
        self._groups = groups
        self._aliases = aliases
        self._own = own

    def entry(self, line: Line, said: tuple[str, ...]) -> Entry:
        """One entry, from ``extended`` or ``permit`` on.

        Raises:
            ContentError: it names an object group that contains itself.
        """
        words = Words(said)
        try:
            words.skip("extended")
            action = words.take()
            if action not in {"permit", "deny"}:
                raise UnreadError(f"{action!r} is not understood here")  # noqa: TRY301 - one way out
            found, why = self._conditions(words)
            return _tail(words, Entry(line, action, found, why))
        except UnreadError as error:
            return Entry(line, said[0] if said else "", ALWAYS, str(error), anything=True)

    def _conditions(self, words: Words) -> tuple[Match, str]:
        found, numbers, why = self._protocol(words)
        for dim, port in ((Dim.SRC, Dim.SPORT), (Dim.DST, Dim.DPORT)):
            end = self.address(words)
            found, why = both(found, end.match(dim)), why or end.why
            if has_ports(numbers) and words.peek() in OPERATORS:
                found = both(found, match({port: ports(words, several=False)}))
            elif has_ports(numbers) and words.peek() == "object-group" and self._groups.kind(words.peek(1)) == "ports":
                words.take()
                chosen = self._groups.numbers(words.take(), "ports", _WORD)
                found, why = both(found, chosen.match(port)), why or chosen.why
        if is_icmp(numbers) and numbers is not None:
            if words.skip("object-group"):
                kinds = self._groups.numbers(words.take(), "icmp", _WORD)
                if ICMP not in numbers:
                    raise UnreadError("a group of messages of the other family")
                return both(found, kinds.match(Dim.DPORT)), why or kinds.why
            said = message(words, numbers)
            found = found if said is None else both(found, match({Dim.DPORT: said}))
        return found, why

    def _protocol(self, words: Words) -> tuple[Match, Ranges | None, str]:
        """The protocol's part of an entry, its numbers if ports may follow, and what is not known."""
        word = words.take()
        if word not in {"object", "object-group"}:
            numbers = protocol(word)
            return (ALWAYS if numbers is None else match({Dim.PROTO: numbers})), numbers, ""
        name = words.take()
        kind = self._groups.kind(name)
        if kind == "protocol":
            chosen = self._groups.numbers(name, "protocol", _BYTE)
            return chosen.match(Dim.PROTO), None if chosen.maybe else chosen.sure, chosen.why
        if not kind and word == "object" and name in PROTOCOL_NUMBERS:
            numbers = protocol(name)
            return (ALWAYS if numbers is None else match({Dim.PROTO: numbers})), None, ""
        services, why = self._groups.services(name)
        return services, None, why

    def address(self, words: Words) -> Operand:
        """Addresses in an entry.

        Raises:
            UnreadError: they are not understood.
        """
        word = words.take()
        whole = {"any": V4 | V6, "any4": V4, "any6": V6}.get(word)
        if whole is not None:
            return Operand(whole)
        if word == "host":
            return host(self._alias(words.take()))
        if word in {"object", "object-group"}:
            return self._groups.numbers(words.take(), "network", V4 | V6)
        if word == "interface":
            own = self._own.get(words.take().casefold())
            return Operand(own) if own else Operand(maybe=V4 | V6, why="the address of the interface is not known")
        if "/" in word:
            return network(prefix(word))
        return network(with_mask(self._alias(word), words.take()))

    def _alias(self, word: str) -> str:
        return self._aliases.get(word, word)


def _tail(words: Words, entry: Entry) -> Entry:
    found, why, inactive = entry.found, entry.why, False
    while words.peek():
        word = words.take()
        if word == "log":
            if words.peek() in _LEVELS or words.peek().isdigit():
                words.take()
            if words.skip("interval"):
                words.take()
        elif word == "time-range":
            name = words.take()
            found, why = unsure(found), why or f"it holds at the times of {name!r}"
        elif word == "inactive":
            inactive = True
        else:
            raise UnreadError(f"{word!r} is not understood here")
    return Entry(entry.line, entry.action, found, why, inactive=inactive)
