# SPDX-License-Identifier: Apache-2.0
"""Text that other programs exported: UTF-8, UTF-16 by its mark, or what Windows calls ANSI; within bounds."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from plantproof.errors import ContentError, Location, SetupError

__all__ = ["LARGEST", "read_foreign_text"]

LARGEST: Final = 32 * 1024 * 1024
"""Bytes; a list of a hundred thousand hosts is a tenth of it."""
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_foreign_text(path: Path) -> tuple[str, str]:
    """A file's text, and how it was decoded: ``UTF-8``, ``UTF-16`` or ``Windows-1252``.

    Raises:
        SetupError: it is missing or cannot be read.
        ContentError: it is too large, or no text.
    """
    data = _bytes(path)
    wide = data.startswith(_UTF16)
    told = "UTF-16" if wide else "UTF-8"
    try:
        text = data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        if wide or data.startswith(codecs.BOM_UTF8):
            raise _no_text(path, data, error.start) from None
        try:
            text, told = data.decode("cp1252"), "Windows-1252"
        except UnicodeDecodeError:
            raise _no_text(path, data, error.start) from None
    if "\0" in text:
        raise _no_text(path, data, data.find(b"\0"))
    return text.removeprefix("\ufeff"), told


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        hint = "Check the path and permissions."
        raise SetupError(message, code="environment.file", hint=hint, where=Location(file=str(path))) from error
    if len(data) > LARGEST:
        hint = "Is it a list of hosts? Divide it."
        message = f"is larger than {LARGEST >> 20} MiB"
        raise ContentError(message, code="content.table", hint=hint, where=Location(file=str(path)))
    return data


def _no_text(path: Path, data: bytes, at: int) -> ContentError:
    where = Location(file=str(path), line=data.count(b"\n", 0, at) + 1)
    message = f"is no text: byte {at} is {data[at]:#04x}"
    return ContentError(message, code="content.table", hint="Save it as CSV or JSON, UTF-8.", where=where)
