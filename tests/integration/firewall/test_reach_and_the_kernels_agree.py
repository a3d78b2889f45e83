# SPDX-License-Identifier: Apache-2.0
"""What ``reach`` says of a plant is what several kernels do: random plants and rules, real packets over several hops.

``PLANTPROOF_PLANTS`` sets how many plants are tried (default 12), ``PLANTPROOF_PLANT_SEED`` where they begin.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from fakes.packets import packets
from fakes.plants import firewall as made_firewall
from fakes.plants import plant as made_plant
from fakes.plants import zone as made_zone
from fakes.random_iptables import random_iptables
from fakes.random_rules import RuleMaker, probes
from fakes.real_firewall import DEVICES, Probe, why_not
from fakes.real_network import Network, Shape, running_network
from plantproof.adapters.configurations import read_devices
from plantproof.core.plant import Firewall, Plant
from plantproof.firewall.packets import Box, Dim, addresses
from plantproof.firewall.ranges import Ranges
from plantproof.firewall.reach import Device, Outcome, Pair, judge
from plantproof.firewall.reach.spread import Spread, answering
from plantproof.firewall.reach.topology import Topology

_WHY = why_not("iptables-nft-restore")
pytestmark = [pytest.mark.integration, pytest.mark.skipif(bool(_WHY), reason=_WHY)]
PLANTS = int(os.environ.get("PLANTPROOF_PLANTS", "12"))
FIRST = int(os.environ.get("PLANTPROOF_PLANT_SEED", "1"))
PROBES = 250
AT = "2026-11-23T00:00:00Z"
SHAPES = (
    Shape({"a": ("wan0",), "b": ("lan0", "lan1")}, (("a", "lnk0", "b", "lnk0"),)),
    Shape({"a": ("wan0",), "b": ("lan0",), "c": ("lan1",)}, (("a", "lnk0", "b", "lnk0"), ("b", "lnk1", "c", "lnk0"))),
    Shape(
        {"a": ("wan0",), "b": ("lan0",), "c": ("lan1",)},
        (("a", "lnk0", "r", "lnk0"), ("b", "lnk0", "r", "lnk1"), ("c", "lnk0", "r", "lnk2")),
    ),
)
MOSTLY = "table inet t {\n%s\nchain forward { type filter hook forward priority 0; policy accept\n%s\n}\n}"
ROUTER, NFT, IPTABLES = "none", "nftables-json", "iptables-save"
_CARRIED = (Dim.SRC, Dim.DST, Dim.PROTO, Dim.SPORT, Dim.DPORT)


def described(network: Network, pick: random.Random, root: Path) -> tuple[Plant, dict[str, Device]]:
    """Load rules into every device, and write down what it says of them, as a workspace would have it."""
    shape = network.shape
    walls: list[Firewall] = []
    for device in shape.devices:
        dialect = ROUTER if device == "r" else pick.choice([NFT, NFT, IPTABLES])
        text = _configured(network, device, dialect, pick)
        (root / f"{device}.txt").write_text(text, encoding="utf-8")
        forgetful = pick.random() < 0.15 and bool(shape.ways(device))
        if forgetful:
            network.forget(device, pick.choice(sorted(shape.ways(device))))
        sides = {
            name: what.removeprefix("zone ").replace("link ", "link:n")
            for name, what in shape.interfaces(device).items()
        }
        wall = replace(made_firewall(device, dialect, **sides), config="" if dialect == ROUTER else f"{device}.txt")
        if dialect == ROUTER or forgetful or pick.random() < 0.5:
            (root / f"{device}.json").write_text(network.routes(device), encoding="utf-8")
            wall = replace(wall, routes=f"{device}.json")
        walls.append(wall)
    plant = made_plant(*(made_zone(name, *nets) for name, nets in DEVICES.items()), *walls)
    devices, notes = read_devices(root, plant, dict, AT, lambda _: None)
    assert notes == {}
    return plant, dict(devices)


def _configured(network: Network, device: str, dialect: str, pick: random.Random) -> str:
    network.run(device, "nft", "flush", "ruleset")
    if dialect == IPTABLES:
        network.run(device, "iptables-nft-restore", text=random_iptables(pick.randint(0, 10**6)))
        return network.run(device, "iptables-nft-save")
    if dialect == NFT:
        maker = RuleMaker(pick.randint(0, 10**6))
        # Three random rule sets in a row would let nearly nothing through.
        few = "\n".join(f"{maker.match('forward')} {pick.choice(['drop', 'accept'])}" for _ in range(3))
        open_ = MOSTLY % ("\n".join(maker.sets()), few)
        network.run(device, "nft", "-f", "-", text=open_ if pick.random() < 0.6 else maker.text())
    return network.run(device, "nft", "-j", "list", "ruleset")


def asked(seed: int) -> list[Probe]:
    """Probes from zone to zone, out of the one that their source is in."""
    found = (replace(probe, device=_zone(probe.src)) for probe in probes(seed, PROBES))
    return [probe for probe in found if probe.device != _zone(probe.dst)]


def _zone(address: str) -> str:
    one = ip_address(address)
    return next(name for name, nets in DEVICES.items() if one in ip_network(nets[one.version == 6]))


def _box(probe: Probe) -> Box:
    box = packets(state=None)
    source, target = ip_address(probe.src), ip_address(probe.dst)
    return {
        **box,
        Dim.SRC: addresses(source, source),
        Dim.DST: addresses(target, target),
        Dim.PROTO: Ranges.only(probe.protocol),
        Dim.SPORT: Ranges.only(probe.sport),
        Dim.DPORT: Ranges.only(probe.dport),
    }


def _is_in(probe: Box, box: Box) -> bool:
    return all(dim not in box or probe[dim] & box[dim] for dim in _CARRIED)


def told(pairs: Mapping[tuple[str, str], Pair], probe: Probe) -> tuple[set[str], bool]:
    """The zones that a probe surely arrives in by the report, and whether anything about it is doubtful."""
    sure, doubtful, packet = set(), False, _box(probe)
    for (source, target), pair in pairs.items():
        if source != probe.device:
            continue
        for passage in pair.passages:
            if any(_is_in(packet, sent) for sent in passage.sent):
                if passage.outcome is Outcome.DOUBTFUL:
                    doubtful = True
                else:
                    sure.add(target)
    return sure, doubtful


def comes_back(topology: Topology, devices: Mapping[str, Device], probe: Probe) -> bool | None:
    """Whether the answer to a probe gets home by the model; None if it does not know."""
    answer = probe.answered()
    box = {**answering(), **{dim: part for dim, part in _box(answer).items() if dim in _CARRIED}}
    home, found = topology.place[probe.device], False
    for at, parcel in Spread(topology, devices).of(_zone(probe.dst), box):
        if at == home:
            if not parcel.certain:
                return None
            found = True
    return found


@pytest.mark.parametrize("seed", range(FIRST, FIRST + PLANTS))
def test_packets_arrive_where_the_report_says(seed: int, tmp_path: Path) -> None:
    pick = random.Random(seed)
    with running_network(SHAPES[seed % len(SHAPES)]) as network:
        plant, devices = described(network, pick, tmp_path)
        report = judge(plant, devices)
        sent = asked(seed)
        arrived = network.send(sent)
        wrong, compared = [], 0
        for probe, end in zip(sent, arrived, strict=True):
            sure, doubtful = told(report.pairs, probe)
            if doubtful and not sure:
                continue
            compared += 1
            if sure != ({end} if end else set()):
                wrong.append(f"{probe}: report {sorted(sure)}, kernels {end or 'dropped'}")
        assert wrong == [], tmp_path
        assert compared > len(sent) // 2
        # Answers: only of what nobody translated, as a translation leads its answers back itself.
        passed = [
            probe
            for probe, end in zip(sent, arrived, strict=True)
            if end == _zone(probe.dst)
            and probe.protocol in {6, 17}
            and not any(
                device.translated & addresses(ip_address(probe.dst), ip_address(probe.dst))
                for device in devices.values()
            )
        ]
        topology = Topology.of(plant)
        home = network.send([replace(probe.answered(), device=_zone(probe.dst)) for probe in passed])
        for probe, end in zip(passed, home, strict=True):
            expected = comes_back(topology, devices, probe)
            if expected is not None and expected != (end == probe.device):
                wrong.append(f"answer to {probe}: model {expected}, kernels {end or 'dropped'}")
        assert wrong == [], tmp_path
