# SPDX-License-Identifier: Apache-2.0
"""Cisco ASA: texts of our own, and generated ones against a naive evaluator. No real device was asked."""

from __future__ import annotations

import random
import time
from ipaddress import IPv4Address, IPv4Network

import pytest

from fakes.packets import packets, verdict
from plantproof.cli.firewall.querying import led
from plantproof.errors import ContentError
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.packets import Dim, State, interface
from plantproof.firewall.program import Listing
from plantproof.firewall.query import ask
from plantproof.firewall.ranges import Ranges

HEAD = """\
: Saved
ASA Version 9.16(4)
hostname asa
banner motd # one line with no second mark
interface GigabitEthernet1/1
 nameif outside
 security-level 0
 ip address 198.51.100.2 255.255.255.248
interface GigabitEthernet1/2
 nameif plant
 security-level 60
 ip address 10.82.0.1 255.255.255.0
interface GigabitEthernet1/3
 nameif lab
 security-level 60
 ip address 10.83.0.1 255.255.255.0
interface GigabitEthernet1/4
 shutdown
 no nameif
"""
END = ": end\n"
ONE = packets("203.0.113.9", "10.82.0.40", "tcp", 502, into="OUTSIDE", out="plant")


def asa(text: str = "", head: str = HEAD, end: str = END) -> Listing:
    return read_listing("cisco-asa", head + text + end)


def listed(*entries: str, more: str = "") -> Listing:
    """One list on the way in from outside."""
    return asa(
        more + "".join(f"access-list L {entry}\n" for entry in entries) + "access-group L in interface outside\n"
    )


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("extended permit ip any any", "all"),
        ("permit ip any4 any4", "all"),
        ("extended permit ip any6 any6", "none"),
        ("extended permit tcp host 203.0.113.9 10.82.0.0 255.255.255.0 eq 502 log notifications interval 60", "all"),
        ("extended permit tcp host 203.0.113.9 10.82.0.0 0.0.0.255 eq 502", "inconclusive"),  # no wildcard masks here
        ("extended permit tcp any any eq 502 80", "inconclusive"),
        ("extended permit tcp any gt 1023 any neq 502", "none"),
        ("extended permit tcp any any range 500 510", "all"),
        ("extended permit tcp any interface plant", "none"),
        ("extended permit tcp any interface nowhere", "inconclusive"),
        ("extended permit tcp any any eq 502 time-range T", "inconclusive"),
        ("extended permit tcp any any eq 502 inactive", "none"),
        ("extended permit tcp any any eq 502 log disable inactive", "none"),
        ("extended permit tcp any any eq 502 time-range T inactive", "none"),
        ("extended permit tcp any any eq 502 sometimes", "inconclusive"),
        ("extended permit tcp user X any any", "inconclusive"),
        ("extended permit object-group nowhere any any", "inconclusive"),
        ("standard permit any4", "inconclusive"),
        ("ethertype permit any", "inconclusive"),
        ("line 1 extended permit tcp any any", "all"),
        ("remark x", "inconclusive"),
        ("extended permit icmp any any echo", "none"),
    ],
)
def test_what_an_entry_matches(entry: str, expected: str) -> None:
    assert verdict(listed(entry), ONE) == expected


OBJECTS = """\
object network plc
 host 10.82.0.40
object network far
 range 203.0.113.8 203.0.113.10
object network cell
 subnet 10.82.0.0 255.255.255.0
object network named
 fqdn v4 plc.example
object service modbus
 service tcp destination eq 502
object-group network ends
 network-object object plc
 network-object host 10.82.0.41
object-group network outer
 group-object ends
object-group service talk
 service-object object modbus
 service-object udp source range 1024 65535 destination eq 2222
 service-object tcp eq 8443
object-group service web tcp
 port-object eq https
 port-object range 500 510
object-group protocol both
 protocol-object tcp
 protocol-object udp
object-group icmp-type ping
 icmp-object echo
"""


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("permit tcp object far object plc", "all"),
        ("permit tcp object far object-group outer eq 502", "all"),
        ("permit tcp object far object named", "inconclusive"),
        ("permit object modbus any object cell", "all"),
        ("permit object-group talk any object cell", "all"),
        ("permit tcp any object plc object-group web", "all"),
        ("permit tcp any object-group web object plc", "some"),  # as the source port
        ("permit udp any object plc object-group web", "none"),
        ("permit object-group both any any eq 502", "all"),
        ("permit object-group both any any eq 503", "none"),
        ("permit icmp any any object-group ping", "none"),
        ("permit object icmp any any", "none"),
        ("permit tcp any object talk", "inconclusive"),
    ],
)
def test_objects(entry: str, expected: str) -> None:
    assert verdict(listed(f"extended {entry}", more=OBJECTS), ONE) == expected
    listing = listed("extended permit icmp any any object-group ping", more=OBJECTS)
    assert verdict(listing, packets("203.0.113.9", "10.82.0.40", "icmp", 2048, into="outside", out="plant")) == "all"


