# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "site" / "pages"


def test_the_reference_pages_are_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "reference.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    names = sorted(path.name for path in (PAGES / "adr").glob("0*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    index = (PAGES / "adr" / "index.md").read_text(encoding="utf-8")
    assert all(f"]({name})" in index for name in names)


def test_the_readme_names_what_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)h][^)]*)\)", text):
        assert (ROOT / target).exists(), target
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for goal in re.findall(r"^make (\w+)", text, flags=re.MULTILINE):
        assert f"\n{goal}:" in makefile


def test_every_source_file_carries_its_licence() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "src", "tests", "scripts", "benchmarks", "collectors"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    bare = [
        name
        for name in listed
        if name.endswith((".py", ".sh"))
        and "SPDX-License-Identifier" not in (ROOT / name).read_text(encoding="utf-8")[:200]
    ]
    assert bare == []
