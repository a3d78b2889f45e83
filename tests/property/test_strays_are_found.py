# SPDX-License-Identifier: Apache-2.0
"""Packets from or to addresses of no zone: each that a firewall lets through is told of, and none that it does not."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.plants import firewall, iptables, plant, zone
from plantproof.core.services import TCP
from plantproof.firewall.packets import Dim, addresses, interface
from plantproof.firewall.query import Verdict, ask
from plantproof.firewall.ranges import Ranges
from plantproof.firewall.reach import judge
from plantproof.firewall.reach.spread import opening
from plantproof.firewall.reach.strays import Way

NETS = ("10.1.0.0/16", "10.2.0.0/24", "10.3.0.0/24", "172.16.0.0/12", "192.168.7.0/24", "0.0.0.0/0")
HOSTS = ("10.1.0.9", "10.2.0.9", "10.3.0.9", "172.16.1.1", "192.168.7.7", "8.8.8.8")
PLANT = plant(zone("office", NETS[0]), zone("cell", NETS[1]), firewall("fw", a="office", b="cell"))
ZONES = [ip_network(net) for net in NETS[:2]]
RULES = st.tuples(st.sampled_from(NETS), st.sampled_from(NETS), st.integers(1, 4), st.booleans())


def rule(source: str, target: str, port: int, *, accepts: bool) -> str:
    action = "ACCEPT" if accepts else "DROP"
    return f"-s {source} -d {target} -p tcp -m tcp --dport {port} -j {action}"


@settings(max_examples=150, deadline=None)
@given(st.lists(RULES, max_size=6), st.booleans())
def test_what_passes_beside_the_zones_is_told_and_nothing_else(
    listed: list[tuple[str, str, int, bool]], shut: bool
) -> None:
    device = iptables(*(rule(s, t, p, accepts=a) for s, t, p, a in listed), policy="DROP" if shut else "ACCEPT")
    strays = [one for one in judge(PLANT, {"fw": device}).strays if one.family == "IPv4"]
    passing = set()
    for source in HOSTS:
        for target in HOSTS:
            known = [any(ip_address(end) in net for net in ZONES) for end in (source, target)]
            if all(known):
                continue
            way = Way.IN if known[1] else Way.OUT if known[0] else Way.BETWEEN
            for port in range(6):
                packet = {
                    **opening(),
                    Dim.SRC: addresses(ip_address(source), ip_address(source)),
                    Dim.DST: addresses(ip_address(target), ip_address(target)),
                    Dim.PROTO: Ranges.only(TCP),
                    Dim.DPORT: Ranges.only(port),
                    Dim.IN: interface("a"),
                    Dim.OUT: interface("b"),
                }
                if ask(device.listing, packet).verdict is not Verdict.NONE:
                    passing.add(way)
                    assert way in {one.way for one in strays}
    if shut:
        # Every net of a rule has a host among those tried, and every port: what is told was seen.
        assert {one.way for one in strays} == passing
