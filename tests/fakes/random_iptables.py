# SPDX-License-Identifier: Apache-2.0
"""Random rules for ``iptables-restore``: jumps, gotos, negations, several tables, a translation."""

from __future__ import annotations

import random

HOSTS = ["10.1.0.1", "10.2.0.1", "10.2.0.9", "10.3.0.1"]
NETS = ["10.1.0.0/16", "10.2.0.0/29", "10.0.0.0/8"]
ENDS = ["-j ACCEPT", "-j DROP", "-j RETURN", "-j REJECT"]


def random_iptables(seed: int) -> str:
    """A whole input of ``iptables-restore``."""
    pick = random.Random(seed)
    lines = ["*filter", ":INPUT ACCEPT [0:0]", f":FORWARD {pick.choice(['ACCEPT', 'DROP'])} [0:0]"]
    lines += [":OUTPUT ACCEPT [0:0]", ":one - [0:0]", ":two - [0:0]"]
    lines += [_rule(pick, "two", ENDS) for _ in range(3)]
    lines += [_rule(pick, "one", [*ENDS, "-j two", "-g two"]) for _ in range(3)]
    calls = ["-j ACCEPT", "-j DROP", "-j REJECT", "-j one", "-g one", "-j two"]
    lines += [_rule(pick, "FORWARD", calls) for _ in range(8)]
    lines += ["COMMIT", "*mangle", ":PREROUTING ACCEPT [0:0]", ":FORWARD ACCEPT [0:0]"]
    if pick.random() < 0.4:
        lines.append(_rule(pick, "PREROUTING", ["-j ACCEPT", "-j DROP", "-j MARK --set-mark 1"]))
    if pick.random() < 0.4:
        lines.append(_rule(pick, "FORWARD", ["-j ACCEPT", "-j DROP"]))
    lines.append("COMMIT")
    if pick.random() < 0.5:
        translation = "-A PREROUTING -d 10.2.255.254 -j DNAT --to-destination 10.2.0.9"
        lines += ["*nat", ":PREROUTING ACCEPT [0:0]", translation, "COMMIT"]
    return "\n".join(lines) + "\n"


def _rule(pick: random.Random, chain: str, targets: list[str]) -> str:
    words: list[str] = []
    taken: set[str] = set()
    for _ in range(pick.choice([0, 1, 1, 2])):
        match = _match(pick)
        kinds = {word for word in match.split() if word in {"-s", "-d", "-i", "-p", "conntrack", "iprange"}}
        if taken.isdisjoint(kinds):
            taken |= kinds
            words.append(match)
    return " ".join(["-A", chain, *words, pick.choice(targets)])


def _match(pick: random.Random) -> str:
    negated = pick.choice(["", "", "! "])
    return pick.choice(
        [
            f"{negated}-s {pick.choice(HOSTS + NETS)}",
            f"{negated}-d {pick.choice(HOSTS + NETS)}",
            f"-p tcp {negated}--dport {pick.choice(['502', '80', '500:600'])}",
            f"-p udp -m multiport {negated}--dports 502,80,1000:2000",
            f"{negated}-i {pick.choice(['wan0', 'lan+'])}",
            f"-m conntrack {negated}--ctstate {pick.choice(['NEW', 'ESTABLISHED,RELATED', 'INVALID'])}",
            "-p tcp --syn",
            "-p tcp -m tcp --tcp-flags SYN,ACK SYN",
            f"-p icmp -m icmp {negated}--icmp-type {pick.choice(['8', 'echo-reply'])}",
            f"-m iprange {negated}--src-range 10.1.0.1-10.1.0.2",
            f"{negated}-p {pick.choice(['tcp', 'udp', '47'])}",
        ]
    )
