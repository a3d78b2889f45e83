# SPDX-License-Identifier: Apache-2.0
"""One byte form for every JSON value that is hashed or signed, and the hash itself."""

from __future__ import annotations

import hashlib
import json

__all__ = ["canonical_json", "readable_json", "sha256_hex"]


def canonical_json(value: object) -> bytes:
    """Encode as UTF-8 JSON with sorted keys, no white space and a final newline.

    Numbers are integers or strings in what we write, so RFC 8785's float rules never come into play.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def readable_json(value: object) -> bytes:
    """Encode with sorted keys and one key a line, so that git shows small differences; just as stable."""
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 digest as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()
