# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path

import pytest

from plantproof.cli import exits


def test_schemas_of_an_older_release_are_brought_up_to_date_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "w"
    assert exits.run(["init", str(root)]) == 0
    old = root / "schema" / "plant.schema.json"
    old.write_text("{}", encoding="utf-8")
    (root / "inventory.yml").write_text("all: {}\n", encoding="utf-8")
    capsys.readouterr()
    assert exits.run(["init", "--refresh-schemas", "--json", str(root)]) == 0
    assert json.loads(capsys.readouterr().out) == [str(old)]
    assert len(old.read_text(encoding="utf-8")) > 100
    assert (root / "inventory.yml").read_text(encoding="utf-8") == "all: {}\n"
    assert exits.run(["init", "--refresh-schemas", str(root)]) == 0
    assert capsys.readouterr() == ("", "the schemas are those of this release already\n")


def test_a_folder_that_is_no_workspace_gets_no_schemas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run(["init", "--refresh-schemas", str(tmp_path)]) == 2
    assert "[usage.not-a-workspace]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
