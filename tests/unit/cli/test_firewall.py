# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from plantproof.cli import output
from plantproof.cli.exits import run

RULES = """*filter
:FORWARD DROP [0:0]
-A FORWARD -s 10.1.0.0/16 -p tcp -m tcp --dport 502 -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 80 -m limit --limit 1/sec -j ACCEPT
COMMIT
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "rules.v4"
    path.write_text(RULES, encoding="utf-8")
    return str(path)


def test_show_prints_rules_with_lines_and_what_is_open(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["firewall", "show", "iptables-save", file]) == 0
    printed = capsys.readouterr()
    assert "filter FORWARD" in printed.out
    assert "--limit" in printed.out
    assert "3 rules; 1 of 4 lines" in printed.err
    assert run(["firewall", "show", "iptables-save", file, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [rule["line"] for rule in found["rules"]] == [3, 4, 2]
    assert found["coverage"] == {"lines": 4, "understood": 3}
    assert found["not_understood"][0]["line"] == 4


def test_query_answers_for_programs(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["firewall", "query", "--from", "10.1.2.0/24", "--to", "10.2.0.5", "--proto", "tcp"]
    assert run([*ask, "--port", "502", "iptables-save", file, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "all"
    assert found["rules"] == [
        {
            "line": 3,
            "text": "-A FORWARD -s 10.1.0.0/16 -p tcp -m tcp --dport 502 -j ACCEPT",
            "action": "ACCEPT",
            "place": "filter FORWARD",
        }
    ]
    assert run([*ask, "--port", "80", "--json", "iptables-save", file]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "inconclusive"
    assert found["not_understood"][0]["line"] == 4


def test_query_answers_for_people(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["firewall", "query", "--from", "any", "--to", "any", "--port", "80-90", "iptables-save", file]) == 0
    out = capsys.readouterr().out
    assert out.startswith("inconclusive")
    assert "leaves it open" in out


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--from", "10.1.0.0/33", "--to", "any"], "--from"),
        (["--from", "10.0.0.0/8", "--to", "fd00::/8"], "families"),
        (["--from", "any", "--to", "any", "--proto", "tpc"], "--proto"),
        (["--from", "any", "--to", "any", "--port", "70000"], "--port"),
        (["--from", "any", "--to", "any", "--proto", "icmp", "--port", "300"], "--port"),
        (["--from", "any", "--to", "any", "--sport", "9-1"], "--sport"),
    ],
)
def test_an_option_that_means_nothing_is_named(
    options: list[str], word: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["firewall", "query", *options, "iptables-save", file]) == 2
    assert word in capsys.readouterr().err


def test_a_broken_file_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fw.json"
    path.write_text('{"nftables": [\n{"table": {}},\n{"rule": ', encoding="utf-8")
    assert run(["firewall", "show", "nftables-json", str(path)]) == 3
    assert "fw.json:3" in capsys.readouterr().err


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(RULES.encode())))
    ask = ["firewall", "query", "--from", "10.1.0.1", "--to", "10.2.0.5", "--proto", "6", "--port", "502"]
    assert run([*ask, "--in", "eth0", "--out", "eth1", "--state", "new", "iptables-save", "-"]) == 0
    assert capsys.readouterr().out.startswith("all")


def test_check_names_needless_and_open_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.v4"
    rules = ["-s 10.1.0.0/16 -j ACCEPT", "-s 10.1.2.0/24 -j DROP", "-p tcp -m tcp --dport 502 -j ACCEPT"]
    path.write_text("\n".join(["*filter", ":FORWARD DROP [0:0]", *(f"-A FORWARD {r}" for r in rules), "COMMIT", ""]))
    assert run(["firewall", "check", "iptables-save", str(path)]) == 1
    printed = capsys.readouterr()
    assert "shadowed    -A FORWARD -s 10.1.2.0/24 -j DROP" in printed.out
    assert printed.err == "4 rules: 1 any to any, 1 shadowed\n"
    assert run(["firewall", "check", "iptables-save", str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(one["finding"], one["rule"]["line"]) for one in found["findings"]] == [("shadowed", 4), ("any to any", 5)]
    assert [one["line"] for one in found["findings"][0]["because"]] == [3]
    path.write_text("*filter\n:FORWARD DROP [0:0]\n-A FORWARD -s 10.1.0.0/16 -j ACCEPT\nCOMMIT\n")
    assert run(["firewall", "check", "iptables-save", str(path)]) == 0
    assert capsys.readouterr().err == "2 rules: nothing to find\n"


def test_check_of_many_rules_tells_how_far_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_SILENCE", -1.0)
    path = tmp_path / "rules.v4"
    rules = [f"-A FORWARD -s 10.1.{n // 250}.{n % 250}/32 -j ACCEPT" for n in range(600)]
    path.write_text("\n".join(["*filter", ":FORWARD DROP [0:0]", *rules, "COMMIT", ""]))
    assert run(["firewall", "check", "iptables-save", str(path)]) == 0
    assert capsys.readouterr().err.count("judging rules: ") == 19
