# SPDX-License-Identifier: Apache-2.0
"""How many lines of a flow log a second become flows added up, beside merely splitting or parsing the same lines.

The floor is Python's csv module or orjson over the same file in the same run.

    python benchmarks/flows.py [LINES]
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from plantproof.adapters.flow_logs import open_log
from plantproof.connectors.flows import READERS, Reading
from plantproof.core.observed.traffic import Aggregate

LINES = 200_000
HOSTS = 200
PORTS = (502, 4840, 22, 443, 102, 20000)


def ends(number: int) -> tuple[str, int, str, int]:
    """One conversation, the same in every run."""
    client, server = number * 7919 % HOSTS, number * 104729 % HOSTS
    return f"192.0.2.{client}", 49152 + number % 16000, f"198.51.100.{server}", PORTS[number % len(PORTS)]


def zeek(lines: int) -> Iterator[str]:
    """``conn.log`` with the fields that Zeek writes."""
    names = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state"
    names += " orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes"
    yield "#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\t" + names.replace(" ", "\t") + "\n"
    for n in range(lines):
        src, sport, dst, dport = ends(n)
        rest = "tcp\t-\t1.5\t120\t90\tSF\t6\t372\t5\t290\n"
        yield f"{1795415820 + n // 10}.5\tC{n}\t{src}\t{sport}\t{dst}\t{dport}\t{rest}"


def nfdump(lines: int) -> Iterator[str]:
    """``nfdump -o csv`` of 1.7, both ways."""
    yield "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n"
    for n in range(lines):
        src, sport, dst, dport = ends(n // 2) if n % 2 else (*ends(n // 2)[2:], *ends(n // 2)[:2])
        yield f"2026-11-23 06:{n // 60 % 60:02}:{n % 60:02}.123,1.500,6,{src},{sport},{dst},{dport},6,372,1\n"


def eve(lines: int) -> Iterator[str]:
    """Suricata's flow events."""
    for n in range(lines):
        src, sport, dst, dport = ends(n)
        moment = f"2026-11-23T06:{n // 60 % 60:02}:{n % 60:02}.251547+0000"
        flow = {"pkts_toserver": 6, "pkts_toclient": 5, "bytes_toserver": 372, "bytes_toclient": 290}
        record = {
            "timestamp": moment, "flow_id": n, "event_type": "flow", "src_ip": src, "src_port": sport, "dest_ip": dst,
            "dest_port": dport, "proto": "TCP", "flow": {**flow, "start": moment, "end": moment},
            "tcp": {"tcp_flags": "1b", "tcp_flags_ts": "1b", "tcp_flags_tc": "1b"},
        }  # fmt: skip
        yield json.dumps(record) + "\n"


def plain(lines: int) -> Iterator[str]:
    """A CSV of somebody's own."""
    yield "src,dst,dport,proto,first,bytes\n"
    for n in range(lines):
        src, _, dst, dport = ends(n)
        yield f"{src},{dst},{dport},tcp,{1795415820 + n // 10},662\n"


def rows(delimiter: str) -> Callable[[Path], int]:
    """The floor of a table."""

    def split(path: Path) -> int:
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.reader(file, delimiter=delimiter))

    return split


def objects(path: Path) -> int:
    """The floor of JSON lines."""
    with path.open(encoding="utf-8") as file:
        return sum(1 for line in file if orjson.loads(line) is not None)


FORMATS: dict[str, tuple[Callable[[int], Iterator[str]], Callable[[Path], int]]] = {
    "zeek": (zeek, rows("\t")),
    "nfdump": (nfdump, rows(",")),
    "eve": (eve, objects),
    "csv": (plain, rows(",")),
}


def observe(path: Path, form: str) -> Aggregate:
    """What the command does with a file, without the command."""
    aggregate, reading = Aggregate(), Reading(str(path))
    with open_log(path) as log:
        for flow in READERS[form](log.lines(), reading, {}):
            aggregate.add(flow)
    assert reading.malformed == 0
    return aggregate


def seconds(what: Callable[[], object]) -> float:
    """The shortest of three runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        what()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print lines a second, the ratio to the floor, and the most memory that Python held."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with tempfile.TemporaryDirectory() as scratch:
        for form, (write, floor) in FORMATS.items():
            path = Path(scratch) / form
            with path.open("w", encoding="utf-8") as file:
                file.writelines(write(lines))
            bare = seconds(lambda: floor(path))  # noqa: B023 - called at once
            ours = seconds(lambda: observe(path, form))  # noqa: B023
            tracemalloc.start()
            pairs = sum(1 for _ in observe(path, form))
            peak = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            size = path.stat().st_size / 1e6
            print(
                f"{form:7} {size:6.1f} MB  {lines / ours:9,.0f} lines/s  {ours / bare:5.1f} times bare parsing"
                f"  {pairs} flows, at most {peak:.1f} MB"
            )


if __name__ == "__main__":
    main()
