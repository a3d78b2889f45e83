# SPDX-License-Identifier: Apache-2.0
"""Zeek's ``conn.log``: tab-separated with its ``#`` header, or JSON lines.

Zeek writes the originator first, so the direction is known, except of connections whose start it missed (``OTH``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from plantproof.connectors.flows.reading import BadFieldError, Reading, address, count, instant, port, protocol
from plantproof.core.observed.flow import ECHO_REQUESTS, ObservedFlow, is_reply
from plantproof.core.services import ICMP, ICMPV6, TCP

__all__ = ["read_zeek"]

_NEEDED: Final = ("id.orig_h", "id.resp_h", "id.resp_p", "proto")
_UNANSWERED: Final = frozenset({"S0", "REJ", "RSTOS0", "SH"})
"""States in which no SYN-ACK was seen (Zeek, base/protocols/conn)."""
_ESTABLISHED: Final = frozenset({"S1", "S2", "S3", "SF", "RSTO", "RSTR"})
_MIDSTREAM: Final = "OTH"
_ESCAPED: Final = re.compile(r"\\x([0-9A-Fa-f]{2})")
_PORTLESS: Final = frozenset({ICMP, ICMPV6})


class _Header:
    """What the ``#`` lines say; a rotated or joined file has several."""

    def __init__(self) -> None:
        self.separator = "\t"
        self.unset = "-"
        self.fields: tuple[str, ...] = ()
        self.foreign = ""
        """Another log of Zeek's, if ``#path`` names one."""

    def read(self, line: str) -> None:
        if line.startswith("#separator "):
            self.separator = _unescaped(line.partition(" ")[2].strip()) or "\t"
            self.unset, self.fields, self.foreign = "-", (), ""
            return
        key, _, value = line.partition(self.separator)
        if key == "#unset_field":
            self.unset = _unescaped(value)
        elif key == "#path":
            self.foreign = "" if value.startswith("conn") else "lines of another log of Zeek's"
        elif key == "#fields":
            self.fields = tuple(value.split(self.separator))


def read_zeek(lines: Iterable[str], reading: Reading) -> Iterator[ObservedFlow]:
    """Read a ``conn.log``; JSON and tab-separated lines may follow one another."""
    header = _Header()
    for number, raw in enumerate(lines, start=1):
        reading.lines = number
        line = raw.rstrip("\r\n").removeprefix("\ufeff")
        if not line.strip():
            continue
        if line.startswith("#"):
            header.read(line)
            continue
        if not header.fields and line.startswith(f"ts{header.separator}uid{header.separator}"):
            # The writer's option "tsv": names alone, no "#" lines.
            header.fields = tuple(line.split(header.separator))
            continue
        flow = None
        try:
            record = _json(line, reading) if line.startswith("{") else _cells(line, header, reading)
            flow = _flow(record, reading.name, number) if record is not None else None
        except BadFieldError as error:
            reading.bad(number, str(error))
        if flow is not None:
            reading.records += 1
            yield flow


def _json(line: str, reading: Reading) -> Mapping[str, Any] | None:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise BadFieldError("the line is not JSON") from None
    if not isinstance(record, dict):
        raise BadFieldError("the line is not a JSON object")
    if "_path" in record and record["_path"] != "conn":
        reading.other["lines of another log of Zeek's"] += 1
        return None
    ends = record.get("id")
    if isinstance(ends, dict):
        record.update({f"id.{name}": value for name, value in ends.items()})
    return record


def _cells(line: str, header: _Header, reading: Reading) -> Mapping[str, Any] | None:
    if header.foreign:
        reading.other[header.foreign] += 1
        return None
    if not header.fields:
        raise BadFieldError("no #fields line came before it")
    cells = line.split(header.separator)
    if len(cells) != len(header.fields):
        raise BadFieldError(f"the line has {len(cells)} fields, #fields names {len(header.fields)}")
    unset = header.unset
    return {name: cell for name, cell in zip(header.fields, cells, strict=True) if cell != unset}


def _flow(record: Mapping[str, Any], name: str, number: int) -> ObservedFlow:
    for key in _NEEDED:
        if key not in record:
            raise BadFieldError(f"{key} is missing")
    src, dst = address(record["id.orig_h"], "id.orig_h"), address(record["id.resp_h"], "id.resp_h")
    proto = record["proto"]
    # Zeek says icmp of both kinds.
    kind = (ICMP if src.version == 4 else ICMPV6) if proto == "icmp" else _kind(proto)  # noqa: PLR2004
    # Of ICMP the originator's "port" is the type, the responder's the code.
    target = port(record.get("id.orig_p" if kind in _PORTLESS else "id.resp_p"), "the port")
    state = record.get("conn_state")
    answers = count(record.get("resp_pkts"), "resp_pkts")
    first = instant(record.get("ts"), "ts")
    if state == _MIDSTREAM and kind not in _PORTLESS and "id.orig_p" in record:
        source = port(record["id.orig_p"], "id.orig_p")
        if is_reply(kind, source, target):
            src, dst, target = dst, src, source
    return ObservedFlow(
        src=src,
        dst=dst,
        protocol=kind,
        port=None if proto == "unknown_transport" else target,
        first=first,
        last=_end(first, record.get("duration")),
        packets=count(record.get("orig_pkts"), "orig_pkts") + answers,
        size=count(record.get("orig_ip_bytes", record.get("orig_bytes")), "orig_bytes")
        + count(record.get("resp_ip_bytes", record.get("resp_bytes")), "resp_bytes"),
        answered=_answered(kind, target, state, record.get("history"), answers),
        source=name,
        line=number,
    )


def _kind(proto: object) -> int:
    return 255 if proto == "unknown_transport" else protocol(proto)


def _tcp_answered(state: object, history: object) -> bool | None:
    """By the state; where Zeek missed the start, by the history: small letters are what the responder sent."""
    if state in _ESTABLISHED:
        return True
    if isinstance(history, str) and history:
        if set(history) & set("hadf"):
            return True
        # Without a SYN it is the end of something that began before.
        return False if state in _UNANSWERED and "S" in history and not set(history) & set("AD") else None
    return False if state in _UNANSWERED else None if state in {None, _MIDSTREAM} else True


def _answered(kind: int, target: int, state: object, history: object, answers: int) -> bool | None:
    if kind == TCP:
        return _tcp_answered(state, history)
    if answers:
        return True
    # A datagram needs no answer to have arrived; a ping does.
    return False if ECHO_REQUESTS.get(kind) == target else None


def _end(first: int | None, duration: object) -> int | None:
    if first is None or duration is None:
        return first
    try:
        seconds = float(duration) if isinstance(duration, str | int | float) else -1.0
    except (ValueError, OverflowError):
        seconds = -1.0
    if not 0 <= seconds < 1e10:  # noqa: PLR2004 - three centuries
        raise BadFieldError("duration is not a number of seconds")
    return int(first + seconds)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