def test_groups_that_contain_themselves() -> None:
    with pytest.raises(ContentError, match="contains itself") as refused:
        asa("object-group network a\n group-object b\nobject-group network b\n group-object a\n")
    assert refused.value.where is not None


def test_levels_decide_where_no_list_is_bound() -> None:
    def asked(into: str, out: str, text: str = "") -> str:
        return verdict(asa(text), packets("10.1.1.1", "10.2.2.2", "tcp", 502, into=into, out=out))

    assert asked("plant", "outside") == "all"
    assert asked("outside", "plant") == "none"
    assert asked("plant", "lab") == "none"
    assert asked("plant", "lab", "same-security-traffic permit inter-interface\n") == "all"
    assert asked("plant", "plant") == "none"
    assert asked("plant", "plant", "same-security-traffic permit intra-interface\n") == "all"
    permit = "access-list P extended permit ip any any\naccess-group P in interface plant\n"
    assert asked("plant", "lab", permit) == "none"  # a list does not help against equal levels
    assert asked("outside", "plant", permit.replace("interface plant", "interface outside")) == "all"
    out = permit.replace("in interface plant", "out interface plant")
    assert asked("outside", "plant", out) == "none"
    assert (
        asked(
            "plant",
            "outside",
            permit.replace("permit ip", "deny ip").replace("in interface plant", "out interface outside"),
        )
        == "none"
    )
    assert (
        asked("plant", "outside", permit.replace("interface plant", "interface plant per-user-override"))
        == "inconclusive"
    )
    assert asked("outside", "plant", permit.replace("interface plant", "interface outside control-plane")) == "none"
    assert asked("plant", "outside", "access-group missing in interface plant\n") == "inconclusive"
    assert verdict(asa(head=HEAD.replace(" security-level 60\n", "")), ONE) == "inconclusive"


def test_global_lists_come_behind_those_of_interfaces() -> None:
    text = (
        "access-list G extended permit tcp any any eq 502\naccess-list G extended deny udp any any\n"
        "access-list L extended deny tcp any host 10.82.0.41\naccess-group G global\naccess-group L in interface outside\n"
    )
    assert verdict(asa(text), ONE) == "all"
    assert verdict(asa(text), packets("203.0.113.9", "10.82.0.41", "tcp", 502, into="outside", out="plant")) == "none"
    assert verdict(asa(text), packets("203.0.113.9", "10.82.0.40", "tcp", 503, into="outside", out="plant")) == "none"
    assert verdict(asa(text), packets("10.82.0.40", "203.0.113.9", "tcp", 502, into="plant", out="outside")) == "all"
    assert (
        verdict(asa(text), packets("10.82.0.40", "203.0.113.9", "tcp", 503, into="plant", out="outside"))
        == "inconclusive"
    )


def test_packets_of_connections_pass() -> None:
    assert verdict(asa(), ONE) == "none"
    assert verdict(asa(), {**ONE, Dim.STATE: Ranges.only(State.ESTABLISHED)}) == "all"
    ping = packets("203.0.113.9", "10.82.0.40", "icmp", 0, into="outside", out="plant", state=State.ESTABLISHED)
    assert verdict(asa(), ping) == "inconclusive"


