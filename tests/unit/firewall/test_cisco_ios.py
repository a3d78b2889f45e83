# SPDX-License-Identifier: Apache-2.0
"""Cisco IOS: texts of our own, and generated ones against a naive evaluator. No real device was asked."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

import pytest

from fakes.packets import packets, verdict
from plantproof.cli.firewall.querying import led
from plantproof.errors import ContentError
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.packets import Dim, State, networks
from plantproof.firewall.program import Listing
from plantproof.firewall.query import ask
from plantproof.firewall.ranges import Ranges

INTERFACES = """\
hostname rtr
!
interface GigabitEthernet0/0
 description office
 ip address 10.91.6.1 255.255.255.0
{office}
!
interface GigabitEthernet0/1
 ip address 203.0.113.34 255.255.255.248
{outside}
!
interface Vlan93
 ip address 10.93.2.1 255.255.255.0
{plant}
!
"""
OFFICE, OUTSIDE, PLANT = "gigabitethernet0/0", "GIGABITETHERNET0/1", "Vlan93"
ONE = packets("10.91.6.4", "10.93.2.11", "tcp", 502, into=OFFICE, out=PLANT)


def ios(text: str = "", *, office: str = "", outside: str = "", plant: str = "", end: str = "end\n") -> Listing:
    head = INTERFACES.format(office=_beneath(office), outside=_beneath(outside), plant=_beneath(plant))
    return read_listing("cisco-ios", head + text + end)


def _beneath(lines: str) -> str:
    return "\n".join(f" {line}" for line in lines.splitlines()) or "!"


def extended(*entries: str, office: str = "ip access-group L in") -> Listing:
    """One extended list on the way in from the office."""
    return ios("ip access-list extended L\n" + "".join(f" {entry}\n" for entry in entries), office=office)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("permit ip any any", "all"),
        ("permit tcp any any", "all"),
        ("permit udp any any", "none"),
        ("permit 6 any any", "all"),
        ("permit tcp host 10.91.6.4 host 10.93.2.11 eq 502", "all"),
        ("permit tcp 10.91.6.0 0.0.0.255 10.93.2.0 0.0.0.255 eq 502", "all"),
        ("permit tcp 10.91.6.0 255.255.255.0 any", "inconclusive"),  # a netmask is no wildcard mask
        ("permit tcp 10.91.6.0 0.0.0.254 any", "all"),  # even addresses
        ("permit tcp 10.91.6.1 0.0.0.254 any", "none"),
        ("permit tcp 0.0.0.4 255.255.255.0 any", "inconclusive"),  # too many ranges
        ("permit tcp any any eq 80 443 502", "all"),
        ("permit tcp any any neq 80 502", "none"),
        ("permit tcp any any neq 80", "all"),
        ("permit tcp any any gt 501", "all"),
        ("permit tcp any any lt 502", "none"),
        ("permit tcp any any range 500 510", "all"),
        ("permit tcp any any eq www", "none"),
        ("permit tcp any eq 502 any", "some"),
        ("permit tcp any gt 0 any eq 502 log", "some"),
        ("permit tcp any any eq 502 log-input", "all"),
        ("permit tcp any any established", "none"),
        ("permit tcp any any eq 502 established log", "none"),
        ("permit tcp any any ack", "inconclusive"),
        ("permit tcp any any match-all +syn -ack", "inconclusive"),
        ("permit tcp any any fragments", "inconclusive"),
        ("permit tcp any any dscp ef", "inconclusive"),
        ("permit tcp any any ttl eq 4", "inconclusive"),
        ("permit tcp any any time-range shift", "inconclusive"),
        ("permit tcp any any eq 502 tomorrow", "inconclusive"),
        ("permit tcp any any eq nothing", "inconclusive"),
        ("permit tcp 10.91.6.4", "inconclusive"),
        ("permit object-group nowhere any any", "inconclusive"),
        ("permit tcp object-group nowhere any", "inconclusive"),
        ("permit tcp any any reflect back", "all"),
        ("evaluate back", "none"),
        ("dynamic door permit tcp any any", "inconclusive"),
        ("allow tcp any any", "inconclusive"),
        ("remark permit ip any any", "inconclusive"),  # a list without entries
        ("deny tcp any any eq 503", "none"),
    ],
)
def test_what_an_entry_matches(entry: str, expected: str) -> None:
    assert verdict(extended(entry), ONE) == expected


@pytest.mark.parametrize(
    ("entry", "kind", "expected"),
    [
        ("permit icmp any any echo", (8 * 256, 8 * 256 + 255), "all"),
        ("permit icmp any any 8", (8 * 256, 8 * 256 + 255), "all"),
        ("permit icmp any any 8 0", (8 * 256, 8 * 256 + 255), "some"),
        ("permit icmp any any echo-reply", (8 * 256, 8 * 256 + 255), "none"),
        ("permit icmp any any port-unreachable", 3 * 256 + 3, "all"),
        ("permit icmp any any unreachable", 3 * 256 + 9, "all"),
        ("permit icmp any any colourful", 3 * 256, "inconclusive"),
    ],
)
def test_messages(entry: str, kind: tuple[int, int] | int, expected: str) -> None:
    assert verdict(extended(entry), packets("10.91.6.4", "10.93.2.11", "icmp", kind, into=OFFICE)) == expected


def test_established_is_for_packets_of_connections() -> None:
    listing = extended("permit tcp any any established")
    back = packets("10.91.6.4", "10.93.2.11", "tcp", 502, into=OFFICE, state=State.ESTABLISHED)
    assert verdict(listing, back) == "all"
    assert verdict(listing, packets("10.91.6.4", "10.93.2.11", "tcp", 502, into=OFFICE, state=None)) == "some"
    assert (
        verdict(listing, packets("10.91.6.4", "10.93.2.11", "udp", 53, into=OFFICE, state=State.ESTABLISHED)) == "none"
    )
    related = {**packets("10.91.6.4", "10.93.2.11", "tcp", 502, into=OFFICE, state=State.RELATED)}
    assert verdict(listing, {**related, Dim.FLAGS: Ranges.only(16)}) == "all"
    assert verdict(listing, {**related, Dim.FLAGS: Ranges.only(2)}) == "none"


def test_lists_keep_no_state() -> None:
    listing = extended("deny tcp any any eq 502", "permit ip any any")
    for state in (State.NEW, State.ESTABLISHED):
        assert verdict(listing, {**ONE, Dim.STATE: Ranges.only(state)}) == "none"


def test_reflexive_lists_let_answers_pass() -> None:
    text = """\
