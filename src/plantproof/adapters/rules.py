# SPDX-License-Identifier: Apache-2.0
"""What to judge by, from files: checks and claims; the workspace's own come first."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from plantproof.adapters.content import CHECKS, COLLECTORS, Content
from plantproof.adapters.validation import load_valid
from plantproof.checks.compiled import CompiledCheck
from plantproof.checks.load import load_checks
from plantproof.core.checks import ControlClaim
from plantproof.core.evidence import REACH
from plantproof.errors import ContentError
from plantproof.oscal.components import read_claims
from plantproof.parsers.registry import PARSERS

__all__ = ["COMPONENTS", "load_all_checks", "load_claims"]

COMPONENTS = "component-definition.yaml"


def load_all_checks(content: Content) -> tuple[CompiledCheck, ...]:
    """Every check at hand, by id."""
    documents = [content.read(path) for path in content.names(CHECKS).values()]
    return load_checks(((document.data, document.locate) for document in documents), kinds={*PARSERS, REACH})


def load_claims(
    content: Content, own: Path | None, *, checks: Collection[str], controls: Collection[str]
) -> tuple[ControlClaim, ...]:
    """The shipped claims, and the workspace's on top: for the same check and control the workspace decides.

    Raises:
        ContentError: a component definition is not valid, or names a check or control that does not exist.
    """
    shipped = (folder / COMPONENTS for folder in content.folders(COLLECTORS))
    files = [path for path in shipped if path.is_file()][:1]
    if own is not None and own not in files:
        files.append(own)
    found: dict[tuple[str, str], ControlClaim] = {}
    for path in files:
        if not path.is_file():
            continue
        document = load_valid(path, content.receipts)
        try:
            claims = read_claims(document.data, checks=checks, controls=controls)
        except ContentError as error:
            where = document.locate(error.where.pointer if error.where else "")
            raise ContentError(error.message, code=error.code, hint=error.hint, where=where) from None
        found |= {(claim.check, claim.control): claim for claim in claims}
    return tuple(found[key] for key in sorted(found))
