# SPDX-License-Identifier: Apache-2.0
"""Keyed fingerprints of secrets: the same secret gives the same digits, and without the key nothing can be guessed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

from plantproof.adapters.files import write_atomically
from plantproof.errors import Location, SetupError

__all__ = ["Fingerprints"]

_DIGITS: Final = 12
_KEY_BYTES: Final = 32
_OTHERS: Final = 0o077


class Fingerprints:
    """Implements ports.redacting.Fingerprint with HMAC-SHA256."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.key_id = hashlib.sha256(key).hexdigest()[:8]

    def __call__(self, secret: str) -> str:
        """The secret's fingerprint, 12 hex digits."""
        return hmac.new(self._key, secret.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:_DIGITS]

    @classmethod
    def throwaway(cls) -> Fingerprints:
        """With a key that nobody keeps."""
        return cls(secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def load(cls, path: Path, *, create: bool = False) -> Fingerprints:
        """With the key in a file, made if missing and wanted.

        Raises:
            SetupError: the file is missing, unreadable, no key, or readable by others than its owner.
        """
        if create and not path.exists():
            write_atomically(path, secrets.token_hex(_KEY_BYTES).encode() + b"\n", mode=0o600)
        where = Location(file=str(path))
        try:
            text, mode = path.read_text(encoding="ascii"), path.stat().st_mode
            key = bytes.fromhex(text.strip())
        except (OSError, ValueError) as error:
            message = f"the fingerprint key cannot be read: {error}"
            hint = "Put the plant's key back from its backup; a new one makes old and new fingerprints differ."
            raise SetupError(message, code="environment.file", hint=hint, where=where) from None
        if mode & _OTHERS:
            message = "the fingerprint key can be read by others than its owner"
            hint = f"Close it: chmod 600 {path}"
            raise SetupError(message, code="environment.file", hint=hint, where=where)
        if len(key) < _KEY_BYTES:
            message = f"the fingerprint key is shorter than {_KEY_BYTES} bytes"
            raise SetupError(message, code="environment.file", hint="Put the right file back.", where=where)
        return cls(key)
