# SPDX-License-Identifier: Apache-2.0
"""``iptables-save`` and ``ip6tables-save`` as tables, chains and rules, each with its line (iptables(8))."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import Final

from plantproof.errors import ContentError, Location

__all__ = ["Chain", "Document", "Saved", "Table", "read_document"]

_CHAIN: Final = re.compile(r":(\S{1,100}) (ACCEPT|DROP|QUEUE|RETURN|REJECT|-)(?: \[\d{1,20}:\d{1,20}\])?")
_QUOTES: Final = re.compile(r"""["'\\#]""")
_COUNTERS: Final = re.compile(r"\[\d{1,20}:\d{1,20}\] ")


@dataclass(frozen=True, slots=True)
class Saved:
    """One rule: its words, and the line as written."""

    line: int
    text: str
    words: tuple[str, ...]
    """Empty if the line cannot be taken apart."""


@dataclass(slots=True)
class Chain:
    """A chain; a built-in one has a policy."""

    name: str
    line: int
    policy: str = ""
    rules: list[Saved] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table of one family."""

    name: str
    line: int
    six: bool
    chains: dict[str, Chain] = field(default_factory=dict)
    closed: bool = False


@dataclass(slots=True)
class Document:
    """All tables, and the lines that are none of a table."""

    tables: list[Table] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    lines: int = 0


def read_document(text: str) -> Document:
    """Take the text apart.

    Raises:
        ContentError: there is no table in it.
    """
    document = Document()
    six, table = False, None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("#"):
            six = "ip6tables-save" in line or (six and "iptables-save" not in line)
        elif line.startswith("*"):
            table = Table(line[1:], number, six)
            document.tables.append(table)
        elif line and table and not table.closed:
            document.lines += 1
            if not _take(table, number, line):
                document.unknown.append((number, line))
        elif line:
            document.unknown.append((number, line))
    if not document.tables:
        hint = "Write it with `iptables-save > FILE` and give the whole file."
        message = "there is no table in it: no line begins with *"
        raise ContentError(message, code="content.firewall", hint=hint, where=Location(line=1))
    for found in document.tables:
        found.six = found.six or _speaks_six(found)
    return document


def _take(table: Table, number: int, line: str) -> bool:
    if line == "COMMIT":
        table.closed = True
        return True
    declared = _CHAIN.fullmatch(line)
    if declared:
        name, policy = declared[1], declared[2]
        table.chains.setdefault(name, Chain(name, number)).policy = "" if policy == "-" else policy
        return True
    text = _COUNTERS.sub("", line, count=1)
    try:
        words = shlex.split(text) if _QUOTES.search(text) else text.split()
    except ValueError:
        words = []
    if len(words) < 2 or words[0] not in {"-A", "--append"}:  # noqa: PLR2004 - the option and the chain
        return False
    chain = table.chains.setdefault(words[1], Chain(words[1], number))
    chain.rules.append(Saved(number, text, tuple(words[2:])))
    return True


def _speaks_six(table: Table) -> bool:
    """Whether addresses or words of IPv6 stand in a listing without its first line."""
    for chain in table.chains.values():
        for rule in chain.rules:
            for word, value in zip(rule.words, rule.words[1:], strict=False):
                if (word in {"-s", "-d"} and ":" in value) or value in {"ipv6-icmp", "icmp6", "icmpv6"}:
                    return True
    return False
