# SPDX-License-Identifier: Apache-2.0
"""``risk/*.yml``: how a plant weighs its risks, what may happen, what remains and who answers for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.adapters.workspace.risk_method import level_of, levels_of, read_method
from plantproof.core.levels import FR, MAX_LEVEL
from plantproof.core.risk import (
    DEFAULT,
    RECORDED,
    Acceptance,
    Approval,
    Initial,
    Method,
    Record,
    RiskAssessment,
    Scenario,
    Threat,
    Unit,
)

__all__ = ["read_risk"]

_PARTS: Final = ("method", "initial", "scenarios", "acceptances", "approvals", "records")
_SCENARIO: Final = (
    "id",
    "title",
    "zone",
    "conduit",
    "threat",
    "vulnerability",
    "consequence",
    "likelihood",
    "frs",
    "controls",
    "measures",
    "residual",
    "planned",
    "assessed",
    "by",
)
_CONTROL: Final = re.compile(r"[a-z]+[-.][0-9]+(?:\.[0-9]+)*(?:\.re-[0-9]+)?")
_DATE: Final = "Write a date as 2026-11-23."
_ENDS: Final = "An acceptance holds for a time: write a date as 2026-11-23."


@dataclass(frozen=True, slots=True)
class _Known:
    zones: Collection[str]
    conduits: Collection[str]
    controls: Collection[str] | None
    method: Method


def read_risk(
    documents: Iterable[Document],
    *,
    zones: Collection[str],
    conduits: Collection[str],
    controls: Collection[str] | None,
    defects: Defects,
) -> RiskAssessment:
    """Read every risk file; what is wrong goes to ``defects``. Without a usable method nothing else is read.

    Args:
        documents: The files of ``risk/``, in order.
        zones: Ids of the declared zones.
        conduits: Ids of the declared conduits.
        controls: Ids of the known controls of IEC 62443-3-3; None leaves them unchecked.
        defects: Takes what is wrong.
    """
    tops = [entries_of(document, "the file", defects) for document in documents]
    for top in tops:
        top.only(_PARTS)
    method = _method(tops)
    if method is None:
        return RiskAssessment()
    known = _Known(zones, conduits, controls, method)
    scenarios: dict[str, Scenario] = {}
    for entry in _each(tops, "scenarios", "scenario"):
        scenario = _scenario(entry, known)
        first = scenarios.setdefault(scenario.id, scenario) if scenario.id else scenario
        if first is not scenario:
            place = f"{first.declared.file}:{first.declared.line}"
            message = f"is declared twice: here and in {place}"
            entry.bad("id", message, "Give one of them another id.", "content.reference")
    return RiskAssessment(
        method=method,
        initial=_initial(tops, known),
        scenarios=MappingProxyType(scenarios),
        acceptances=tuple(_acceptance(one, scenarios, method) for one in _each(tops, "acceptances", "acceptance")),
        approvals=tuple(_approval(one) for one in _each(tops, "approvals", "approval")),
        records=tuple(_record(one) for one in _each(tops, "records", "record")),
    )


def _each(tops: Iterable[Entry], key: str, what: str) -> Iterator[Entry]:
    for top in tops:
        yield from top.children(key, what)


def _method(tops: Iterable[Entry]) -> Method | None:
    """The plant's method, or the proposal if it has none; None if it cannot be used."""
    found: list[Entry] = []
    for top in tops:
        if "method" in top.data and top.require("method", "Take the key out, or write a method."):
            entry = top.child("method", "the method")
            found += [entry] if entry else []
    if not found:
        return DEFAULT
    for again in found[1:]:
        place = f"{found[0].where().file}:{found[0].where().line}"
        again.bad("", f"is declared twice: here and in {place}", "A plant has one method.", "content.reference")
    return read_method(found[0])


def _unit(entry: Entry, known: _Known) -> Unit:
    """What the entry is about; a name that nobody declares is noted."""
    if "zone" in entry.data and "conduit" in entry.data:
        entry.bad("conduit", "has both zone and conduit", "Keep one of them.", "content.schema")
    zone, conduit = entry.text("zone"), entry.text("conduit")
    for key, name, names in (("zone", zone, known.zones), ("conduit", conduit, known.conduits)):
        if name and name not in names:
            message = f"names {key} {name}, which no file declares"
            entry.bad(key, message, nearest(name, names), "content.reference")
    return Unit(zone=zone, conduit="" if zone else conduit)


def _consequence(entry: Entry, method: Method) -> dict[str, int]:
    if not entry.require("consequence", "Write consequence: {safety: major, production: minor}."):
        return {}
    said = entry.child("consequence", f"{entry.what}, consequence")
    return levels_of(said, method.consequences) if said else {}


def _initial(tops: Iterable[Entry], known: _Known) -> tuple[Initial, ...]:
    found: dict[Unit, Initial] = {}
    for entry in _each(tops, "initial", "initial assessment"):
        entry.only(("zone", "conduit", "consequence", "reason", "assessed", "by"))
        unit = _unit(entry, known)
        entry.what = f"initial assessment of {unit}"
        one = Initial(
            unit=unit,
            consequence=_consequence(entry, known.method),
            reason=entry.text("reason", required=True, hint="Say what the worst is that may happen."),
            assessed=entry.instant("assessed", end_of_day=False, hint=_DATE),
            by=entry.text("by", required=True),
            declared=entry.where(),
        )
        first = found.setdefault(unit, one)
        if first is not one:
            place = f"{first.declared.file}:{first.declared.line}"
            entry.bad("", f"is declared twice: here and in {place}", "Keep one of them.", "content.reference")
    return tuple(found.values())


def _scenario(entry: Entry, known: _Known) -> Scenario:
    entry.only(_SCENARIO)
    ident = entry.name("id")
    if "zone" not in entry.data and "conduit" not in entry.data:
        entry.bad("", "has neither zone nor conduit", "Say what it happens to: zone: cell-1.", "content.schema")
    scenario = Scenario(
        id=ident,
        title=entry.text("title", ident),
        unit=_unit(entry, known),
        threat=_threat(entry),
        vulnerability=entry.text("vulnerability"),
        consequence=_consequence(entry, known.method),
        likelihood=level_of(entry, "likelihood", known.method.likelihoods),
        frs=_frs(entry),
        controls=_controls(entry, known.controls),
        measures=entry.texts("measures"),
        planned=entry.texts("planned"),
        assessed=entry.instant("assessed", end_of_day=False, hint=_DATE),
        by=entry.text("by", required=True),
        declared=entry.where(),
    )
    return _with_residual(entry, scenario, known.method)


def _threat(entry: Entry) -> Threat:
    threat = entry.child("threat", f"{entry.what}, threat") if entry.require("threat") else None
    if threat is None:
        return Threat(source="", attacker=1)
    threat.only(("source", "attacker", "way"))
    level = 1
    if threat.require("attacker", "Write 1 to 4, in the terms of the security levels."):
        level = threat.whole("attacker", 1, low=1, high=MAX_LEVEL)
    return Threat(source=threat.text("source", required=True), attacker=level, way=threat.text("way"))


def _frs(entry: Entry) -> frozenset[FR]:
    names, known = entry.texts("frs"), [fr.name for fr in FR]
    if entry.data.get("frs") == []:
        entry.bad("frs", "names no foundational requirement", "Leave frs out if it concerns all.", "content.schema")
    for name in names:
        if name not in known:
            message = f"{name!r} is not a foundational requirement"
            entry.bad("frs", message, nearest(name, known), "content.schema")
    return frozenset(FR[name] for name in names if name in known) or frozenset(FR)


def _controls(entry: Entry, known: Collection[str] | None) -> tuple[str, ...]:
    named = entry.texts("controls")
    for control in named:
        if not _CONTROL.fullmatch(control):
            hint = nearest(control.lower().replace(" ", "-"), known) if known else ""
            words = hint or "Ids look like sr-1.1 or sr-1.1.re-1; what has none goes to measures:."
            entry.bad("controls", f"{control!r} is not the id of a control", words, "content.schema")
        elif known is not None and control.startswith("sr-") and control not in known:
            entry.bad("controls", f"there is no control {control}", nearest(control, known), "content.reference")
    return named


def _with_residual(entry: Entry, scenario: Scenario, method: Method) -> Scenario:
    """The scenario with what is judged to remain; more than without measures is a defect."""
    said = entry.child("residual", f"{entry.what}, residual")
    if said is None:
        return scenario
    said.only(("likelihood", "consequence"))
    likelihood = level_of(said, "likelihood", method.likelihoods)
    if likelihood > scenario.likelihood:
        said.bad("likelihood", "likelihood is higher than without measures", "Correct one of the two.")
    lower = said.child("consequence", f"{said.what}, consequence")
    changed = levels_of(lower, method.consequences) if lower else {}
    for category, level in changed.items():
        if lower and level > scenario.consequence.get(category, -1):
            lower.bad(category, f"{category} is higher than without measures", "Correct one of the two.")
    return replace(scenario, with_measures=({**scenario.consequence, **changed}, likelihood))


def _acceptance(entry: Entry, scenarios: Collection[str], method: Method) -> Acceptance:
    entry.only(("scenario", "risk", "role", "name", "reason", "accepted", "until"))
    scenario = entry.text("scenario", required=True)
    entry.what = f"acceptance of {scenario}" if scenario else entry.what
    if scenario and scenario not in scenarios:
        message = f"names scenario {scenario}, which no file declares"
        entry.bad("scenario", message, nearest(scenario, scenarios), "content.reference")
    accepted = entry.instant("accepted", end_of_day=False, hint=_DATE)
    until = entry.instant("until", end_of_day=True, hint=_ENDS)
    _check_order(entry, "until", accepted, until)
    return Acceptance(
        scenario=scenario,
        risk=level_of(entry, "risk", method.risks),
        role=entry.text("role", required=True),
        name=entry.text("name"),
        reason=entry.text("reason", required=True),
        accepted=accepted,
        until=until,
        declared=entry.where(),
    )


def _approval(entry: Entry) -> Approval:
    entry.only(("role", "name", "approved", "until"))
    approved = entry.instant("approved", end_of_day=False, hint=_DATE)
    until = entry.instant("until", end_of_day=True, hint=_DATE) if "until" in entry.data else ""
    _check_order(entry, "until", approved, until)
    return Approval(
        role=entry.text("role", required=True),
        name=entry.text("name"),
        approved=approved,
        until=until,
        declared=entry.where(),
    )


def _check_order(entry: Entry, key: str, begun: str, ended: str) -> None:
    if begun and ended and ended < begun:
        message = f"{key} {ended[:10]} lies before {begun[:10]}"
        entry.bad(key, message, "It cannot run out before it was given.")


def _record(entry: Entry) -> Record:
    entry.only(("step", "document", "by", "dated"))
    return Record(
        step=entry.choice("step", RECORDED, required=True),
        document=entry.text("document", required=True),
        by=entry.text("by", required=True),
        dated=entry.instant("dated", end_of_day=False, hint=_DATE),
        declared=entry.where(),
    )
