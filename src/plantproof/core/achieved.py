# SPDX-License-Identifier: Apache-2.0
"""SL-A of a zone: what is proven, what is still possible, and what blocks the next level (IEC 62443-3-3 annex A)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plantproof.core.judgement import ControlInfo, ControlStatus, ZoneStatus
from plantproof.core.levels import FR, MAX_LEVEL, SLVector
from plantproof.core.verdicts import Verdict

__all__ = ["open_requirements", "zone_status"]

_UNMET = frozenset({Verdict.NOT_SATISFIED})


def zone_status(
    zone: str, sl_t: SLVector, controls: Mapping[str, ControlInfo], statuses: Mapping[str, ControlStatus]
) -> ZoneStatus:
    """Derive both bounds of SL-A and the blockers from the statuses of all requirements of the catalog.

    A level counts for an FR when every requirement that the level or a lower one selects is met. The lower bound counts
    only what is satisfied, not applicable or compensated; the upper bound lets everything unknown turn out well.
    """
    by_fr: dict[FR, list[ControlInfo]] = {fr: [] for fr in FR}
    for info in controls.values():
        by_fr[info.fr].append(info)
    proven, possible, blockers = [], [], {}
    for fr, infos in by_fr.items():
        unmet = [info for info in infos if not statuses[info.id].met]
        failed = [info for info in unmet if statuses[info.id].verdict in _UNMET]
        proven.append(_level_below(unmet))
        possible.append(_level_below(failed))
        blockers[fr] = _blockers(unmet, proven[-1], statuses)
    return ZoneStatus(
        zone=zone,
        sl_t=sl_t,
        proven=SLVector.from_value(proven),
        possible=SLVector.from_value(possible),
        blockers=blockers,
        controls=statuses,
    )


def open_requirements(status: ZoneStatus, controls: Mapping[str, ControlInfo]) -> tuple[str, ...]:
    """Ids of the requirements that the target asks for and that do not count yet, in the catalog's order."""
    return tuple(
        info.id
        for info in controls.values()
        if info.min_sl <= status.sl_t[info.fr] and not status.controls[info.id].met
    )


def _level_below(missing: Iterable[ControlInfo]) -> int:
    return min((info.min_sl for info in missing), default=MAX_LEVEL + 1) - 1


def _blockers(unmet: list[ControlInfo], proven: int, statuses: Mapping[str, ControlStatus]) -> tuple[str, ...]:
    next_level = [info for info in unmet if info.min_sl == proven + 1]
    next_level.sort(key=lambda info: statuses[info.id].verdict not in _UNMET)  # stable: catalog order within
    return tuple(info.id for info in next_level)
