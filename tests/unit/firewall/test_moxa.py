# SPDX-License-Identifier: Apache-2.0
"""Firewall policies of Moxa routers, written from the commands that are known: no device's own text was at hand."""

from __future__ import annotations

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
        (["disable"], "none"),
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
    assert verdict(moxa(policy(action="")), ONE) == "inconclusive"
    assert verdict(moxa(policy(), "nat 1\n exit\n"), ONE) == "inconclusive"
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
