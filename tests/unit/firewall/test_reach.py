# SPDX-License-Identifier: Apache-2.0
"""From zone to zone: by hand for each kind of answer, and against single packets led through the plant one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network
from typing import NamedTuple

import pytest

from fakes.plants import conduit, firewall, iptables, plant, zone
from plantproof.core.plant import Plant
from plantproof.firewall.packets import ANY, Dim
from plantproof.firewall.program import Act, Instruction, Listing, Program, Rule, Step
from plantproof.firewall.ranges import Ranges
from plantproof.firewall.reach import Device, Outcome, Pair, judge
from plantproof.firewall.reach.services import services_text
from plantproof.firewall.routes import read_routes

OFFICE, DMZ, CELL = zone("office", "10.1.0.0/16"), zone("dmz", "10.2.0.0/24"), zone("cell", "10.4.0.0/24")
OUTER = firewall("outer", lan="office", dmz="dmz")
INNER = firewall("inner", up="dmz", cell="cell")
OPEN = "-p tcp -m tcp --dport 502 -j ACCEPT"


def outcomes(pair: Pair) -> list[str]:
    return [str(passage.outcome) for passage in pair.passages] + [str(blocked.outcome) for blocked in pair.blocked]


def through(outer: Device, inner: Device, *conduits: str, source: str = "office", target: str = "cell") -> Pair:
    here = plant(OFFICE, DMZ, CELL, OUTER, INNER, *([conduit("c", *conduits)] if conduits else []))
    return judge(here, {"outer": outer, "inner": inner}).pairs[source, target]


def test_both_firewalls_have_to_let_a_packet_through() -> None:
    wide, narrow = (
        iptables("-j ACCEPT"),
        iptables("-s 10.1.9.0/24 -d 10.4.0.8/30 -p tcp -m tcp --dport 100:600 -j ACCEPT"),
    )
    assert not through(wide, iptables()).passages
    assert not through(iptables(), wide).passages
    pair = through(iptables(OPEN), narrow)
    assert outcomes(pair) == ["undeclared"]
    (passage,) = pair.passages
    assert [hop.entry.firewall for hop in passage.hops] == ["outer", "inner"]
    assert services_text(passage.arriving) == "modbus (tcp/502)"
    assert passage.arriving[0][Dim.SRC] == Ranges.of([(int(IPv4Address("10.1.9.0")), int(IPv4Address("10.1.9.255")))])
    assert passage.arriving[0][Dim.DST].size == 4


def test_what_a_conduit_declares_is_told_from_what_it_does_not() -> None:
    pair = through(iptables("-p tcp -m tcp --dport 500:510 -j ACCEPT"), iptables("-j ACCEPT"), "office > cell: modbus")
    assert outcomes(pair) == ["declared", "undeclared"]
    assert [services_text(passage.arriving) for passage in pair.passages] == [
        "modbus (tcp/502)",
        "tcp/500-501, tcp/503-510",
    ]


def test_a_declared_flow_that_no_rule_lets_through_is_blocked_by_name() -> None:
    pair = through(iptables(OPEN), iptables("-d 10.4.0.0/24 -p tcp -m tcp --dport 102 -j DROP"), "office > cell: s7")
    assert outcomes(pair) == ["undeclared", "blocked"] or outcomes(pair) == ["blocked"]
    (blocked,) = pair.blocked
    assert blocked.service == "s7"
    assert [(name, rule.text) for name, rule in blocked.rules] == [("outer", ":FORWARD DROP")]
    pair = through(
        iptables("-j ACCEPT"), iptables("-d 10.4.0.0/24 -p tcp -m tcp --dport 102 -j DROP"), "office > cell: s7"
    )
    assert "--dport 102" in pair.blocked[0].rules[0][1].text


def test_answers_have_to_come_back() -> None:
    stateless = iptables(OPEN, answers=False)
    assert outcomes(through(iptables(OPEN), stateless, "office > cell: modbus")) == ["declared", "no answer"]
    back = iptables(OPEN, "-p tcp -m tcp --sport 502 ! --syn -j ACCEPT", answers=False)
    assert outcomes(through(iptables(OPEN), back, "office > cell: modbus")) == ["declared"]


def test_begun_from_the_wrong_side() -> None:
    up, open_ = iptables("-s 10.4.0.0/24 -p tcp -m tcp --dport 502 -j ACCEPT"), iptables("-j ACCEPT")
    pair = through(open_, up, "office > cell: modbus", source="cell", target="office")
    assert outcomes(pair) == ["backwards"]
    here = plant(DMZ, CELL, INNER, conduit("diode", one_way="cell > dmz"))
    assert outcomes(judge(here, {"inner": open_}).pairs["dmz", "cell"]) == ["backwards"]
    assert outcomes(judge(here, {"inner": open_}).pairs["cell", "dmz"]) == ["undeclared"]


def test_what_a_packet_does_not_tell_is_doubtful_and_never_blocked() -> None:
    limited = iptables("-p tcp -m tcp --dport 502 -m limit --limit 1/sec -j ACCEPT")
    pair = through(iptables(OPEN), limited, "office > cell: modbus")
    assert outcomes(pair) == ["doubtful"]
    assert pair.passages[0].hops[1].doubts
    cut_off = Rule(line=3, text="", action="", understood=False, why="cut off")
    unread = Device(Listing(dialect="x", rules=(), program=Program(()), lines=0, incomplete=(cut_off,)))
    pair = through(iptables(OPEN), unread, "office > cell: modbus")
    assert outcomes(pair) == ["doubtful"]
    assert pair.passages[0].hops[1].why == (cut_off,)
    assert services_text(pair.passages[0].arriving) == "modbus (tcp/502)"


def test_translated_destinations_are_followed_to_the_inner_zone() -> None:
    nat = ("-A PREROUTING -d 10.2.0.254/32 -p tcp -m tcp --dport 8502 -j DNAT --to-destination 10.4.0.7:502",)
    inner = iptables("-d 10.4.0.7/32 -p tcp -m tcp --dport 502 -j ACCEPT", nat=nat)
    pair = through(iptables("-d 10.2.0.254/32 -j ACCEPT"), inner, "office > cell: modbus")
    assert outcomes(pair) == ["declared"]
    (passage,) = pair.passages
    assert passage.sent[0][Dim.DST] == Ranges.only(int(IPv4Address("10.2.0.254")))
    assert passage.sent[0][Dim.DPORT] == Ranges.only(8502)
    assert passage.arriving[0][Dim.DST] == Ranges.only(int(IPv4Address("10.4.0.7")))
    assert passage.arriving[0][Dim.DPORT] == Ranges.only(502)


def test_translated_sources_meet_the_next_firewall() -> None:
    outer = iptables("-j ACCEPT", nat=("-A POSTROUTING -s 10.1.0.0/16 -j SNAT --to-source 10.2.0.1",))
    assert outcomes(through(outer, iptables(f"-s 10.2.0.1/32 {OPEN}"))) == ["undeclared"]
    assert not through(outer, iptables(f"-s 10.1.0.0/16 {OPEN}")).passages
    masked = iptables("-j ACCEPT", nat=("-A POSTROUTING -s 10.1.0.0/16 -j MASQUERADE",))
    pair = through(masked, iptables(f"-s 10.2.0.1/32 {OPEN}"))
    assert outcomes(pair) == ["doubtful"]  # which address the outer firewall takes, its rules do not tell
    assert pair.passages[0].sent[0][Dim.SRC].size == 2**16


def test_zones_behind_one_interface_have_nothing_between() -> None:
    here = plant(OFFICE, DMZ, CELL, firewall("fw", a="office", b="dmz, cell"), conduit("c", "dmz > cell: modbus"))
    report = judge(here, {"fw": iptables()})
    assert report.pairs["dmz", "cell"].unfiltered
    assert report.pairs["dmz", "cell"].joined
    assert not report.pairs["dmz", "cell"].blocked
    assert not report.pairs["office", "cell"].unfiltered


def test_links_join_firewalls_and_routers_let_pass() -> None:
    first = firewall("first", lan="office", core="link:core")
    router = firewall("router", "none", a="link:core", b="link:plant-side")
    last = firewall("last", up="link:plant-side", cell="cell")
    everything = Program((Instruction(ANY, Step(act=Act.FORWARD)),))
    passing = Device(Listing(dialect="none", rules=(), program=everything, lines=0))
    here = plant(OFFICE, CELL, first, router, last)
    devices = {"first": iptables("-j ACCEPT"), "router": passing, "last": iptables(OPEN)}
    pair = judge(here, devices).pairs["office", "cell"]
    assert outcomes(pair) == ["undeclared"]
    assert len(pair.passages[0].hops) == 3


def test_routes_say_which_way_packets_leave() -> None:
    here = plant(OFFICE, CELL, DMZ, firewall("fw", a="office", b="cell", c="cell"))
    open_ = iptables("-i a -o b -j ACCEPT").listing
    routes = '[{"dst":"10.4.0.0/24","dev":"c"},{"dst":"default","gateway":"10.1.0.1","dev":"a"}]'
    assert outcomes(judge(here, {"fw": Device(open_)}).pairs["office", "cell"]) == ["undeclared"]
    assert not judge(here, {"fw": Device(open_, read_routes(routes))}).pairs["office", "cell"].passages


def test_nested_zones_lie_behind_the_interface_of_the_zone_around_them() -> None:
    inside = zone("robot", "10.4.0.64/26", parent="cell")
    here = plant(OFFICE, CELL, inside, firewall("fw", a="office", b="cell"))
    report = judge(here, {"fw": iptables("-d 10.4.0.64/26 -j ACCEPT")})
    assert report.pairs["office", "robot"].passages
    assert not report.pairs["office", "cell"].passages
    assert report.pairs["cell", "robot"].unfiltered


def test_what_cannot_be_known_is_said() -> None:
    here = plant(OFFICE, zone("bare"), zone("island", "10.9.0.0/24"), CELL, firewall("fw", a="office", b="cell, bare"))
    report = judge(here, {"fw": iptables()}, notes={"fw-9": "gone"})
    assert {(one.about, one.why.split(",")[0]) for one in report.unknown} == {
        ("fw-9", "gone"),
        ("bare", "the zone names no networks"),
        ("island", "no interface of a firewall leads to this zone"),
    }
    assert set(report.pairs) == {("office", "cell"), ("cell", "office")}
    assert set(judge(here, {"fw": iptables()}, ["office"], ["cell"]).pairs) == {("office", "cell")}


def test_a_zone_of_any_address_has_what_nobody_else_has() -> None:
    here = plant(zone("internet", any_address=True), OFFICE, firewall("fw", wan="internet", lan="office"))
    report = judge(here, {"fw": iptables("-d 10.1.0.5/32 -j ACCEPT", "-i lan -d 8.8.8.8/32 -j ACCEPT")})
    assert outcomes(report.pairs["internet", "office"]) == ["undeclared"]
    assert outcomes(report.pairs["office", "internet"]) == ["undeclared"]
    assert Dim.PROTO not in report.pairs["internet", "office"].passages[0].arriving[0]


def test_rules_that_let_nothing_through_from_zone_to_zone_are_unused() -> None:
    here = plant(OFFICE, DMZ, CELL, OUTER, INNER)
    rules = (
        "-s 10.1.0.0/16 -j ACCEPT",
        "-s 10.9.0.0/16 -j ACCEPT",
        "-s 10.9.0.0/16 -j DROP",
        "-d 10.4.0.9/32 -j ACCEPT",
    )
    devices = {"outer": iptables("-d 10.4.0.0/24 -j ACCEPT"), "inner": iptables(*rules)}
    assert [(name, rule.line) for name, rule in judge(here, devices).unused] == [("inner", 5)]
    assert judge(here, devices, ["office"]).unused == ()
    devices["outer"] = iptables("-d 10.4.0.0/24 -m limit --limit 1/sec -j ACCEPT")
    assert [(name, rule.line) for name, rule in judge(here, devices).unused] == [("inner", 5)]


def test_a_mesh_without_end_is_given_up_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plantproof.firewall.reach.spread._WAYS", 3)
    mesh = [firewall(f"f{n}", a="office", b="dmz", c="cell") for n in range(4)]
    here = plant(OFFICE, DMZ, CELL, *mesh)
    report = judge(here, {f"f{n}": iptables("-j ACCEPT") for n in range(4)})
    assert {one.about for one in report.unknown} == {"office", "dmz", "cell"}


class Listed(NamedTuple):
    """One rule of the random plants."""

    source: str
    target: str
    port: tuple[int, int] | None
    accepts: bool

    def takes(self, source: int, target: int, port: int) -> bool:
        nets = ip_network(self.source), ip_network(self.target)
        inside = IPv4Address(source) in nets[0] and IPv4Address(target) in nets[1]
        return inside and (self.port is None or self.port[0] <= port <= self.port[1])

    def text(self) -> str:
        port = "" if self.port is None else f" -p tcp -m tcp --dport {self.port[0]}:{self.port[1]}"
        return f"-s {self.source} -d {self.target}{port} -j {'ACCEPT' if self.accepts else 'DROP'}"


class RandomPlant:
    """Four zones, three firewalls in a random order of joints, a few rules, now and then a translation."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.zones = [zone(f"z{n}", f"10.{n}.0.0/28") for n in range(4)]
        self.joints: dict[str, list[str]] = {}
        for n in range(3):
            self.joints[f"f{n}"] = [one.id for one in self.pick.sample(self.zones, self.pick.choice([2, 2, 3]))]
        self.rules = {name: [self._rule() for _ in range(self.pick.randint(1, 5))] for name in self.joints}
        self.nat = {
            name: {self._host(): self._host() for _ in range(self.pick.choice([0, 0, 1]))} for name in self.joints
        }
        self.policies = {name: self.pick.random() < 0.3 for name in self.joints}
        walls = [firewall(name, **{f"i-{z}": z for z in joined}) for name, joined in self.joints.items()]
        self.plant: Plant = plant(*self.zones, *walls)
        self.devices = {
            name: iptables(
                *(rule.text() for rule in rules),
                nat=tuple(
                    f"-A PREROUTING -d {IPv4Address(old)}/32 -j DNAT --to-destination {IPv4Address(new)}"
                    for old, new in self.nat[name].items()
                ),
                policy="ACCEPT" if self.policies[name] else "DROP",
            )
            for name, rules in self.rules.items()
        }

    def _host(self) -> int:
        return int(IPv4Address(f"10.{self.pick.randrange(4)}.0.{self.pick.randrange(16)}"))

    def _net(self) -> str:
        size = self.pick.choice([32, 30, 28, 8])
        return str(ip_network((self._host(), size), strict=False))

    def _rule(self) -> Listed:
        port = self.pick.choice([None, (10, 20), (15, 15), (16, 40)])
        return Listed(self._net(), self._net(), port, self.pick.random() < 0.7)

    def packet(self) -> tuple[int, int, int]:
        return self._host(), self._host(), self.pick.choice([9, 10, 15, 16, 20, 30, 41])

    def arrivals(self, at: str, source: int, target: int, port: int, passed: tuple[str, ...] = ()) -> Iterator[tuple[str, int]]:  # fmt: skip
        """Zones, beside the first, where one packet arrives, and to which address: way by way, rule by rule."""
        for name, joined in self.joints.items():
            if at not in joined or name in passed:
                continue
            led = self.nat[name].get(target, target)
            taking = (rule.accepts for rule in self.rules[name] if rule.takes(source, led, port))
            accepts = next(taking, self.policies[name])
            if not accepts:
                continue
            for out in joined:
                if out != at and self._leads(out, f"z{(led >> 16) & 255}", (name,)):
                    if (led >> 16) & 255 == int(out[1:]):
                        yield out, led
                    yield from self.arrivals(out, source, led, port, (*passed, name))

    def _leads(self, at: str, wanted: str, without: tuple[str, ...]) -> bool:
        met, waiting = {at}, [at]
        while waiting:
            here = waiting.pop()
            for name, joined in self.joints.items():
                if here in joined and name not in without:
                    waiting += [one for one in joined if one not in met]
                    met.update(joined)
        return wanted in met


