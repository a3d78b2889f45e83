# SPDX-License-Identifier: Apache-2.0
"""Validating an OSCAL file: every defect of shape and of reference, each with file, path and line."""

from __future__ import annotations

from pathlib import Path

from plantproof.adapters.documents import Document, read_document
from plantproof.errors import ContentError
from plantproof.oscal.references import reference_defects
from plantproof.oscal.schema import schema_defects

__all__ = ["load_valid", "validate_file"]


def validate_file(path: Path) -> tuple[Document | None, list[ContentError]]:
    """Read and validate a file; the document is None if it is not even well-formed."""
    try:
        document = read_document(path)
    except ContentError as error:
        return None, [error]
    try:
        found = [*schema_defects(document.data), *reference_defects(document.data)]
    except ContentError as error:
        found = [error]
    return document, [_placed(document, error) for error in found]


def load_valid(path: Path) -> Document:
    """Read a file that must be valid OSCAL.

    Raises:
        ContentError: the first defect, with the others in ``also``.
    """
    document, defects = validate_file(path)
    if defects or document is None:
        first, *rest = defects
        raise ContentError(first.message, code=first.code, hint=first.hint, where=first.where, also=rest)
    return document


def _placed(document: Document, error: ContentError) -> ContentError:
    pointer = error.where.pointer if error.where else ""
    return ContentError(error.message, code=error.code, hint=error.hint, where=document.locate(pointer))
