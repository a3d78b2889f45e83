# SPDX-License-Identifier: Apache-2.0
"""FortiOS configurations, feature by feature, and against a naive evaluator of the rules that they were printed from."""

from __future__ import annotations

import random
from ipaddress import IPv4Address, IPv4Network

import pytest

from fakes.packets import packets, verdict
from plantproof.errors import ContentError
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.packets import State, networks
from plantproof.firewall.program import Listing
from plantproof.firewall.query import ask

OBJECTS = """\
#config-version=FGT60F-{version}-FW-build1639-240313:opmode=0:vdom=0:user=ops
config system interface
    edit "port3"
        set ip 10.71.3.1 255.255.255.0
    next
    edit "wan2"
        set ip 198.51.100.2 255.255.255.0
    next
    edit "vl31"
        set ip 10.71.31.1 255.255.255.0
    next
    edit "vl32"
    next
end
config system replacemsg http "bad"
    set buffer "<html>
config firewall policy
end ""
\\"quoted\\"
</html>"
end
config router static
    edit 1
        set gateway 198.51.100.1
        set device "wan2"
    next
    edit 2
        set dst 10.71.0.0 255.255.0.0
        set device "vl32"
    next
end
config system zone
    edit "cells"
        {intrazone}
        set interface "vl31" "vl32"
    next
end
config firewall address
    edit "all"
    next
    edit "mixer"
        set subnet 10.71.31.0 255.255.255.128
    next
    edit "laptops"
        set type iprange
        set start-ip 10.70.5.20
        set end-ip 10.70.5.29
    next
    edit "spare"
        set subnet 10.70.5.25 255.255.255.255
    next
    edit "every-7"
        set type wildcard
        set wildcard 10.4.0.7 255.255.0.255
    next
    edit "vendor"
        set type fqdn
        set fqdn "vendor.example"
    next
end
config firewall addrgrp
    edit "team"
        set member "laptops"
        set exclude enable
        set exclude-member "spare"
    next
    edit "outer"
        set member "team" "mixer"
    next
end
config firewall service custom
    edit "modbus"
        set tcp-portrange 502
    next
    edit "full"
        set protocol TCP/UDP/SCTP
        set iprange 0.0.0.0
        set fqdn ''
        set tcp-portrange 1200
    next
    edit "elsewhere"
        set iprange 10.9.9.1-10.9.9.2
        set tcp-portrange 1200
    next
    edit "two-ways"
        set tcp-portrange 4840 5000-5003:1024-65535
        set udp-portrange 34964
    next
end
config firewall vip
    edit "gate"
        set extip 198.51.100.41
        set mappedip "10.71.31.9"
        set extintf "wan2"
        set portforward enable
        set extport 8022
        set mappedport 22
    next
    edit "whole"
        set extip 198.51.100.50-198.51.100.53
        set mappedip "10.71.31.50-10.71.31.53"
        set extintf "any"
    next
end
{more}
config firewall policy
"""


def policy(number: int, **keys: str) -> str:
    said = {"srcintf": '"any"', "dstintf": '"any"', "srcaddr": '"all"', "dstaddr": '"all"', "service": '"ALL"'}
    said |= {"schedule": '"always"', "action": "accept"} | {k.replace("_", "-"): v for k, v in keys.items()}
    return "\n".join([f"edit {number}", *(f"set {k} {v}" for k, v in said.items() if v), "next"])


def fortios(*policies: str, version: str = "7.2.8", intrazone: str = "", more: str = "") -> Listing:
    head = OBJECTS.replace("{version}", version).replace("{intrazone}", intrazone).replace("{more}", more)
    return read_listing("fortios", f"{head}{chr(10).join(policies)}\nend\n")


