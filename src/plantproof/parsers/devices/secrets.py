# SPDX-License-Identifier: Apache-2.0
"""What may be said of a secret: its type, its keyed fingerprint, whether it is a known default. Never the secret.

Stored text holds ``<redacted:LABEL:FINGERPRINT>`` or ``<redacted:LABEL:FINGERPRINT:default>`` in a secret's place; text
that was never redacted gives its type only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["describe", "typed_secret"]

_TOKEN: Final = re.compile(r"<redacted:[a-z0-9-]{1,60}:([0-9a-f]{12})(:default)?>")
_TYPES: Final = frozenset("0456789")


def describe(word: str) -> dict[str, object]:
    """``fingerprint`` and, if it is one of the well-known, ``default: True``; empty for text without redaction."""
    match = _TOKEN.fullmatch(word)
    if not match:
        return {}
    return {"fingerprint": match[1], **({"default": True} if match[2] else {})}


def typed_secret(words: Sequence[str]) -> dict[str, object] | None:
    """``[TYPE] SECRET`` as ``type`` (0 where none is written: clear text) and fingerprint; None if there is none."""
    if len(words) > 1 and words[0] in _TYPES:
        return {"type": int(words[0]), **describe(words[1])}
    return {"type": 0, **describe(words[0])} if words else None
