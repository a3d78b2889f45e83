# SPDX-License-Identifier: Apache-2.0
"""The component definition: which check speaks to which control, and how strongly. The one place that says so.

Each collector is a component; its implemented requirements name a control and, in props of our namespace, the checks
that *demonstrate* or *support* it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from plantproof.core.checks import ControlClaim
from plantproof.core.identity import PROP_NS
from plantproof.core.verdicts import Strength
from plantproof.errors import ContentError, Location

__all__ = ["read_claims"]


def read_claims(
    document: Mapping[str, object], *, checks: Collection[str], controls: Collection[str]
) -> tuple[ControlClaim, ...]:
    """Read every claim of a component definition that fits its schema.

    Raises:
        ContentError: a claim names a check or a control that does not exist, or makes the same claim twice.
    """
    seen: dict[tuple[str, str], str] = {}
    claims = []
    for pointer, control, prop in _props(document):
        where = Location(pointer=pointer)
        check = str(prop["value"])
        _known(check, checks, "check", where)
        _known(control, controls, "control", where)
        if (check, control) in seen:
            message = f"{check} speaks to {control} twice, first at {seen[check, control]}"
            raise ContentError(message, code="content.reference", hint="Keep one of the two.", where=where)
        seen[check, control] = pointer
        strength = Strength(str(prop["name"]))
        claims.append(
            ControlClaim(check=check, control=control, strength=strength, remark=str(prop.get("remarks", "")).strip())
        )
    return tuple(claims)


def _props(document: Mapping[str, object]) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    definition = document.get("component-definition")
    base = "/component-definition"
    for where, component in _items(definition, "components", base):
        for place, implementation in _items(component, "control-implementations", where):
            for spot, requirement in _items(implementation, "implemented-requirements", place):
                for pointer, prop in _items(requirement, "props", spot):
                    if prop.get("ns") == PROP_NS and prop.get("name") in set(Strength):
                        yield pointer, str(requirement.get("control-id")), prop


def _items(holder: object, key: str, pointer: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    value = holder.get(key) if isinstance(holder, Mapping) else None
    for number, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, Mapping):
            yield f"{pointer}/{key}/{number}", item


def _known(name: str, known: Collection[str], what: str, where: Location) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else ""
    raise ContentError(f"there is no {what} {name!r}", code="content.check", hint=hint, where=where)
