# SPDX-License-Identifier: Apache-2.0
"""What a piece of OSCAL JSON must look like before the resolver touches it, and the order of its keys.

Schema validation is the loader's work. Here only the shapes that the resolver itself walks through are
checked, so that a malformed document ends in an error with a pointer and never in a traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plantproof.errors import ContentError, Location

Json = Mapping[str, object]
"""One JSON object, read only: it may be shared with the caller's document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something in a profile that has no effect or an odd one, where the specification asks to go on.

    ``message`` says what, ``where`` names the document and the JSON pointer.
    """

    message: str
    where: Location


Notes = Callable[[Note], None]
"""Receives each note; the caller decides whether anyone sees it."""


class Place:
    """A document and a JSON pointer into it; ``place / "key"`` goes one step down.

    Thousands are made and hardly one is read, so it links to where it came from and spells the pointer only when
    asked.
    """

    __slots__ = ("above", "file", "step")

    def __init__(self, file: str, above: Place | None = None, step: str | int = "") -> None:
        self.file = file
        self.above = above
        self.step = step

    def __truediv__(self, step: str | int) -> Place:
        return Place(self.file, self, step)

    @property
    def location(self) -> Location:
        """The place as errors and notes carry it."""
        steps: list[str] = []
        place: Place | None = self
        while place is not None and place.above is not None:
            steps.append(str(place.step).replace("~", "~0").replace("/", "~1"))
            place = place.above
        return Location(file=self.file, pointer="".join(f"/{step}" for step in reversed(steps)))


CONTROL_ORDER: Final = ("id", "class", "title", "params", "props", "links", "parts", "groups", "controls")
PARAM_ORDER: Final = (
    *("id", "class", "depends-on", "props", "links", "label", "usage"),
    *("constraints", "guidelines", "values", "select", "remarks"),
)
PART_ORDER: Final = ("id", "name", "ns", "class", "title", "props", "prose", "parts", "links")


def ordered(body: Json, order: Sequence[str]) -> dict[str, object]:
    """Return a copy with the known keys in OSCAL's canonical order and unknown ones behind them."""
    known = {key: body[key] for key in order if key in body}
    return known | {key: value for key, value in body.items() if key not in known}


def malformed(
    place: Place, expected: str, *, hint: str = "Validate the document against OSCAL's schema."
) -> ContentError:
    """Build the error for a value of a wrong shape."""
    return ContentError(f"expected {expected}", code="content.schema", hint=hint, where=place.location)


def refused(place: Place, message: str, hint: str) -> ContentError:
    """Build the error for a profile that asks for what cannot be done."""
    return ContentError(message, code="content.profile", hint=hint, where=place.location)


def mapping(value: object, place: Place) -> Json:
    """Return the value if it is a JSON object.

    Raises:
        ContentError: ``content.schema`` otherwise.
    """
    if isinstance(value, dict | Mapping):
        return value
    raise malformed(place, "an object")


def optional(owner: Json, key: str, place: Place) -> Json:
    """Return the object under ``key``, or an empty one when it is absent or null."""
    value = owner.get(key)
    return {} if value is None else mapping(value, place / key)


def members(owner: Json, key: str, place: Place) -> list[Json]:
    """Return the list of objects under ``key``; absent and null count as empty.

    Raises:
        ContentError: ``content.schema`` if it is no list or holds something else.
    """
    value = owner.get(key)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise malformed(place / key, "a list")
    for position, member in enumerate(value):
        if not isinstance(member, dict | Mapping):
            raise malformed(place / key / position, "an object")
    return list(value)


def texts(owner: Json, key: str, place: Place) -> list[str]:
    """Return the list of strings under ``key``; absent and null count as empty."""
    value = owner.get(key)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise malformed(place / key, "a list")
    for position, member in enumerate(value):
        if not isinstance(member, str):
            raise malformed(place / key / position, "a string")
    return list(value)


def text(owner: Json, key: str, place: Place) -> str:
    """Return the string under ``key``.

    Raises:
        ContentError: ``content.schema`` if it is missing, empty or no string.
    """
    value = owner.get(key)
    if isinstance(value, str) and value:
        return value
    raise malformed(place / key, "a string that is not empty")


def objects(owner: Json, key: str) -> list[Json]:
    """Return the objects in the list under ``key`` and pass over anything else.

    For places where a malformed neighbour is not the resolver's business.
    """
    value = owner.get(key)
    if not isinstance(value, list | tuple):
        return []
    return [member for member in value if isinstance(member, dict | Mapping)]


def name_of(body: Json, key: str = "id") -> str:
    """Return the string under ``key``; empty when it is missing or no string."""
    value = body.get(key)
    return value if isinstance(value, str) else ""


def kept_always(body: Json) -> bool:
    """Tell whether a prop ``keep: always`` protects the object from pruning (section on pruning)."""
    return any(p.get("name") == "keep" and p.get("value") == "always" for p in objects(body, "props"))