def test_lists_speak_of_real_addresses() -> None:
    static = "object network plc\n nat (plant,outside) static 198.51.100.4\n"
    arrives = packets("203.0.113.9", "198.51.100.4", "tcp", 502, into="outside", out="plant")
    real = listed("extended permit tcp any object plc eq 502", more=OBJECTS + static)
    assert verdict(real, arrives) == "all"
    assert verdict(real, ONE) == "inconclusive"  # to the real address, past the translation
    assert verdict(listed("extended permit tcp any host 198.51.100.4", more=OBJECTS + static), arrives) == "none"
    port = "object network plc\n nat (plant,outside) static interface service tcp 502 5020\n"
    through = listed("extended permit tcp any object plc eq 502", more=OBJECTS + port)
    assert verdict(through, packets("203.0.113.9", "198.51.100.2", "tcp", 5020, into="outside", out="plant")) == "all"
    assert verdict(through, packets("203.0.113.9", "198.51.100.2", "tcp", 5021, into="outside", out="plant")) == "none"
    identity = "nat (plant,outside) source static cell cell destination static far far no-proxy-arp\n"
    overload = identity + "nat (plant,outside) after-auto source dynamic any interface\n"
    assert verdict(listed("extended permit ip any any", more=OBJECTS + overload), ONE) == "all"
    other = packets("203.0.113.77", "10.82.0.40", "tcp", 502, into="outside", out="plant")
    assert verdict(listed("extended permit ip any any", more=OBJECTS + overload), other) == "inconclusive"
    inactive = "object network plc\n nat (plant,outside) static 198.51.100.4 inactive\n"
    assert verdict(listed("extended permit tcp any object plc", more=OBJECTS + inactive), arrives) == "none"
    assert (
        verdict(listed("extended permit ip any any", more="nat (plant) 1 10.82.0.0 255.255.255.0\n"), ONE)
        == "inconclusive"
    )
    box, assumed = led(real, packets("203.0.113.9", "198.51.100.4", "tcp", 502))
    assert assumed == {"out": "plant"}  # where the translated address is
    assert box[Dim.OUT] == interface("plant")


def test_what_is_not_read_leaves_it_open() -> None:
    permit = "access-list L extended permit ip any any\naccess-group L in interface outside\n"
    assert verdict(asa(permit), ONE) == "all"
    for text in [
        "crypto map M interface outside\n", "webvpn\n enable outside\n", "firewall transparent\n", "established tcp 5\n",
        "aaa authentication match X outside inside\n", "policy-map p\n class c\n  police input 8000\n", "mode multiple\n",
        "static (plant,outside) 1.1.1.1 10.82.0.40\n", "no access-list L\n", "router ospf 1\nclear x\n",
    ]:  # fmt: skip
        assert verdict(asa(permit + text), ONE) == "inconclusive", text
    assert verdict(asa(permit, head=HEAD.removeprefix(": Saved\n"), end=""), ONE) == "all"  # an excerpt of whole lines
    assert verdict(asa(permit, end="access-list L exten"), ONE) == "inconclusive"  # cut off within a line
    assert verdict(asa(permit, end=""), ONE) == "inconclusive"
    assert verdict(asa(permit, end="Cryptochecksum:0123\n"), ONE) == "all"
    assert verdict(asa(permit, head=HEAD.replace("9.16(4)", "8.2(5)")), ONE) == "inconclusive"
    assert verdict(asa(permit, head=HEAD.replace("ASA Version 9.16(4)\n", "")), ONE) == "all"
    assert verdict(asa(permit, head=HEAD.replace(" nameif plant\n", " nameif plant\n shutdown\n")), ONE) == "none"
    assert (
        verdict(asa(permit + "names\nname 10.82.0.40 plc\naccess-list L extended deny ip any host plc\n"), ONE) == "all"
    )


def test_what_lies_behind_interfaces() -> None:
    listing = asa("route plant 10.90.0.0 255.255.0.0 10.82.0.254 1\nroute outside 0.0.0.0 0.0.0.0 198.51.100.1 1\n")
    box, assumed = led(listing, packets("10.90.7.0/24", "10.83.0.9"))
    assert assumed == {"in": "plant", "out": "lab"}
    assert verdict(listing, box) == "none"
    assert verdict(listing, packets("10.1.1.1", "10.2.2.2", into="dmz")) == "inconclusive"


