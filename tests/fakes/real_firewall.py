# SPDX-License-Identifier: Apache-2.0
"""A real Linux firewall in a network namespace, and another namespace around it that sends packets through. Needs root."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

AGENT = Path(__file__).with_name("packet_agent.py")
DEVICES: Mapping[str, tuple[str, str]] = {
    "wan0": ("10.1.0.0/16", "fd00:1::/32"),
    "lan0": ("10.2.0.0/16", "fd00:2::/32"),
    "lan1": ("10.3.0.0/16", "fd00:3::/32"),
}
"""The firewall's interfaces and the networks behind each."""


def why_not(*programs: str) -> str:
    """Why this machine cannot run one; empty if it can."""
    if os.geteuid() != 0:
        return "needs root, to make a network namespace"
    missing = [
        name for name in ("ip", "nft", *programs) if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    ]
    return f"not installed: {', '.join(missing)}" if missing else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One packet on its way into the firewall."""

    src: str
    dst: str
    protocol: int
    sport: int = 0
    dport: int = 0
    """For ICMP: type * 256 + code."""
    flags: int = 2
    device: str = "wan0"
    numbers: tuple[int, int] = (1, 0)
    """Of TCP: sequence and acknowledgement."""

    @property
    def leaving(self) -> str:
        """The interface that leads to its destination."""
        target = ip_address(self.dst)
        return next(name for name, nets in DEVICES.items() if target in ip_network(nets[target.version == 6]))

    def answered(self) -> Probe:
        """What the other side says to it: SYN with ACK, the port's answer, the echo."""
        return Probe(
            src=self.dst,
            dst=self.src,
            protocol=self.protocol,
            sport=self.sport if self.protocol in _ECHO else self.dport,
            dport=_ECHO.get(self.protocol, (0, self.sport))[1],
            flags=0x12,
            device=self.leaving,
            numbers=(1, 10),
        )

    def going_on(self) -> Probe:
        """The next packet of the connection from the side that opened it."""
        return replace(self, flags=0x10, numbers=(10, 10))


_ECHO: Mapping[int, tuple[int, int]] = {1: (8 * 256, 0), 58: (128 * 256, 129 * 256)}
"""ICMP's request and reply."""
_OPEN = """
table inet open {
  chain forward { type filter hook forward priority 0; policy accept; ct state invalid drop; }
}
"""


