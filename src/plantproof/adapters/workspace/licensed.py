# SPDX-License-Identifier: Apache-2.0
"""Texts of a standard that the plant's owner has licensed: files of the workspace that never leave it.

``licensed/CATALOG/ID.txt`` (or ``.md``) holds the text of one control. Nothing but the portal that is built for the
inside reads them: no OSCAL document, no evidence and no portal that may be handed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from plantproof.adapters.documents import read_text
from plantproof.errors import ContentError, Location

__all__ = ["FOLDER", "read_licensed"]

FOLDER: Final = "licensed"
_SUFFIXES: Final = frozenset({".txt", ".md"})
_LARGEST: Final = 100_000


def read_licensed(root: Path, catalog: str, known: Iterable[str]) -> Mapping[str, str]:
    """Read the texts for a catalog: control id to text, empty if the workspace has none.

    Args:
        root: The workspace.
        catalog: Key of the catalog, which is the name of the folder.
        known: Ids that the catalog has.

    Raises:
        ContentError: a file is named after no control, is too large to be one control's text, or an id has two files.
    """
    ids = set(known)
    found: dict[str, str] = {}
    folder = root / FOLDER / catalog
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix not in _SUFFIXES:
            continue
        if path.stem not in ids:
            near = get_close_matches(path.stem, ids, n=1)
            hint = (
                f"Did you mean {near[0]}{path.suffix}?" if near else f"`plantproof catalog show {catalog}` lists them."
            )
            raise _error(f"{catalog} has no control {path.stem!r}", hint, path)
        if path.stem in found:
            raise _error(f"there is a second file for {path.stem}", "Keep one of them.", path)
        if path.stat().st_size > _LARGEST:
            raise _error(f"the text is longer than {_LARGEST} bytes", "One file holds the text of one control.", path)
        found[path.stem] = read_text(path).strip()
    return found


def _error(message: str, hint: str, path: Path) -> ContentError:
    return ContentError(message, code="content.licensed", hint=hint, where=Location(file=str(path)))
