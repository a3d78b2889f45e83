# SPDX-License-Identifier: Apache-2.0
"""What ``init`` writes, word for word; ``PLANTPROOF_WRITE_GOLDEN=1`` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plantproof.adapters.workspace.init import init_workspace

HERE = Path(__file__).parent / "init"


@pytest.mark.parametrize(
    "path",
    [
        "plantproof.yml",
        "plant/zones.yml",
        "inventory.yml",
        "risk/scenarios.yml",
        "attestations/statements.yml",
        ".gitignore",
    ],
)
def test_a_new_file_is_as_it_was_read(tmp_path: Path, path: str) -> None:
    init_workspace(tmp_path, name="Nordfeld", owner="Town of Nordfeld")
    kept = HERE / path.replace("/", "-").lstrip(".")
    written = (tmp_path / path).read_text(encoding="utf-8")
    if os.environ.get("PLANTPROOF_WRITE_GOLDEN"):
        kept.write_text(written, encoding="utf-8")
    assert written == kept.read_text(encoding="utf-8")
