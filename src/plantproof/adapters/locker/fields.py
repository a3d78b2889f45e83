# SPDX-License-Identifier: Apache-2.0
"""Typed values out of JSON that somebody may have tampered with: whatever it holds, the error names the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NoReturn, TypeGuard

import orjson

from plantproof.core.evidence import Clocks
from plantproof.errors import ContentError, IntegrityError, Location

__all__ = ["Fields", "clocks_json", "parse_object"]


def parse_object(data: bytes, name: str, *, version_key: str, version: str) -> dict[str, object]:
    """Read a JSON object of one version.

    Raises:
        IntegrityError: it is not a JSON object.
        ContentError: it has another version than the one that this release reads.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _broken(name, "", f"is not JSON: {error.msg}") from None
    if not isinstance(value, dict):
        raise _broken(name, "", "is not a JSON object")
    said = value.get(version_key)
    if said != version:
        hint = "Read the locker with the release of Plantproof that wrote it, or a newer one."
        message = f"has {version_key} {said!r}; this release reads {version!r}"
        where = Location(file=name, pointer=f"/{version_key}")
        raise ContentError(message, code="content.version", hint=hint, where=where)
    return value


class Fields:
    """A JSON object's values by key and type.

    Each method raises IntegrityError (``integrity.locker``) if the value is missing or of another type.
    """

    __slots__ = ("_name", "_pointer", "_value")

    def __init__(self, value: object, *, name: str, pointer: str = "") -> None:
        if not _is_object(value):
            raise _broken(name, pointer, "is not a JSON object")
        self._value = value
        self._name = name
        self._pointer = pointer

    def text(self, key: str, default: str | None = None) -> str:
        """A text; the default, if there is one, stands in for a missing key."""
        value = self._value.get(key, default)
        return value if isinstance(value, str) else self._fail(key, "is not a text")

    def number(self, key: str) -> int:
        """A whole number, 0 or more."""
        value = self._value.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        return self._fail(key, "is not a whole number")

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._value.get(key)
        return value if isinstance(value, bool) else self._fail(key, "is neither true nor false")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._value.get(key)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        return self._fail(key, "is not a list of texts")

    def object(self, key: str) -> Fields:
        """An object."""
        return Fields(self._value.get(key), name=self._name, pointer=self._at(key))

    def objects(self, key: str) -> Iterator[Fields]:
        """The objects of a list."""
        value = self._value.get(key)
        if not isinstance(value, list):
            self._fail(key, "is not a list")
        for number, item in enumerate(value):
            yield Fields(item, name=self._name, pointer=f"{self._at(key)}/{number}")

    def by_key(self, key: str) -> Iterator[tuple[str, Fields]]:
        """The objects of an object, by their keys, sorted."""
        inner = self.object(key)
        for name in inner.names():
            yield name, inner.object(name)

    def names(self) -> list[str]:
        """All keys, sorted."""
        return sorted(self._value)

    def is_null(self, key: str) -> bool:
        """Whether the key is there and its value is null."""
        return key in self._value and self._value[key] is None

    def clocks(self, key: str) -> Clocks:
        """The four clocks; the device's own may be missing."""
        inner = self.object(key)
        observed = None if inner.is_null("observed") else inner.text("observed")
        return Clocks(
            observed=observed,
            collected=inner.text("collected"),
            received=inner.text("received"),
            valid_until=inner.text("valid-until"),
        )

    def _at(self, key: str) -> str:
        return f"{self._pointer}/{key.replace('~', '~0').replace('/', '~1')}"

    def _fail(self, key: str, what: str) -> NoReturn:
        raise _broken(self._name, self._at(key), what if key in self._value else "is missing")


def clocks_json(clocks: Clocks) -> dict[str, str | None]:
    """The four clocks as they are written."""
    return {
        "observed": clocks.observed,
        "collected": clocks.collected,
        "received": clocks.received,
        "valid-until": clocks.valid_until,
    }


def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _broken(name: str, pointer: str, what: str) -> IntegrityError:
    where = Location(file=name, pointer=pointer)
    return IntegrityError(what, code="integrity.locker", hint="Run `plantproof evidence verify`.", where=where)
