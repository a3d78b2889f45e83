# SPDX-License-Identifier: Apache-2.0
"""From every zone to every zone through ten firewalls, as rules and zones grow, against trying rules one by one.

The plant is a star: each firewall has its zones behind it and one network that joins them all, so a packet passes two
firewalls. The peer tries the rules of both for a sample of packets per pair of zones, first match; it covers 100
packets of some 2^80. Printed: seconds and, in the same run, the ratio.
"""

from __future__ import annotations

import random
import time
from ipaddress import IPv4Address, ip_network

from plantproof.core.levels import SLVector
from plantproof.core.plant import Firewall, Interface, Plant, Zone
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.reach import Device, judge

FIREWALLS = 10
SAMPLE = 100
PORTS = (102, 443, 502, 4840, 44818)
SIZES = ((1_000, 2), (10_000, 2), (10_000, 4))


def rules(per: int, count: int, seed: int) -> list[list[tuple[str, str, int, bool]]]:
    """Per firewall so many rules: source, destination, port, whether it accepts; a flow's rule stands on both ends."""
    pick = random.Random(seed)
    found: list[list[tuple[str, str, int, bool]]] = [[] for _ in range(FIREWALLS)]
    while any(len(some) < count for some in found):
        source, target = pick.sample(range(FIREWALLS * per), 2)
        ends = {source // per, target // per}
        if len(ends) == 1 or any(len(found[end]) >= count for end in ends):
            if sum(len(some) < count for some in found) < 2:
                break
            continue
        nets = []
        for zone in (source, target):
            size = pick.choice([32, 32, 32, 28, 24])
            host = IPv4Address(f"10.{zone}.{pick.randrange(256)}.{pick.randrange(256)}")
            nets.append(str(ip_network(f"{host}/{size}", strict=False)))
        rule = (nets[0], nets[1], pick.choice(PORTS), pick.random() < 0.8)
        for end in ends:
            found[end].append(rule)
    return found


def text(listed: list[tuple[str, str, int, bool]]) -> str:
    """The rules as iptables-save prints them."""
    lines = [
        f"-A FORWARD -s {source} -d {target} -p tcp -m tcp --dport {port} -j {'ACCEPT' if accepts else 'DROP'}"
        for source, target, port, accepts in listed
    ]
    return "\n".join(["*filter", ":FORWARD DROP [0:0]", *lines, "COMMIT", ""])


def plant(per: int) -> Plant:
    """Ten firewalls around one network, each with so many zones."""
    zones = {
        f"z{number}": Zone(
            id=f"z{number}",
            title="",
            sl_t=SLVector.uniform(1),
            networks=(ip_network(f"10.{number}.0.0/16"),),
        )
        for number in range(FIREWALLS * per)
    }
    firewalls = {
        f"fw{number}": Firewall(
            id=f"fw{number}",
            title="",
            dialect="iptables-save",
            config="",
            interfaces=(
                Interface(name="core", link="core"),
                *(Interface(name=f"z{own}", zones=(f"z{own}",)) for own in range(number * per, number * per + per)),
            ),
        )
        for number in range(FIREWALLS)
    }
    return Plant(name="star", owner="", zones=zones, conduits={}, assets={}, firewalls=firewalls)


def one_by_one(listed: list[list[tuple[str, str, int, bool]]], per: int, seed: int) -> None:
    """First match on both firewalls for a sample of packets per pair of zones."""
    pick = random.Random(seed)
    ready = [
        [(*_span(source), *_span(target), port, accepts) for source, target, port, accepts in some] for some in listed
    ]
    zones = FIREWALLS * per
    for source in range(zones):
        for target in range(zones):
            if source // per == target // per:
                continue
            for _ in range(SAMPLE):
                a = int(IPv4Address(f"10.{source}.0.0")) + pick.randrange(65536)
                b = int(IPv4Address(f"10.{target}.0.0")) + pick.randrange(65536)
                port = pick.choice(PORTS)
                for firewall in (source // per, target // per):
                    for low, high, first, last, on, accepts in ready[firewall]:
                        if low <= a <= high and first <= b <= last and port == on:
                            _ = accepts
                            break


def _span(network: str) -> tuple[int, int]:
    found = ip_network(network)
    return int(found[0]), int(found[-1])


def main() -> None:
    """Print one line per size."""
    print("rules each  zones  read  matrix  passages  packets one by one  ratio")
    for count, per in SIZES:
        listed = rules(per, count, count)
        start = time.perf_counter()
        devices = {
            f"fw{number}": Device(read_listing("iptables-save", text(some))) for number, some in enumerate(listed)
        }
        read = time.perf_counter() - start
        start = time.perf_counter()
        report = judge(plant(per), devices)
        matrix = time.perf_counter() - start
        start = time.perf_counter()
        one_by_one([some[:1_000] for some in listed], per, count)
        naive = (time.perf_counter() - start) * count / 1_000
        passages = sum(len(pair.passages) for pair in report.pairs.values())
        figures = (f"{count:>10}", f"{FIREWALLS * per:>5}", f"{read:.2f}s", f"{matrix:.2f}s", f"{passages:>8}")
        print("  ".join((*figures, f"{naive:.2f}s", f"{matrix / naive:.2f}")))


if __name__ == "__main__":
    main()
