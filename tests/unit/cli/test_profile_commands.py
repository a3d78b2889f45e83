# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plantproof.cli import exits

OVERLAY: dict[str, Any] = {
    "profile": {
        "uuid": "6a7f0b3e-3e0f-4f0e-8a52-6a6a3d0c9d11",
        "metadata": {
            "title": "Ours",
            "last-modified": "2026-11-23T00:00:00Z",
            "version": "1",
            "oscal-version": "1.2.1",
        },
        "imports": [{"href": "urn:plantproof:profile:iec62443-3-3-sl1", "include-all": {}}],
        "merge": {"as-is": True},
        "modify": {
            "set-parameters": [{"param-id": "sr-1.11_attempts", "values": ["7"]}],
            "alters": [
                {"control-id": "sr-1.1", "adds": [{"position": "ending", "props": [{"name": "ours", "value": "yes"}]}]}
            ],
        },
    }
}


def say(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert exits.run(["profile", *arguments]) == status
    out, err = capsys.readouterr()
    return out, err


def test_profiles_are_listed_with_what_they_select(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["name"]: row["controls"] for row in json.loads(say(capsys, "list", "--json")[0])}
    levels = [rows[f"iec62443-3-3-sl{n}"] for n in (1, 2, 3, 4)]
    assert levels == [37, 60, 90, 100]
    assert "IEC 62443-3-3, security level 2" in say(capsys, "list")[0]


def test_a_profile_is_resolved_to_stdout_or_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown, _ = say(capsys, "resolve", "iec62443-3-3-sl1")
    target = tmp_path / "deep" / "out.json"
    assert f"wrote {target}" in say(capsys, "resolve", "iec62443-3-3-sl1", "-o", str(target))[1]
    assert target.read_text(encoding="utf-8") == shown
    assert json.loads(shown)["catalog"]["metadata"]["title"] == "IEC 62443-3-3, security level 1"


def test_ones_own_profile_may_import_a_shipped_one_and_odd_things_are_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.json"
    odd = json.loads(json.dumps(OVERLAY))
    odd["profile"]["modify"]["set-parameters"].append({"param-id": "nowhere", "values": ["1"]})
    mine.write_text(json.dumps(odd), encoding="utf-8")
    shown, err = say(capsys, "resolve", str(mine))
    assert "note: mine.json" in err
    assert '"values": [\n' in shown


def test_two_levels_differ_in_controls_and_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text(json.dumps(OVERLAY), encoding="utf-8")
    found = json.loads(say(capsys, "diff", "iec62443-3-3-sl1", "iec62443-3-3-sl2", "--json", status=1)[0])
    assert len(found["added"]) == 23
    assert found["gone"] == []
    found = json.loads(say(capsys, "diff", "iec62443-3-3-sl2", str(mine), "--json", status=1)[0])
    assert len(found["gone"]) == 23
    assert found["changed"] == ["sr-1.1"]
    assert {"param": "sr-1.11_attempts", "old": "5", "new": "7"} in found["values"]
    out, err = say(capsys, "diff", "iec62443-3-3-sl1", str(mine), status=1)
    assert "sr-1.11_attempts" in out
    assert "-> 7" in out
    assert "0 controls added, 0 gone, 1 values and 1 texts changed" in err


def test_a_profile_does_not_differ_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = say(capsys, "diff", "iec62443-3-3-sl1", "iec62443-3-3-sl1")
    assert out == ""
    assert "0 controls added" in err


@pytest.mark.parametrize("name", ["iec62443-3-3-sl5", "nowhere.json"])
def test_an_unknown_profile_is_told(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert "[usage.unknown-name]" in say(capsys, "resolve", name, status=2)[1]