@pytest.mark.parametrize(
    ("keys", "box", "expected"),
    [
        ({"srcaddr": '"mixer"'}, packets("10.71.31.0/25"), "all"),
        ({"srcaddr": '"mixer"'}, packets("10.71.31.0/24"), "some"),
        ({"srcaddr": '"mixer"', "srcaddr_negate": "enable"}, packets("10.71.31.0/25"), "none"),
        ({"srcaddr": '"outer"'}, packets("10.70.5.25"), "none"),
        ({"srcaddr": '"outer"'}, packets("10.70.5.29"), "all"),
        ({"srcaddr": '"every-7"'}, packets("10.4.9.7"), "all"),
        ({"srcaddr": '"every-7"'}, packets("10.4.9.8"), "none"),
        ({"srcaddr": '"vendor"'}, packets("10.4.9.8"), "inconclusive"),
        ({"srcaddr": '"nobody"'}, packets("10.4.9.8"), "inconclusive"),
        ({"srcaddr": '"none"'}, packets("10.4.9.8"), "none"),
        ({"srcaddr": ""}, packets("10.4.9.8"), "none"),
        ({"service": '"modbus" "DNS"'}, packets(proto="udp", port=53), "all"),
        ({"service": '"modbus" "DNS"'}, packets(proto="udp", port=502), "none"),
        ({"service": '"modbus"', "service_negate": "enable"}, packets(proto="tcp", port=503), "all"),
        ({"service": '"modbus"', "service_negate": "enable"}, packets(proto="tcp", port=502), "none"),
        ({"service": '"two-ways"'}, packets(proto="tcp", port=5001, sport=80), "none"),
        ({"service": '"two-ways"'}, packets(proto="tcp", port=5001, sport=2000), "all"),
        ({"service": '"full"'}, packets(proto="tcp", port=1200), "all"),
        ({"service": '"elsewhere"'}, packets(proto="tcp", port=1200), "inconclusive"),
        ({"service": '"elsewhere"'}, packets(proto="tcp", port=1201), "none"),
        ({"service": '"Web Access"'}, packets(proto="tcp", port=443), "all"),
        ({"service": '"PING"'}, packets(proto="icmp", port=8 * 256), "all"),
        ({"service": '"PING"'}, packets(proto="icmp", port=13 * 256), "none"),
        ({"service": '"MODBUS"'}, packets(proto="tcp", port=502), "inconclusive"),
        ({"schedule": '"shift"'}, packets(), "inconclusive"),
        ({"groups": '"vendors"'}, packets(), "inconclusive"),
        ({"users": '"ann"', "service": '"SSH"'}, packets(proto="tcp", port=80), "none"),
        ({"internet_service": "enable", "dstaddr": "", "service": ""}, packets(), "inconclusive"),
        ({"some_new_key": "17"}, packets(), "inconclusive"),
        ({"tos_mask": "0x00", "ztna_status": "disable"}, packets("10.0.0.0/8"), "all"),
        ({"groups": "", "vlan_filter": "''", "ztna_tags_match_logic": "or"}, packets("10.0.0.0/8"), "all"),
        ({"nat": "enable", "ippool": "enable"}, packets("10.0.0.0/8"), "all"),
        ({"action": "ipsec"}, packets(), "inconclusive"),
        ({"action": ""}, packets(), "none"),
        ({"status": "disable"}, packets(), "none"),
        ({"srcintf": '"cells"'}, packets("10.0.0.0/8", into="vl32"), "all"),
        ({"srcintf": '"cells"'}, packets(into="port3"), "none"),
        ({"dstintf": '"port3"'}, packets("10.0.0.0/8"), "some"),
    ],
)  # fmt: skip
def test_what_a_policy_matches(keys: dict[str, str], box: dict, expected: str) -> None:  # type: ignore[type-arg]
    assert verdict(fortios(policy(1, **keys)), {**packets("10.8.8.8", "10.9.9.9"), **box}) == expected


def test_order_is_that_of_the_file_and_answers_name_the_policy() -> None:
    listing = fortios(policy(14, srcaddr='"laptops"', action="deny"), policy(3))
    answer = ask(listing, packets("10.70.5.21", "10.9.9.9"))
    assert [(rule.action, rule.text.split()[1]) for rule in answer.rules] == [("deny", "14")]
    moved = fortios(policy(14, srcaddr='"laptops"', action="deny"), policy(3), "move 3 before 14")
    assert verdict(moved, packets("10.70.5.21", "10.9.9.9")) == "all"
    nobody = ask(fortios(), packets("10.70.5.21", "10.9.9.9"))
    assert nobody.rules[0].text.startswith("implicit deny")
    assert nobody.rules[0].line > 1


def test_sessions_that_exist_pass() -> None:
    assert verdict(fortios(), packets(state=State.ESTABLISHED)) == "all"


