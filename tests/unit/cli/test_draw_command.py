# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from plantproof.cli import exits

ZONES = """\
zones:
  - {id: supervision, title: Supervision, purdue: 3, site: north, sl-t: 2}
  - {id: cell, parent: supervision, purdue: 1, sl-t: 1}
  - {id: office, purdue: 4, sl-t: 1}
conduits:
  - {id: operate, zones: [supervision, cell], sl-t: 2, flows: [{from: supervision, to: cell, service: opcua}]}
  - id: reports
    zones: [cell, office]
    sl-t: 1
    exception: {reason: DMZ in spring, approved-by: Chief, until: 2026-12-31}
"""
BEFORE = ("--at", "2026-11-01T00:00:00Z")
AFTER = ("--at", "2027-02-01T00:00:00Z")


@pytest.fixture
def works(tmp_path: Path) -> Path:
    assert exits.run(["init", str(tmp_path / "w"), "--name", "Nordfeld"]) == 0
    (tmp_path / "w" / "plant" / "zones.yml").write_text(ZONES, encoding="utf-8")
    (tmp_path / "w" / "inventory.yml").write_text("all:\n  hosts: {}\n", encoding="utf-8")
    return tmp_path / "w"


def draw(works: Path, capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert exits.run(["-C", str(works), "draw", *arguments]) == status
    said = capsys.readouterr()
    return said.out, said.err


def test_the_picture_goes_to_standard_output_or_to_a_file_and_is_the_same(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = draw(works, capsys, *BEFORE)
    assert ET.fromstring(out).tag == "{http://www.w3.org/2000/svg}svg"
    assert err == ""
    target = works / "deep" / "plant.svg"
    assert draw(works, capsys, "-o", str(target), *BEFORE) == ("", f"wrote {target}\n")
    assert target.read_text(encoding="utf-8") == out
    before = (works / "plant" / "zones.yml").read_text(encoding="utf-8")
    head, conduits = before.split("conduits:\n")
    lines = head.splitlines()
    (works / "plant" / "zones.yml").write_text("\n".join([lines[0], *lines[:0:-1]]) + "\n", encoding="utf-8")
    (works / "plant" / "a.yml").write_text(f"conduits:\n{conduits}", encoding="utf-8")
    assert draw(works, capsys, *BEFORE)[0] == out


def test_findings_of_the_rules_show_when_an_exception_has_run_out(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "findings with an error" not in draw(works, capsys, *BEFORE)[0]
    out, _ = draw(works, capsys, *AFTER)
    assert "findings with an error" in out
    assert "[office-apart]" in out


def test_the_locker_is_judged_only_if_asked(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "pd-strip pd" not in draw(works, capsys, *BEFORE)[0]
    out, _ = draw(works, capsys, "--assess", *BEFORE)
    assert "target not proven yet" in out
    assert "SL-A 0 proven, " in out


def test_the_layout_is_told_in_numbers(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(draw(works, capsys, "--json", *BEFORE)[0])
    boxes = {box["id"]: box for box in told["boxes"]}
    assert boxes["cell"]["parent"] == "supervision"
    assert boxes["supervision"]["x"] < boxes["cell"]["x"]
    lines = {line["id"]: line for line in told["lines"]}
    assert lines["operate"]["opens-towards"] == ["cell"]
    out, err = draw(works, capsys, "--json", "-o", str(works / "both.svg"), *BEFORE)
    assert json.loads(out) == told
    assert (err, (works / "both.svg").exists()) == (f"wrote {works / 'both.svg'}\n", True)
    told = json.loads(draw(works, capsys, "--json", "--collapse", "level", *BEFORE)[0])
    assert sorted(box["zones"] for box in told["boxes"]) == [["cell"], ["office"], ["supervision"]]


def test_one_site_and_an_unknown_one(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(draw(works, capsys, "--json", "--site", "north", *BEFORE)[0])
    assert [one["site"] for one in told["sites"]] == ["north", "elsewhere"]
    _, err = draw(works, capsys, "--site", "nort", status=2)
    assert "the plant has no site 'nort'  [usage.unknown-name]" in err
    assert "Did you mean 'north'?" in err
    assert "Known: north." in draw(works, capsys, "--site", "zzz", status=2)[1]
    (works / "plant" / "zones.yml").write_text("zones:\n  - {id: a, sl-t: 1}\n", encoding="utf-8")
    assert "No zone has a site" in draw(works, capsys, "--site", "north", status=2)[1]


def test_a_choice_that_is_none_and_an_instant_that_is_none(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "'site'" in draw(works, capsys, "--collapse", "rows", status=2)[1]
    draw(works, capsys, "--at", "soon", status=2)
