# SPDX-License-Identifier: Apache-2.0
"""From a real kernel's rules to a proven requirement: set, collected by the shipped script, redacted, judged; packets agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.evidence import DAYS, make_item
from fakes.real_firewall import DEVICES, Firewall, Probe, running_firewall, why_not
from fakes.shell_reading import SCRIPT
from plantproof.cli.judging import Evidence, Judged, judge_by
from plantproof.cli.wiring import Wiring
from plantproof.core.statements import Statements
from plantproof.core.verdicts import Verdict
from plantproof.parsers.sections import split_sections
from plantproof.ports.locker import StoredItem
from plantproof.redactors.registry import redact

_WHY = why_not()
pytestmark = [pytest.mark.integration, pytest.mark.skipif(bool(_WHY), reason=_WHY)]
PLANT = f"""\
zones:
  - {{id: office, sl-t: 1, purdue: 4, networks: [{", ".join(DEVICES["wan0"])}]}}
  - {{id: scada, sl-t: 2, purdue: 2, networks: [{", ".join(DEVICES["lan0"])}]}}
  - {{id: cell, sl-t: 2, purdue: 1, networks: [{", ".join(DEVICES["lan1"])}]}}
conduits:
  - {{id: reports, zones: [office, scada], sl-t: 1, flows: [{{from: office, to: scada, service: https}}]}}
  - {{id: counts, zones: [scada, cell], sl-t: 2, flows: [{{from: scada, to: cell, service: modbus}}]}}
firewalls:
  - id: gateway
    dialect: nftables-json
    asset: gate
    interfaces: [{{name: wan0, zone: office}}, {{name: lan0, zone: scada}}, {{name: lan1, zone: cell}}]
"""
INVENTORY = "all: {hosts: {gate: {plantproof_zone: scada, plantproof_collectors: [linux_host]}}}\n"
RULES = """
table inet boundary {
  chain input { type filter hook input priority 0; policy drop; }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "wan0" ip saddr 10.1.0.0/16 ip daddr 10.2.0.0/16 tcp dport 443 accept
    iifname "lan0" ip saddr 10.2.0.0/16 ip daddr 10.3.0.0/16 meta l4proto { tcp, udp } th dport 502 accept
  }
}
"""
LEFT_OPEN = (
    'insert rule inet boundary forward iifname "wan0" ip saddr 10.1.0.0/16 ip daddr 10.3.4.5 tcp dport 3389 accept'
)
PATH = "scada/gate/linux.firewall.txt"
TCP = 6


@pytest.fixture
def works(tmp_path: Path) -> Path:
    (tmp_path / "plant").mkdir()
    (tmp_path / "plantproof.yml").write_text("version: 1\nplant: {name: Works, owner: Owner}\n", encoding="utf-8")
    (tmp_path / "plant" / "zones.yml").write_text(PLANT, encoding="utf-8")
    (tmp_path / "inventory.yml").write_text(INVENTORY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def gateway() -> Iterator[Firewall]:
    with running_firewall() as found:
        found.load(RULES)
        yield found


def judged(works: Path, gateway: Firewall) -> tuple[Judged, list[str]]:
    """Collect as the collector does, redact, and judge; with the lines of the evidence."""
    output = split_sections(gateway.run("sh", str(SCRIPT), "n0nce"), "n0nce")
    section = next(one for one in output.sections if one.kind == "linux.firewall")
    text = redact("linux.firewall", section.text, lambda secret: "0" * 8).text
    item = make_item(PATH, text.encode(), state=section.state, notes=section.notes)
    evidence = Evidence(
        at=DAYS[1], commit="1" * 40, items={PATH: StoredItem(item=item, commit="1" * 40)}, not_collected=()
    )
    wiring = Wiring.of(works)
    return judge_by(wiring, evidence, wiring.workspace.plant, Statements()), text.split("\n")


def arrives(gateway: Firewall, source: str, target: str, port: int, device: str) -> bool:
    probe = Probe(src=source, dst=target, protocol=TCP, sport=50_000, dport=port, device=device)
    return gateway.agent.send([probe], gateway.macs) != [""]


def test_what_the_kernel_holds_back_is_proven_and_what_was_left_open_is_found(works: Path, gateway: Firewall) -> None:
    found, _ = judged(works, gateway)
    for zone in ("office", "scada", "cell"):
        status = found.assessment.zones[zone].controls["sr-5.2.re-1"]
        assert status.verdict is Verdict.SATISFIED, status.reason
    assert arrives(gateway, "10.1.0.9", "10.2.0.9", 443, "wan0")
    assert not arrives(gateway, "10.1.0.9", "10.3.4.5", 3389, "wan0")

    gateway.run("nft", LEFT_OPEN)
    found, lines = judged(works, gateway)
    assert arrives(gateway, "10.1.0.9", "10.3.4.5", 3389, "wan0")
    verdicts = {one.zone: one for one in found.assessment.outcomes if one.check == "zone-boundary-declared"}
    assert verdicts["scada"].verdict is Verdict.SATISFIED
    for zone in ("office", "cell"):
        outcome = verdicts[zone]
        assert outcome.verdict is Verdict.NOT_SATISFIED
        assert outcome.message.startswith("office reaches cell by rdp (tcp/3389), and no conduit declares it")
        assert [ref.path for ref in outcome.evidence] == [PATH]
        (number,) = outcome.lines
        assert "3389" in lines[number - 1]
