# SPDX-License-Identifier: Apache-2.0
"""The demo as a newcomer runs it: this machine for real, simulated devices on loopback, twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plantproof.cli import exits
from plantproof.oscal.schema import schema_defects


def plantproof(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plantproof.cli", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent)


@pytest.mark.integration
@pytest.mark.xdist_group("demo")
def test_from_the_plant_to_the_portal_and_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exits.run(["demo", "--dir", "out"]) == 0
    said = capfd.readouterr().out
    assert "SIMULATED" in said
    works = tmp_path / "out" / "waterworks"
    for name in ("assessment-results.json", "poam.json"):
        assert [str(d) for d in schema_defects(json.loads((works / "out" / name).read_text()))] == []
    assert "Supervision" in (works / "out" / "site" / "index.html").read_text()
    assert (works / "out" / "site" / "controls" / "sr-2.11.html").is_file()

    assert exits.run(["demo", "--dir", "out"]) == 0
    again = capfd.readouterr().out
    assert "0 new" in again
    assert exits.run(["-C", str(works), "evidence", "verify"]) == 0
    capfd.readouterr()

    assert exits.run(["-C", str(works), "explain", "supervision", "SR-2.11", "--json"]) == 0
    explained: dict[str, Any] = json.loads(capfd.readouterr().out)
    assert explained["zone"] == "supervision"
    assert all(proof["evidence"][0]["commit"] for proof in explained["proofs"] if proof["evidence"])
    assert exits.run(["-C", str(works), "explain", "treatment", "SR 5.2"]) == 0
    assert exits.run(["-C", str(works), "explain", "tretment", "sr-5.2"]) == 2
    assert "Did you mean 'treatment'?" in capfd.readouterr().err
    assert exits.run(["-C", str(works), "explain", "treatment", "sr-9.9"]) == 2

    for form in ([], ["--json"]):
        assert exits.run(["-C", str(works), "assess", *form]) == exits.FINDINGS
        assert exits.run(["-C", str(works), "zones", *form]) == 0
        assert exits.run(["-C", str(works), "zones", "check", *form]) == 0
        assert exits.run(["-C", str(works), "evidence", "log", *form]) == 0
        assert exits.run(["-C", str(works), "collect", "--plan", *form]) == 0
    capfd.readouterr()
    assert exits.run(["-C", str(works), "publish", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["pages"] > 200

    first = json.loads((works / "out" / "assessment-results.json").read_text())["assessment-results"]
    at = first["results"][0]["start"]
    assert exits.run(["-C", str(works), "assess", "--at", at, "-o", str(tmp_path / "again")]) == exits.FINDINGS
    assert (tmp_path / "again" / "assessment-results.json").read_bytes() == (
        works / "out" / "assessment-results.json"
    ).read_bytes()

    done = plantproof(works, "run", "--json")
    assert done.returncode == exits.INCOMPLETE, done.stderr  # the simulators are gone: dead devices
    found = json.loads(done.stdout)
    assert {lost["asset"] for lost in found["collection"]["not-collected"]} >= {"treatment-switch"}
    assert found["collection"]["items"]  # and cost this machine's evidence nothing


def test_init_writes_a_workspace_that_is_in_order(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "works"
    assert exits.run(["init", str(folder), "--name", "Test works"]) == 0
    assert exits.run(["-C", str(folder), "zones", "check"]) == 0
    assert exits.run(["-C", str(folder), "collect", "--plan"]) == 0
    assert exits.run(["init", str(folder)]) == 2
    assert exits.run(["init", str(tmp_path / "other"), "--json"]) == 0
    assert exits.run(["-C", str(tmp_path / "nowhere"), "zones"]) == 2
    assert exits.run(["-C", str(folder), "assess"]) == exits.FINDINGS
    capfd.readouterr()
