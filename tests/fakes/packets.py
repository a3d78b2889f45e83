# SPDX-License-Identifier: Apache-2.0
"""Single packets, and boxes of them, for questions to a firewall listing."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from plantproof.firewall.packets import Box, Dim, State, addresses, interface, networks
from plantproof.firewall.program import Listing
from plantproof.firewall.query import ask
from plantproof.firewall.ranges import Ranges

PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1}


def packets(
    src: str = "",
    dst: str = "",
    proto: str = "",
    port: tuple[int, int] | int | None = None,
    *,
    sport: int | None = None,
    into: str = "",
    out: str = "",
    state: State | None = State.NEW,
) -> Box:
    """A box; what is not given is any."""
    box: dict[Dim, Ranges] = {}
    for dim, text in ((Dim.SRC, src), (Dim.DST, dst)):
        if text:
            box[dim] = networks(ip_network(text)) if "/" in text else addresses(ip_address(text), ip_address(text))
    if proto:
        box[Dim.PROTO] = Ranges.only(PROTOCOLS[proto])
    if port is not None:
        box[Dim.DPORT] = Ranges.only(port) if isinstance(port, int) else Ranges.of([port])
    if sport is not None:
        box[Dim.SPORT] = Ranges.only(sport)
    if into:
        box[Dim.IN] = interface(into)
    if out:
        box[Dim.OUT] = interface(out)
    if state is not None:
        box[Dim.STATE] = Ranges.only(state)
    return box


def verdict(listing: Listing, box: Box) -> str:
    """The word of the answer."""
    return ask(listing, box).verdict.value
