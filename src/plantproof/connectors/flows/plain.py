# SPDX-License-Identifier: Apache-2.0
"""A CSV of flows with a heading, whoever wrote it: columns are found by common names, or named by the user."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from plantproof.connectors.flows.oneway import directed
from plantproof.connectors.flows.reading import BadFieldError, Reading, address, count, instant, port, protocol
from plantproof.connectors.flows.rows import ICMP_DOTTED, cells_of, delimiter_of, row_of, tcp_flags
from plantproof.core.observed.flow import ECHO_REQUESTS, PORTED, ObservedFlow
from plantproof.errors import ContentError, Location, UsageError

__all__ = ["COLUMNS", "is_plain_heading", "read_plain"]

_SPELLINGS: Final = """
src      src source srcip sourceip ipsrc srcaddr sourceaddr srcaddress sourceaddress srcipaddress sourceipaddress
src      saddr sip client clientip originator originatorip idorigh
dst      dst dest destination dstip destip destinationip ipdst dstaddr destaddr destinationaddr dstaddress destaddress
dst      destinationaddress dstipaddress destinationipaddress daddr dip server serverip responder responderip idresph
sport    sport srcport sourceport idorigp
dport    dport dstport destport destinationport port serviceport idrespp
proto    proto protocol ipproto ipprotocol transport l4proto protocolnumber
packets  packets pkts pkt packetcount totalpackets numpackets
bytes    bytes byt octets bytecount totalbytes numbytes
first    first firstseen start starttime begin ts time timestamp stime datetime
last     last lastseen end endtime te etime stop
flags    flags tcpflags
action   action verdict decision disposition
"""
_NAMES: Final = {spelling: line.split()[0] for line in _SPELLINGS.strip().splitlines() for spelling in line.split()[1:]}
"""Headings in lower case without punctuation -> our name."""
COLUMNS: Final = tuple(dict.fromkeys(_NAMES.values()))
"""Our names of the columns; ``src``, ``dst`` and ``proto`` must be there, and ``dport`` for TCP and UDP."""
_NEEDED: Final = ("src", "dst", "proto")
_PUNCTUATION: Final = re.compile(r"[^a-z0-9]+")
_STOPPED: Final = frozenset(
    {"deny", "denied", "drop", "dropped", "reject", "rejected", "block", "blocked", "discard", "discarded", "reset"}
)


def is_plain_heading(line: str) -> bool:
    """Whether a line names at least both ends of a flow in words that are known here."""
    found = _found(_headings(line))
    return "src" in found and "dst" in found


def read_plain(lines: Iterable[str], reading: Reading, columns: Mapping[str, str]) -> Iterator[ObservedFlow]:
    """Read a table whose first line names the columns, divided by commas, semicolons, tabs or bars.

    Args:
        lines: The file.
        reading: Where lines are counted.
        columns: Heading by our name (see :data:`COLUMNS`), before what is found by common names; an empty heading means
            that the file has no such column.

    Raises:
        UsageError: ``columns`` names a heading that is not there, or no column of ours.
        ContentError: a needed column is missing.
    """
    places: Mapping[str, int] = {}
    delimiter, width = ",", 0
    for number, raw in enumerate(lines, start=1):
        reading.lines = number
        line = raw.strip("\r\n").removeprefix("\ufeff")
        if not line.strip():
            continue
        if not places:
            delimiter = delimiter_of(line)
            headings = _headings(line)
            places, width = _places(headings, columns, reading.name, number), len(headings)
            continue
        flow = None
        try:
            cells = row_of(line, delimiter, width)
            flow = _flow({ours: cells[place].strip() for ours, place in places.items()}, reading.name, number)
        except BadFieldError as error:
            reading.bad(number, str(error))
        if flow is not None:
            reading.records += 1
            yield flow


def _headings(line: str) -> list[str]:
    try:
        return [cell.strip() for cell in cells_of(line.removeprefix("\ufeff").strip("\r\n"), delimiter_of(line))]
    except BadFieldError:
        return []


def _found(headings: Sequence[str]) -> dict[str, int]:
    """Places by our names; of several headings with one meaning the first."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        ours = _NAMES.get(_PUNCTUATION.sub("", heading.lower()))
        if ours:
            found.setdefault(ours, place)
    return found


def _places(headings: Sequence[str], wanted: Mapping[str, str], name: str, line: int) -> Mapping[str, int]:
    places = _found(headings)
    for ours, heading in wanted.items():
        if ours not in COLUMNS:
            hint = f"Columns: {', '.join(COLUMNS)}."
            raise UsageError(f"there is no column {ours!r} of flows", code="usage.bad-argument", hint=hint)
        if not heading:
            places.pop(ours, None)
            continue
        near = [place for place, there in enumerate(headings) if there.lower() == heading.strip().lower()]
        if not near:
            hint = f"Its first line names {len(headings)} columns; write the heading as it stands there."
            raise UsageError(f"{name} has no column {heading!r}", code="usage.bad-argument", hint=hint)
        places[ours] = near[0]
    for needed in _NEEDED:
        if needed not in places:
            hint = f"Say which column it is: --column {needed}=HEADING."
            where = Location(file=name, line=line)
            raise ContentError(f"no column is known as {needed}", code="content.flows", hint=hint, where=where)
    return places


def _flow(row: Mapping[str, str], name: str, number: int) -> ObservedFlow:
    kind = protocol(row["proto"])
    first = instant(row.get("first"), "first seen")
    last = instant(row.get("last"), "last seen")
    flow = ObservedFlow(
        src=address(row["src"], "the source"),
        dst=address(row["dst"], "the destination"),
        protocol=kind,
        port=_target(kind, row.get("dport", "")),
        first=first if first is not None else last,
        last=last if last is not None else first,
        packets=count(row.get("packets"), "packets"),
        size=count(row.get("bytes"), "bytes"),
        answered=False if row.get("action", "").lower() in _STOPPED else None,
        source=name,
        line=number,
    )
    sport = row.get("sport", "")
    return directed(flow, port(sport, "the source port") if sport else None, tcp_flags(row.get("flags", "")))


def _target(kind: int, text: str) -> int | None:
    if kind in ECHO_REQUESTS:
        dotted = ICMP_DOTTED.fullmatch(text)
        return port(dotted[1] if dotted else text, "the type of ICMP") if text else None
    return port(text, "the destination port") if kind in PORTED else None
