# SPDX-License-Identifier: Apache-2.0
"""The model's answer is what the kernel does: random rules, real packets, every one of them.

``PLANTPROOF_RULE_SETS`` sets how many rule sets are tried (default 40), ``PLANTPROOF_RULE_SEED`` where they begin.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from fakes.random_iptables import random_iptables
from fakes.random_rules import RuleMaker, probes
from fakes.real_firewall import Firewall, Probe, running_firewall, why_not
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.packets import Box, Dim, State, addresses, interface
from plantproof.firewall.program import Listing
from plantproof.firewall.query import Verdict, ask
from plantproof.firewall.ranges import Ranges

pytestmark = [pytest.mark.integration, pytest.mark.skipif(bool(why_not()), reason=why_not())]
SETS = int(os.environ.get("PLANTPROOF_RULE_SETS", "40"))
FIRST = int(os.environ.get("PLANTPROOF_RULE_SEED", "1"))
PROBES = 150
TRANSLATED = "10.2.255.254"


@pytest.fixture(scope="module")
def firewall() -> Iterator[Firewall]:
    with running_firewall() as running:
        yield running


def box_of(probe: Probe, *states: State) -> Box:
    """The packets of a probe: one, but for what nobody asks."""
    source, target = ip_address(probe.src), ip_address(probe.dst)
    return {
        Dim.SRC: addresses(source, source),
        Dim.DST: addresses(target, target),
        Dim.PROTO: Ranges.only(probe.protocol),
        Dim.SPORT: Ranges.only(probe.sport),
        Dim.DPORT: Ranges.only(probe.dport),
        Dim.FLAGS: Ranges.only(probe.flags),
        Dim.STATE: Ranges.only(*(states or (State.NEW,))),
        Dim.IN: interface(probe.device),
        Dim.OUT: interface(probe.leaving),
    }


def wrong(listing: Listing, sent: list[Probe], left: list[str], *states: State) -> list[str]:
    found = []
    for probe, device in zip(sent, left, strict=True):
        answer = ask(listing, box_of(probe, *states))
        expected = Verdict.ALL if device else Verdict.NONE
        if answer.verdict is not expected:
            found.append(f"{probe}: model {answer.verdict.value}, kernel {device or 'dropped'}; {answer.rules}")
    return found


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SETS))
def test_a_single_packet_has_the_fate_that_the_model_says(firewall: Firewall, seed: int) -> None:
    rules = RuleMaker(seed).text()
    listing = read_listing("nftables-json", firewall.load(rules))
    sent = probes(seed, PROBES)
    assert wrong(listing, sent, firewall.send(sent)) == [], rules


@pytest.mark.skipif(bool(why_not("iptables-nft-restore")), reason=why_not("iptables-nft-restore"))
@pytest.mark.parametrize("seed", range(FIRST, FIRST + SETS // 2))
def test_iptables_rules_have_the_same_fate(firewall: Firewall, seed: int) -> None:
    firewall.run("nft", "flush", "ruleset")
    firewall.run("iptables-nft-restore", text=random_iptables(seed))
    saved = firewall.run("iptables-nft-save")
    listing = read_listing("iptables-save", saved)
    sent = [probe for probe in probes(FIRST + SETS + seed, PROBES) if ":" not in probe.src]
    assert wrong(listing, sent, firewall.send(sent)) == [], saved


@pytest.mark.skipif(bool(why_not("conntrack")), reason=why_not("conntrack"))
@pytest.mark.parametrize("seed", range(FIRST, FIRST + SETS // 2))
def test_packets_of_connections_that_exist_have_the_same_fate(firewall: Firewall, seed: int) -> None:
    # Connections to the address that rules translate were opened before these rules: they are not what the model means.
    asked = [probe for probe in probes(2 * FIRST + 2 * SETS + seed, PROBES) if TRANSLATED not in {probe.src, probe.dst}]
    opened = firewall.open(asked)
    assert len(opened) > PROBES // 4
    rules = RuleMaker(seed).text()
    listing = read_listing("nftables-json", firewall.load(rules))
    sent = [packet for probe in opened for packet in (probe.going_on(), probe.answered())]
    assert wrong(listing, sent, firewall.send(sent), State.ESTABLISHED) == [], rules
