# SPDX-License-Identifier: Apache-2.0
"""No listing crashes or hangs a reader; sets behave as sets; a wider question never knows less than its parts."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from plantproof.errors import ContentError
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.match import Part, outside
from plantproof.firewall.packets import Dim, State
from plantproof.firewall.query import Verdict, ask
from plantproof.firewall.ranges import Ranges

NUMBERS = st.integers(0, 40)
SETS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6).map(Ranges.of)

IPTABLES = """*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 192.0.2.1/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8080
COMMIT
*filter
:FORWARD DROP [0:0]
:one - [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD ! -s 10.0.0.0/8 -i eth+ -p tcp -m multiport --dports 22,80:90 -j one
-A one -m limit --limit 5/sec -m comment --comment "a \\"b\\"" -j LOG --log-prefix "x "
-A one -p icmp -m icmp --icmp-type 8/0 -j RETURN
-A one -g FORWARD
COMMIT
"""
PLACE = {"family": "inet", "table": "t", "chain": "c"}
BASE = {"chain": {"family": "inet", "table": "t", "name": "c", "type": "filter", "hook": "forward", "prio": 0}}
WORDS = [
    *(
        "match",
        "left",
        "right",
        "op",
        "==",
        "!=",
        "in",
        "payload",
        "protocol",
        "field",
        "ip",
        "ip6",
        "tcp",
        "th",
        "saddr",
    ),
    *("daddr", "dport", "flags", "meta", "key", "iifname", "l4proto", "ct", "state", "new", "set", "concat", "prefix"),
    *(
        "addr",
        "len",
        "range",
        "10.0.0.1",
        "fd00::1",
        "@s",
        "vmap",
        "data",
        "accept",
        "drop",
        "jump",
        "target",
        "c",
        "&",
    ),
    *(
        "dnat",
        "snat",
        "masquerade",
        "port",
        "map",
        "mangle",
        "value",
        "xt",
        "name",
        "type",
        "limit",
        "elem",
        "val",
        "eth*",
    ),
]
VALUES: st.SearchStrategy[object] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1, 70000), st.sampled_from(WORDS)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(WORDS), inner, max_size=3)),
    max_leaves=12,
)


@given(SETS, SETS)
def test_ranges_are_sets(one: Ranges, other: Ranges) -> None:
    mine, theirs = ({n for n in range(41) if n in ranges} for ranges in (one, other))
    assert {n for n in range(41) if n in one & other} == mine & theirs
    assert {n for n in range(41) if n in one | other} == mine | theirs
    assert {n for n in range(41) if n in one - other} == mine - theirs
    assert one.size == len(mine)
    assert (one - other) | (one & other) == one


@given(st.lists(st.tuples(SETS, SETS, st.booleans()).filter(lambda each: bool(each[0] and each[1])), max_size=4))
def test_outside_is_what_does_not_match(parts: list[tuple[Ranges, Ranges, bool]]) -> None:
    found = tuple(Part({Dim.SPORT: a, Dim.DPORT: b}, sure) for a, b, sure in parts)
    rest = outside(found)
    for x in range(0, 41, 5):
        for y in range(0, 41, 5):
            certain = any(p.sure and x in p.box[Dim.SPORT] and y in p.box[Dim.DPORT] for p in found)
            possible = any(x in p.box[Dim.SPORT] and y in p.box[Dim.DPORT] for p in found)
            holds = [
                p
                for p in rest
                if all(v in p.box.get(d, Ranges.of([(0, 65535)])) for d, v in ((Dim.SPORT, x), (Dim.DPORT, y)))
            ]
            assert bool(holds) is not certain
            assert any(p.sure for p in holds) is not possible


@given(st.lists(st.one_of(VALUES, st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=1)), max_size=5))
def test_any_expressions_end_in_an_answer(expressions: list[object]) -> None:
    text = json.dumps({"nftables": [BASE, {"rule": {**PLACE, "expr": expressions}}]})
    answer = ask(read_listing("nftables-json", text), {Dim.STATE: Ranges.only(State.NEW)})
    assert answer.verdict in Verdict


@given(st.data())
def test_a_mutilated_listing_is_an_error_or_a_listing(data: st.DataObject) -> None:
    text = IPTABLES
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(at, min(len(text), at + 30)))
        text = text[:at] + data.draw(st.text(max_size=8)) + text[end:]
    try:
        listing = read_listing("iptables-save", text)
    except ContentError:
        return  # its line is tested with the readers
    whole = ask(listing, {Dim.STATE: Ranges.only(State.NEW), Dim.PROTO: Ranges.only(6)}).verdict
    part = ask(
        listing, {Dim.STATE: Ranges.only(State.NEW), Dim.PROTO: Ranges.only(6), Dim.DPORT: Ranges.only(80)}
    ).verdict
    if whole in {Verdict.ALL, Verdict.NONE}:
        assert part is whole