ip access-list extended gone
 permit tcp any any reflect back
ip access-list extended come
 evaluate back
"""
    listing = ios(text, plant="ip access-group gone in", office="ip access-group come in")
    assert verdict(listing, ONE) == "none"
    assert verdict(listing, {**ONE, Dim.STATE: Ranges.only(State.ESTABLISHED)}) == "inconclusive"


def test_numbers_give_the_order() -> None:
    assert verdict(extended("20 permit ip any any", "10 deny tcp any any"), ONE) == "none"
    assert verdict(extended("10 deny tcp any any", "20 permit ip any any"), ONE) == "none"
    assert verdict(extended("permit tcp any any eq 502", "5 deny ip any any"), ONE) == "none"
    assert verdict(extended("100 permit ip any any", "deny tcp any any"), ONE) == "all"
    assert verdict(extended("10 permit ip any any", "10 deny tcp any any"), ONE) == "inconclusive"
    assert verdict(extended("10 permit ip any any", "10 permit ip any any"), ONE) == "all"
    assert verdict(extended("permit ip any any", "no 10"), ONE) == "inconclusive"


def test_standard_and_numbered_lists() -> None:
    for entry, expected in [
        ("permit 10.91.6.4", "all"),
        ("permit 10.91.6.4 log", "all"),
        ("permit host 10.91.6.4", "all"),
        ("permit 10.91.6.0 0.0.0.255", "all"),
        ("permit 10.91.7.0 0.0.0.255", "none"),
        ("permit any", "all"),
        ("permit any any", "inconclusive"),
    ]:
        assert verdict(ios(f"access-list 44 {entry}\n", office="ip access-group 44 in"), ONE) == expected, entry
        named = f"ip access-list standard S\n {entry}\n"
        assert verdict(ios(named, office="ip access-group S in"), ONE) == expected, entry
    text = (
        "access-list 131 remark office\naccess-list 131 deny udp any any\naccess-list 131 permit tcp any any eq 502\n"
    )
    assert verdict(ios(text, office="ip access-group 131 in"), ONE) == "all"
    assert verdict(ios(text + "no access-list 131\n", office="ip access-group 131 in"), ONE) == "all"
    assert (
        verdict(ios(text + "ip access-list extended 131\n 5 deny ip any any\n", office="ip access-group 131 in"), ONE)
        == "none"
    )
    assert verdict(ios("access-list 700 permit any\n", office="ip access-group 700 in"), ONE) == "inconclusive"


def test_where_a_list_is_bound() -> None:
    text = "ip access-list extended L\n deny ip any any\n"
    assert verdict(ios(text), ONE) == "all"
    assert verdict(ios(text, office="ip access-group L in"), ONE) == "none"
    assert verdict(ios(text, office="ip access-group L out"), ONE) == "all"
    assert verdict(ios(text, plant="ip access-group L out"), ONE) == "none"
    assert verdict(ios(text, plant="ip access-group L in"), ONE) == "all"
    assert verdict(ios(text, office="ip access-group common L in"), ONE) == "inconclusive"
    assert verdict(ios(office="ip access-group missing in"), ONE) == "all"
    both = "ip access-list extended A\n permit tcp any any\nip access-list extended B\n permit ip any any\n"
    assert verdict(ios(both, office="ip access-group A in", plant="ip access-group B out"), ONE) == "all"
    assert verdict(ios(both, office="ip access-group A in\nno ip access-group A in"), ONE) == "all"


def test_object_groups() -> None:
    groups = """\
