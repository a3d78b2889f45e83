# SPDX-License-Identifier: Apache-2.0
"""Questions to one firewall as its rules grow, against trying the rules one by one on single packets.

The peer is the plainest thing that answers at all: first match over the rules for a sample of packets. It covers a few
thousand of some 2^80 packets; the model covers all. Printed: seconds, and the ratio in the same run.
"""

from __future__ import annotations

import random
import time
from ipaddress import IPv4Address, ip_network

from plantproof.firewall.dialects import read_listing
from plantproof.firewall.packets import Dim, State, networks
from plantproof.firewall.query import ask
from plantproof.firewall.ranges import Ranges

SIZES = (100, 1_000, 10_000)
ZONES = 10
SAMPLE = 200


def rules(count: int, seed: int) -> list[tuple[str, str, int, bool]]:
    """Source, destination, port and whether it accepts: hosts and small networks of ten zones."""
    pick = random.Random(seed)
    found = []
    for _ in range(count):
        ends = []
        for zone in pick.sample(range(ZONES), 2):
            size = pick.choice([32, 32, 32, 28, 24])
            host = IPv4Address(f"10.{zone}.{pick.randrange(16)}.{pick.randrange(256)}")
            ends.append(str(ip_network(f"{host}/{size}", strict=False)))
        found.append((ends[0], ends[1], pick.choice([102, 443, 502, 4840, 44818]), pick.random() < 0.8))
    return found


def listing_text(listed: list[tuple[str, str, int, bool]]) -> str:
    """The rules as iptables-save prints them."""
    lines = [
        f"-A FORWARD -s {source} -d {target} -p tcp -m tcp --dport {port} -j {'ACCEPT' if accepts else 'DROP'}"
        for source, target, port, accepts in listed
    ]
    return "\n".join(["*filter", ":FORWARD DROP [0:0]", *lines, "COMMIT", ""])


def one_by_one(listed: list[tuple[str, str, int, bool]], seed: int) -> None:
    """First match for a sample of packets."""
    pick = random.Random(seed)
    ready = []
    for source, target, port, accepts in listed:
        nets = (ip_network(source), ip_network(target))
        spans = [(int(net[0]), int(net[-1])) for net in nets]
        ready.append((*spans[0], *spans[1], port, accepts))
    for _ in range(SAMPLE):
        a, b = pick.sample(range(ZONES), 2)
        source_at = int(IPv4Address(f"10.{a}.0.0")) + pick.randrange(4096)
        target_at = int(IPv4Address(f"10.{b}.0.0")) + pick.randrange(4096)
        for low, high, first, last, port, accepts in ready:
            if low <= source_at <= high and first <= target_at <= last and port == 502:
                _ = accepts
                break


def main() -> None:
    """Print one line per size."""
    headings = ("rules", "read", "matrix 10x10", "any to any", f"{SAMPLE} packets by rule", "ratio")
    print("  ".join(headings))
    for count in SIZES:
        listed = rules(count, count)
        start = time.perf_counter()
        listing = read_listing("iptables-save", listing_text(listed))
        read = time.perf_counter() - start
        zones = [networks(ip_network(f"10.{zone}.0.0/16")) for zone in range(ZONES)]
        start = time.perf_counter()
        for source in zones:
            for target in zones:
                if source is not target:
                    ask(listing, {Dim.SRC: source, Dim.DST: target, Dim.STATE: Ranges.only(State.NEW)})
        matrix = time.perf_counter() - start
        start = time.perf_counter()
        ask(listing, {Dim.STATE: Ranges.only(State.NEW), Dim.PROTO: Ranges.only(6)})
        broad = time.perf_counter() - start
        start = time.perf_counter()
        one_by_one(listed, count)
        naive = time.perf_counter() - start
        figures = (f"{read:.2f}s", f"{matrix:.2f}s", f"{broad:.2f}s", f"{naive:.2f}s", f"{matrix / naive:.1f}")
        print("  ".join((f"{count:>6}", *figures)))


if __name__ == "__main__":
    main()
