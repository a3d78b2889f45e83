# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plantproof.cli.exits import run

PLANT = """\
zones:
  - {id: office, purdue: "4", sl-t: 1, networks: [10.1.0.0/16]}
  - {id: dmz, purdue: "3.5", sl-t: 2, networks: [10.2.0.0/24]}
  - {id: cell, purdue: "1", sl-t: 2, networks: [10.4.0.0/24]}
conduits:
  - {id: reports, zones: [office, dmz], sl-t: 1, flows: [{from: office, to: dmz, service: https}]}
  - {id: operate, zones: [dmz, cell], sl-t: 2, flows: [{from: dmz, to: cell, service: "modbus, s7"}]}
firewalls:
  - id: outer
    dialect: iptables-save
    config: walls/outer.v4
    interfaces: [{name: lan, zone: office}, {name: dmz, link: middle}]
  - {id: switch, dialect: none, interfaces: [{name: a, link: middle}, {name: b, zone: dmz}], routes: walls/routes.json}
  - id: inner
    dialect: iptables-save
    config: walls/inner.v4
    interfaces: [{name: up, zone: dmz}, {name: cell, zone: cell}]
"""
ANSWERS = "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
OUTER = f"*filter\n:FORWARD DROP [0:0]\n{ANSWERS}\n-A FORWARD -p tcp -m tcp --dport 440:450 -j ACCEPT\nCOMMIT\n"
INNER = f"""*filter
:FORWARD DROP [0:0]
{ANSWERS}
-A FORWARD -d 10.4.0.0/24 -p tcp -m tcp --dport 502 -j ACCEPT
-A FORWARD -s 10.2.0.9/32 -m limit --limit 5/sec -j ACCEPT
COMMIT
"""
ROUTES = '[{"dst": "10.2.0.0/24", "dev": "b"}, {"dst": "10.1.0.0/16", "dev": "a"}, {"dst": "10.4.0.0/24", "dev": "b"}]'


@pytest.fixture
def works(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path / "w"), "--name", "Nordfeld"]) == 0
    root = tmp_path / "w"
    (root / "plant" / "zones.yml").write_text(PLANT, encoding="utf-8")
    (root / "inventory.yml").write_text("all: {hosts: {}}\n", encoding="utf-8")
    (root / "walls").mkdir()
    for name, text in (("outer.v4", OUTER), ("inner.v4", INNER), ("routes.json", ROUTES)):
        (root / "walls" / name).write_text(text, encoding="utf-8")
    return root


def reach(works: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = run(["-C", str(works), "reach", *more])
    return status, *capsys.readouterr()


def test_findings_name_the_rule_and_line_of_each_firewall(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = reach(works, capsys)
    assert status == 1
    assert "error: office reaches dmz by tcp/440-442, tcp/444-450, and no conduit declares it  [undeclared]" in out
    assert "walls/outer.v4:4 (outer): -A FORWARD -p tcp -m tcp --dport 440:450 -j ACCEPT" in out
    assert "plant/zones.yml:7: warning: operate declares s7 from dmz to cell" not in out  # perhaps, by the limited rule
    assert "warning: dmz perhaps reaches cell by " in out
    assert "--limit 5/sec" in out
    assert "10.2.0.9 > 10.4.0.0-10.4.0.255" in out
    stray = "stray: outer lets in IPv4 from addresses of no zone\n  walls/outer.v4:4 (outer): -A FORWARD -p tcp"
    assert stray in out
    told = "3 of 6 pairs of zones are open: 2 undeclared, 1 doubtful; 7 ways for addresses of no zone"
    assert err.splitlines()[-1] == told


def test_one_pair_shows_what_is_declared_too(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = reach(works, capsys, "--from", "office", "--to", "dmz")
    assert status == 1
    assert [line.split()[:2] for line in out.splitlines()[1:3]] == [
        ["declared", "https"],
        ["undeclared", "tcp/440-442,"],
    ]
    status, out, _ = reach(works, capsys, "--from", "cell", "--to", "office")
    assert (status, out.splitlines()[0]) == (0, "cell does not reach office")


def test_for_programs(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = reach(works, capsys, "--json")
    assert status == 1
    found: dict[str, Any] = json.loads(out)
    assert [(wall["id"], wall["rules"]) for wall in found["firewalls"]] == [("outer", 3), ("switch", 0), ("inner", 4)]
    first = found["findings"][0]
    assert (first["severity"], first["from"], first["to"], first["service"]) == (
        "error",
        "office",
        "dmz",
        "tcp/440-442, tcp/444-450",
    )
    assert first["rules"][0] == {
        "firewall": "outer",
        "file": "walls/outer.v4",
        "line": 4,
        "text": "-A FORWARD -p tcp -m tcp --dport 440:450 -j ACCEPT",
        "action": "ACCEPT",
    }
    open_pairs = {(pair["from"], pair["to"]) for pair in found["pairs"] if pair["passages"]}
    assert open_pairs == {("office", "dmz"), ("dmz", "office"), ("dmz", "cell")}


def test_a_declared_flow_that_is_blocked_is_named_where_it_is_declared(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = works / "walls" / "inner.v4"
    inner.write_text(INNER.replace("-s 10.2.0.9/32 -m limit --limit 5/sec -j ACCEPT", "-s 10.9.9.9/32 -j ACCEPT"))
    _, out, _ = reach(works, capsys)
    assert "plant/zones.yml:7: warning: operate declares s7 from dmz to cell, and no rule lets it through" in out
    assert "walls/inner.v4:2 (inner): :FORWARD DROP" in out


def test_a_configuration_that_cannot_be_read_makes_its_ways_doubtful(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (works / "walls" / "inner.v4").unlink()
    status, out, _ = reach(works, capsys)
    assert status == 1
    assert "unknown: inner:" in out
    assert "inner.v4 cannot be read: No such file or directory" in out
    assert "dmz perhaps reaches cell by any" in out
    (works / "walls" / "inner.v4").write_text("hello\n")
    assert "inner.v4" in reach(works, capsys)[1]
    (works / "walls" / "routes.json").write_text("{")
    _, out, _ = reach(works, capsys)
    assert "the routing table is not JSON" in out


def test_names_that_the_plant_does_not_know(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = reach(works, capsys, "--from", "offic")
    assert status == 2
    assert "Did you mean 'office'?" in err
    assert "Known: office, dmz, cell" in reach(works, capsys, "--to", "zzz")[2]


def test_a_plant_without_firewalls_is_told_what_to_write(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = works / "plant" / "zones.yml"
    file.write_text(file.read_text().partition("firewalls:")[0])
    status, _, err = reach(works, capsys)
    assert status == 3
    assert "Write firewalls:" in err
