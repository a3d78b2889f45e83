# SPDX-License-Identifier: Apache-2.0
"""What a road map is reckoned with, from files: the shipped estimates, and the plant's own on top."""

from __future__ import annotations

from plantproof.adapters.roadmap.loading import FILE, load_terms, shipped_terms
from plantproof.adapters.roadmap.reading import read_terms

__all__ = ["FILE", "load_terms", "read_terms", "shipped_terms"]
