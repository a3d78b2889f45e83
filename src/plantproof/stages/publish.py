# SPDX-License-Identifier: Apache-2.0
"""Publishing: an assessment and the content it was judged by, gathered into what the portal shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plantproof.core.evidence import NotCollected
from plantproof.core.judgement import Assessment
from plantproof.core.plant import Plant
from plantproof.ports.locker import StoredItem
from plantproof.render.view import PortalView
from plantproof.stages.assess import Rules

__all__ = ["portal_view"]


def portal_view(
    assessment: Assessment,
    plant: Plant,
    rules: Rules,
    *,
    items: Mapping[str, StoredItem],
    not_collected: Sequence[NotCollected],
    tool: str,
    downloads: Sequence[str] = (),
    licensed: Mapping[str, str] | None = None,
) -> PortalView:
    """Gather what the pages need; sorted, so that the same inputs give the same pages."""
    top = rules.levels[max(rules.levels)]
    return PortalView(
        plant=plant,
        assessment=assessment,
        checks={compiled.check.id: compiled.check for compiled in sorted(rules.checks, key=lambda c: c.check.id)},
        claims=rules.claims,
        controls=top.source,
        params=top.params,
        evidence=[items[path].item.envelope for path in sorted(items)],
        not_collected=not_collected,
        tool=tool,
        downloads=downloads,
        licensed=licensed or {},
    )
