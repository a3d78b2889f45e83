# SPDX-License-Identifier: Apache-2.0
"""Firewall policies of Moxa routers, written from the commands that are known: no device's own text was at hand."""

from __future__ import annotations

import random
from ipaddress import IPv4Address, IPv4Network

import pytest

from fakes.packets import packets, verdict
from plantproof.errors import ContentError
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.packets import State
from plantproof.firewall.program import Listing
from plantproof.firewall.query import ask

HEAD = """\
hostname edr-north
object address
 name plc
 ip-addr 172.19.3.20
 exit
object address
 name cell
 ip-addr 172.19.3.0/24
 exit
object service tcp
 name modbus
 port 502
 exit
object service icmp
 name ping
 icmp-type 8
 exit
"""
ON = "l3l7-policy enable\nl3l7-policy default-action deny\n"
ONE = packets("10.44.0.10", "172.19.3.20", "tcp", 502, into="wan", out="lan")


def policy(*lines: str, index: int | None = None, action: str = "allow", enable: bool = True) -> str:
    heading = "l3l7-policy" if index is None else f"l3l7-policy {index}"
    said = ["name p", *(["enable"] if enable else []), f"action {action}", *lines]
    said += [] if any(line.startswith("interface") for line in lines) else ["interface WAN LAN"]
    return "\n".join([heading, *(f" {line}" for line in said), " exit", ""])


def moxa(*policies: str, head: str = HEAD, on: str = ON) -> Listing:
    return read_listing("moxa-edr", head + on + "".join(policies))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], "all"),
        (["interface LAN WAN"], "none"),
        (["interface any LAN"], "all"),
        (["dst-ip plc"], "all"),
        (["dst-ip cell", "dst-port modbus", "mode ip"], "all"),
        (["src-ip plc"], "none"),
        (["src-ip 10.44.0.10-10.44.0.14"], "all"),
        (["src-ip 10.44.0.0 255.255.255.0"], "all"),
        (["src-ip nowhere"], "inconclusive"),
        (["dst-port 500-510"], "all"),
        (["dst-port 80"], "none"),
        (["dst-port ping"], "inconclusive"),
        (["mode mac"], "inconclusive"),
        (["colour blue"], "inconclusive"),
        (["disable"], "inconclusive"),
        (["src-ip 10.44.0.10", "src-ip plc"], "inconclusive"),
        (["src-ip 0.0.0.0"], "inconclusive"),
        (["src-mac 00:90:e8:00:00:01", "mode ip-mac"], "inconclusive"),
    ],
)
def test_what_a_policy_matches(lines: list[str], expected: str) -> None:
    assert verdict(moxa(policy(*lines)), ONE) == expected


def test_the_lower_number_comes_first() -> None:
    assert verdict(moxa(policy(index=9), policy(index=2, action="deny")), ONE) == "none"
    assert verdict(moxa(policy(index=2, action="deny"), policy(index=1)), ONE) == "all"
    assert verdict(moxa(policy(index=2), policy(index=2)), ONE) == "inconclusive"
    assert verdict(moxa(policy(action="deny"), policy()), ONE) == "none"


def test_what_no_line_says_is_not_decided() -> None:
    elsewhere = packets("10.44.0.10", "172.19.3.20", "tcp", 502, into="lan", out="wan")
    assert verdict(moxa(policy(), on="l3l7-policy enable\n"), elsewhere) == "inconclusive"
    assert verdict(moxa(policy(), on="l3l7-policy enable\n"), ONE) == "all"
    assert verdict(moxa(policy(), on=ON.replace("deny", "allow")), elsewhere) == "all"
    assert verdict(moxa(policy(), on="l3l7-policy default-action deny\n"), ONE) == "inconclusive"
    assert verdict(moxa(policy(), on=ON + "l3l7-policy disable\n"), elsewhere) == "inconclusive"
    assert verdict(moxa(policy(enable=False)), ONE) == "inconclusive"
    assert verdict(moxa(policy("disable", enable=False)), ONE) == "none"
    assert verdict(moxa(policy(action="")), ONE) == "inconclusive"
    assert verdict(moxa(policy(), on=ON + "no l3l7-policy 1\n"), ONE) == "inconclusive"
    assert verdict(moxa(policy(), "firewall 3\n action accept\n interface WAN LAN\n exit\n"), ONE) == "inconclusive"
    assert verdict(moxa(policy(), on=ON + "firewall default-action deny\n"), ONE) == "inconclusive"
    assert verdict(moxa(policy("dst-ip plc").removesuffix(" exit\n")), ONE) == "inconclusive"
    assert verdict(moxa(policy("dst-ip plc"), head=HEAD + HEAD), ONE) == "inconclusive"
    assert verdict(moxa(policy(), "nat 1\n exit\n"), ONE) == "inconclusive"
    capitals = packets("10.44.0.10", "172.19.3.20", "tcp", 502, into="WAN", out="LAN")
    assert verdict(moxa(policy()), capitals) == verdict(moxa(policy("interface Wan lan")), capitals) == "all"
    assert verdict(moxa(), packets("10.1.1.1", "10.2.2.2", state=State.ESTABLISHED)) == "inconclusive"


