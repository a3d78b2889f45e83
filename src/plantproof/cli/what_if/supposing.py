# SPDX-License-Identifier: Apache-2.0
"""Suppositions as options say them, as values; and what they make of a plant and of what people state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from plantproof.core.instants import later
from plantproof.core.plant import Plant
from plantproof.core.statements import Attestation, Place, Statements, Waiver
from plantproof.core.verdicts import Verdict
from plantproof.core.whatif import Verdicts
from plantproof.errors import UsageError

__all__ = ["Suppositions", "Values", "moved_plant", "read_suppositions", "stated"]

_DAY: Final = 86_400
_NOBODY: Final = "nobody yet"
_WORDS: Final = {verdict.label.replace(" ", "-"): verdict for verdict in Verdict}


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What is supposed besides the plant's files."""

    moves: Mapping[str, str]
    verdicts: Verdicts
    attests: tuple[Place, ...]
    waives: tuple[Place, ...]
    withouts: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppositions:
    """Everything that is supposed."""

    sets: tuple[str, ...]
    overlays: tuple[Path, ...]
    against: str
    values: Values

    @property
    def any(self) -> bool:
        """Whether anything is supposed at all."""
        values = self.values
        stated = (values.verdicts, values.attests, values.waives, values.withouts)
        return any((self.sets, self.overlays, self.against, values.moves, *stated))


def read_suppositions(
    *,
    moves: Iterable[str] = (),
    controls: Iterable[str] = (),
    attests: Iterable[str] = (),
    waives: Iterable[str] = (),
    withouts: Iterable[str] = (),
) -> Values:
    """Read the options; names are compared with the plant later.

    Raises:
        UsageError: one is not written as it should be.
    """
    verdicts: dict[Place, Verdict] = {}
    for text in controls:
        place, word = _pair(text, "cell-1:sr-1.1=satisfied")
        if word not in _WORDS:
            hint = f"Verdicts are {', '.join(_WORDS)}."
            raise UsageError(f"{text!r}: {word!r} is not a verdict", code="usage.bad-argument", hint=hint)
        verdicts[_place(place)] = _WORDS[word]
    return Values(
        moves=MappingProxyType(dict(_pair(text, "plc-3=cell-2") for text in moves)),
        verdicts=MappingProxyType(verdicts),
        attests=tuple(_place(text) for text in attests),
        waives=tuple(_place(text) for text in waives),
        withouts=tuple(_place(text) for text in withouts),
    )


def _pair(text: str, example: str) -> tuple[str, str]:
    left, mark, right = text.rpartition("=")
    if not (mark and left and right):
        raise UsageError(f"{text!r} says nothing", code="usage.bad-argument", hint=f"Write it as {example}.")
    return left.strip(), right.strip()


def _place(text: str) -> Place:
    zone, mark, control = text.partition(":")
    if not (mark and zone and control):
        hint = "Write it as cell-1:sr-1.1."
        raise UsageError(f"{text!r} names no control in a zone", code="usage.bad-argument", hint=hint)
    return zone.strip(), control.strip().lower().replace(" ", "-")


def moved_plant(plant: Plant, moves: Mapping[str, str]) -> Plant:
    """The plant with assets in other zones.

    Raises:
        UsageError: there is no such asset or zone.
    """
    assets = dict(plant.assets)
    for ident, zone in moves.items():
        _known("asset", ident, assets)
        _known("zone", zone, plant.zones)
        assets[ident] = replace(assets[ident], zone=zone)
    return replace(plant, assets=MappingProxyType(assets))


def stated(said: Statements, values: Values, plant: Plant, controls: Collection[str], at: str) -> Statements:
    """What people state, without what is left out, with what is supposed.

    Raises:
        UsageError: a zone, conduit or control is not known, or there is nothing to leave out.
    """
    parts = (*plant.zones, *plant.conduits)
    for part, control in (*values.verdicts, *values.attests, *values.waives, *values.withouts):
        _known("zone or conduit", part, parts)
        _known("control", control, controls)
    there = said.by_place()
    for place in values.withouts:
        if place not in there:
            told = ", ".join(sorted(f"{part}:{control}" for part, control in there)) or "none"
            message = f"nobody states anything of {place[1]} in {place[0]}"
            hint = f"Attestations, measures and waivers there are: {told}."
            raise UsageError(message, code="usage.unknown-name", hint=hint)
    until = later(at, _DAY)
    return said.without(values.withouts).and_also(
        Statements(
            attestations=tuple(
                Attestation(
                    control=control,
                    zone=part,
                    statement="Supposed.",
                    role=_NOBODY,
                    name=_NOBODY,
                    stated=at,
                    valid_until=until,
                    path="(supposed)",
                )
                for part, control in values.attests
            ),
            waivers=tuple(
                Waiver(
                    id="supposed",
                    control=control,
                    zone=part,
                    reason="Supposed.",
                    owner=_NOBODY,
                    approved_by=f"{_NOBODY} else",
                    granted=at,
                    until=until,
                )
                for part, control in values.waives
            ),
        )
    )


def _known(what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        from plantproof.adapters.workspace.entries import nearest

        raise UsageError(f"there is no {what} {name!r}", code="usage.unknown-name", hint=nearest(name, known))
