# SPDX-License-Identifier: Apache-2.0
"""Validating an OSCAL file: every defect of shape and of reference, each with file, path and line."""

from __future__ import annotations

from pathlib import Path

from plantproof.adapters.documents import Document
from plantproof.adapters.receipts import Receipts
from plantproof.errors import ContentError
from plantproof.oscal.references import reference_defects
from plantproof.oscal.schema import schema_defects

__all__ = ["document_defects", "load_valid", "validate_file"]


def document_defects(document: Document) -> list[ContentError]:
    """Everything that is wrong with a well-formed document; empty if it is valid OSCAL."""
    try:
        found = [*schema_defects(document.data), *reference_defects(document.data)]
    except ContentError as error:
        found = [error]
    return [_placed(document, error) for error in found]


def load_valid(path: Path, receipts: Receipts) -> Document:
    """Read a file that must be valid OSCAL; the same content is judged once.

    Raises:
        ContentError: the first defect, with the others in ``also``.
    """
    return receipts.read_valid(path, document_defects)


def validate_file(path: Path, receipts: Receipts) -> list[ContentError]:
    """Every defect of a file, also of one that is not even well-formed."""
    try:
        load_valid(path, receipts)
    except ContentError as error:
        return [error, *(defect for defect in error.also if isinstance(defect, ContentError))]
    return []


def _placed(document: Document, error: ContentError) -> ContentError:
    pointer = error.where.pointer if error.where else ""
    return ContentError(error.message, code=error.code, hint=error.hint, where=document.locate(pointer))
