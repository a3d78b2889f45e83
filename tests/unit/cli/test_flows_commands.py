# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from fakes.workspaces import make_workspace
from plantproof.cli import exits, output
from plantproof.cli.flows import checking, reading
from plantproof.core.observed.addresses import Network

_ZONES = """\
zones:
  - {id: control, title: Control, sl-t: 1}
  - {id: cell, title: Cell, sl-t: 1}
conduits:
  - id: to-cell
    title: To the cell
    zones: [control, cell]
    sl-t: 1
    flows:
      - {from: control, to: cell, service: modbus}
      - {from: control, to: cell, service: "opcua, ssh"}
      - {from: control, to: cell, service: Hard-wired signal}
"""
_NETWORKS = {"control": [ip_network("198.51.100.0/24")], "cell": [ip_network("203.0.113.0/24")]}
_HEAD = "src,dst,dport,proto,first,packets,action\n"
_GOOD = "198.51.100.5,203.0.113.7,502,tcp,2026-11-23T06:37:00Z,5,\n"
_BAD = "203.0.113.7,198.51.100.5,4711,tcp,2026-11-24T06:37:00Z,5,\n"
_STRANGER = "10.9.9.9,203.0.113.7,22,tcp,2026-11-23T06:37:00Z,2,\n"
_TRIED = "198.51.100.5,203.0.113.7,4840,tcp,2026-11-23T06:37:00Z,1,deny\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_workspace(tmp_path / "w", {})
    (root / "plant" / "zones.yml").write_text(_ZONES, encoding="utf-8")
    (root / "plant" / "conduits.yml").unlink(missing_ok=True)
    monkeypatch.setattr(checking, "networks_of", lambda _: _NETWORKS)
    monkeypatch.chdir(tmp_path)
    return root


def log(text: str, name: str = "flows.csv") -> str:
    Path(name).write_text(_HEAD + text, encoding="utf-8")
    return name


