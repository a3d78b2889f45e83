# SPDX-License-Identifier: Apache-2.0
"""Finding the files: the shipped estimates in the package, ``roadmap.yml`` in the workspace."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Final

from plantproof.adapters.documents import read_document
from plantproof.adapters.roadmap.reading import read_terms
from plantproof.adapters.workspace.entries import Defects
from plantproof.core.roadmap import Terms

__all__ = ["FILE", "load_terms", "shipped_terms"]

FILE: Final = "roadmap.yml"
_SHIPPED: Final = Path(__file__).parent / "estimates.yml"


@cache
def shipped_terms() -> Terms:
    """The project's own estimates for IEC 62443-3-3."""
    defects = Defects()
    terms = read_terms(read_document(_SHIPPED), Terms(), zones=(), controls=None, defects=defects)
    defects.raise_all()
    return terms


def load_terms(root: Path, *, zones: Collection[str], controls: Collection[str]) -> Terms:
    """The terms of a workspace: the shipped ones, with what its ``roadmap.yml`` says instead.

    Args:
        root: The workspace's folder; the file need not be there.
        zones: Ids of the declared zones.
        controls: Ids of the known controls.

    Raises:
        ContentError: the first defect of the file; every other one is in ``also``.
    """
    path = root / FILE
    if not path.is_file():
        return shipped_terms()
    defects = Defects()
    terms = read_terms(read_document(path), shipped_terms(), zones=zones, controls=controls, defects=defects)
    defects.raise_all()
    return terms
