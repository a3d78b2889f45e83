# SPDX-License-Identifier: Apache-2.0
"""Plantproof: compliance-as-code for industrial plants."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
