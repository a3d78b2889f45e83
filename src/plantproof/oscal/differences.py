# SPDX-License-Identifier: Apache-2.0
"""What is different between two resolved catalogs, control by control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plantproof.oscal.catalogs import index_of

__all__ = ["Differences", "ValueChange", "compare"]

_NOT_COMPARED = frozenset({"controls", "params"})
"""Nested controls and values are compared on their own."""
_Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueChange:
    """A parameter of a control that both have, with another value."""

    param: str
    old: str
    new: str
    """Empty where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Empty, and so false, if the two say the same."""

    added: Mapping[str, str]
    """Id to title of controls that only the new one has."""
    gone: Mapping[str, str]
    values: tuple[ValueChange, ...]
    changed: tuple[str, ...]
    """Ids of controls that both have and whose title, props, links or parts differ."""

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.values or self.changed)


def compare(old: object, new: object) -> Differences:
    """Compare two catalog bodies, as the resolver returns them."""
    before, after = (index_of("", body).controls if isinstance(body, Mapping) else {} for body in (old, new))
    both = [ident for ident in after if ident in before]
    values = [change for ident in both for change in _values(before[ident], after[ident])]
    return Differences(
        added={ident: str(control["title"]) for ident, control in after.items() if ident not in before},
        gone={ident: str(control["title"]) for ident, control in before.items() if ident not in after},
        values=tuple(values),
        changed=tuple(ident for ident in both if _own(before[ident]) != _own(after[ident])),
    )


def _own(control: _Json) -> dict[str, object]:
    return {key: value for key, value in control.items() if key not in _NOT_COMPARED}


def _values(old: _Json, new: _Json) -> Iterator[ValueChange]:
    before, after = dict(_params(old)), dict(_params(new))
    for param in [*after, *(name for name in before if name not in after)]:
        was, now = before.get(param, ""), after.get(param, "")
        if was != now:
            yield ValueChange(param=param, old=was, new=now)


def _params(control: _Json) -> Iterator[tuple[str, str]]:
    params = control.get("params")
    for param in params if isinstance(params, list) else []:
        values = param.get("values")
        yield str(param["id"]), ", ".join(map(str, values)) if isinstance(values, list) else ""
