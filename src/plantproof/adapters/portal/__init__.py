# SPDX-License-Identifier: Apache-2.0
"""The portal on disk: pages in, a static site out, that needs no network and no server of its own."""

from __future__ import annotations

from plantproof.adapters.portal.build import build_portal

__all__ = ["build_portal"]
