# SPDX-License-Identifier: Apache-2.0
"""The water works of the page on risk is a workspace, and what the page shows is what the commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plantproof.cli import exits

PAGE = Path(__file__).parents[2] / "site" / "pages" / "how-to" / "risk.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert exits.run(["init", str(tmp_path), "--name", "Nordfeld"]) == 0
    plant, *risks = blocks("yaml")
    (tmp_path / "plant" / "zones.yml").write_text(plant, encoding="utf-8")
    (tmp_path / "inventory.yml").write_text("all: {}\n", encoding="utf-8")
    for name, text in zip(("method", "initial", "scenarios", "decisions"), risks, strict=True):
        (tmp_path / "risk" / f"{name}.yml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("works")
def test_the_page_shows_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    risk, steps = blocks("text")
    capsys.readouterr()
    assert exits.run(["risk", "--at", "2026-04-01"]) == 1
    assert capsys.readouterr() == (risk, "3 scenarios: 1 error\n")
    assert exits.run(["zones", "steps", "--at", "2026-04-01"]) == 0
    assert capsys.readouterr().out == steps


def test_a_raised_target_ends_the_error_and_an_ended_acceptance_begins_another(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = works / "plant" / "zones.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("IAC: 3, SI: 3", "IAC: 3, UC: 3, SI: 3"), encoding="utf-8")
    assert exits.run(["risk", "--at", "2026-06-30"]) == 0
    assert "3 scenarios: all in order\n" in capsys.readouterr().err
    assert exits.run(["risk", "--at", "2026-07-01"]) == 1
    told, said = capsys.readouterr()
    assert "risk/scenarios.yml:28: error: scenario tapped-line: residual risk high is not tolerable for safety" in told
    assert "risk/decisions.yml:2: warning: the acceptance of scenario tapped-line by Plant manager ran out" in told
    assert said == "3 scenarios: 1 error and 1 warning\n"