def test_ipv6_has_its_own_lists() -> None:
    both = policy(1, srcaddr6='"all"', dstaddr6='"all"')
    assert verdict(fortios(policy(1)), packets("2001:db8::1", "2001:db8::2")) == "none"
    assert verdict(fortios(both), packets("2001:db8::1", "2001:db8::2")) == "all"
    older = "config firewall policy6\n" + policy(1) + "\nend\n"
    assert verdict(fortios(more=older), packets("2001:db8::1", "2001:db8::2")) == "all"
    assert verdict(fortios(more=older), packets("10.0.0.1", "10.0.0.2")) == "none"


class TestVirtualAddresses:
    def test_the_policy_names_it_with_the_mapped_port(self) -> None:
        listing = fortios(policy(1, dstaddr='"gate"', service='"SSH"'))
        assert verdict(listing, packets("9.9.9.9", "198.51.100.41", "tcp", 8022, into="wan2")) == "all"
        assert verdict(listing, packets("9.9.9.9", "198.51.100.41", "tcp", 22, into="wan2")) == "none"
        assert verdict(listing, packets("9.9.9.9", "198.51.100.41", "tcp", 8022, into="port3")) == "none"
        assert verdict(listing, packets("9.9.9.9", "10.71.31.9", "tcp", 22, into="wan2")) == "none"

    def test_the_outer_port_as_service_never_matches(self) -> None:
        custom = "config firewall service custom\nedit outer\nset tcp-portrange 8022\nnext\nend\n"
        listing = fortios(policy(1, dstaddr='"gate"', service="outer"), more=custom)
        assert verdict(listing, packets("9.9.9.9", "198.51.100.41", "tcp", 8022, into="wan2")) == "none"

    def test_all_does_not_accept_what_was_translated(self) -> None:
        unused = fortios(policy(1))
        assert verdict(unused, packets("9.9.9.9", "198.51.100.51")) == "all"
        used = fortios(policy(2, dstaddr='"whole"', service='"SSH"'), policy(1))
        assert verdict(used, packets("9.9.9.9", "198.51.100.51", "tcp", 80)) == "none"
        assert verdict(used, packets("9.9.9.9", "198.51.100.51", "tcp", 22)) == "all"

    @pytest.mark.parametrize(
        ("version", "said", "expected"),
        [
            ("7.2.8", "", "none"),
            ("7.0.9", "", "all"),
            ("7.2.3", "", "inconclusive"),
            ("7.0.9", "enable", "none"),
            ("7.4.1", "disable", "all"),
        ],
    )
    def test_a_deny_of_all_before_it(self, version: str, said: str, expected: str) -> None:
        deny = policy(1, action="deny", match_vip=said)
        listing = fortios(deny, policy(2, dstaddr='"gate"'), version=version)
        assert verdict(listing, packets("9.9.9.9", "198.51.100.41", "tcp", 8022, into="wan2")) == expected

    def test_groups_and_central_nat(self) -> None:
        group = 'config firewall vipgrp\nedit "g"\nset member "gate" "whole"\nnext\nend\n'
        listing = fortios(policy(1, dstaddr='"g"'), more=group)
        assert verdict(listing, packets("9.9.9.9", "198.51.100.50/31")) == "all"
        central = "config system settings\nset central-nat enable\nend\n"
        listing = fortios(policy(1, dstaddr='"mixer"'), more=central)
        assert verdict(listing, packets("9.9.9.9", "198.51.100.50/31")) == "all"
        assert verdict(listing, packets("9.9.9.9", "198.51.100.54")) == "none"

    def test_one_named_by_a_disabled_policy_only_is_not_decided(self) -> None:
        listing = fortios(policy(2, dstaddr='"whole"', status="disable"), policy(1))
        assert verdict(listing, packets("9.9.9.9", "198.51.100.51", "tcp", 80)) == "inconclusive"


@pytest.mark.parametrize(
    ("said", "deny", "expected"),
    [("", False, "none"), ("set intrazone allow", False, "all"), ("set intrazone allow", True, "inconclusive")],
)
def test_inside_a_zone(said: str, deny: bool, expected: str) -> None:
    listing = fortios(*([policy(1, action="deny")] if deny else []), intrazone=said)
    assert verdict(listing, packets("10.1.1.1", "10.2.2.2", into="vl31", out="vl32")) == expected


