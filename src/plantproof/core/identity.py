# SPDX-License-Identifier: Apache-2.0
"""Identifiers that are the same for the same thing, so that a second run is an empty diff."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    _sha1: Callable[[bytes], Any]
else:
    # As the standard library's own `random` does: `hashlib` loads OpenSSL, which takes longer than most of what needs
    # an identifier, and is slower on a few bytes. A Python may be built without it.
    try:
        from _sha1 import sha1 as _sha1
    except ImportError:
        from functools import partial
        from hashlib import sha1

        _sha1 = partial(sha1, usedforsecurity=False)

__all__ = ["NAMESPACE", "PROP_NS", "stable_uuid"]

PROP_NS: Final = "urn:plantproof:oscal"
"""Namespace of our OSCAL props. A URN, because a web address that nobody owns could be taken by anyone."""

NAMESPACE: Final = uuid.UUID("637ca06a-e384-55f1-b1c8-5d9636e96afb")
"""The version 5 UUID of ``urn:plantproof:ids:1`` as a URL."""


def stable_uuid(*parts: str) -> str:
    """Derive a version 5 UUID (RFC 9562) from what identifies the thing, outermost first.

    The unit separator keeps ``("a", "bc")`` and ``("ab", "c")`` apart. Spelled out by hand because
    ``uuid.uuid5`` builds an object that nobody needs, and results hold a million of these.
    """
    name = "\x1f".join(parts).encode()
    h = _sha1(_PREFIX + name).hexdigest()
    return f"{h[:8]}-{h[8:12]}-5{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:32]}"


_PREFIX: Final = NAMESPACE.bytes
_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
