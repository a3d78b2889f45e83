# SPDX-License-Identifier: Apache-2.0
"""The evidence locker: a git repository of its own, one signed commit a run, verifiable without this tool."""

from __future__ import annotations

from plantproof.adapters.locker.store import GitLocker

__all__ = ["GitLocker"]
