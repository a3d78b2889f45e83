# SPDX-License-Identifier: Apache-2.0
"""Rule sets that nobody would write, in the syntax of nft(8), and packets that touch their borders."""

from __future__ import annotations

import random

from fakes.real_firewall import DEVICES, Probe

HOSTS = ["10.1.0.1", "10.1.0.2", "10.1.4.7", "10.2.0.1", "10.2.0.9", "10.2.255.254", "10.3.0.1", "10.3.1.1"]
NETS = ["10.1.0.0/16", "10.2.0.0/16", "10.2.0.0/29", "10.3.0.0/24", "10.0.0.0/8", "10.1.4.0/22"]
SPANS = ["10.1.0.1-10.1.0.5", "10.2.0.8-10.2.1.0", "10.1.255.255-10.2.0.1"]
HOSTS6 = ["fd00:1::1", "fd00:1::2", "fd00:2::1", "fd00:2::ffff", "fd00:3::1"]
NETS6 = ["fd00:1::/32", "fd00:2::/112", "fd00::/16"]
PORTS = [22, 80, 102, 443, 501, 502, 503, 1024, 4840, 65535]
NAMES = ["wan0", "lan0", '"lan*"', "{ wan0, lan1 }"]
STATES = ["new", "established", "related", "invalid", "untracked"]

CONFLICTS = {
    "v4": {"v6", "icmpv6"},
    "v6": {"v4", "icmp"},
    "tcp": {"udp", "icmp", "icmpv6", "l4"},
    "udp": {"tcp", "icmp", "icmpv6", "l4"},
    "icmp": {"tcp", "udp", "icmpv6", "v6", "l4"},
    "icmpv6": {"tcp", "udp", "icmp", "v4", "l4"},
    "l4": {"tcp", "udp", "icmp", "icmpv6", "l4"},
}
"""What a match implies, and what may not stand beside it in one rule."""


def kinds(match: str) -> set[str]:
    """What a match implies of family and protocol."""
    words = match.split()
    found = {"ip": {"v4"}, "ip6": {"v6"}, "meta": {"l4"}}.get(words[0], {words[0]} & CONFLICTS.keys())
    if "protocol" in words:
        found = found | {"l4"}
    if match.startswith("meta nfproto"):
        found = {"v4" if "ipv4" in match else "v6"}
    return found | ({"tcp"} if ". tcp" in match else {"udp"} if ". udp" in match else set())