def test_older_releases() -> None:
    text = """\
firewall 2
 action drop
 interface ALL LAN
 protocol all
 src-ip all
 dst-ip all
 exit
firewall 1
 action accept
 mode ip
 protocol tcp
 interface WAN1 LAN
 src-ip single 10.44.0.10
 dst-ip range 172.19.3.20 172.19.3.29
 dst-port 502
 logging flash
 exit
"""
    listing = read_listing("moxa-edr", text)
    one = packets("10.44.0.10", "172.19.3.21", "tcp", 502, into="wan1", out="lan")
    answer = ask(listing, one)
    assert answer.verdict.value == "all"
    assert (answer.rules[0].line, answer.rules[0].action, answer.rules[0].place) == (8, "accept", "firewall 1")
    assert verdict(listing, packets("10.44.0.11", "172.19.3.21", "tcp", 502, into="wan1", out="lan")) == "none"
    assert verdict(listing, packets("10.44.0.11", "172.19.3.21", "tcp", 502, into="lan", out="wan1")) == "inconclusive"
    assert listing.interfaces == ("lan", "wan1")


@pytest.mark.parametrize("text", ["", "hostname x\n", "\x00\x01", "firewall x\n"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ContentError, match="no firewall policies"):
        read_listing("moxa-edr", text)


@pytest.mark.parametrize("seed", range(40))
def test_a_naive_evaluator_agrees(seed: int) -> None:
    some = random.Random(seed)
    nets = ["10.0.0.0/30", "10.0.0.4/30", "10.0.0.2/31", "10.0.0.0/29", "0.0.0.0/0"]
    chosen = [
        (some.choice(["any", "A", "B"]), some.choice(["any", "A", "B"]), some.choice(nets), some.choice(nets),
         some.choice([(1, 9), (20, 22), None]), some.choice(["allow", "deny"]))
        for _ in range(some.randint(1, 8))
    ]  # fmt: skip
    default = some.choice(["allow", "deny"])
    indices = some.sample(range(1, 900), len(chosen))
    text = f"l3l7-policy enable\nl3l7-policy default-action {default}\n" + "".join(
        policy(f"interface {i} {o}", f"src-ip {s}", f"dst-ip {d}", *([f"dst-port {p[0]}-{p[1]}"] if p else []),
               index=index, action=act)
        for index, (i, o, s, d, p, act) in zip(indices, chosen, strict=True)
    )  # fmt: skip
    listing = read_listing("moxa-edr", text)

    def passes(src: int, dst: int, port: int, into: str, out: str) -> bool:
        for _, (first, last, source, target, ports, act) in sorted(zip(indices, chosen, strict=True)):
            ends = first in {"any", into} and last in {"any", out}
            inside = IPv4Address(src) in IPv4Network(source) and IPv4Address(dst) in IPv4Network(target)
            if ends and inside and (ports is None or ports[0] <= port <= ports[1]):
                return act == "allow"
        return default == "allow"

    for _ in range(60):
        length = some.choice([29, 31, 32, 32, 32])
        sources, targets = (
            IPv4Network((0x0A000000 + some.randint(0, 9), length), strict=False) for _ in range(2)
        )  # fmt: skip
        port, into, out = some.choice([1, 9, 15, 21]), some.choice("ABC"), some.choice("ABC")
        fates = {passes(int(s), int(d), port, into, out) for s in sources for d in targets}
        box = packets(str(sources), str(targets), "tcp", port, into=into.lower(), out=out.lower())
        expected = "some" if len(fates) == 2 else "all" if fates == {True} else "none"
        assert verdict(listing, box) == expected, ask(listing, box)