@pytest.mark.parametrize(
    "text", ["", "hostname x\n", "\x00\x01", "interface GigabitEthernet0/0\n ip address 10.0.0.1 255.0.0.0\n"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ContentError, match="nameif"):
        read_listing("cisco-asa", text)


def test_ten_thousand_entries() -> None:
    entries = [
        f"extended permit tcp 10.{n >> 8 & 255}.{n & 255}.0 255.255.255.0 host 10.82.0.40 eq {n + 1}"
        for n in range(10_000)
    ]
    began = time.process_time()
    listing = listed(*entries)
    assert time.process_time() - began < 5
    assert verdict(listing, packets("10.3.4.9", "10.82.0.40", "tcp", 773, into="outside", out="plant")) == "all"


@pytest.mark.parametrize("seed", range(50))
def test_a_naive_evaluator_agrees(seed: int) -> None:  # noqa: C901 - generator and evaluator together
    """Lists on the ways in and out and a global one, levels and a static translation; packets and small networks."""
    some = random.Random(seed)
    nets = ["10.0.0.0/30", "10.0.0.4/30", "10.0.0.2/31", "10.0.0.0/29", "0.0.0.0/0"]
    lists = {
        name: [
            (some.random() < 0.5, some.choice(["ip", "tcp", "udp"]), some.choice(nets), some.choice(nets),
             some.choice([None, (1, 9), (20, 22)]), some.random() < 0.1)
            for _ in range(some.randint(1, 5))
        ]
        for name in "PQG"
    }  # fmt: skip
    levels = {"outside": 0, "plant": some.choice([0, 50]), "lab": 50}
    inter = some.random() < 0.5
    bound = {(way, end): some.choice(["P", "Q", "", ""]) for way in ("in", "out") for end in levels}
    everywhere = some.random() < 0.3
    if everywhere:  # beside a global list an interface without one is not decided
        bound.update({("in", end): some.choice("PQ") for end in levels})
    mapped, real = 0x0A000007, 0x0A000003
    static = some.random() < 0.4
    text = "".join(f"interface G{end}\n nameif {end}\n security-level {level}\n" for end, level in levels.items())
    text += "same-security-traffic permit inter-interface\n" if inter else ""
    for name, entries in lists.items():
        for permit, proto, source, target, ports, inactive in entries:
            ends = " ".join(IPv4Network(net).with_netmask.replace("/", " ") for net in (source, target))
            tail = f" range {ports[0]} {ports[1]}" if ports and proto != "ip" else ""
            text += f"access-list {name} extended {'permit' if permit else 'deny'} {proto} {ends}{tail}"
            text += " inactive\n" if inactive else "\n"
    text += "".join(f"access-group {name} {way} interface {end}\n" for (way, end), name in bound.items() if name)
    text += "access-group G global\n" if everywhere else ""
    if static:
        text += f"object network o\n host {IPv4Address(real)}\n nat (lab,outside) static {IPv4Address(mapped)}\n"
    listing = asa(text, head="ASA Version 9.8(2)\n")

    def first(name: str, src: int, dst: int, proto: str, port: int) -> bool | None:
        for permit, which, source, target, ports, inactive in lists[name]:
            inside = IPv4Address(src) in IPv4Network(source) and IPv4Address(dst) in IPv4Network(target)
            fits = which == "ip" or (which == proto and (ports is None or ports[0] <= port <= ports[1]))
            if inside and fits and not inactive:
                return permit
        return None

    def passes(src: int, dst: int, proto: str, port: int, into: str, out: str) -> bool:  # noqa: PLR0917 - a packet
        dst = real if static and into == "outside" and dst == mapped else dst
        if into == out or (levels[into] == levels[out] and not inter):
            return False
        listed_in = bound["in", into]
        fate = first(listed_in, src, dst, proto, port) if listed_in else levels[into] >= levels[out]
        if fate is None and everywhere:
            fate = first("G", src, dst, proto, port)
        return bool(fate) and (not bound["out", out] or bool(first(bound["out", out], src, dst, proto, port)))

    for _ in range(60):
        sources, targets = (
            IPv4Network((0x0A000000 + some.randint(0, 9), some.choice([29, 31, 32, 32])), strict=False) for _ in "ab"
        )
        proto, port = some.choice(["tcp", "udp"]), some.choice([1, 9, 15, 21])
        into, out = some.choice(list(levels)), some.choice(list(levels))
        if static and (into, out) == ("outside", "lab") and IPv4Address(real) in targets:
            continue  # past the translation: not decided
        fates = {passes(int(s), int(d), proto, port, into, out) for s in sources for d in targets}
        box = packets(str(sources), str(targets), proto, port, into=into.upper(), out=out)
        expected = "some" if len(fates) == 2 else "all" if fates == {True} else "none"
        assert verdict(listing, box) == expected, ask(listing, box)
