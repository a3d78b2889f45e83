# SPDX-License-Identifier: Apache-2.0
"""One rooted tree of errors. Each carries a stable code, a hint and an exit status.

An error is for what went wrong with the tool's input or surroundings. What an assessment finds is never an
error. No class here prints, logs or exits: only ``plantproof.cli`` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from plantproof.errors.codes import CODES

__all__ = [
    "CODES",
    "CollectionError",
    "ContentError",
    "IntegrityError",
    "Location",
    "PlantproofError",
    "SetupError",
    "UsageError",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where in a user's file something stands."""

    file: str = ""
    line: int | None = None
    """1-based line, when known."""
    pointer: str = ""
    """RFC 6901 JSON pointer into the document, when known."""

    def __str__(self) -> str:
        place = self.file or "(input)"
        if self.line is not None:
            place += f":{self.line}"
        return f"{place} at {self.pointer}" if self.pointer else place


class PlantproofError(Exception):
    """Root of all errors that Plantproof raises on purpose.

    ``message`` says what is wrong, ``hint`` what to do about it, ``code`` is a key of :data:`CODES`
    and stays the same across releases, ``where`` is the place in a file if there is one, ``also`` are further errors
    found in the same pass.
    """

    exit_status: ClassVar[int] = 70

    def __init__(
        self,
        message: str,
        *,
        code: str,
        hint: str = "",
        where: Location | None = None,
        also: Sequence[PlantproofError] = (),
    ) -> None:
        if code not in CODES:
            raise KeyError(code)  # a bug: an undocumented code
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.where = where
        self.also = tuple(also)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(PlantproofError):
    """The command was called with something that it cannot take."""

    exit_status = 2


class SetupError(PlantproofError):
    """A program, an optional library or a permission is missing on this machine."""

    exit_status = 2


class ContentError(PlantproofError):
    """A catalog, profile, plant file, check or attestation is not what it should be."""

    exit_status = 3


class CollectionError(PlantproofError):
    """Evidence could not be collected, or not all of it."""

    exit_status = 4


class IntegrityError(PlantproofError):
    """A digest, a signature or the chain of the locker does not hold."""

    exit_status = 5
