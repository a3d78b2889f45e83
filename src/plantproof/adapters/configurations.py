# SPDX-License-Identifier: Apache-2.0
"""Configurations of firewalls from files: read within bounds, named in errors, never in the way of the others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

from plantproof.core.plant import ROUTER, Firewall, Plant
from plantproof.errors import ContentError, Location, PlantproofError
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.packets import ANY
from plantproof.firewall.program import Act, Instruction, Listing, Program, Rule, Step
from plantproof.firewall.reach import Device
from plantproof.firewall.routes import read_routes

__all__ = ["read_configuration", "read_devices"]

_LARGEST: Final = 64 * 1024 * 1024
_T = TypeVar("_T")


def read_configuration(dialect: str, file: Path) -> Listing:
    """Read a configuration from a file, or from standard input for ``-``.

    Raises:
        ContentError: it is too large, no text, or not what the dialect writes; with file and line.
    """
    return _read(file, lambda text: read_listing(dialect, text))


def read_devices(
    root: Path, plant: Plant, tell: Callable[[str], None]
) -> tuple[Mapping[str, Device], Mapping[str, str]]:
    """Every firewall of a plant by id, and why some could not be read.

    One that cannot be read stands in for itself: whatever passes it is doubtful.

    Args:
        root: The workspace.
        plant: Its firewalls.
        tell: Called with the id of each when it has been read.
    """
    devices, unread = {}, {}
    for firewall in plant.firewalls.values():
        try:
            devices[firewall.id] = _device(root, firewall)
        except PlantproofError as error:
            place = f"{error.where}: " if error.where else ""
            unread[firewall.id] = f"{place}{error.message}"
            devices[firewall.id] = Device(_unread(firewall, unread[firewall.id]))
        tell(firewall.id)
    return devices, unread


def _device(root: Path, firewall: Firewall) -> Device:
    routes = _read(root / firewall.routes, read_routes) if firewall.routes else None
    if firewall.dialect == ROUTER:
        everything = Program((Instruction(ANY, Step(act=Act.FORWARD)),))
        return Device(Listing(dialect=ROUTER, rules=(), program=everything, lines=0), routes)
    return Device(read_configuration(firewall.dialect, root / firewall.config), routes)


def _unread(firewall: Firewall, why: str) -> Listing:
    reason = Rule(line=0, text="", action="", understood=False, why=why)
    return Listing(dialect=firewall.dialect, rules=(), program=Program(()), lines=0, incomplete=(reason,))


def _read(file: Path, understand: Callable[[str], _T]) -> _T:
    name = "(standard input)" if str(file) == "-" else str(file)
    try:
        data = sys.stdin.buffer.read(_LARGEST + 1) if str(file) == "-" else _bytes(file)
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror or error}"
        hint = "Save the configuration there, or name another file in plant/."
        raise ContentError(message, code="content.firewall", hint=hint, where=Location(file=name)) from None
    if len(data) > _LARGEST:
        hint = "No device that we know of has so much; is it a configuration?"
        raise ContentError(
            f"{name} is larger than 64 MiB", code="content.firewall", hint=hint, where=Location(file=name)
        )
    try:
        return understand(data.decode("utf-8-sig", "replace"))
    except PlantproofError as error:
        where = Location(file=name, line=error.where.line if error.where else None)
        raise type(error)(error.message, code=error.code, hint=error.hint, where=where, also=error.also) from None


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_LARGEST + 1)
