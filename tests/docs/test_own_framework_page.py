# SPDX-License-Identifier: Apache-2.0
"""The page on a framework of one's own, followed literally."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plantproof.cli import exits

PAGE = Path(__file__).parents[2] / "site" / "pages" / "how-to" / "own-framework.md"


def test_the_example_of_the_page_works_to_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (table,) = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)
    (crosswalk,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "house-rules.csv").write_text(table, encoding="utf-8")

    def run(*arguments: str) -> str:
        capsys.readouterr()
        assert exits.run(["-C", str(tmp_path), *arguments]) == 0, capsys.readouterr().err
        out, err = capsys.readouterr()
        return out + err

    said = run("catalog", "import", str(tmp_path / "house-rules.csv"), "--title", "House rules for contractors")
    assert "house-rules: 1 groups, 2 controls; see `plantproof catalog show house-rules`" in said
    assert said.splitlines()[1] in text
    assert "It expires at midnight" in run("catalog", "show", "house-rules:hr-1.1")
    folder = tmp_path / "catalog" / "crosswalks"
    folder.mkdir()
    (folder / "house-rules-to-iec62443-3-3.yaml").write_text(crosswalk, encoding="utf-8")
    assert "nothing wrong" in run("crosswalk", "lint")
    assert "nis2:art-21.2.g" in run("crosswalk", "path", "house-rules:hr-1.2", "nis2")
    run("catalog", "export", "house-rules", "-o", str(tmp_path / "back.csv"))
    run("catalog", "import", str(tmp_path / "back.csv"), "-o", str(tmp_path / "back.yaml"))
    assert (tmp_path / "back.yaml").read_bytes() == (tmp_path / "catalog" / "house-rules.yaml").read_bytes()
