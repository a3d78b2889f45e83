# SPDX-License-Identifier: Apache-2.0
"""Documents that were read or validated before are not parsed or validated again: receipts by digest, in the cache.

A receipt holds for exactly these bytes and exactly this reader: the folder's name is the digest of the code that read.
Nothing is lost with the cache, and where none can be written everything still works, only slower.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import orjson

from plantproof.adapters import documents
from plantproof.adapters.documents import Document, parse_document, read_text
from plantproof.errors import ContentError
from plantproof.oscal import references, schema

__all__ = ["Receipts", "cache_folder"]

_OLD: Final = 30 * 24 * 3600
"""Seconds after which what another release left behind goes."""


def cache_folder() -> Path | None:
    """Where this user's caches are (XDG base directory specification); None if there is no such place."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if named.startswith("/"):
        return Path(named) / "plantproof"
    try:
        return Path.home() / ".cache" / "plantproof"
    except RuntimeError:
        return None


class Receipts:
    """Reads and validates documents, each content once."""

    def __init__(self, folder: Path | None = None) -> None:
        """Use a folder for receipts (default: the user's cache); None where there is no such place."""
        self._folder = folder or cache_folder()

    def read(self, path: Path) -> Document:
        """Read a file; see :func:`plantproof.adapters.documents.read_document`."""
        text = read_text(path)
        is_yaml = path.suffix.lower() != ".json"
        if not is_yaml:  # as quick to parse as to look up
            return parse_document(text, name=str(path), is_yaml=False)
        receipt = self._receipt("read", _reader(), text)
        if receipt is not None and (data := _stored(receipt)) is not None:
            return Document(data=data, name=str(path), text=text, is_yaml=True)
        document = parse_document(text, name=str(path), is_yaml=True)
        if receipt is not None:
            with contextlib.suppress(TypeError):  # what JSON cannot express is parsed each time
                _write(receipt, orjson.dumps(document.data))
        return document

    def read_valid(self, path: Path, defects_of: Callable[[Document], list[ContentError]]) -> Document:
        """Read a file that must be valid.

        Args:
            path: The file.
            defects_of: Judges the document; asked once for the same content.

        Raises:
            ContentError: the first defect, with the others in ``also``.
        """
        document = self.read(path)
        receipt = self._receipt("valid", _judge(), document.text)
        if receipt is not None and receipt.is_file():
            return document
        defects = defects_of(document)
        if defects:
            first, *rest = defects
            raise ContentError(first.message, code=first.code, hint=first.hint, where=first.where, also=rest)
        if receipt is not None:
            _write(receipt, b"")
        return document

    def _receipt(self, kind: str, code: str, text: str) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / f"{kind}-{code}" / f"{sha256(text.encode()).hexdigest()}.json"


@cache
def _reader() -> str:
    return _digest(Path(documents.__file__).read_bytes())


@cache
def _judge() -> str:
    """Digest of what decides whether a document is valid: our rules, and which release of trestle has the models."""
    sources = [Path(module.__file__).read_bytes() for module in (documents, schema, references) if module.__file__]
    trestle = find_spec("trestle")  # not imported: that takes longer than all of this
    if trestle is not None and trestle.origin:
        sources.append(Path(trestle.origin).read_bytes())
    return _digest(b"\0".join(sources))


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]


def _stored(receipt: Path) -> dict[str, object] | None:
    try:
        data = orjson.loads(receipt.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return data if isinstance(data, dict) else None


def _write(receipt: Path, content: bytes) -> None:
    """Leave a receipt, whole or not at all; a full or read-only disk costs time, nothing else."""
    with contextlib.suppress(OSError):
        folder = receipt.parent
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _clear(folder)
        handle, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(receipt)


def _clear(folder: Path) -> None:
    """Remove what other releases left."""
    for other in folder.parent.iterdir():
        if other != folder and other.is_dir() and other.stat().st_mtime < time.time() - _OLD:
            shutil.rmtree(other, ignore_errors=True)
