# SPDX-License-Identifier: Apache-2.0
"""Our own file of flows added up: one flow a line, sorted, so that the same logs give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import orjson

from plantproof.connectors.flows.reading import BadFieldError, Reading, address, count, port, protocol
from plantproof.core.instants import parse_instant, seconds_text
from plantproof.core.observed.traffic import Traffic
from plantproof.errors import ContentError, Location, UsageError

__all__ = ["MARK", "VERSION", "Source", "read_document", "write_document"]

VERSION: Final = 1
MARK: Final = '{"plantproof":"observed-flows"'
"""How such a file begins."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One flow log that went in."""

    name: str
    format: str
    sha256: str
    """Of the file as it lies there, compressed if it is."""
    lines: int
    records: int
    malformed: int
    other: int
    """Well-formed lines that are no flows."""


def write_document(sources: Iterable[Source], traffic: Iterable[Traffic]) -> Iterator[str]:
    """The file in pieces that each end with a line; the same sources and traffic give the same text.

    Times are instants in UTC. A count that is 0 and a time that nobody knows are left out.
    """
    flows = list(traffic)
    first = min((each.first for each in flows if each.first is not None), default=None)
    last = max((each.last for each in flows if each.last is not None), default=None)
    period = {"first": _time(first), "last": _time(last)}
    yield f'{MARK},"version":{VERSION},\n"period":{_line(period)},\n"sources":[\n'
    yield from _lines(_source_json(source) for source in sorted(sources, key=lambda source: source.name))
    yield '],"flows":[\n'
    yield from _lines(map(_flow_json, flows))
    yield "]}\n"


def _lines(values: Iterable[Mapping[str, object]]) -> Iterator[str]:
    separator = ""
    for value in values:
        yield separator + _line(value)
        separator = ",\n"
    if separator:
        yield "\n"


def _line(value: object) -> str:
    # ASCII only: a file name may hold anything.
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _source_json(source: Source) -> dict[str, object]:
    return {
        "name": source.name,
        "format": source.format,
        "sha256": source.sha256,
        "lines": source.lines,
        "records": source.records,
        "malformed": source.malformed,
        "other": source.other,
    }


def _flow_json(each: Traffic) -> dict[str, object]:
    ports = None if each.low is None else each.low if each.low == each.high else [each.low, each.high]
    value = {
        "src": str(each.src),
        "dst": str(each.dst),
        "protocol": each.protocol,
        "port": ports,
        "records": each.records,
        "packets": each.packets,
        "bytes": each.size,
        "answered": each.answered,
        "unanswered": each.unanswered,
        "undirected": each.undirected,
        "first": _time(each.first),
        "last": _time(each.last),
        "seen": [each.source, each.line],
    }
    return {key: kept for key, kept in value.items() if kept is not None and (kept != 0 or key in {"protocol", "port"})}


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else seconds_text(seconds)


def read_document(text: str, reading: Reading) -> tuple[tuple[Source, ...], Iterator[Traffic]]:
    """Read a file of ours; its flows come one by one.

    Raises:
        ContentError: it is not JSON, no such file, of another version, or one of its flows is not in order.
    """
    where = Location(file=reading.name)
    again = "Write it again with `plantproof flows import`."
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        place = Location(file=reading.name, line=error.lineno)
        raise ContentError("is not well-formed JSON", code="content.flows", hint=again, where=place) from None
    if not isinstance(data, dict) or data.get("plantproof") != "observed-flows":
        hint = "Flow logs as JSON lines have one object a line; --format says which format it is."
        raise ContentError("is not a file of observed flows", code="content.flows", hint=hint, where=where)
    if data.get("version") != VERSION:
        message = f"is of another version; this release reads {VERSION}"
        raise ContentError(message, code="content.version", hint=again, where=where)
    sources, flows = data.get("sources"), data.get("flows")
    if not isinstance(sources, list) or not isinstance(flows, list):
        raise ContentError("has no list of sources or of flows", code="content.flows", hint=again, where=where)
    return tuple(_each(sources, "sources", _source, reading)), _each(flows, "flows", _traffic, reading)


def _each(
    values: list[Any], key: str, read: Callable[[Mapping[str, Any]], _Value], reading: Reading
) -> Iterator[_Value]:
    for index, value in enumerate(values):
        try:
            found = read(_map(value))
        except (BadFieldError, UsageError) as error:
            reason = error.message if isinstance(error, UsageError) else str(error)
            where = Location(file=reading.name, pointer=f"/{key}/{index}")
            hint = "Write the file again with `plantproof flows import`."
            raise ContentError(f"cannot be read: {reason}", code="content.flows", hint=hint, where=where) from None
        yield found


def _map(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadFieldError("it is not a JSON object")
    return value


def _source(value: Mapping[str, Any]) -> Source:
    texts = {key: value.get(key) for key in ("name", "format", "sha256")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise BadFieldError("a source has name, format and sha256")
    counts = {key: count(value.get(key), key) for key in ("lines", "records", "malformed", "other")}
    return Source(**texts, **counts)  # type: ignore[arg-type]


def _traffic(value: Mapping[str, Any]) -> Traffic:
    ports = value.get("port")
    ends = ports if isinstance(ports, list) else [ports, ports]
    if len(ends) != 2:  # noqa: PLR2004 - first and last
        raise BadFieldError("port is a number or two")
    low, high = (None if end is None else port(end, "port") for end in ends)
    if (low is None) != (high is None) or (low or 0) > (high or 0):
        raise BadFieldError("port ends before it begins")
    seen = value.get("seen")
    if not isinstance(seen, list) or len(seen) != 2 or not isinstance(seen[0], str):  # noqa: PLR2004 - file and line
        raise BadFieldError("seen is not a file and a line")
    traffic = Traffic(
        src=address(value.get("src"), "src"),
        dst=address(value.get("dst"), "dst"),
        protocol=protocol(value.get("protocol")),
        low=low,
        high=high,
        records=count(value.get("records"), "records"),
        packets=count(value.get("packets"), "packets"),
        size=count(value.get("bytes"), "bytes"),
        answered=count(value.get("answered"), "answered"),
        unanswered=count(value.get("unanswered"), "unanswered"),
        undirected=count(value.get("undirected"), "undirected"),
        first=_seconds(value.get("first"), "first"),
        last=_seconds(value.get("last"), "last"),
        source=seen[0],
        line=count(seen[1], "the line"),
    )
    if not traffic.records or traffic.answered + traffic.unanswered > traffic.records:
        raise BadFieldError("its counts contradict one another")
    return traffic


def _seconds(value: object, what: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadFieldError(f"{what} is not an instant")
    return int(parse_instant(value).timestamp())