def told(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, str, str]:
    status = exits.run(["-C", str(root), "flows", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_declared_traffic_is_no_finding(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, said = told(capsys, root, "check", log(_GOOD + _TRIED))
    assert status == 0
    assert "declared: 1" in out
    assert "to-cell flow 1" in out
    assert "attempted, nobody answered: 1" in out
    assert "declared, not seen from 2026-11-23T06:37:00Z to 2026-11-23T06:37:00Z: 2" in out
    assert "Hard-wired signal  its service has no number" in out
    assert "0 undeclared, 0 backwards, 0 no zone, 1 attempted, 1 declared" in said


def test_findings_say_who_when_and_where(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = told(capsys, root, "check", log(_GOOD + _BAD + _STRANGER))
    assert status == 1
    backwards = next(line for line in out.splitlines() if "tcp/4711" in line)
    assert "203.0.113.7 > 198.51.100.5" in backwards
    assert backwards.split()[-1] == "flows.csv:3"
    assert "2026-11-24T06:37:00Z" in backwards
    assert "in the network but in no zone: 1\n" in out
    assert "10.9.9.9" in out


def test_the_result_as_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = told(capsys, root, "check", "--json", log(_GOOD + _BAD + "203.0.113.7,224.0.0.1,1,udp,,,\n"))
    result = json.loads(out)
    assert status == 1
    outcomes = {group["outcome"]: group for group in result["groups"]}
    assert outcomes.keys() == {"backwards", "declared", "apart"}
    assert outcomes["declared"]["service"] == "modbus (tcp/502)"
    assert (outcomes["declared"]["conduit"], outcomes["declared"]["flow"]) == ("to-cell", 1)
    assert outcomes["backwards"]["seen"] == {"file": "flows.csv", "line": 3}
    assert outcomes["apart"]["kind"] == "multicast"
    assert [item["service"] for item in result["unseen"]] == ["opcua", "ssh"]
    assert [item["because"] for item in result["not-comparable"]] == ["its service has no number"]


def test_long_tables_are_cut_and_say_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"10.9.9.{n},203.0.113.7,22,tcp,,1,\n" for n in range(40))
    _, out, _ = told(capsys, root, "check", log(rows))
    assert "... and 15 more; --all shows them" in out
    _, out, said = told(capsys, root, "check", "--all", log(rows))
    assert "more; --all" not in out
    assert out.count("10.9.9.") == 80
    assert "in a period that the logs do not tell" in said


def test_what_is_imported_is_judged_alike(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [log(_GOOD + _BAD, "one.csv"), log(_STRANGER + _TRIED, "two.csv")]
    assert told(capsys, root, "import", *names)[0] == 0
    first = Path("flows.json").read_bytes()
    assert told(capsys, root, "import", *reversed(names), "-o", "again.json")[0] == 0
    assert Path("again.json").read_bytes() == first
    straight = told(capsys, root, "check", *names)[1]
    assert told(capsys, root, "check", "flows.json")[1] == straight
    assert told(capsys, root, "import", log(_GOOD + "x\n"))[0] == 0
    assert "flows.csv: 1 lines could not be read when it was imported" in told(capsys, root, "check", "flows.json")[2]
    assert told(capsys, root, "import", *names)[0] == 0
    assert {source["name"] for source in json.loads(first)["sources"]} == {"one.csv", "two.csv"}
    status, out, _ = told(capsys, root, "import", "-o", "-", names[0])
    assert (status, json.loads(out)["version"]) == (0, 1)
    status, out, _ = told(capsys, root, "import", "--json", *names)
    assert json.loads(out) == {"output": "flows.json", "records": 4, "flows": 4, "malformed": 0}


def test_import_needs_no_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("a.csv.gz").write_bytes(gzip.compress((_HEAD + _GOOD).encode()))
    assert told(capsys, tmp_path, "import", "a.csv.gz")[0] == 0


def test_lines_that_cannot_be_read_are_told_without_repeating_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = log(_GOOD + "".join(f"\x1b[31mevil{n},203.0.113.7,22,tcp,,,\n" for n in range(30)), "a\x1b.csv")
    status, out, said = told(capsys, root, "check", name)
    assert status == 0
    assert "a\\x1b.csv:3: not read: the source is not an IP address" in said
    assert "10 more lines could not be read" in said
    assert "\x1b" not in out + said
    assert "evil" not in out + said


@pytest.mark.parametrize(
    ("text", "arguments", "status", "said"),
    [
        ("", (), 3, "is empty"),
        ("\n\n", (), 3, "is empty"),
        ("hello\nworld\n", (), 3, "in no format that is known"),
        ("von,nach,art\n1,2,3\n", ("--column", "src=von"), 3, "no column is known as dst"),
        (_HEAD + "x\n", (), 3, "f:2: none of its 1 lines can be read; the first: the line has 1 cells"),
        (_HEAD, ("--format", "zeek"), 3, "no #fields line came before it"),
        (_HEAD, ("--column", "src"), 2, "is not NAME=HEADING"),
        (_HEAD, ("--column", "wer=src"), 2, "there is no column 'wer' of flows"),
        ("#separator \\x09\n", ("--column", "src=a"), 2, "is read as zeek"),
        ('{"plantproof":"observed-flows","version":9}', (), 3, "[content.version]"),
        ("{\n", (), 3, "[content.flows]"),
    ],
)
def test_what_is_no_flow_log_is_said(  # noqa: PLR0917
    root: Path, capsys: pytest.CaptureFixture[str], text: str, arguments: Sequence[str], status: int, said: str
) -> None:
    Path("f").write_text(text, encoding="utf-8")
    found, _, told_text = told(capsys, root, "check", "f", *arguments)
    assert (found, said in told_text) == (status, True), told_text


def test_files_that_are_not_there_or_twice(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, root, "check", "none.csv")[0] == 2
    name = log(_GOOD)
    assert "a file is named twice" in told(capsys, root, "check", name, f"./{name}")[2]


def test_import_does_not_overwrite_what_it_reads(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = log(_GOOD)
    assert told(capsys, root, "import", name, "-o", f"../{Path.cwd().name}/{name}")[0] == 2
    assert Path(name).read_text(encoding="utf-8") == _HEAD + _GOOD


def test_a_plant_without_networks_says_what_to_write(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing: dict[str, list[Network]] = {"control": [], "cell": []}
    monkeypatch.setattr(checking, "networks_of", lambda _: nothing)
    status, _, said = told(capsys, root, "check", log(_GOOD))
    assert (status, "networks: [192.0.2.0/24]" in said) == (3, True)


def test_a_long_log_shows_how_far_it_is(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_STEP", 100)
    monkeypatch.setattr(output, "_SILENCE", -1.0)
    _, _, said = told(capsys, root, "check", log(_GOOD * 10))
    assert "reading flows" in said
    assert "6/6" in said