def test_interfaces_and_what_lies_behind_them() -> None:
    listing = fortios()
    assert listing.interfaces == ("port3", "vl31", "vl32", "wan2")
    assert listing.homes["vl31"] == networks(IPv4Network("10.71.31.0/24"))
    assert listing.homes["vl32"] == networks(IPv4Network("10.71.0.0/16")) - networks(
        IPv4Network("10.71.31.0/24"), IPv4Network("10.71.3.0/24")
    )
    assert verdict(listing, packets(into="port9")) == "inconclusive"


@pytest.mark.parametrize(
    "more",
    [
        "config system settings\nset ngfw-mode policy-based\nend\n",
        "config firewall security-policy\nedit 1\nset action accept\nnext\nend\n",
        "config firewall consolidated policy\nedit 1\nset action accept\nnext\nend\n",
        'config firewall address\nrename "mixer" to "mixer2"\nend\n',
    ],
)
def test_what_is_not_read_leaves_everything_open(more: str) -> None:
    listing = fortios(policy(1), more=more)
    assert listing.incomplete
    assert verdict(listing, packets("10.1.1.1", "10.2.2.2")) == "inconclusive"


def test_vdoms() -> None:
    def vdom(name: str, inner: str) -> str:
        return f"config vdom\nedit {name}\n{inner}end\n"

    rules = f"config firewall policy\n{policy(1)}\nend\n"
    names = "config vdom\nedit root\nnext\nedit cell\nnext\nend\n"
    ports = "config system interface\nedit a\nset vdom root\nnext\nedit b\nset vdom cell\nnext\nend\n"
    start = f"{names}config global\n{ports}end\n"
    one = read_listing("fortios", start + vdom("root", "") + vdom("cell", rules))
    assert one.interfaces == ("b",)
    assert one.rules[0].place == "cell: firewall policy"
    assert verdict(one, packets("10.1.1.1", "10.2.2.2")) == "all"
    two = read_listing("fortios", start + vdom("root", rules) + vdom("cell", rules))
    assert verdict(two, packets("10.1.1.1", "10.2.2.2")) == "inconclusive"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no 'config firewall policy'"),
        ("config firewall policy\nedit 1\n", "ends inside 'config firewall policy'"),
        ('config firewall policy\nedit 1\nset name "abc\nnext\nend\n', "quoted text that does not end"),
        ("config firewall policy\nend\nend\n", "'end' outside of a table"),
        ("config firewall policy\nnext\nend\n", "'next' outside of an entry"),
        ("config a\n" * 99, "nests deeper"),
    ],
)
def test_broken_texts_are_refused(text: str, says: str) -> None:
    with pytest.raises(ContentError, match=says):
        read_listing("fortios", text)


@pytest.mark.parametrize(("kind", "key"), [("addrgrp", "srcaddr"), ("service group", "service"), ("vipgrp", "dstaddr")])
def test_groups_in_a_circle_are_refused(kind: str, key: str) -> None:
    circle = f"config firewall {kind}\nedit a\nset member b\nnext\nedit b\nset member a\nnext\nend\n"
    with pytest.raises(ContentError, match=r"contain") as caught:
        fortios(policy(1, **{key: "a"}), more=circle)
    assert caught.value.where is not None
    deep = "".join(f"edit g{n}\nset member g{n + 1}\nnext\n" for n in range(5000))
    if kind != "vipgrp":
        with pytest.raises(ContentError, match="too deep"):
            fortios(policy(1, **{key: "g0"}), more=f"config firewall {kind}\n{deep}end\n")


