# SPDX-License-Identifier: Apache-2.0
"""``plantproof.yml``: what the workspace is called, where its parts are, how its evidence is signed."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from plantproof.adapters.documents import Document
from plantproof.adapters.workspace.entries import Defects, Entry, entries_of, nearest
from plantproof.core.levels import MAX_LEVEL
from plantproof.errors import ContentError

__all__ = ["DEFAULT_PROFILES", "SETTINGS_FILE", "VERSION", "Settings", "Signing", "read_settings", "seconds_of"]

SETTINGS_FILE: Final = "plantproof.yml"
VERSION: Final = 1
DEFAULT_PROFILES: Final[Mapping[int, str]] = MappingProxyType(
    {level: f"iec62443-3-3-sl{level}" for level in range(1, MAX_LEVEL + 1)}
)

_KEYS: Final = ("version", "plant", "inventory", "profiles", "locker", "output", "signing", "freshness")
_UNITS: Final = MappingProxyType({"m": 60, "h": 3600, "d": 86_400, "w": 604_800})
_SPAN: Final = re.compile(r"([1-9]\d{0,4})([mhdw])")
_KIND: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who signs the locker's commits, and with which key."""

    key: str = ".plantproof/keys/signing"
    """Path of the private key, relative to the workspace."""
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The content of ``plantproof.yml``; paths are as written, relative to the workspace."""

    plant_name: str
    plant_owner: str
    timezone: str = "UTC"
    """IANA name; maintenance windows are in this time."""
    inventory: str = "inventory.yml"
    profiles: Mapping[int, str] = field(default_factory=lambda: DEFAULT_PROFILES)
    """Per security level 1..4 the profile that selects its requirements: a path or a shipped name."""
    locker: str = "evidence"
    output: str = "out"
    signing: Signing = field(default_factory=Signing)
    freshness: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Per evidence kind the seconds for which an item proves something, where the plant differs from the collector."""


def read_settings(document: Document, defects: Defects) -> Settings:
    """Read the settings; what is wrong goes to ``defects`` and is replaced by the default.

    Raises:
        ContentError: ``content.version``, if the file is of a version that this release does not read.
    """
    top = entries_of(document, "the workspace", defects)
    _check_version(top)
    top.only(_KEYS)
    plant = top.child("plant", "plant") if top.require("plant", "Write plant: {name: ..., owner: ...}.") else None
    name = owner = ""
    timezone = "UTC"
    if plant:
        plant.only(("name", "owner", "timezone"))
        name, owner = plant.text("name", required=True), plant.text("owner", required=True)
        timezone = _timezone(plant)
    return Settings(
        plant_name=name,
        plant_owner=owner,
        timezone=timezone,
        inventory=top.text("inventory", "inventory.yml"),
        profiles=_profiles(top),
        locker=top.text("locker", "evidence"),
        output=top.text("output", "out"),
        signing=_signing(top),
        freshness=_freshness(top),
    )


def seconds_of(span: object) -> int | None:
    """Seconds of a span such as ``7d``, ``12h``, ``90m`` or ``2w``; None if it is none."""
    match = _SPAN.fullmatch(span) if isinstance(span, str) else None
    return int(match[1]) * _UNITS[match[2]] if match else None


def _check_version(top: Entry) -> None:
    version = top.data.get("version")
    if version == VERSION and not isinstance(version, bool):
        return
    message = "has no version" if version is None else f"has version {version!r}"
    hint = f"Write version: {VERSION}; a newer file needs a newer plantproof."
    raise ContentError(message, code="content.version", hint=hint, where=top.where("version"))


def _timezone(plant: Entry) -> str:
    name = plant.text("timezone", "UTC")
    if name != "UTC" and name not in (known := zoneinfo.available_timezones()):
        hint = nearest(name, known) if known else "This machine has no time zone data: install tzdata."
        plant.bad("timezone", f"{name!r} is not a time zone", hint)
        return "UTC"
    return name


def _profiles(top: Entry) -> Mapping[int, str]:
    entry = top.child("profiles", "profiles")
    profiles = dict(DEFAULT_PROFILES)
    if entry is None:
        return DEFAULT_PROFILES
    for key, value in entry.data.items():
        level = int(key) if str(key) in {"1", "2", "3", "4"} else 0
        if not level:
            entry.bad(str(key), f"{key!r} is not a security level", "Keys are 1, 2, 3 and 4.", "content.schema")
        elif not isinstance(value, str) or not value.strip():
            entry.bad(str(key), "a profile must be a path or a shipped name", "", "content.schema")
        else:
            profiles[level] = value.strip()
    return MappingProxyType(profiles)


def _signing(top: Entry) -> Signing:
    entry = top.child("signing", "signing")
    if entry is None:
        return Signing()
    entry.only(("key", "name", "email"))
    return Signing(key=entry.text("key", Signing().key), name=entry.text("name"), email=entry.text("email"))


def _freshness(top: Entry) -> Mapping[str, int]:
    entry = top.child("freshness", "freshness")
    found: dict[str, int] = {}
    for kind, span in entry.data.items() if entry else ():
        seconds = seconds_of(span)
        if entry and not _KIND.fullmatch(str(kind)):
            entry.bad(str(kind), f"{kind!r} is not an evidence kind", "Kinds look like linux.sshd.", "content.schema")
        elif entry and seconds is None:
            entry.bad(str(kind), f"{span!r} is not a span of time", "Write 90m, 12h, 7d or 2w.", "content.schema")
        else:
            found[str(kind)] = seconds or 0
    return MappingProxyType(found)