class RuleMaker:
    """One random rule set."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.chains = ["one", "two", "three"]

    def text(self) -> str:
        pick = self.random
        lines = ["table inet t {", *self.sets()]
        for depth, name in enumerate(self.chains):
            lines += [
                f"chain {name} {{",
                *(self.rule(self.chains[depth + 1 :]) for _ in range(pick.randint(1, 5))),
                "}",
            ]
        for hook, priority in (
            ("prerouting", -300),
            ("prerouting", -150),
            ("forward", 0),
            ("forward", 10),
            ("postrouting", 50),
        ):
            if (hook == "forward" and priority == 0) or pick.random() < 0.3:
                few = hook != "forward"
                policy = pick.choice(["accept", "drop"]) if not few else "accept"
                count = pick.randint(0, 2) if few else pick.randint(2, 10)
                lines += [
                    f"chain {hook}{abs(priority)} {{ type filter hook {hook} priority {priority}; policy {policy}",
                    *(self.rule(self.chains, hook) for _ in range(count)),
                    "}",
                ]
        if pick.random() < 0.5:
            target = pick.choice(["10.2.0.9", "10.2.0.1"])
            port = pick.choice(["", ":502", ":80"])
            match = f"ip daddr 10.2.255.254 tcp dport {pick.choice(PORTS)}" if port else "ip daddr 10.2.255.254"
            lines += ["chain nat { type nat hook prerouting priority -100", f"{match} dnat ip to {target}{port}", "}"]
        return "\n".join([*lines, "}"])

    def sets(self) -> list[str]:
        pick = self.random
        named = ", ".join(pick.sample(NETS[1:4], 2)) if pick.random() < 0.5 else ", ".join(pick.sample(SPANS[:2], 2))
        pairs = ", ".join(f"{pick.choice(HOSTS)} . {port}" for port in pick.sample(PORTS, 3))
        verdicts = ", ".join(f"{port} : {self.verdict([])}" for port in pick.sample(PORTS, 3))
        return [
            f"set nets {{ type ipv4_addr; flags interval; auto-merge; elements = {{ {named} }}\n}}",
            f"set pairs {{ type ipv4_addr . inet_service; elements = {{ {pairs} }}\n}}",
            f"map verdicts {{ type inet_service : verdict; elements = {{ {verdicts} }}\n}}",
        ]

    def rule(self, chains: list[str], hook: str = "") -> str:
        pick = self.random
        matches = self.matches(hook, pick.choice([0, 1, 1, 2, 2, 3]))
        if pick.random() < 0.1 and not any(CONFLICTS["tcp"] & kinds(match) for match in matches):
            return " ".join([*matches, "tcp dport vmap @verdicts"])
        silent = pick.choice(["", "", "counter"])
        return " ".join(word for word in (*matches, silent, self.verdict(chains, hook)) if word)

    def matches(self, hook: str, count: int) -> list[str]:
        """Several matches that do not contradict one another: nft would refuse those."""
        found: list[str] = []
        implied: set[str] = set()
        for _ in range(count):
            match = self.match(hook)
            if implied.isdisjoint(set().union(*(CONFLICTS[kind] for kind in kinds(match)))):
                found.append(match)
                implied |= kinds(match)
        return found

    def verdict(self, chains: list[str], hook: str = "") -> str:
        calls = [f"{word} {chain}" for chain in chains for word in ("jump", "goto")]
        refused = ["reject"] if hook == "forward" else []
        return self.random.choice(["accept", "drop", "accept", "drop", "return", *refused, *calls])

    def match(self, hook: str) -> str:
        pick = self.random
        negated = pick.choice(["", "", "!= "])
        side = pick.choice(["saddr", "daddr"])
        port = pick.choice(["sport", "dport"]) if pick.random() < 0.2 else "dport"
        options = [
            f"ip {side} {negated}{pick.choice(HOSTS + NETS + SPANS)}",
            f"ip {side} {negated}{{ {', '.join(pick.sample(HOSTS, 2))} }}",
            f"ip {side} {negated}@nets",
            f"ip6 {side} {negated}{pick.choice(HOSTS6 + NETS6)}",
            f"{pick.choice(['tcp', 'udp'])} {port} {negated}{pick.choice(PORTS)}",
            f"tcp dport {negated}{{ {pick.choice(PORTS[:4])}, 500-600 }}",
            f"{pick.choice(['tcp', 'udp'])} dport {pick.choice(['<', '>', '<=', '>='])} {pick.choice(PORTS[1:-1])}",
            f"iifname {negated}{pick.choice(NAMES)}",
            f"ct state {pick.choice(['', '!= '])}{pick.choice(STATES)}",
            f"ct state {{ {', '.join(pick.sample(STATES, 2))} }}",
            f"icmp type {negated}{pick.choice(['echo-request', 'echo-reply'])}",
            f"icmpv6 type {pick.choice(['echo-request', 'packet-too-big'])}",
            f"meta l4proto {negated}{pick.choice(['tcp', 'udp', 'icmp', '47'])}",
            f"meta nfproto {pick.choice(['ipv4', 'ipv6'])}",
            f"ip protocol {negated}{pick.choice(['tcp', 'udp', 'icmp'])}",
            "ip daddr . tcp dport @pairs",
            "ip saddr . udp dport { 10.1.0.1 . 502, 10.1.0.2 . 80 }",
            f"tcp flags {pick.choice(['syn / fin,syn,rst,ack', '& (syn|ack) == syn', 'ack', '! ack', '!= syn'])}",
            f"ip {side} & 255.255.255.0 == 10.2.0.0",
        ]
        if hook == "forward":
            options.append(f"oifname {negated}{pick.choice(NAMES)}")
        return pick.choice(options)


def probes(seed: int, count: int) -> list[Probe]:
    """Packets between the networks, on borders more often than chance would have it; no two of one connection."""
    pick = random.Random(seed)
    found = []
    for number in range(count):
        six = pick.random() < 0.2
        source = pick.choice(HOSTS6 if six else HOSTS)
        target = pick.choice([host for host in (HOSTS6 if six else HOSTS) if host[:6] != source[:6]])
        protocol = pick.choice([6, 6, 6, 17, 17, 58 if six else 1, 47])
        port = pick.choice([*PORTS, pick.randint(1, 65535)])
        if protocol in {1, 58}:
            port = pick.choice([8 if protocol == 1 else 128]) * 256
        if protocol == 47:  # no ports that would tell connections apart
            at = (seed * count + number) % 60000
            source = f"{source[:6]}::99:{at:x}" if six else f"{source[:5]}{100 + at // 256 % 100}.{at % 256}"
        found.append(
            Probe(
                src=source,
                dst=target,
                protocol=protocol,
                sport=2000 + (seed * count + number) % 60000,
                dport=port,
                device=pick.choice(list(DEVICES)),
            )
        )
    return found