class Abstract:
    """Random policies over random objects, printed as a configuration and evaluated without Plantproof's model."""

    NETS = ("10.0.0.0/30", "10.0.0.4/30", "10.0.0.2/31", "10.0.0.0/29", "10.0.1.0/30", "0.0.0.0/0")
    SERVICES = (("tcp", 20, 22), ("tcp", 22, 22), ("udp", 20, 30), ("tcp", 1, 65535))
    ENDS = ("a", "b", "any", "z")

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.policies = [self.one() for _ in range(self.random.randint(1, 9))]

    def one(self) -> dict:  # type: ignore[type-arg]
        some = self.random
        return {
            "src": some.sample(range(6), some.randint(1, 3)),
            "dst": some.sample(range(6), some.randint(1, 3)),
            "service": some.sample(range(4), some.randint(1, 2)),
            "srcintf": some.choice(self.ENDS),
            "dstintf": some.choice(self.ENDS),
            "accept": some.random() < 0.6,
            "disabled": some.random() < 0.15,
            **{f"no-{key}": some.random() < 0.15 for key in ("src", "dst", "service")},
        }

    def text(self) -> str:
        lines = ["config system interface", *(f"edit {n}\nnext" for n in "abc"), "end"]
        lines += ["config system zone", "edit z", "set interface b c", "next", "end", "config firewall address"]
        for number, net in enumerate(self.NETS):
            lines += [f"edit n{number}", f"set subnet {IPv4Network(net).with_netmask.replace('/', ' ')}", "next"]
        lines += ["end", "config firewall service custom"]
        for number, (proto, low, high) in enumerate(self.SERVICES):
            lines += [f"edit s{number}", f"set {proto}-portrange {low}-{high}", "next"]
        lines += ["end", "config firewall policy"]
        for number, rule in enumerate(self.policies):
            lines += [f"edit {100 - number}", f"set srcintf {rule['srcintf']}", f"set dstintf {rule['dstintf']}"]
            lines += [f"set srcaddr {' '.join(f'n{n}' for n in rule['src'])}"]
            lines += [f"set dstaddr {' '.join(f'n{n}' for n in rule['dst'])}"]
            lines += [f"set service {' '.join(f's{n}' for n in rule['service'])}", "set schedule always"]
            lines += ["set action accept"] if rule["accept"] else []
            lines += ["set status disable"] if rule["disabled"] else []
            lines += [f"set {key}-negate enable" for key in ("service",) if rule["no-service"]]
            lines += [f"set {key}addr-negate enable" for key in ("src", "dst") if rule[f"no-{key}"]]
            lines += ["next"]
        return "\n".join([*lines, "end", ""])

    def passes(self, src: int, dst: int, proto: str, port: int, ends: tuple[str, str]) -> bool:
        zone = {"z": "bc", "any": "abc"}
        for rule in self.policies:
            inside = {
                key: any(IPv4Address(value) in IPv4Network(self.NETS[n]) for n in rule[key])
                for key, value in (("src", src), ("dst", dst))
            }
            inside["service"] = any(
                proto == self.SERVICES[n][0] and self.SERVICES[n][1] <= port <= self.SERVICES[n][2]
                for n in rule["service"]
            )
            through = all(
                end in zone.get(rule[key], rule[key]) for end, key in zip(ends, ("srcintf", "dstintf"), strict=True)
            )
            if not rule["disabled"] and through and all(yes != rule[f"no-{key}"] for key, yes in inside.items()):
                return bool(rule["accept"])
        return False


@pytest.mark.parametrize("seed", range(60))
def test_a_naive_evaluator_agrees(seed: int) -> None:
    model = Abstract(seed)
    listing = read_listing("fortios", model.text())
    some = model.random
    for _ in range(60):
        proto, port, ends = some.choice(["tcp", "udp"]), some.choice([19, 20, 22, 23, 30]), some.sample("abc", 2)
        source, target = (int(IPv4Address("10.0.0.0")) + some.randint(0, 9) for _ in range(2))
        from_to = str(IPv4Address(source)), str(IPv4Address(target))
        one = packets(from_to[0], from_to[1], proto, port, into=ends[0], out=ends[1])
        expected = "all" if model.passes(source, target, proto, port, (ends[0], ends[1])) else "none"
        assert verdict(listing, one) == expected, ask(listing, one)
    for _ in range(3):
        proto, low, ends = some.choice(["tcp", "udp"]), some.choice([19, 22]), some.sample("abc", 2)
        passed = {
            model.passes(src, dst, proto, port, (ends[0], ends[1]))
            for src in range(0x0A000000, 0x0A000008)
            for dst in range(0x0A000000, 0x0A000004)
            for port in range(low, low + 3)
        }
        asked = packets("10.0.0.0/29", "10.0.0.0/30", proto, (low, low + 2), into=ends[0], out=ends[1])
        expected = "some" if len(passed) > 1 else "all" if True in passed else "none"
        assert verdict(listing, asked) == expected
