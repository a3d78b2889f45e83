# SPDX-License-Identifier: Apache-2.0
"""Everything to judge by, from files: baselines per level, checks, claims, collectors; the workspace's own come first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from plantproof.adapters.collectors import read_collectors
from plantproof.adapters.content import CHECKS, COLLECTORS, Content
from plantproof.adapters.profiles import load_levels
from plantproof.adapters.validation import load_valid
from plantproof.checks.compiled import CompiledCheck
from plantproof.checks.load import load_checks
from plantproof.core.checks import ControlClaim
from plantproof.errors import ContentError
from plantproof.oscal.components import read_claims
from plantproof.parsers.registry import PARSERS
from plantproof.stages.assess import Rules

__all__ = ["COMPONENTS", "load_all_checks", "load_rules"]

COMPONENTS = "component-definition.yaml"


def load_rules(content: Content, profiles: Mapping[int, str], own_components: Path | None = None) -> Rules:
    """Load and check everything.

    Raises:
        ContentError: a profile, a check or a claim is not what it should be.
    """
    levels = load_levels(content, profiles)
    checks = load_all_checks(content)
    claims = _claims(
        content, own_components, checks={c.check.id for c in checks}, controls=levels[max(levels)].controls
    )
    return Rules(levels=levels, checks=checks, claims=claims, collectors=read_collectors(content))


def load_all_checks(content: Content) -> tuple[CompiledCheck, ...]:
    """Every check at hand, by id."""
    documents = [content.read(path) for path in content.names(CHECKS).values()]
    return load_checks(((document.data, document.locate) for document in documents), kinds=PARSERS.keys())


def _claims(
    content: Content, own: Path | None, *, checks: Collection[str], controls: Collection[str]
) -> tuple[ControlClaim, ...]:
    """The shipped claims, and the workspace's on top: for the same check and control the workspace decides."""
    shipped = (folder / COMPONENTS for folder in content.folders(COLLECTORS))
    files = [path for path in shipped if path.is_file()][:1]
    if own is not None and own not in files:
        files.append(own)
    found: dict[tuple[str, str], ControlClaim] = {}
    for path in files:
        if not path.is_file():
            continue
        document = load_valid(path)
        try:
            claims = read_claims(document.data, checks=checks, controls=controls)
        except ContentError as error:
            where = document.locate(error.where.pointer if error.where else "")
            raise ContentError(error.message, code=error.code, hint=error.hint, where=where) from None
        found |= {(claim.check, claim.control): claim for claim in claims}
    return tuple(found[key] for key in sorted(found))
