# SPDX-License-Identifier: Apache-2.0
"""Compensating measures from file to command: what they are, what they do, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plantproof.cli.exits import run

MEASURES = """\
measures:
  - id: watched-login
    control: sr-1.1
    zone: supervision
    instead: Two people log in together; the shift book has both names.
    declared-by: Plant manager
    declared: 2026-01-10
    reviewed-by: Security officer
    reviewed: 2026-02-01
    until: 2026-12-31
"""


@pytest.fixture
def works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["init", str(tmp_path / "w"), "--name", "Nordfeld"]) == 0
    (tmp_path / "w" / "measures").mkdir()
    (tmp_path / "w" / "measures" / "logins.yml").write_text(MEASURES, encoding="utf-8")
    capsys.readouterr()
    return tmp_path / "w"


def test_what_counts_is_told_apart(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(works), "assess", "--at", "2026-11-23"]) == 1
    assert "supervision: SL-A rests on compensating measures for sr-1.1" in capsys.readouterr().out
    assert run(["-C", str(works), "assess", "--at", "2026-11-23", "--json"]) == 1
    zone = json.loads(capsys.readouterr().out)["zones"]["supervision"]
    assert zone["compensated"] == ["sr-1.1"]
    assert zone["requirements"]["satisfied"] == 0
    results = json.loads((works / "out" / "assessment-results.json").read_text(encoding="utf-8"))
    (told,) = (
        (finding["target"]["status"]["state"], prop)
        for finding in results["assessment-results"]["results"][0]["findings"]
        for prop in finding["props"]
        if prop["name"] == "compensated-by"
    )
    assert told[0] == "not-satisfied"
    assert (told[1]["value"], told[1]["remarks"].endswith("(until 2026-12-31)")) == ("watched-login", True)


def test_explain_names_the_measure_or_why_it_does_not_count(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(works), "explain", "supervision", "sr-1.1", "--at", "2026-11-23"]) == 0
    out = capsys.readouterr().out
    assert "no evidence, compensated" in out
    assert "measure watched-login (Plant manager) counts until 2026-12-31" in out
    assert "measures/logins.yml:2" in out
    assert run(["-C", str(works), "explain", "supervision", "sr-1.1", "--at", "2027-01-01", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["compensated"] is False
    assert found["measures"][0]["does-not-count"] == "it ran out on 2026-12-31"


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("sr-1.1", "sr-1.l", "there is no control sr-1.l", 3),
        ("zone: supervision", "zone: supervison", "names zone supervison, which no file declares", 4),
        ("    until: 2026-12-31\n", "", "measure watched-login has no until", 2),
        ("until: 2026-12-31", "until: 2025-12-31", "until 2025-12-31 lies before declared 2026-01-10", 10),
        ("    reviewed: 2026-02-01\n", "", "names who reviewed it, but not when", 8),
        ("    until:", "    assets: [plc-9]\n    until:", "asset plc-9 is not in the inventory", 10),
        ("    until:", "    assets: []\n    until:", "names no asset", 10),
        (
            "zone: supervision",
            "zone: cell-1\n    assets: [engineering-workstation]",
            "is in supervision, which",
            5,
        ),
        ("measures:", "measures:\n" + MEASURES.partition("\n")[2].rstrip() + "\n", "is declared twice", 12),
    ],
)
def test_what_is_wrong_has_file_and_line(
    works: Path, capsys: pytest.CaptureFixture[str], *, old: str, new: str, said: str, line: int
) -> None:
    (works / "measures" / "logins.yml").write_text(MEASURES.replace(old, new, 1), encoding="utf-8")
    assert run(["-C", str(works), "assess"]) == 3
    err = capsys.readouterr().err
    assert said in err
    assert f"measures/logins.yml:{line} at " in err


def test_the_security_plan_says_alternative_where_a_measure_stands_in(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "plan.json"
    assert run(["-C", str(works), "ssp", "--at", "2026-11-23", "-o", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(target)
    plan = json.loads(target.read_text(encoding="utf-8"))["system-security-plan"]
    assert plan["import-profile"]["href"] == "urn:plantproof:profile:iec62443-3-3-sl4"
    states = {
        one["implementation-status"]["state"]
        for requirement in plan["control-implementation"]["implemented-requirements"]
        for one in requirement["by-components"]
    }
    assert states == {"alternative", "planned"}
    assert run(["-C", str(works), "ssp", "--at", "2026-11-23"]) == 0
    assert (works / "out" / "ssp.json").read_bytes() == target.read_bytes()
    assert capsys.readouterr().err.endswith("ssp.json\n")