object-group network inner
 host 10.91.6.4
object-group network desks
 group-object inner
 10.91.7.0 255.255.255.0
 range 10.91.8.1 10.91.8.9
object-group service talk
 tcp eq 502
 tcp source gt 1023 eq 44818
 udp range 2000 2003
 icmp echo
ip access-list extended L
"""
    office = "ip access-group L in"
    listing = ios(groups + " permit object-group talk object-group desks any\n", office=office)
    assert verdict(listing, ONE) == "all"
    assert verdict(listing, packets("10.91.8.9", "10.93.2.11", "udp", 2001, into=OFFICE)) == "all"
    assert verdict(listing, packets("10.91.8.10", "10.93.2.11", "udp", 2001, into=OFFICE)) == "none"
    assert verdict(listing, packets("10.91.7.9", "10.93.2.11", "tcp", 44818, sport=1023, into=OFFICE)) == "none"
    assert verdict(listing, packets("10.91.7.9", "10.93.2.11", "tcp", 44818, sport=1024, into=OFFICE)) == "all"
    assert verdict(listing, packets("10.91.7.9", "10.93.2.11", "icmp", 8 * 256, into=OFFICE)) == "all"
    undefined = groups.replace("group-object inner", "group-object outer")
    assert verdict(ios(undefined + " permit tcp object-group desks any\n", office=office), ONE) == "inconclusive"
    assert verdict(ios(undefined + " deny tcp object-group desks any\n", office=office), ONE) == "none"
    wild = groups.replace("10.91.7.0 255.255.255.0", "10.91.6.0 0.0.0.255")  # groups take netmasks
    seven = packets("10.91.7.4", "10.93.2.11", "tcp", 502, into=OFFICE)
    assert verdict(ios(groups + " permit tcp object-group desks any\n", office=office), seven) == "all"
    assert verdict(ios(wild + " permit tcp object-group desks any\n", office=office), seven) == "inconclusive"
    cyclic = "object-group network a\n group-object b\nobject-group network b\n group-object a\n"
    with pytest.raises(ContentError, match="contains itself") as refused:
        ios(cyclic)
    assert refused.value.where is not None
    assert refused.value.where.line is not None


def test_ipv6() -> None:
    text = """\
ipv6 unicast-routing
ipv6 access-list S
 permit tcp 2001:DB8:1::/48 host 2001:DB8:2::5 eq 502 sequence 20
 deny tcp any any eq 502 sequence 10
 sequence 30 permit icmp any any echo-request
