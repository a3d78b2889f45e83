# SPDX-License-Identifier: Apache-2.0
"""Whole pages as they were looked at; ``PLANTPROOF_WRITE_GOLDEN=1`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fakes.portal_views import make_view
from plantproof.render.site import site_pages

HERE = Path(__file__).parent / "portal"


@pytest.mark.parametrize(
    "path",
    [
        "controls/sr-1.1.md",
        "checks/ports.md",
        "findings.md",
        "verify.md",
        "risk.md",
        "roadmap.md",
        "conduits/c1.md",
        "remote-access.md",
        "dates.md",
    ],
)
def test_a_page_is_as_it_was_looked_at(path: str) -> None:
    page = dict(site_pages(make_view(2, 2)))[path]
    kept = HERE / path.replace("/", "-")
    if os.environ.get("PLANTPROOF_WRITE_GOLDEN"):
        kept.write_text(page, encoding="utf-8")
    assert page == kept.read_text(encoding="utf-8")