@pytest.mark.parametrize("seed", range(60))
def test_single_packets_agree(seed: int) -> None:
    one = RandomPlant(seed)
    report = judge(one.plant, one.devices)
    for _ in range(150):
        source, target, port = one.packet()
        begin = f"z{(source >> 16) & 255}"
        expected = {zone for zone, _ in one.arrivals(begin, source, target, port) if zone != begin}
        found = {
            end
            for (start, end), pair in report.pairs.items()
            if start == begin
            for passage in pair.passages
            for box in passage.sent
            if source in box[Dim.SRC] and target in box[Dim.DST]
            if 6 in box.get(Dim.PROTO, Ranges.only(6)) and port in box.get(Dim.DPORT, Ranges.only(port))
        }
        assert found == expected, (seed, IPv4Address(source), IPv4Address(target), port)
        assert all(
            str(passage.outcome) == Outcome.UNDECLARED for pair in report.pairs.values() for passage in pair.passages
        )


def test_reading_only_is_more_than_a_port_can_hold() -> None:
    wide = iptables("-j ACCEPT")
    told = through(wide, iptables(OPEN), "office > cell: modbus read")
    assert outcomes(told) == ["declared", "writes"]
    (one,) = told.blocked
    assert [name for name, _ in one.rules] == ["outer", "inner"]
    assert outcomes(through(wide, iptables(OPEN), "office > cell: modbus")) == ["declared"]
    web = iptables("-p tcp -m tcp --dport 443 -j ACCEPT")
    assert outcomes(through(wide, web, "office > cell: https read")) == ["declared"], "only what moves a process"
    assert outcomes(through(wide, iptables(), "office > cell: modbus read")) == ["blocked"]