"""
    listing = ios(text, office="ipv6 traffic-filter S in")
    one = packets("2001:db8:1::4", "2001:db8:2::5", "tcp", 502, into=OFFICE)
    assert verdict(listing, one) == "none"
    assert verdict(ios(text.replace("sequence 10", "sequence 25"), office="ipv6 traffic-filter S in"), one) == "all"
    ping = {**packets("2001:db8:1::4", "2001:db8:2::5", into=OFFICE), Dim.PROTO: Ranges.only(58)}
    assert verdict(listing, {**ping, Dim.DPORT: Ranges.only(128 * 256)}) == "all"
    assert verdict(listing, {**ping, Dim.DPORT: Ranges.only(129 * 256)}) == "none"
    assert verdict(listing, {**ping, Dim.DPORT: Ranges.only(135 * 256)}) == "inconclusive"
    assert verdict(listing, ONE) == "all"
    assert verdict(ios(text.replace("ipv6 unicast-routing\n", "")), one) == "inconclusive"


NAT = {"office": "ip nat inside", "plant": "ip nat inside", "outside": "ip nat outside"}


def test_lists_outside_see_global_addresses_and_lists_inside_local_ones() -> None:
    static = "ip nat inside source static 10.93.2.11 203.0.113.35\nip access-list extended L\n "
    arrives = packets("198.51.100.7", "203.0.113.35", "tcp", 502, into=OUTSIDE, out=PLANT)
    for address, way, expected in [
        ("203.0.113.35", "outside in", "all"),
        ("10.93.2.11", "outside in", "none"),
        ("203.0.113.35", "plant out", "none"),
        ("10.93.2.11", "plant out", "all"),
    ]:
        end, direction = way.split()
        marks = {**NAT, end: f"{NAT[end]}\nip access-group L {direction}"}
        assert verdict(ios(f"{static}permit tcp any host {address}\n", **marks), arrives) == expected, (address, way)
    leaves = packets("10.93.2.11", "198.51.100.7", "tcp", 502, into=PLANT, out=OUTSIDE)
    for address, expected in [("203.0.113.35", "all"), ("10.93.2.11", "none")]:
        marks = {**NAT, "outside": "ip nat outside\nip access-group L out"}
        assert verdict(ios(f"{static}permit tcp host {address} any\n", **marks), leaves) == expected


def test_translated_ports_networks_and_pools() -> None:
    plant = {**NAT, "plant": "ip nat inside\nip access-group L out"}
    port = "ip nat inside source static tcp 10.93.2.11 22 203.0.113.34 4022 extendable\nip access-list extended L\n permit tcp any any eq 22\n"
    arrives = packets("198.51.100.7", "203.0.113.34", "tcp", 4022, into=OUTSIDE, out=PLANT)
    assert verdict(ios(port, **plant), arrives) == "all"
    assert (
        verdict(ios(port.replace("203.0.113.34 4022", "interface gigabitEthernet0/1 4022"), **plant), arrives) == "all"
    )
    assert verdict(ios(port.replace(" extendable", " route-map x"), **plant), arrives) == "inconclusive"
    assert verdict(ios(port, **plant), {**arrives, Dim.DPORT: Ranges.only(4023)}) == "none"
    net = "ip nat inside source static network 10.93.2.0 203.0.113.32 /29\nip access-list extended L\n permit ip any host 10.93.2.3\n"
    assert verdict(ios(net, **plant), packets("198.51.100.7", "203.0.113.35", into=OUTSIDE, out=PLANT)) == "all"
    assert verdict(ios(net, **plant), packets("198.51.100.7", "203.0.113.36", into=OUTSIDE, out=PLANT)) == "none"
    outer = {**NAT, "outside": "ip nat outside\nip access-group L out"}
    overload = (
        "ip nat inside source list 44 interface GigabitEthernet0/1 overload\naccess-list 44 permit 10.93.2.0 0.0.0.255\n"
        "ip access-list extended L\n permit ip host 203.0.113.34 any\n"
    )
    leaves = packets("10.93.2.11", "198.51.100.7", "tcp", 502, into=PLANT, out=OUTSIDE)
    assert verdict(ios(overload, **outer), leaves) == "all"
    assert verdict(ios(overload, **outer), packets("10.91.6.4", "198.51.100.7", into=OFFICE, out=OUTSIDE)) == "none"
    pool = (
        overload.replace("interface GigabitEthernet0/1", "pool P")
        + "ip nat pool P 203.0.113.36 203.0.113.38 netmask 255.255.255.248\n"
    )
    assert verdict(ios(pool.replace("host 203.0.113.34", "203.0.113.32 0.0.0.7"), **outer), leaves) == "all"
    assert verdict(ios(pool.replace("host 203.0.113.34", "host 203.0.113.36"), **outer), leaves) == "inconclusive"
    assert verdict(ios("ip nat outside source static 198.51.100.7 10.91.6.99\n", **NAT), leaves) == "inconclusive"
    assert verdict(ios("ip nat inside source magic\n", **NAT), leaves) == "inconclusive"
    twice = "ip nat inside source static 10.93.2.11 203.0.113.35\nip nat inside source static 10.93.2.12 203.0.113.35\nip access-list extended L\n permit ip any host 10.93.2.11\n"
    assert (
        verdict(ios(twice, **plant), packets("198.51.100.7", "203.0.113.35", into=OUTSIDE, out=PLANT)) == "inconclusive"
    )


ZONES = """\
zone security office
zone security plant
class-map type inspect match-any cm
 match access-group name C
