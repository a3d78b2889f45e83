# SPDX-License-Identifier: Apache-2.0
"""CSV as nfdump writes it: ``-o csv`` of 1.6 and of 1.7, ``csv-fast``, and formats of one's own with the same names.

NetFlow records go one way, unless nfdump joined the two (``-b``, ``-B``): then packets came back in the same record.
nfdump writes local time without its zone; here it is taken as UTC (run it with ``TZ=UTC``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from plantproof.connectors.flows.oneway import directed
from plantproof.connectors.flows.reading import BadFieldError, Reading, address, count, instant, port, protocol
from plantproof.connectors.flows.rows import ICMP_DOTTED, row_of, tcp_flags
from plantproof.core.observed.flow import ECHO_REQUESTS, PORTED, ObservedFlow

__all__ = ["is_heading", "read_nfdump"]

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "src": ("sa", "srcAddr"),
    "dst": ("da", "dstAddr"),
    "sport": ("sp", "srcPort"),
    "dport": ("dp", "dstPort"),
    "proto": ("pr", "proto"),
    "first": ("ts", "firstSeen"),
    "last": ("te", "lastSeen"),
    "duration": ("td", "duration"),
    "flags": ("flg", "flags"),
    "packets": ("ipkt", "pkt", "packets", "inPackets"),
    "bytes": ("ibyt", "byt", "bytes", "inBytes"),
    "packets back": ("opkt", "outPackets"),
    "bytes back": ("obyt", "outBytes"),
}
"""Ours -> nfdump's, of 1.6 and of 1.7 (output_csv.c)."""
_NEEDED: Final = ("src", "dst", "dport", "proto")
_TRAILERS: Final = ("Summary", "No matched flows", "Time window", "Total flows processed", "Sys:")
_CLOCK: Final = re.compile(r"(?:(\d{1,4})d )?(\d{1,3}):(\d{2}):(\d{2})(?:\.\d+)?")


def is_heading(line: str) -> bool:
    """Whether a line names columns as nfdump does."""
    if "sa" not in line and "srcAddr" not in line:
        return False
    names = line.strip().split(",")
    return ("sa" in names or "srcAddr" in names) and ("da" in names or "dstAddr" in names)


def read_nfdump(lines: Iterable[str], reading: Reading) -> Iterator[ObservedFlow]:
    """Read CSV of nfdump; headings may come again in joined files, and what follows ``Summary`` is no flow."""
    columns: Mapping[str, int] = {}
    width = 0
    after_summary = False
    for number, raw in enumerate(lines, start=1):
        reading.lines = number
        line = raw.strip("\r\n").removeprefix("\ufeff")
        if not line.strip():
            continue
        if is_heading(line):
            names = line.strip().split(",")
            columns, width, after_summary = _places(names), len(names), False
            continue
        if after_summary or line.startswith(_TRAILERS):
            after_summary = True
            reading.other["lines of a summary"] += 1
            continue
        flow = None
        try:
            flow = _flow(columns, row_of(line, ",", width), reading.name, number)
        except BadFieldError as error:
            reading.bad(number, str(error))
        if flow is not None:
            reading.records += 1
            yield flow


def _places(names: Sequence[str]) -> Mapping[str, int]:
    return {
        ours: names.index(theirs)
        for ours, spellings in _COLUMNS.items()
        for theirs in reversed(spellings)
        if theirs in names
    }


def _flow(columns: Mapping[str, int], cells: Sequence[str], name: str, number: int) -> ObservedFlow:
    for needed in _NEEDED:
        if needed not in columns:
            raise BadFieldError(f"the heading has no column {' or '.join(_COLUMNS[needed])}")

    def cell(ours: str) -> str:
        return cells[columns[ours]].strip() if ours in columns else ""

    kind = protocol(cell("proto"))
    first = _moment(cell("first"), "first seen")
    last = _moment(cell("last"), "last seen")
    if last is None and first is not None:
        last = first + _seconds(cell("duration"))
    back = count(cell("packets back"), "packets back")
    flow = ObservedFlow(
        src=address(cell("src"), "the source"),
        dst=address(cell("dst"), "the destination"),
        protocol=kind,
        port=_target(kind, cell("dport")),
        first=first,
        last=last,
        packets=count(cell("packets"), "packets") + back,
        size=count(cell("bytes"), "bytes") + count(cell("bytes back"), "bytes back"),
        answered=True if back else None,
        source=name,
        line=number,
    )
    if back:
        return flow
    sport = cell("sport")
    flags = tcp_flags(cell("flags")) if "flags" in columns else None
    return directed(flow, port(sport, "the source port") if sport else None, flags)


def _target(kind: int, text: str) -> int | None:
    if kind not in ECHO_REQUESTS:
        # Fragments after the first have no port; nfdump writes 0.
        return (port(text, "the destination port") or None) if kind in PORTED else None
    dotted = ICMP_DOTTED.fullmatch(text)
    if dotted:
        return port(dotted[1], "the type of ICMP")
    number = port(text or "0", "the type of ICMP")
    # NetFlow itself keeps type and code as type * 256 + code (RFC 3954).
    return number >> 8 if number > 255 else number  # noqa: PLR2004 - one byte


def _moment(text: str, what: str) -> int | None:
    return None if text.startswith("0000-00-00") else instant(text, what)


def _seconds(text: str) -> int:
    clock = _CLOCK.fullmatch(text)
    if clock:
        days, hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    try:
        seconds_float = float(text or 0)
    except ValueError:
        seconds_float = -1.0
    if not 0 <= seconds_float < 1e10:  # noqa: PLR2004 - three centuries
        raise BadFieldError("the duration is not a number of seconds")
    return int(seconds_float)
