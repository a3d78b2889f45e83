# SPDX-License-Identifier: Apache-2.0
"""Child processes whose lines count for coverage: only those that a test names, because measuring all is slow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from coverage import Coverage

__all__ = ["measuring"]


def measuring() -> Mapping[str, str]:
    """Environment variables under which a child of our Python is measured; none unless this run is."""
    if Coverage.current() is None:
        return {}
    root = Path(__file__).parents[2]
    return {"COVERAGE_PROCESS_START": str(root / "pyproject.toml"), "COVERAGE_FILE": str(root / ".coverage")}
