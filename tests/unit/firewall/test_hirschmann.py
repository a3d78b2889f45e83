# SPDX-License-Identifier: Apache-2.0
"""XML exports of HiSecOS, written from the public MIBs: no export of a real device was at hand."""

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


def entry(prefix: str, converts: dict[str, str], **values: object) -> str:
    inner = "\n".join(
        f'<Attribute name="{prefix}{name}"{converts.get(name, "")}>{value}</Attribute>'
        for name, value in values.items()
    )
    return f"<Entry>\n{inner}\n</Entry>"


def rule(index: int, **values: object) -> str:
    return entry("hm2L3", {}, RuleIndex=index, **{"RowStatus": 1, **values})


def mapping(index: int, priority: int, name: str = "vlan/61", direction: int = 1, status: int = 1) -> str:
    converts = {"Interface": ' convert="ifname"'}
    return entry("hm2L3Ifm", converts, Interface=name, Direction=direction, RuleIndex=index, Priority=priority,
                 RowStatus=status)  # fmt: skip


def export(rules: list[str], mappings: list[str], *, policy: int | None = 1, more: str = "", scalars: str = "") -> str:
    if policy is not None:
        scalars += f'<Attribute name="hm2DefaultPolicy">{policy}</Attribute>'
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Config version="1.0" xmlns="urn:xml:ns:mibconf:base:1.0">
<Header><Variable name="productId">EAGLE30</Variable></Header>
<MibData>
<MIB name="HM2-FW-MIB"><Scalar name="g">{scalars}</Scalar>
<Table name="hm2L3RuleEntry">{"".join(rules)}</Table>
<Table name="hm2L3RuleIfMappingEntry">{"".join(mappings)}</Table></MIB>
{more}
</MibData></Config>
"""


def hios(rules: list[str], mappings: list[str], **keys: object) -> Listing:
    return read_listing("hirschmann-hios", export(rules, mappings, **keys))  # type: ignore[arg-type]


ONE = packets("10.61.4.7", "10.62.9.17", "tcp", 502, into="vlan/61", out="vlan/62")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "none"),
        ({"SourceAddress": "10.61.4.0/26"}, "none"),
        ({"SourceAddress": "!10.61.4.7"}, "all"),
        ({"TargetAddress": "0A 3E 09 11"}, "none"),
        ({"TargetAddress": "somewhere"}, "inconclusive"),
        ({"SourceAddress": "! 10.61.4.0/24"}, "all"),
        ({"SourceAddress": "!any"}, "inconclusive"),
        ({"SourceAddress": "!!10.61.4.7"}, "inconclusive"),
        ({"SourceAddress": "0.0.0.0"}, "inconclusive"),
        ({"SourceAddress": "10.61.4.0/0.0.0.255"}, "inconclusive"),
        ({"SourceAddress": "fe80::1"}, "inconclusive"),
        ({"RuleParams": "code=" + "1|" * 200}, "inconclusive"),
        ({"Proto": 4, "TargetPort": "510-500"}, "inconclusive"),
        ({"Proto": 4, "SourcePort": "1-65535"}, "some"),
        ({"Proto": 1, "TargetPort": "502"}, "all"),
        ({"Proto": 5}, "all"),
        ({"Proto": 4, "TargetPort": "80,500-510"}, "none"),
        ({"Proto": 4, "TargetPort": "80"}, "all"),
        ({"Proto": 4, "TargetPort": ">400"}, "inconclusive"),
        ({"TargetPort": "502"}, "inconclusive"),
        ({"Proto": 77}, "inconclusive"),
        ({"RuleParams": "state=new|rel"}, "none"),
        ({"RuleParams": "state=inv"}, "all"),
        ({"RuleParams": "mac=00:80:63:00:00:01"}, "inconclusive"),
        ({"RuleParams": "flags=syn"}, "inconclusive"),
        ({"RowStatus": 2}, "all"),
        ({"Action": 4}, "all"),
        ({"Action": 9}, "inconclusive"),
    ],
)
def test_what_a_rule_matches(values: dict[str, object], expected: str) -> None:
    assert verdict(hios([rule(3, **{"Action": 2, **values})], [mapping(3, 1)]), ONE) == expected


def test_icmp_types() -> None:
    listing = hios([rule(1, Action=2, Proto=1, RuleParams="type=8")], [mapping(1, 1)])
    assert verdict(listing, packets("10.0.0.1", "10.0.0.2", "icmp", 8 * 256, into="vlan/61")) == "none"
    assert verdict(listing, packets("10.0.0.1", "10.0.0.2", "icmp", 0, into="vlan/61")) == "all"


def test_order_is_the_priority_of_the_assignment() -> None:
    rules = [rule(1, Action=2), rule(2, Action=1, TargetAddress="10.62.9.17")]
    assert verdict(hios(rules, [mapping(1, 10), mapping(2, 5)]), ONE) == "all"
    assert verdict(hios(rules, [mapping(1, 5), mapping(2, 10)]), ONE) == "none"
    assert verdict(hios(rules, [mapping(1, 5), mapping(2, 5)]), ONE) == "inconclusive"
    assert verdict(hios(rules, []), ONE) == "all"
    assert verdict(hios(rules, [mapping(1, 5, status=2)]), ONE) == "all"
    assert verdict(hios(rules, [mapping(1, 5, name="vlan/7")]), ONE) == "all"
    assert verdict(hios(rules, [mapping(1, 5, name="17")]), ONE) == "inconclusive"


def test_egress_comes_after_ingress() -> None:
    rules = [rule(1, Action=1), rule(2, Action=2)]
    assert verdict(hios(rules, [mapping(1, 1), mapping(2, 1, "vlan/62", 2)]), ONE) == "none"
    assert verdict(hios(rules, [mapping(1, 1), mapping(2, 1, "vlan/62", 1)]), ONE) == "all"
    assert verdict(hios(rules, [mapping(2, 1, "vlan/62", 3)]), ONE) == "none"


def test_the_default_policy() -> None:
    permit = [rule(1, TargetAddress="10.62.9.17", Action=1)]
    assert (
        verdict(hios(permit, [mapping(1, 1)], policy=2), packets("10.61.4.7", "10.62.9.18", into="vlan/61")) == "none"
    )
    assert verdict(hios(permit, [mapping(1, 1)], policy=None), ONE) == "all"
    assert verdict(hios(permit, [mapping(1, 1)], policy=9), packets("10.1.1.1", "10.2.2.2")) == "inconclusive"
    both_ways = [mapping(1, 1), mapping(1, 1, "vlan/62", 2)]
    assert verdict(hios(permit, both_ways, policy=3), ONE) == "all"
    # No source says whether it drops at the egress what an ingress rule accepted.
    answer = ask(hios(permit, [mapping(1, 1)], policy=2), ONE)
    assert answer.verdict.value == "inconclusive"
    assert "egress" in answer.doubts[0].why
    assert verdict(hios([], [], policy=2), packets("10.1.1.1", "10.2.2.2", state=State.ESTABLISHED)) == "all"


def test_rules_name_their_place() -> None:
    listing = hios([rule(1, Action=2, Description="rest"), rule(8)], [mapping(1, 4)])
    related, first, unused, *_ = listing.rules
    assert (related.decides, related.understood) == (False, True)
    assert first.text == 'rule 1: proto any src any port any dst any port any "rest" (vlan/61 ingress priority 4)'
    assert first.line > 5
    assert unused.action == "accept, not assigned"
    assert listing.interfaces == ("vlan/61",)


def test_translation_leaves_both_ways_open() -> None:
    more = '<MIB name="HM2-NAT-MIB"><Table name="hm21to1RuleEntry">{}</Table></MIB>'
    row = entry("hm21to1", {}, TargetAddress="10.90.2.0/28", NewTargetAddress="192.168.77.0/28", RowStatus=1)
    deny = [rule(1, TargetAddress="192.168.77.0/28", Action=2)]
    listing = hios(deny, [mapping(1, 1)], more=more.format(row))
    assert verdict(listing, packets("10.1.1.1", "10.90.2.3", into="vlan/61")) == "inconclusive"
    assert verdict(listing, packets("10.1.1.1", "10.91.2.3", into="vlan/61")) == "all"


@pytest.mark.parametrize(
    "keys",
    [
        {"scalars": '<Attribute name="hm2L3RulePendingActions">1</Attribute>'},
        {"scalars": '<Attribute name="hm2DnatPendingActions">1</Attribute>'},
        {"scalars": '<Attribute name="hm2DefaultPolicy">2</Attribute>'},
        {"more": '<MIB name="HM2-NAT-MIB"><Table name="hm2OtherRuleEntry"><Entry/></Table></MIB>'},
        {"more": '<MIB name="HM2-FW-MIB"><Table name="hm2DynFwRuleEntry"><Entry/></Table></MIB>'},
        {"more": '<MIB name="HM2-PLATFORM-QOS-ACL-MIB"><Table name="hm2AgentAclRuleEntry"><Entry/></Table></MIB>'},
    ],
)
def test_what_is_not_read_leaves_everything_open(keys: dict[str, str]) -> None:
    listing = hios([], [], **keys)
    assert listing.incomplete
    assert verdict(listing, ONE) == "inconclusive"


@pytest.mark.parametrize(
    ("rules", "mappings"),
    [
        ([rule(1, Action=2), rule(1)], [mapping(1, 1)]),
        ([rule(1, Action=2)], [mapping(1, 1), mapping(2, 2)]),
        ([entry("hm2L3", {}, RowStatus=1)], []),
    ],
)
def test_rules_and_assignments_that_do_not_fit_leave_everything_open(rules: list[str], mappings: list[str]) -> None:
    assert verdict(hios(rules, mappings), ONE) == "inconclusive"
    assert verdict(hios([rule(1)], [mapping(2, 2, status=2)]), ONE) == "all"


def test_a_direction_that_the_mib_does_not_name_is_either() -> None:
    listing = hios([rule(1, Action=2)], [mapping(1, 1, direction=7)])
    assert verdict(listing, ONE) == "inconclusive"
    assert verdict(listing, packets("10.61.4.7", "10.62.9.17", into="vlan/8", out="vlan/61")) == "inconclusive"


def test_sessions() -> None:
    listing = hios([], [], policy=2)
    for state, expected in ((State.NEW, "none"), (State.ESTABLISHED, "all"), (State.RELATED, "inconclusive")):
        assert verdict(listing, packets("10.61.4.7", "10.62.9.17", state=state)) == expected


@pytest.mark.parametrize(
    ("table", "prefix", "values"),
    [
        ("hm2DnatRule", "hm2Dnat", {"TargetAddress": "10.90.2.3", "NewTargetAddress": "192.168.77.3"}),
        ("hm2DoubleNatRule", "hm2Donat", {"LocalExternalIp": "10.90.2.3", "LocalInternalIp": "192.168.77.3"}),
    ],
)
def test_other_translations(table: str, prefix: str, values: dict[str, str]) -> None:
    for status, expected in ((1, "inconclusive"), (2, "all")):
        row = entry(prefix, {}, **values, RowStatus=status)
        more = f'<MIB name="HM2-NAT-MIB"><Table name="{table}Entry">{row}</Table></MIB>'
        listing = hios([rule(1, TargetAddress="192.168.77.3", Action=2)], [mapping(1, 1)], more=more)
        assert verdict(listing, packets("10.1.1.1", "10.90.2.3", into="vlan/61")) == expected
    # Masquerading comes behind the filter.
    row = entry("hm2Masq", {}, SourceAddress="10.61.4.0/24", RowStatus=1)
    more = f'<MIB name="HM2-NAT-MIB"><Table name="hm2MasqRuleEntry">{row}</Table></MIB>'
    assert verdict(hios([rule(1, Action=2)], [mapping(1, 1)], more=more), ONE) == "none"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no XML export"),
        ("! HiSecOS\npacket-filter l3 defaultpolicy drop\n", "is no XML export"),
        ("<hello", "is not whole"),
        ('<Config><MibData><MIB name="x"><Entry/></MIB></MibData></Config>', "Entry within MIB"),
        (
            '<Config><MibData><MIB name="x"><Attribute name="a"><Attribute/></Attribute></MIB></MibData></Config>',
            "within",
        ),
        ('<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><Config>&y;</Config>', "document type"),
        (export([], [])[:-20], "is not whole"),
        ("<a/>", "unexpected element"),
        ("<Config/>", "no MIB data"),
        ('<Config><MibData><MIB name="x"/></MibData></Config>', "no packet filter"),
        ('<!DOCTYPE Config [<!ENTITY a "b">]><Config>&a;</Config>', "document type"),
        ('<!DOCTYPE Config SYSTEM "file:///etc/passwd"><Config/>', "document type"),
        ("<Config>" + "<a>" * 100, "unexpected element"),
    ],
)
def test_other_texts_are_refused(text: str, says: str) -> None:
    with pytest.raises(ContentError, match=says):
        read_listing("hirschmann-hios", text)


@pytest.mark.parametrize("seed", range(40))
def test_a_naive_evaluator_agrees(seed: int) -> None:
    some = random.Random(seed)
    nets = ["10.0.0.0/30", "10.0.0.4/30", "10.0.0.2/31", "10.0.0.0/29", "0.0.0.0/0"]
    rules = {
        index: (some.choice(nets), some.choice(nets), some.choice([1, 2, 3]), some.choice([(1, 9), (20, 22), None]))
        for index in some.sample(range(1, 99), some.randint(1, 8))
    }
    used = [(index, some.choice("ab"), some.choice([1, 2, 3])) for index in rules]
    order = some.sample(range(1, 500), len(used))
    text = export(
        [
            rule(i, SourceAddress=s, TargetAddress=d, Action=a, **({"Proto": 4, "TargetPort": f"{p[0]}-{p[1]}"} if p else {}))
            for i, (s, d, a, p) in rules.items()
        ],
        [mapping(i, n, f"vlan/{name}", way) for (i, name, way), n in zip(used, order, strict=True)],
    )  # fmt: skip
    listing = read_listing("hirschmann-hios", text)

    def passes(src: int, dst: int, port: int, ends: dict[int, str]) -> bool:
        for way, end in ends.items():
            for _, (index, name, direction) in sorted(zip(order, used, strict=True)):
                source, target, action, ports = rules[index]
                inside = IPv4Address(src) in IPv4Network(source) and IPv4Address(dst) in IPv4Network(target)
                fits = ports is None or ports[0] <= port <= ports[1]
                if name == end and direction in {way, 3} and inside and fits:
                    if action != 1:
                        return False
                    break
        return True

    for _ in range(60):
        src, dst = (0x0A000000 + some.randint(0, 9) for _ in range(2))
        port, first, last = some.choice([1, 9, 15, 21]), some.choice("abc"), some.choice("abc")
        one = packets(
            str(IPv4Address(src)), str(IPv4Address(dst)), "tcp", port, into=f"vlan/{first}", out=f"vlan/{last}"
        )
        expected = "all" if passes(src, dst, port, {1: first, 2: last}) else "none"
        assert verdict(listing, one) == expected, ask(listing, one)
    for _ in range(10):
        port, first, last, length = (
            some.choice([1, 15, 21]), some.choice("abc"), some.choice("abc"), some.choice([29, 30, 31])
        )  # fmt: skip
        sources, targets = (IPv4Network((0x0A000000 + some.choice([0, 4]), length), strict=False) for _ in range(2))
        fates = {passes(int(s), int(d), port, {1: first, 2: last}) for s in sources for d in targets}
        several = packets(str(sources), str(targets), "tcp", port, into=f"vlan/{first}", out=f"vlan/{last}")
        expected = "some" if len(fates) == 2 else "all" if fates == {True} else "none"
        assert verdict(listing, several) == expected