policy-map type inspect pm
 class type inspect cm
  {action}
 class class-default
  drop log
zone-pair security p source office destination plant
 service-policy type inspect pm
ip access-list extended C
 deny tcp any any eq 80
 permit tcp any host 10.93.2.11
"""
MEMBERS = {"office": "zone-member security office", "plant": "zone-member security plant"}


def zoned(action: str = "inspect", **members: str) -> Listing:
    return ios(ZONES.format(action=action), **{**MEMBERS, **members})


def test_zones() -> None:
    back = packets("10.93.2.11", "10.91.6.4", "tcp", 4000, into=PLANT, out=OFFICE)
    answer = {**back, Dim.STATE: Ranges.only(State.ESTABLISHED)}
    assert verdict(zoned(), ONE) == "all"
    assert verdict(zoned(), {**ONE, Dim.DPORT: Ranges.only(80)}) == "none"
    assert verdict(zoned(), packets("10.91.6.4", "10.93.2.12", "tcp", 502, into=OFFICE, out=PLANT)) == "none"
    assert verdict(zoned("drop"), ONE) == "none"
    assert verdict(zoned(), back) == "none"
    assert verdict(zoned(), answer) == "all"
    assert verdict(zoned("pass"), ONE) == "all"
    assert verdict(zoned("pass"), answer) == "none"
    assert verdict(zoned("inspect\n  police rate 8000"), ONE) == "inconclusive"
    assert verdict(zoned(plant=""), ONE) == "inconclusive"  # one end in no zone
    assert verdict(zoned(plant="zone-member security office"), ONE) == "all"
    assert verdict(zoned(office="", plant=""), ONE) == "all"
    assert verdict(zoned(office="zone-member security office\nip access-group C in"), back) == "none"
    every = ZONES.format(action="inspect").replace("match-any", "match-all")
    assert verdict(ios(every.replace(" name C\n", " name C\n match protocol tcp\n"), **MEMBERS), ONE) == "all"
    assert verdict(ios(every.replace(" name C\n", " name C\n match protocol udp\n"), **MEMBERS), ONE) == "none"
    assert verdict(ios(every.replace(" name C\n", " name C\n match protocol http\n"), **MEMBERS), ONE) == "inconclusive"
    assert verdict(ios(every.replace("access-group name C", "class-map nested"), **MEMBERS), ONE) == "inconclusive"
    with pytest.raises(ContentError, match="contains itself"):
        ios(every.replace("access-group name C", "class-map cm"), **MEMBERS)


@pytest.mark.parametrize(
    "lines",
    [
        "crypto map M",
        "ip policy route-map R",
        "ip admission A",
        "ip ips X in",
        "ip nat enable",
        "mac access-group 700 in",
    ],
)
def test_features_that_are_not_read_leave_it_open(lines: str) -> None:
    assert verdict(ios(office=lines), ONE) == "inconclusive"
    other = packets("10.93.2.11", "198.51.100.7", into=PLANT, out=OUTSIDE)
    assert verdict(ios(office=lines), other) == ("inconclusive" if lines == "ip nat enable" else "all")


def test_other_features() -> None:
    inspected = ios("ip access-list extended L\n deny ip any any\n", office="ip access-group L in\nip inspect I in")
    assert verdict(inspected, ONE) == "none"
    assert verdict(inspected, {**ONE, Dim.STATE: Ranges.only(State.ESTABLISHED)}) == "inconclusive"
    assert verdict(ios(plant="shutdown"), ONE) == "none"
    assert verdict(ios(plant="shutdown\nno shutdown"), ONE) == "all"
    assert verdict(ios("policy-map q\n class c\n  bandwidth 10\n", office="service-policy input q"), ONE) == "all"
    assert (
        verdict(ios("policy-map q\n class c\n  police 8000\n", office="service-policy input q"), ONE) == "inconclusive"
    )
    assert verdict(ios("vlan filter map vlan-list 93\n"), ONE) == "inconclusive"
    assert verdict(ios(office="switchport\nip access-group 101 in"), ONE) == "inconclusive"
    assert verdict(ios("ip access-group 101 in\n"), ONE) == "inconclusive"
    assert verdict(ios("banner motd ^C\nip access-group 101 in\n^C\n"), ONE) == "all"
    assert verdict(ios(end=""), ONE) == "all"  # an excerpt of whole lines
    assert verdict(ios(end="ip access-list extended Z"), ONE) == "inconclusive"  # cut off within a line
    shown = "Current configuration : 900 bytes\n!\n"
    whole = INTERFACES.format(office="!", outside="!", plant="!")
    assert verdict(read_listing("cisco-ios", f"{shown}{whole}end\n"), ONE) == "all"
    assert verdict(read_listing("cisco-ios", shown + whole), ONE) == "inconclusive"
    assert verdict(ios(end="end\nrtr#\n"), ONE) == "all"
    assert verdict(ios(), packets("10.91.6.4", "10.93.2.11", into="Serial0/0")) == "inconclusive"


def test_what_lies_behind_interfaces() -> None:
    routes = """\
