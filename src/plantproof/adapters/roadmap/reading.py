# SPDX-License-Identifier: Apache-2.0
"""``roadmap.yml``: estimates, prices, capacity and scope; what is not said is taken from a base."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from math import isfinite
from types import MappingProxyType
from typing import Any, Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.core.plant import KINDS
from plantproof.core.roadmap import PREPARATION, Estimate, OutOfScope, Range, Scope, Terms

__all__ = ["read_terms"]

_TOP: Final = (
    "currency",
    "day-rate",
    "price-factor",
    "capacity",
    "start",
    "preparation",
    "weights",
    "estimates",
    "out-of-scope",
)
_ESTIMATE: Final = ("control", "zone", "scope", "show", "do", "cost", "reason")
_MOST: Final = 1_000_000
_NUMBER: Final = "Write one number, or two for from and to: [2, 5]."


def read_terms(
    document: Document, base: Terms, *, zones: Collection[str], controls: Collection[str] | None, defects: Defects
) -> Terms:
    """Read one file on top of a base; what is wrong goes to ``defects``.

    Args:
        document: The parsed file.
        base: Says what the file does not say.
        zones: Ids of the declared zones.
        controls: Ids of the known controls; None leaves them unchecked.
        defects: Takes what is wrong.
    """
    top = entries_of(document, "the road map", defects)
    top.only(_TOP)
    start = top.instant("start", end_of_day=False, hint="") if "start" in top.data else base.start
    return Terms(
        currency=top.text("currency", base.currency),
        day_rate=_range(top, "day-rate", base.day_rate),
        price_factor=_number(top, "price-factor", base.price_factor),
        capacity=_range(top, "capacity", base.capacity, above_zero=True),
        start=start[:10],
        preparation=_preparation(top, base),
        kinds=_weights(top, "kinds", KINDS, base.kinds),
        zones=_weights(top, "zones", zones, base.zones),
        estimates=_estimates(top, base, zones, controls),
        out_of_scope=(*base.out_of_scope, *_out_of_scope(top, zones, controls)),
    )


def _number(entry: Entry, key: str, default: float) -> float:
    value: Any = entry.data.get(key, default)
    if not _is_number(value):
        entry.bad(key, f"{key} must be a number from 0 to {_MOST}, not {value!r}", "", "content.schema")
        return default
    return float(value)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isfinite(value) and 0 <= value <= _MOST


def _range(entry: Entry, key: str, default: Range, *, above_zero: bool = False) -> Range:
    if key not in entry.data:
        return default
    value: Any = entry.data[key]
    pair = value if isinstance(value, list) else [value, value]
    if len(pair) != 2 or not all(_is_number(one) for one in pair):  # noqa: PLR2004 - from and to
        entry.bad(key, f"{key} must be a range from 0 to {_MOST}, not {value!r}", _NUMBER, "content.schema")
        return default
    low, high = (float(one) for one in pair)
    if low > high:
        entry.bad(key, f"{key} runs backwards: {value!r}", "Write the lower figure first.")
        return default
    if above_zero and not low:
        entry.bad(key, f"{key} must be more than 0", "Who has no time at all reaches no target.", "content.schema")
        return default
    return Range(low, high)


def _preparation(top: Entry, base: Terms) -> Mapping[str, Range]:
    entry = top.child("preparation", "preparation")
    if entry is None:
        return base.preparation
    entry.only(PREPARATION)
    nothing = Range(0, 0)
    own = {key: _range(entry, key, base.preparation.get(key, nothing)) for key in PREPARATION if key in entry.data}
    return MappingProxyType({**base.preparation, **own})


def _weights(top: Entry, key: str, known: Collection[str], base: Mapping[str, float]) -> Mapping[str, float]:
    # Both parts are read from one map, so the map itself is judged once.
    if key == "zones" and not isinstance(top.data.get("weights"), dict):
        return base
    entry = top.child("weights", "weights")
    if entry is None:
        return base
    if key == "kinds":
        entry.only(("kinds", "zones"))
    part = entry.child(key, f"weights, {key}")
    own: dict[str, float] = {}
    for name in part.data if part else ():
        assert part is not None  # noqa: S101 - there are names
        if name not in known:
            what = "a kind of zone" if key == "kinds" else "a zone: no file declares it"
            code = "content.schema" if key == "kinds" else "content.reference"
            part.bad(str(name), f"{str(name)!r} is not {what}", nearest(name, known), code)
        own[str(name)] = _number(part, name, 1)
    return MappingProxyType({**base, **own})


def _estimates(
    top: Entry, base: Terms, zones: Collection[str], controls: Collection[str] | None
) -> Mapping[tuple[str, str], Estimate]:
    found: dict[tuple[str, str], Estimate] = {}
    for entry in top.children("estimates", "estimate"):
        entry.only(_ESTIMATE)
        control = entry.text("control", required=True)
        zone = entry.text("zone")
        entry.what = f"estimate of {control}" if control else entry.what
        _check_names(entry, control, zone, zones, controls)
        scope = entry.choice("scope", tuple(Scope))
        if zone and scope == Scope.PLANT:
            hint = "Leave zone out, or write scope: zone."
            entry.bad("scope", "is for one zone and for the whole plant", hint)
            scope = ""
        if (control, zone) in found:
            entry.bad("control", "is given twice", "Join them, or name another zone.", "content.reference")
        known = base.estimate(control, "")
        usual = Scope.ZONE if zone and known.scope is Scope.PLANT else known.scope
        found[control, zone] = replace(
            known,
            scope=Scope(scope) if scope else usual,
            show=_range(entry, "show", known.show),
            do=_range(entry, "do", known.do),
            cost=_range(entry, "cost", known.cost),
            reason=entry.text("reason", known.reason),
        )
    return MappingProxyType({**base.estimates, **found})


def _check_names(
    entry: Entry, control: str, zone: str, zones: Collection[str], controls: Collection[str] | None
) -> None:
    entry.known_control(control, controls)
    if zone and zone not in zones:
        entry.bad("zone", f"names zone {zone}, which no file declares", nearest(zone, zones), "content.reference")


def _out_of_scope(top: Entry, zones: Collection[str], controls: Collection[str] | None) -> tuple[OutOfScope, ...]:
    found = []
    for entry in top.children("out-of-scope", "out-of-scope"):
        entry.only(("zone", "control", "reason"))
        if "zone" not in entry.data and "control" not in entry.data:
            entry.defects.add(
                f"{entry.what} names neither a zone nor a control",
                where=entry.where(),
                hint="Write zone: or control:, or both for one control in one zone.",
                code="content.schema",
            )
            continue
        control, zone = entry.text("control"), entry.text("zone")
        _check_names(entry, control, zone, zones, controls)
        found.append(OutOfScope(zone=zone, control=control, reason=entry.text("reason", required=True)))
    return tuple(found)
