# SPDX-License-Identifier: Apache-2.0
"""Suppositions that no plant file can say: a verdict that is taken as given, evidence that moves with its asset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from plantproof.core.achieved import zone_status
from plantproof.core.judgement import Assessment, ControlStatus
from plantproof.core.plant import Plant
from plantproof.core.verdicts import Verdict

__all__ = ["Verdicts", "overruled", "rehoused"]

Verdicts = Mapping[tuple[str, str], Verdict]
"""Zone or conduit, and control, to the verdict that is supposed."""

_Item = TypeVar("_Item")


def overruled(assessment: Assessment, supposed: Verdicts) -> Assessment:
    """The assessment with some verdicts taken as given; levels and blockers follow from them."""
    zones, conduits = dict(assessment.zones), dict(assessment.conduits)
    for zone in dict.fromkeys(zone for zone, _ in supposed):
        home = zones if zone in zones else conduits
        status = home[zone]
        controls = {
            control: _taken_as_given(one, supposed[zone, control]) if (zone, control) in supposed else one
            for control, one in status.controls.items()
        }
        home[zone] = replace(zone_status(zone, status.sl_t, assessment.controls, controls), sl_c=status.sl_c)
    return replace(assessment, zones=zones, conduits=conduits)


def _taken_as_given(status: ControlStatus, verdict: Verdict) -> ControlStatus:
    return replace(status, verdict=verdict, reason="supposed", attested=False, compensated=False, waived_until="")


def rehoused(items: Mapping[str, _Item], before: Plant, after: Plant) -> Mapping[str, _Item]:
    """The locker's items with those of moved assets also under their new zone, where judgement looks for them.

    Args:
        items: By path, ``zone/asset/kind.suffix``.
        before: The plant that was collected from.
        after: The plant that is supposed.
    """
    moved = {
        f"{before.assets[ident].zone}/{ident}/": f"{asset.zone}/{ident}/"
        for ident, asset in after.assets.items()
        if ident in before.assets and before.assets[ident].zone != asset.zone
    }
    found = dict(items)
    for path, item in items.items():
        folder, slash, name = path.rpartition("/")
        target = moved.get(folder + slash)
        if target:
            found.setdefault(target + name, item)
    return found
