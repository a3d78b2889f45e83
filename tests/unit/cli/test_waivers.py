# SPDX-License-Identifier: Apache-2.0
"""Waivers from file to command: what they are, what they do not do, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plantproof.cli.exits import run

WAIVERS = """\
waivers:
  - id: until-stop
    control: sr-1.1
    zone: supervision
    reason: The panels are replaced in the next stop.
    owner: Maintenance
    approved-by: Plant manager
    granted: 2026-01-10
    ticket: CHG-17
    until: 2026-12-31
"""


@pytest.fixture
def works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["init", str(tmp_path / "w"), "--name", "Nordfeld"]) == 0
    (tmp_path / "w" / "waivers").mkdir()
    (tmp_path / "w" / "waivers" / "panels.yml").write_text(WAIVERS, encoding="utf-8")
    capsys.readouterr()
    return tmp_path / "w"


def test_what_is_waived_is_told_apart_and_moves_no_level(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(works), "assess", "--at", "2026-11-23"]) == 1
    told = capsys.readouterr().out
    assert "supervision: waived, which counts for no level: sr-1.1 until 2026-12-31" in told
    assert run(["-C", str(works), "assess", "--at", "2026-11-23", "--json"]) == 1
    zone = json.loads(capsys.readouterr().out)["zones"]["supervision"]
    assert zone["waived"] == {"sr-1.1": "2026-12-31T23:59:59Z"}
    assert zone["compensated"] == []
    assert zone["sl-a-proven"]["IAC"] == 0
    results = json.loads((works / "out" / "assessment-results.json").read_text(encoding="utf-8"))
    (told_there,) = (
        (finding["target"]["status"]["state"], prop)
        for finding in results["assessment-results"]["results"][0]["findings"]
        for prop in finding["props"]
        if prop["name"] == "waived-by"
    )
    assert told_there[0] == "not-satisfied"
    remarks = "The panels are replaced in the next stop. (Plant manager, until 2026-12-31)"
    assert (told_there[1]["value"], told_there[1]["remarks"]) == ("until-stop", remarks)
    assert run(["-C", str(works), "assess", "--at", "2027-01-01", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["zones"]["supervision"]["waived"] == {}


def test_the_exit_status_changes_only_when_asked_to_and_only_if_all_is_waived(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (works / "plant").glob("*.yml"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        eased = ["    sl-t: 0\n" if line.lstrip().startswith("sl-t:") else line for line in lines]
        file.write_text("".join(eased), encoding="utf-8")
    assert run(["-C", str(works), "assess", "--at", "2026-11-23"]) == 0
    zones = works / "plant" / "zones.yml"
    head, mark, tail = zones.read_text(encoding="utf-8").partition("id: supervision")
    zones.write_text(head + mark + tail.replace("sl-t: 0", "sl-t: {IAC: 1, default: 0}", 1), encoding="utf-8")
    assert run(["-C", str(works), "assess", "--at", "2026-11-23", "--allow-waived"]) == 1
    capsys.readouterr()
    assert run(["-C", str(works), "assess", "--at", "2026-11-23", "--json"]) == 1
    blockers = json.loads(capsys.readouterr().out)["zones"]["supervision"]["blockers"]["IAC"]
    body = WAIVERS.partition("\n")[2]
    each = (body.replace("sr-1.1", ident).replace("until-stop", f"w-{ident}") for ident in blockers)
    (works / "waivers" / "panels.yml").write_text("waivers:\n" + "".join(each), encoding="utf-8")
    assert run(["-C", str(works), "assess", "--at", "2026-11-23"]) == 1
    assert run(["-C", str(works), "assess", "--at", "2026-11-23", "--allow-waived"]) == 0
    assert run(["-C", str(works), "assess", "--at", "2027-01-01", "--allow-waived"]) == 1


def test_explain_names_the_waiver_or_why_it_does_not_hold(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(works), "explain", "supervision", "sr-1.1", "--at", "2026-11-23"]) == 0
    out = capsys.readouterr().out
    assert "no evidence, waived" in out
    who = "waiver until-stop (Maintenance, approved by Plant manager, CHG-17)"
    assert f"{who} holds until 2026-12-31, and counts for no level" in out
    assert "waivers/panels.yml:2" in out
    assert run(["-C", str(works), "explain", "supervision", "sr-1.1", "--at", "2027-01-01", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["waived"], found["verdict"]) == (False, "no evidence")
    assert found["waivers"][0]["does-not-hold"] == "it ran out on 2026-12-31"


def test_what_if_waives_and_takes_a_waiver_back(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def asked(*arguments: str) -> dict[str, dict[str, str]]:
        assert run(["-C", str(works), "what-if", "--at", "2026-11-23", "--json", *arguments]) == 0
        changes: dict[str, dict[str, dict[str, str]]] = json.loads(capsys.readouterr().out)["changes"]
        assert "gap" not in changes
        return changes.get("verdict", {})

    given = asked("--waive", "supervision:sr-1.2")
    assert given == {"supervision sr-1.2": {"before": "no evidence", "after": "no evidence, waived"}}
    taken = asked("--without", "supervision:sr-1.1")
    assert taken == {"supervision sr-1.1": {"before": "no evidence, waived", "after": "no evidence"}}
    assert run(["-C", str(works), "what-if", "--waive", "supervison:sr-1.2"]) == 2
    assert "there is no zone or conduit 'supervison'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("sr-1.1", "sr-1.l", "there is no control sr-1.l", 3),
        ("zone: supervision", "zone: supervison", "names zone supervison, which no file declares", 4),
        ("    until: 2026-12-31\n", "", "waiver until-stop has no until", 2),
        ("    approved-by: Plant manager\n", "", "waiver until-stop has no approved-by", 2),
        ("until: 2026-12-31", "until: 2025-12-31", "until 2025-12-31 lies before granted 2026-01-10", 10),
        ("    until:", "    assets: [plc-9]\n    until:", "asset plc-9 is not in the inventory", 10),
        (
            "zone: supervision",
            "zone: cell-1\n    assets: [engineering-workstation]",
            "which the waiver does not name",
            5,
        ),
        ("waivers:", "waivers:\n" + WAIVERS.partition("\n")[2].rstrip() + "\n", "is declared twice", 12),
        ("waivers:", "waiver:", "unknown key 'waiver'", 1),
    ],
)
def test_what_is_wrong_has_file_and_line(
    works: Path, capsys: pytest.CaptureFixture[str], *, old: str, new: str, said: str, line: int
) -> None:
    (works / "waivers" / "panels.yml").write_text(WAIVERS.replace(old, new, 1), encoding="utf-8")
    assert run(["-C", str(works), "assess"]) == 3
    err = capsys.readouterr().err
    assert said in err
    assert f"waivers/panels.yml:{line} at " in err