ip route 10.93.0.0 255.255.0.0 10.91.6.254
ip route 10.50.0.0 255.255.0.0 Vlan93
ip route 10.50.7.0 255.255.255.0 Null0
ip route 0.0.0.0 0.0.0.0 203.0.113.33
"""
    listing = ios(routes)
    behind = {name: listing.homes[name] for name in listing.interfaces}
    assert not networks(IPv4Network("10.93.2.0/24")) - behind["Vlan93"]
    assert not networks(IPv4Network("10.93.3.0/24")) - behind["GigabitEthernet0/0"]
    assert not networks(IPv4Network("10.50.8.0/24")) - behind["Vlan93"]
    assert not any(ranges.meets(networks(IPv4Network("10.50.7.0/24"))) for ranges in behind.values())
    assert not any(ranges.meets(networks(IPv4Network("8.0.0.0/8"))) for ranges in behind.values())
    assert "10.93.3.0" not in str(ios(routes + "router ospf 1\n").homes)
    learned = ios(routes + "router ospf 1\n").homes["GigabitEthernet0/0"]
    assert not learned.meets(networks(IPv4Network("10.93.3.0/24")))
    listing = ios("access-list 101 deny ip any any\n", office="ip access-group 101 in")
    box, assumed = led(listing, packets("10.91.6.4", "10.93.2.11"))
    assert assumed == {"in": "GigabitEthernet0/0", "out": "Vlan93"}
    assert verdict(listing, box) == "none"


@pytest.mark.parametrize(
    "text", ["", "hostname x\n", "\x00\x01", "ASA Version 9.1\ninterface x\n", "access-list 101 permit ip any any\n"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ContentError):
        read_listing("cisco-ios", text)


@pytest.mark.parametrize(
    "text", ["interface x\n--More--\n", "interface x\nbanner motd ^C hello\n", "interface x\n" + "a" * 20_000]
)
def test_broken_texts_are_refused(text: str) -> None:
    with pytest.raises(ContentError) as refused:
        read_listing("cisco-ios", text)
    assert refused.value.hint
    assert refused.value.where is not None


def test_ten_thousand_entries() -> None:
    entries = [
        f" permit tcp 10.{n >> 8 & 255}.{n & 255}.0 0.0.0.255 host 10.93.2.11 eq {n + 1}\n" for n in range(10_000)
    ]
    text = "ip access-list extended L\n" + "".join(entries)
    began = time.process_time()
    listing = ios(text, office="ip access-group L in")
    assert time.process_time() - began < 5
    assert verdict(listing, packets("10.3.4.9", "10.93.2.11", "tcp", 773, into=OFFICE)) == "all"
    assert verdict(listing, packets("10.3.4.9", "10.93.2.11", "tcp", 774, into=OFFICE)) == "none"


@dataclass(frozen=True)
class _Written:
    """An entry as the generator means it: values, not text."""

    permit: bool
    proto: str
    source: tuple[int, int]
    target: tuple[int, int]
    """Address and wildcard."""
    ports: frozenset[int] | None
    session: bool

    def text(self, some: random.Random) -> str:
        words = ["permit" if self.permit else "deny", self.proto]
        words += [_end(*self.source, some), _end(*self.target, some)]
        if self.ports is not None:
            listed = sorted(self.ports)
            if listed == list(range(listed[0], listed[-1] + 1)) and len(listed) > 1:
                words.append(f"range {listed[0]} {listed[-1]}")
            else:
                words.append("eq " + " ".join(map(str, listed)))
        return " ".join([*words, *(["established"] if self.session else []), *(["log"] if some.random() < 0.2 else [])])

    def matches(self, src: int, dst: int, proto: str, port: int, *, new: bool) -> bool:
        return (
            self.proto in {"ip", proto}
            and not (src ^ self.source[0]) & ~self.source[1]
            and not (dst ^ self.target[0]) & ~self.target[1]
            and (self.ports is None or port in self.ports)
            and not (self.session and new)
        )


def _end(base: int, wild: int, some: random.Random) -> str:
    if wild == 2**32 - 1:
        return "any"
    if wild == 0 and some.random() < 0.5:
        return f"host {IPv4Address(base)}"
    return f"{IPv4Address(base)} {IPv4Address(wild)}"


def _drawn(some: random.Random) -> _Written:
    def end() -> tuple[int, int]:
        return 0x0A000000 + some.randint(0, 9), some.choice([0, 0, 1, 3, 2, 5, 2**32 - 1])

    proto = some.choice(["ip", "tcp", "udp"])
    ports = None
    if proto != "ip" and some.random() < 0.7:
        ports = frozenset(some.choice([[1, 2, 3], [20, 22], [9], list(range(15, 30))]))
    return _Written(some.random() < 0.5, proto, end(), end(), ports, proto == "tcp" and some.random() < 0.2)


@pytest.mark.parametrize("seed", range(60))
def test_a_naive_evaluator_agrees(seed: int) -> None:
    """Lists on the ways in and out of two interfaces; single packets and small networks of them."""
    some = random.Random(seed)
    lists: dict[str, list[_Written]] = {name: [_drawn(some) for _ in range(some.randint(1, 6))] for name in "PQ"}
    texts = []
    for name, entries in lists.items():
        numbers = sorted(some.sample(range(1, 900), len(entries)))
        lines = [f" {at} {entry.text(some)}\n" for at, entry in zip(numbers, entries, strict=True)]
        some.shuffle(lines)
        texts.append(f"ip access-list extended {name}\n" + "".join(lines))
    places = [(end, way) for end in ("office", "plant") for way in ("in", "out")]
    bound = {place: some.choice(["P", "Q", ""]) for place in places}
    ends = {
        end: "\n".join(f"ip access-group {bound[end, way]} {way}" for way in ("in", "out") if bound[end, way])
        for end in ("office", "plant")
    }
    listing = ios("".join(texts), **ends)
    names = {"office": OFFICE, "plant": PLANT}

    def passes(src: int, dst: int, proto: str, port: int, into: str, out: str, *, new: bool) -> bool:  # noqa: PLR0917 - a packet
        for place in ((into, "in"), (out, "out")):
            if bound[place]:
                for entry in lists[bound[place]]:
                    if entry.matches(src, dst, proto, port, new=new):
                        if not entry.permit:
                            return False
                        break
                else:
                    return False
        return True

    for _ in range(60):
        sources, targets = (
            IPv4Network((0x0A000000 + some.randint(0, 9), some.choice([29, 31, 32, 32])), strict=False) for _ in "ab"
        )
        proto, port, new = some.choice(["tcp", "udp"]), some.choice([1, 9, 15, 20, 21]), some.random() < 0.6
        into, out = some.choice(list(names)), some.choice(list(names))
        fates = {passes(int(s), int(d), proto, port, into, out, new=new) for s in sources for d in targets}
        state = State.NEW if new else State.ESTABLISHED
        box = packets(str(sources), str(targets), proto, port, into=names[into], out=names[out], state=state)
        expected = "some" if len(fates) == 2 else "all" if fates == {True} else "none"
        assert verdict(listing, box) == expected, ask(listing, box)