class Agent:
    """Sends packets out of devices of a namespace, and tells which came in at which."""

    def __init__(self, namespace: str, devices: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, sys.executable, str(AGENT), *devices],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == "ready"

    def send(self, probes: Sequence[Probe], macs: Mapping[str, str]) -> list[str]:
        """For each probe the device at which it came in, without the prefix ``p-``; empty if it did not.

        Args:
            probes: What to send.
            macs: By the probes' device the hardware address of who takes it.
        """
        batch = [[n, f"p-{probe.device}", _frame(n, probe, macs[probe.device]).hex()] for n, probe in enumerate(probes)]
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(batch) + "\n")
        self._process.stdin.flush()
        seen = json.loads(self._process.stdout.readline())
        return [str(seen.get(str(n), "")).removeprefix("p-") for n in range(len(probes))]

    def end(self) -> None:
        """Let it go."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=5)
        if self._process.stdout:
            self._process.stdout.close()


class Firewall:
    """A running one."""

    def __init__(self, inside: str, agent: Agent, macs: Mapping[str, str]) -> None:
        self.inside = inside
        self.agent = agent
        self.macs = macs

    def run(self, *command: str, text: str | None = None) -> str:
        """Run a command beside the rules."""
        return within(self.inside, *command, text=text)

    def load(self, rules: str) -> str:
        """Replace all rules by these; returns what ``nft -j list ruleset`` says of them."""
        self.run("nft", "-f", "-", text=f"flush ruleset\n{rules}\n")
        return self.run("nft", "-j", "list", "ruleset")

    def open(self, probes: Sequence[Probe]) -> list[Probe]:
        """Open a connection with each probe, answer it, and return those that the firewall now takes for established.

        Its rules are replaced; who loads others next, with ``ct`` in them or not, finds the connections still known.
        """
        self.run("conntrack", "-F")
        self.load(_OPEN)
        echoes = [p for p in probes if p.protocol in {6, 17} or (p.dport == _ECHO.get(p.protocol, (-1, 0))[0])]
        opening = [replace(probe, flags=2) for probe in dict.fromkeys(echoes)]
        passed = [probe for probe, device in zip(opening, self.send(opening), strict=True) if device]
        answers = self.send([probe.answered() for probe in passed])
        return [probe for probe, device in zip(passed, answers, strict=True) if device]

    def send(self, probes: Sequence[Probe]) -> list[str]:
        """For each probe the interface by which it left; empty if it did not."""
        return self.agent.send(probes, self.macs)


def within(namespace: str, *command: str, text: str | None = None) -> str:
    """What a command in a namespace prints."""
    done = subprocess.run(
        ["ip", "netns", "exec", namespace, *command], input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def _frame(ident: int, probe: Probe, mac: str) -> bytes:
    source, target = ip_address(probe.src), ip_address(probe.dst)
    payload = b"PPRF" + struct.pack("!I", ident)
    body = _transport(probe, source, target, payload)
    to, own = bytes.fromhex(mac.replace(":", "")), b"\x02\x00\x00\x00\x00\x01"
    if isinstance(source, IPv4Address):
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), ident & 0xFFFF, 0, 64, probe.protocol, 0,
                           source.packed, target.packed)  # fmt: skip
        head = head[:10] + struct.pack("!H", _sum(head)) + head[12:]
        return to + own + b"\x08\x00" + head + body
    head = struct.pack("!IHBB16s16s", 6 << 28, len(body), probe.protocol, 64, source.packed, target.packed)
    return to + own + b"\x86\xdd" + head + body


def _sum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data if len(data) % 2 == 0 else data + b"\0"))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _transport(
    probe: Probe, source: IPv4Address | IPv6Address, target: IPv4Address | IPv6Address, payload: bytes
) -> bytes:
    if probe.protocol == 6:
        body = (
            struct.pack("!HHIIBBHHH", probe.sport, probe.dport, *probe.numbers, 5 << 4, probe.flags, 1024, 0, 0)
            + payload
        )
        at = 16
    elif probe.protocol == 17:
        body = struct.pack("!HHHH", probe.sport, probe.dport, 8 + len(payload), 0) + payload
        at = 6
    elif probe.protocol in {1, 58}:
        body = struct.pack("!BBHHH", probe.dport >> 8, probe.dport & 255, 0, probe.sport, 1) + payload
        at = 2
    else:
        return payload
    pseudo = source.packed + target.packed + struct.pack("!IHBB", len(body), 0, 0, probe.protocol)
    summed = _sum(body if probe.protocol == 1 else pseudo + body)
    return body[:at] + struct.pack("!H", summed) + body[at + 2 :]


@contextlib.contextmanager
def running_firewall() -> Iterator[Firewall]:
    """Make both namespaces and the cables between them, and take them away again."""
    tag = secrets.token_hex(3)
    inside, outside = f"ppfw{tag}", f"ppout{tag}"
    with contextlib.ExitStack() as undo:
        for name in (inside, outside):
            ip("netns", "add", name)
            undo.callback(ip, "netns", "del", name)
        macs = {}
        for number, (device, nets) in enumerate(DEVICES.items(), 1):
            cable(inside, outside, device, number, nets)
            shown = json.loads(ip("-n", inside, "-j", "link", "show", device))
            macs[device] = shown[0]["address"]
        let_forward(inside)
        agent = Agent(outside, [f"p-{device}" for device in DEVICES])
        undo.callback(agent.end)
        yield Firewall(inside, agent, macs)


def let_forward(namespace: str) -> None:
    """Make a namespace a router that forgets nothing and doubts nothing."""
    for setting in ("ipv4.ip_forward=1", "ipv6.conf.all.forwarding=1", "ipv4.conf.all.rp_filter=0",
                    "netfilter.nf_conntrack_tcp_loose=1", "netfilter.nf_conntrack_tcp_be_liberal=1", "ipv4.icmp_ratelimit=0"):  # fmt: skip
        key, _, value = setting.partition("=")
        subprocess.run(["ip", "netns", "exec", namespace, "sysctl", "-qw", f"net.{key}={value}"], check=False)


def cable(inside: str, outside: str, device: str, number: int, nets: tuple[str, str]) -> None:
    """Lead two networks, IPv4 and IPv6, into another namespace, where ``p-DEVICE`` stands for all hosts in them."""
    ip("-n", inside, "link", "add", device, "type", "veth", "peer", "name", f"p-{device}", "netns", outside)
    ip("-n", outside, "link", "set", f"p-{device}", "up", "promisc", "on")
    ip("-n", inside, "addr", "add", f"192.0.2.{number * 4 + 1}/30", "dev", device)
    ip("-n", inside, "addr", "add", f"fd00:ff:{number}::1/64", "dev", device, "nodad")
    ip("-n", inside, "link", "set", device, "up")
    peer = "02:00:00:00:00:01"
    for family, via, net in (("-4", f"192.0.2.{number * 4 + 2}", nets[0]), ("-6", f"fd00:ff:{number}::2", nets[1])):
        ip("-n", inside, "neigh", "add", via, "lladdr", peer, "dev", device, "nud", "permanent")
        ip(family, "-n", inside, "route", "add", net, "via", via, "dev", device)


def ip(*words: str) -> str:
    """What ``ip`` prints."""
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout
