# SPDX-License-Identifier: Apache-2.0
"""From a resolved catalog to what judgement and pages need of each control."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plantproof.core.identity import PROP_NS
from plantproof.core.judgement import ControlInfo
from plantproof.core.levels import FR, MAX_LEVEL
from plantproof.errors import ContentError, Location

__all__ = ["Baseline", "control_prop", "read_baseline", "walk_controls"]

_GROUP = re.compile(r"fr-([1-7])")
_Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A resolved catalog: its controls in order, and the values of its parameters."""

    title: str
    controls: Mapping[str, ControlInfo]
    params: Mapping[str, str]
    """Parameter id to its value; a parameter without a value is absent."""
    source: Mapping[str, _Json]
    """Each control as OSCAL has it, by id."""


def walk_controls(catalog: _Json) -> Iterator[tuple[str, str, _Json]]:
    """Yield ``(group id, parent control id, control)`` in document order, enhancements after their parent."""
    for group in _dicts(catalog, "groups"):
        for control in _dicts(group, "controls"):
            yield from _walk(str(group.get("id", "")), "", control)
        for _, parent, control in walk_controls({"groups": group.get("groups", [])}):
            yield str(group.get("id", "")), parent, control
    for control in _dicts(catalog, "controls"):
        yield from _walk("", "", control)


def _walk(group: str, parent: str, control: _Json) -> Iterator[tuple[str, str, _Json]]:
    yield group, parent, control
    for child in _dicts(control, "controls"):
        yield from _walk(group, str(control["id"]), child)


def control_prop(control: _Json, name: str, ns: str | None = PROP_NS) -> str:
    """The value of a control's prop in our namespace (``ns=None``: OSCAL's own); empty if it has none."""
    for prop in _dicts(control, "props"):
        if prop.get("name") == name and prop.get("ns") == ns:
            return str(prop.get("value", ""))
    return ""


def read_baseline(document: _Json) -> Baseline:
    """Read a resolved catalog document.

    Raises:
        ContentError: a control lacks the foundational requirement or the security level that judgement needs.
    """
    catalog = document["catalog"]
    assert isinstance(catalog, Mapping)  # noqa: S101 - the resolver's contract
    controls: dict[str, ControlInfo] = {}
    source: dict[str, _Json] = {}
    params: dict[str, str] = {}
    _read_params(catalog, params)
    for group, parent, control in walk_controls(catalog):
        info = _info(group, parent, control)
        controls[info.id] = info
        source[info.id] = control
        _read_params(control, params)
    metadata = catalog.get("metadata")
    title = str(metadata.get("title", "")) if isinstance(metadata, Mapping) else ""
    return Baseline(title=title, controls=controls, params=params, source=source)


def _info(group: str, parent: str, control: _Json) -> ControlInfo:
    ident = str(control["id"])
    family = _GROUP.fullmatch(group)
    level = control_prop(control, "min-sl")
    if family is None or level not in {str(n) for n in range(1, MAX_LEVEL + 1)}:
        lacks = "is in no group fr-1..fr-7" if family is None else f"has no prop min-sl 1..4 in {PROP_NS}"
        hint = "Judgement per zone needs a profile of IEC 62443-3-3, such as iec62443-3-3-sl2."
        where = Location(pointer=f"control {ident}")
        raise ContentError(f"the control {ident} {lacks}", code="content.profile", hint=hint, where=where)
    label = control_prop(control, "label", None) or ident.upper()
    title = str(control.get("title", ident))
    return ControlInfo(id=ident, label=label, title=title, fr=FR(int(family[1])), min_sl=int(level), parent=parent)


def _read_params(holder: _Json, params: dict[str, str]) -> None:
    for param in _dicts(holder, "params"):
        values = param.get("values")
        if isinstance(values, list) and values:
            params[str(param["id"])] = ", ".join(str(value) for value in values)


def _dicts(holder: _Json, key: str) -> list[_Json]:
    value = holder.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
