# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re

from fakes.plants import conduit, firewall, iptables, plant, zone
from plantproof.firewall.reach import Device, findings_of, judge
from plantproof.render.firewall_page import FirewallView, firewall_page

HERE = plant(
    zone("office", "10.1.0.0/16"),
    zone("cell", "10.4.0.0/24"),
    firewall("fw", a="office", b="cell"),
    conduit("c", "office > cell: modbus, s7"),
)


def page(device: Device, notes: dict[str, str] | None = None) -> str:
    report = judge(HERE, {"fw": device}, notes=notes)
    return firewall_page(HERE, FirewallView({"fw": device}, report, tuple(findings_of(HERE, {"fw": device}, report))))


def test_each_mark_of_the_matrix_leads_to_its_findings() -> None:
    rules = ("-p tcp -m tcp --dport 500:502 -j ACCEPT", '-i a -p udp -m comment --comment "<script>" -j ACCEPT')
    text = page(Device(iptables(*rules).listing, source="walls/fw.v4"))
    linked = set(re.findall(r'href="#([^"]+)"', text))
    assert linked == {"way-office-cell", "way-cell-office"}
    assert linked == set(re.findall(r'<span id="([^"]+)">', text))
    assert "<script>" not in text
    assert "walls/fw.v4:" in text
    assert "office to cell: blocked, declared, and no way lets it through" in text
    assert "let through, and declared" in text


def test_what_is_to_be_known_of_a_configuration_stands_with_it() -> None:
    text = page(iptables("-p tcp -m limit --limit 1/sec -j ACCEPT"), {"fw": "stale since Monday"})
    assert "stale since Monday" in text
    assert "doubtful" in text
    assert "None, or not all zones could be asked." in text


def test_a_plant_in_order_says_so() -> None:
    text = page(iptables("-i a -p tcp -m multiport --dports 102,502 -j ACCEPT"))
    assert "The firewalls let through what is declared, and nothing else." in text
