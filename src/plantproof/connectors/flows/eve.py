# SPDX-License-Identifier: Apache-2.0
"""Suricata's EVE: the events ``flow`` (both ways in one, the client first) and ``netflow`` (one way each).

Both in one file tell of the same traffic twice: packets are then counted twice, the judgement stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from plantproof.connectors.flows.oneway import ACK, SYN, directed
from plantproof.connectors.flows.reading import BadFieldError, Reading, address, count, instant, port, protocol
from plantproof.core.observed.flow import ECHO_REQUESTS, PORTED, ObservedFlow
from plantproof.core.services import ICMP, ICMPV6, TCP

__all__ = ["read_eve"]


def read_eve(lines: Iterable[str], reading: Reading) -> Iterator[ObservedFlow]:
    """Read EVE JSON lines; events of other types are counted as such."""
    for number, line in enumerate(lines, start=1):
        reading.lines = number
        if not line.strip():
            continue
        flow = None
        try:
            record = _record(line)
            read = _EVENTS.get(_kind(record))
            if read is None:
                reading.other["events of other types"] += 1
            else:
                flow = read(record, reading.name, number)
        except BadFieldError as error:
            reading.bad(number, str(error))
        if flow is not None:
            reading.records += 1
            yield flow


def _record(line: str) -> Mapping[str, Any]:
    try:
        record = orjson.loads(line.removeprefix("\ufeff"))
    except orjson.JSONDecodeError:
        raise BadFieldError("the line is not JSON") from None
    if not isinstance(record, dict):
        raise BadFieldError("the line is not a JSON object")
    return record


def _kind(record: Mapping[str, Any]) -> str:
    kind = record.get("event_type")
    if not isinstance(kind, str):
        raise BadFieldError("the line has no event_type")
    return kind


def _map(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = record.get(key, {})
    if not isinstance(value, dict):
        raise BadFieldError(f"{key} is not a JSON object")
    return value


def _ends(record: Mapping[str, Any], details: Mapping[str, Any], name: str, number: int) -> dict[str, Any]:
    kind = protocol(record.get("proto"))
    target = None
    if kind in PORTED:
        target = port(record.get("dest_port"), "dest_port")
    elif kind in {ICMP, ICMPV6} and "icmp_type" in record:
        target = port(record["icmp_type"], "icmp_type")
    first = instant(details.get("start", record.get("timestamp")), "start")
    return {
        "src": address(record.get("src_ip"), "src_ip"),
        "dst": address(record.get("dest_ip"), "dest_ip"),
        "protocol": kind,
        "port": target,
        "first": first,
        "last": instant(details.get("end"), "end") or first,
        "source": name,
        "line": number,
    }


def _both_ways(record: Mapping[str, Any], name: str, number: int) -> ObservedFlow:
    details = _map(record, "flow")
    ends = _ends(record, details, name, number)
    answers = count(details.get("pkts_toclient"), "pkts_toclient")
    return ObservedFlow(
        **ends,
        packets=count(details.get("pkts_toserver"), "pkts_toserver") + answers,
        size=count(details.get("bytes_toserver"), "bytes_toserver")
        + count(details.get("bytes_toclient"), "bytes_toclient"),
        answered=_answered(ends["protocol"], ends["port"], answers, _map(record, "tcp")),
    )


def _answered(kind: int, target: int | None, answers: int, tcp: Mapping[str, Any]) -> bool | None:
    if kind != TCP:
        return True if answers else False if target is not None and ECHO_REQUESTS.get(kind) == target else None
    to_client, to_server = _flags(tcp.get("tcp_flags_tc")), _flags(tcp.get("tcp_flags_ts"))
    if to_client:
        # A refusal is RST without SYN; in the middle of a connection there is ACK from the client too.
        return bool(to_client & SYN or (to_server or 0) & ACK)
    if answers:
        return None if to_client is None else True
    return None if (to_server or 0) & ACK else False


def _one_way(record: Mapping[str, Any], name: str, number: int) -> ObservedFlow:
    details = _map(record, "netflow")
    flow = ObservedFlow(
        **_ends(record, details, name, number),
        packets=count(details.get("pkts"), "pkts"),
        size=count(details.get("bytes"), "bytes"),
    )
    source = port(record.get("src_port"), "src_port") if flow.protocol in PORTED else None
    return directed(flow, source, _flags(_map(record, "tcp").get("tcp_flags")))


def _flags(value: object) -> int | None:
    """Flags as EVE writes them: two hex digits."""
    if value is None:
        return None
    try:
        return int(value, 16) if isinstance(value, str) and len(value) <= 4 else _wrong()  # noqa: PLR2004
    except ValueError:
        return _wrong()


def _wrong() -> int:
    raise BadFieldError("tcp_flags are not hexadecimal")


_EVENTS: Final = {"flow": _both_ways, "netflow": _one_way}
