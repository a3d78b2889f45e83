# SPDX-License-Identifier: Apache-2.0
"""Identifiers that are the same for the same thing, so that a second run is an empty diff."""

from __future__ import annotations

import hashlib
import uuid
from typing import Final

__all__ = ["NAMESPACE", "PROP_NS", "stable_uuid"]

PROP_NS: Final = "urn:plantproof:oscal"
"""Namespace of our OSCAL props. A URN, because a web address that nobody owns could be taken by anyone."""

NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:plantproof:ids:1")


def stable_uuid(*parts: str) -> str:
    """Derive a version 5 UUID (RFC 9562) from what identifies the thing, outermost first.

    The unit separator keeps ``("a", "bc")`` and ``("ab", "c")`` apart. Spelled out by hand because
    ``uuid.uuid5`` builds an object that nobody needs, and results hold a million of these.
    """
    name = "\x1f".join(parts).encode()
    h = hashlib.sha1(_PREFIX + name, usedforsecurity=False).hexdigest()
    return f"{h[:8]}-{h[8:12]}-5{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:32]}"


_PREFIX: Final = NAMESPACE.bytes
_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
