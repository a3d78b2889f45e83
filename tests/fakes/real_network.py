# SPDX-License-Identifier: Apache-2.0
"""Several real Linux firewalls and routers in namespaces of their own, joined by cables, with a zone's hosts at each end."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fakes.real_firewall import DEVICES, Agent, Probe, cable, ip, let_forward, within

__all__ = ["Network", "Shape", "running_network"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is joined with what."""

    ends: Mapping[str, tuple[str, ...]]
    """By device its interfaces that lead to hosts: names of ``DEVICES``, each of which is at one device."""
    links: tuple[tuple[str, str, str, str], ...]
    """Device and interface, device and interface."""

    @property
    def devices(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(dict.fromkeys((*self.ends, *(one for link in self.links for one in (link[0], link[2])))))

    def interfaces(self, device: str) -> dict[str, str]:
        """By interface ``zone NAME`` or ``link NUMBER``."""
        found = {name: f"zone {name}" for name in self.ends.get(device, ())}
        for number, link in enumerate(self.links):
            found |= {link[at + 1]: f"link {number}" for at in (0, 2) if link[at] == device}
        return found

    def ways(self, device: str) -> dict[str, tuple[int, str]]:
        """By distant end the link to take and the interface; shortest first, as there is one way only."""
        found: dict[str, tuple[int, str]] = {}
        met, waiting = {device}, [(device, (-1, ""))]
        while waiting:
            at, first = waiting.pop(0)
            for number, (one, left, other, right) in enumerate(self.links):
                for here, out, there in ((one, left, other), (other, right, one)):
                    if here == at and there not in met:
                        met.add(there)
                        step = first if first[1] else (number, out)
                        found |= dict.fromkeys(self.ends.get(there, ()), step)
                        waiting.append((there, step))
        return found


class Network:
    """A running one."""

    def __init__(self, shape: Shape, names: Mapping[str, str], agent: Agent, macs: Mapping[str, str]) -> None:
        self.shape = shape
        self._names = names
        self._agent = agent
        self._macs = macs

    def run(self, device: str, *command: str, text: str | None = None) -> str:
        """What a command at a device prints."""
        return within(self._names[device], *command, text=text)

    def send(self, probes: Sequence[Probe]) -> list[str]:
        """For each probe the end at which it arrived; empty if it did not."""
        return self._agent.send(probes, self._macs)

    def routes(self, device: str) -> str:
        """Both routing tables as one JSON list."""
        tables = [
            json.loads(self.run(device, "ip", family, "-j", "route", "show", "table", "all")) for family in ("-4", "-6")
        ]
        return json.dumps([route for table in tables for route in table])

    def forget(self, device: str, end: str) -> None:
        """Take away a device's routes to a distant end."""
        for family, net in zip(("-4", "-6"), DEVICES[end], strict=True):
            self.run(device, "ip", family, "route", "del", net)


@contextlib.contextmanager
def running_network(shape: Shape) -> Iterator[Network]:
    """Make all namespaces and cables, and take them away again."""
    tag = secrets.token_hex(3)
    outside = f"ppout{tag}"
    names = {device: f"pp{device}{tag}" for device in shape.devices}
    with contextlib.ExitStack() as undo:
        for name in (outside, *names.values()):
            ip("netns", "add", name)
            undo.callback(ip, "netns", "del", name)
        macs = {}
        for number, (end, nets) in enumerate(DEVICES.items(), 1):
            for device in (one for one, ends in shape.ends.items() if end in ends):
                cable(names[device], outside, end, number, nets)
                macs[end] = json.loads(ip("-n", names[device], "-j", "link", "show", end))[0]["address"]
        for number, link in enumerate(shape.links):
            _join(names, link, number)
        for device, name in names.items():
            let_forward(name)
            for end, (number, interface) in shape.ways(device).items():
                side = 2 if shape.links[number][0] == device else 1
                via = (f"198.18.{number}.{side}", f"fd00:fe:{number}::{side}")
                for family, net, gateway in zip(("-4", "-6"), DEVICES[end], via, strict=True):
                    ip(family, "-n", name, "route", "add", net, "via", gateway, "dev", interface)
        agent = Agent(outside, [f"p-{end}" for end in macs])
        undo.callback(agent.end)
        yield Network(shape, names, agent, macs)


def _join(names: Mapping[str, str], link: tuple[str, str, str, str], number: int) -> None:
    one, left, other, right = link
    ip("-n", names[one], "link", "add", left, "type", "veth", "peer", "name", right, "netns", names[other])
    sides = ((names[one], left), (names[other], right))
    macs = [json.loads(ip("-n", name, "-j", "link", "show", device))[0]["address"] for name, device in sides]
    for side, (name, device) in enumerate(sides, 1):
        ip("-n", name, "addr", "add", f"198.18.{number}.{side}/30", "dev", device)
        ip("-n", name, "addr", "add", f"fd00:fe:{number}::{side}/64", "dev", device, "nodad")
        ip("-n", name, "link", "set", device, "up")
    for side, (name, device) in enumerate(sides, 1):
        for address in (f"198.18.{number}.{3 - side}", f"fd00:fe:{number}::{3 - side}"):
            ip("-n", name, "neigh", "replace", address, "lladdr", macs[2 - side], "dev", device, "nud", "permanent")
