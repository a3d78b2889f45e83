# SPDX-License-Identifier: Apache-2.0
"""Identifiers that are the same for the same thing, so that a second run is an empty diff."""

from __future__ import annotations

import uuid
from typing import Final

__all__ = ["NAMESPACE", "PROP_NS", "stable_uuid"]

PROP_NS: Final = "urn:plantproof:oscal"
"""Namespace of our OSCAL props. A URN, because a web address that nobody owns could be taken by anyone."""

NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:plantproof:ids:1")


def stable_uuid(*parts: str) -> str:
    """Derive a version 5 UUID (RFC 9562) from what identifies the thing, outermost first.

    The unit separator keeps ``("a", "bc")`` and ``("ab", "c")`` apart.
    """
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))
