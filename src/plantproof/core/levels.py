# SPDX-License-Identifier: Apache-2.0
"""Foundational requirements and security levels as vectors (IEC 62443-1-1; 62443-3-3 annex A)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from plantproof.errors import ContentError, Location

__all__ = ["FR", "MAX_LEVEL", "SLVector"]

MAX_LEVEL = 4


class FR(IntEnum):
    """The seven foundational requirements; the name is the field's usual code."""

    IAC = 1
    UC = 2
    SI = 3
    DC = 4
    RDF = 5
    TRE = 6
    RA = 7

    @property
    def title(self) -> str:
        """Short title, a fact of the standard."""
        return _TITLES[self - 1]

    @property
    def group(self) -> str:
        """Id of the OSCAL group: ``fr-1``."""
        return f"fr-{int(self)}"


_TITLES = (
    "Identification and authentication control",
    "Use control",
    "System integrity",
    "Data confidentiality",
    "Restricted data flow",
    "Timely response to events",
    "Resource availability",
)


def _bad(message: str, where: Location | None) -> ContentError:
    hint = "Write one level 0..4, seven of them in the order FR1..FR7, or a map such as {IAC: 2, default: 1}."
    return ContentError(message, code="content.plant", hint=hint, where=where)


@dataclass(frozen=True, slots=True)
class SLVector:
    """Seven security levels 0..4, in the order FR1..FR7."""

    levels: tuple[int, int, int, int, int, int, int]

    def __getitem__(self, fr: FR) -> int:
        return self.levels[fr - 1]

    def __iter__(self) -> Iterator[int]:
        return iter(self.levels)

    def __str__(self) -> str:
        return f"({', '.join(str(level) for level in self.levels)})"

    @property
    def highest(self) -> int:
        """The highest of the seven."""
        return max(self.levels)

    def covers(self, target: SLVector) -> bool:
        """Whether every level is at least the target's."""
        return all(have >= want for have, want in zip(self.levels, target.levels, strict=True))

    @classmethod
    def uniform(cls, level: int) -> SLVector:
        """The same level for all seven."""
        return cls((level, level, level, level, level, level, level))

    @classmethod
    def from_value(cls, value: object, where: Location | None = None) -> SLVector:
        """Read what a plant file says: a number, seven numbers, or a map of FR codes (or ``FR1``) to numbers.

        Raises:
            ContentError: anything else, with the place and the forms that are taken.
        """
        if isinstance(value, int) and not isinstance(value, bool):
            return cls.uniform(_level(value, where))
        if isinstance(value, Mapping):
            return cls._from_map(value, where)
        if isinstance(value, Sequence) and not isinstance(value, str):
            if len(value) != len(FR):
                raise _bad(f"a vector has seven levels, one for each FR, not {len(value)}", where)
            a, b, c, d, e, f, g = (_level(item, where) for item in value)
            return cls((a, b, c, d, e, f, g))
        raise _bad(f"{value!r} is not a security level", where)

    @classmethod
    def _from_map(cls, value: Mapping[object, object], where: Location | None) -> SLVector:
        named = {str(key).upper(): item for key, item in value.items()}
        default = named.pop("DEFAULT", 0)
        picked = [named.pop(fr.name, named.pop(f"FR{int(fr)}", default)) for fr in FR]
        if named:
            raise _bad(f"{next(iter(named))!r} is not a foundational requirement", where)
        return cls.from_value(picked, where)


def _level(value: object, where: Location | None) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_LEVEL:
        raise _bad(f"{value!r} is not a security level", where)
    return value
