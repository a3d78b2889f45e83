# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plantproof.cli import exits

ZONES = """\
zones:
  - {id: watch, purdue: 3, sl-t: 2}
  - {id: cell, purdue: 1, sl-t: 2}
conduits:
  - {id: line, zones: [watch, cell], sl-t: 4, flows: [{from: watch, to: cell, service: opcua}]}
"""
RISK = """\
scenarios:
  - id: virus
    title: A virus stops the cell
    zone: cell
    threat: {source: Visitor, attacker: 1}
    consequence: {production: major}
    likelihood: likely
    frs: [IAC, RA]
    controls: [sr-3.2]
    residual: {likelihood: rare}
    assessed: 2026-01-02
    by: Chief
  - id: tap
    conduit: line
    threat: {source: Intruder, attacker: 2}
    consequence: {safety: severe, finance: minor}
    likelihood: possible
    frs: [RDF]
    assessed: 2026-01-02
    by: Chief
"""
ACCEPTED = """\
acceptances:
  - {scenario: tap, risk: high, role: Owner, name: A. Sample, reason: Guarded, accepted: 2026-02-01, until: 2026-12-31}
"""


@pytest.fixture
def works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    assert exits.run(["init", str(tmp_path / "w"), "--name", "Nordfeld"]) == 0
    monkeypatch.chdir(tmp_path / "w")
    Path("plant/zones.yml").write_text(ZONES, encoding="utf-8")
    Path("inventory.yml").write_text("all: {}\n", encoding="utf-8")
    Path("risk/scenarios.yml").write_text(RISK, encoding="utf-8")
    capsys.readouterr()
    return tmp_path / "w"


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    capsys.readouterr()
    assert exits.run([*arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("works")
def test_the_assessment_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    Path("risk/accepted.yml").write_text(ACCEPTED, encoding="utf-8")
    assert exits.run(["risk", "--at", "2026-06-01"]) == 1
    out, err = capsys.readouterr()
    assert (
        out
        == """\
Plantproof's proposal. Tolerable: low. Scenarios without > with measures:
            rare       unlikely  possible    likely      expected
severe      medium     medium    high 1 > 1  extreme     extreme
major       low 0 > 1  medium    medium      high 1 > 0  extreme
moderate    low        low       medium      medium      high
minor       low        low       low         medium      medium
negligible  low        low       low         low         low

scenario  of            hits              without measures  remains  which is
tap       conduit line  safety severe     high              high     accepted by Owner until 2026-12-31
virus     zone cell     production major  high              low      tolerable

SL-T (FR1..FR7) of  derived                declared               which is                                          by scenario
zone cell           (3, 0, 0, 0, 0, 0, 3)  (2, 2, 2, 2, 2, 2, 2)  lower in IAC, RA; higher in UC, SI, DC, RDF, TRE  virus
conduit line        (0, 0, 0, 0, 3, 0, 0)  (4, 4, 4, 4, 4, 4, 4)  higher in IAC, UC, SI, DC, RDF, TRE, RA           tap

plant/zones.yml:3: error: zone cell has a lower SL-T than its scenarios ask for: IAC, RA 2 instead of 3 (virus)  [target-low, ZCR 5.6]
  Raise sl-t, or correct the scenario in brackets.
"""
    )
    assert err == "2 scenarios: 1 error\n"


@pytest.mark.usefixtures("works")
def test_one_zone_has_its_conduits_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    cell = as_json(capsys, "risk", "cell", status=1)
    assert [one["id"] for one in cell["scenarios"]] == ["tap", "virus"]
    watch = as_json(capsys, "risk", "watch", status=1)
    assert [(one["id"], one["about"]) for one in watch["findings"]] == [("residual-risk", "tap")]
    line = as_json(capsys, "risk", "line", status=1)
    assert [(one["zone"], one["conduit"]) for one in line["targets"]] == [(None, "line")]


@pytest.mark.usefixtures("works")
def test_the_assessment_for_programs_has_names_not_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    Path("risk/accepted.yml").write_text(
        ACCEPTED + "initial:\n  - {consequence: {finance: minor}, reason: r, assessed: 2026-01-01, by: b}\n",
        encoding="utf-8",
    )
    found = as_json(capsys, "risk", "--at", "2026-06-01", status=1)
    tap, virus = found["scenarios"]
    assert tap["acceptance"]["role"] == "Owner"
    assert (tap["residual"]["judged"], tap["residual"]["not-tolerable-for"]) == (False, ["safety"])
    assert (virus["unmitigated-risk"], virus["sl-t"], virus["residual"]["risk"]) == ("high", 3, "low")
    assert (virus["file"], virus["line"], virus["frs"]) == ("risk/scenarios.yml", 2, ["IAC", "RA"])
    cell = next(one for one in found["targets"] if one["zone"] == "cell")
    assert (cell["because-of"], cell["lower-in"]) == ({"IAC": "virus", "RA": "virus"}, ["IAC", "RA"])
    assert found["method"]["matrix"]["severe"] == ["medium", "medium", "high", "extreme", "extreme"]
    assert [(one["zone"], one["risk"], one["by-assessment-of"]) for one in found["initial"]] == [
        ("watch", "medium", "the whole plant"), ("cell", "medium", "the whole plant"), (None, "medium", "the whole plant"),
    ]  # fmt: skip


def test_a_terminal_shows_colours_and_the_words_as_well(
    works: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    assert exits.run(["-C", str(works), "risk"]) == 1
    out = capsys.readouterr().out
    assert "\x1b[31mextreme" in out
    assert "\x1b[32mlow" in out


@pytest.mark.usefixtures("works")
def test_without_scenarios_the_command_says_where_they_go(capsys: pytest.CaptureFixture[str]) -> None:
    Path("risk/scenarios.yml").write_text("scenarios: []\n", encoding="utf-8")
    assert exits.run(["risk"]) == 0
    out, err = capsys.readouterr()
    assert "extreme" in out
    assert err == "no scenarios; they are written in risk/*.yml under scenarios:\n0 scenarios: all in order\n"


@pytest.mark.usefixtures("works")
def test_a_wrong_name_or_file_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run(["risk", "cel"]) == 2
    assert "Did you mean 'cell'?" in capsys.readouterr().err
    Path("risk/scenarios.yml").write_text(RISK.replace("zone: cell", "zone: cel"), encoding="utf-8")
    assert exits.run(["risk"]) == 3
    assert "risk/scenarios.yml:4" in capsys.readouterr().err


@pytest.mark.usefixtures("works")
def test_zones_say_how_far_the_steps_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run(["zones"]) == 0
    assert "ZCR 7  Asset owner approval" in capsys.readouterr().out
    found = as_json(capsys, "zones")["steps"]
    assert found == as_json(capsys, "zones", "steps")["steps"]
    assert (found[0]["id"], found[-1]["state"]) == ("zcr-1.1", "open")
    assert exits.run(["zones", "steps"]) == 0
    assert capsys.readouterr().err.endswith("of 32 steps done\n")


@pytest.mark.usefixtures("works")
def test_a_zone_shows_its_scenarios_and_the_target_they_ask_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run(["zones", "show", "cell"]) == 0
    out = capsys.readouterr().out
    assert "  derived SL-T  (3, 0, 0, 0, 0, 0, 3); declared is lower in IAC, RA; higher in" in out
    assert "    virus: A virus stops the cell; risk high, with measures low\n" in out
    cell = as_json(capsys, "zones", "show", "cell")["zones"]["cell"]
    assert (cell["scenarios"], cell["derived"]["lower-in"]) == (["virus"], ["IAC", "RA"])


def test_what_a_new_workspace_shows_reads_as_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run(["init", str(tmp_path / "n")]) == 0
    path = tmp_path / "n" / "risk" / "scenarios.yml"
    head, _, example = path.read_text(encoding="utf-8").partition("scenarios: []\n")
    assert head.startswith("# yaml-language-server")
    shown = "\n".join(line.removeprefix("# ") for line in example.splitlines())
    path.write_text(f"scenarios:\n{shown}\n", encoding="utf-8")
    found = as_json(capsys, "-C", str(tmp_path / "n"), "risk", status=1)
    assert [(one["id"], one["residual"]["risk"]) for one in found["scenarios"]] == [("ransomware", "low")]
