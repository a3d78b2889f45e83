# SPDX-License-Identifier: Apache-2.0
"""Configurations of firewalls, from files and from evidence: within bounds, errors by name, none in the others' way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from plantproof.core.evidence import EvidenceItem, item_path
from plantproof.core.facts import SectionState
from plantproof.core.plant import COLLECTED, ROUTER, Firewall, Plant
from plantproof.errors import ContentError, Location, PlantproofError
from plantproof.firewall.dialects import read_listing
from plantproof.firewall.packets import ANY
from plantproof.firewall.program import Act, Instruction, Listing, Program, Rule, Step
from plantproof.firewall.reach import Device
from plantproof.firewall.routes import read_routes
from plantproof.parsers.blocks import Blocks
from plantproof.ports.locker import StoredItem

__all__ = ["read_configuration", "read_devices"]

_LARGEST: Final = 64 * 1024 * 1024
_COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "nftables-json": ("nft -j *",),
    "iptables-save": ("iptables*-save", "ip6tables*-save"),
    "cisco-ios": ("show running-config",),
}
"""What a collector ran to get a configuration."""
_T = TypeVar("_T")


def read_configuration(dialect: str, file: Path) -> Listing:
    """Read a configuration from a file, or from standard input for ``-``.

    Raises:
        ContentError: it is too large, no text, or not what the dialect writes; with file and line.
    """
    return _read(file, lambda text: read_listing(dialect, text))


def read_devices(
    root: Path,
    plant: Plant,
    evidence: Callable[[], Mapping[str, StoredItem]],
    at: str,
    tell: Callable[[str], None],
) -> tuple[Mapping[str, Device], Mapping[str, str]]:
    """Every firewall of a plant by id, and what is to be known of some: why it could not be read, that it is stale.

    One that cannot be read stands in for itself: whatever passes it is doubtful.

    Args:
        root: The workspace.
        plant: Its firewalls.
        evidence: The locker's items by path; asked if a firewall names no file.
        at: The instant by which evidence may be stale, as text.
        tell: Called with the id of each when it has been read.
    """
    devices, notes = {}, {}
    for firewall in plant.firewalls.values():
        try:
            devices[firewall.id], note = _device(root, plant, firewall, evidence, at)
        except PlantproofError as error:
            place = f"{error.where}: " if error.where else ""
            note = f"{place}{error.message}".replace(f"{root}/", "")  # the same words on every machine
            devices[firewall.id] = Device(_unread(firewall, note), source=firewall.config)
        if note:
            notes[firewall.id] = note
        tell(firewall.id)
    return devices, notes


def _device(
    root: Path, plant: Plant, firewall: Firewall, evidence: Callable[[], Mapping[str, StoredItem]], at: str
) -> tuple[Device, str]:
    routes = _read(root / firewall.routes, read_routes) if firewall.routes else None
    if firewall.dialect == ROUTER:
        everything = Program((Instruction(ANY, Step(act=Act.FORWARD)),))
        return Device(Listing(dialect=ROUTER, rules=(), program=everything, lines=0), routes), ""
    if firewall.config:
        return Device(read_configuration(firewall.dialect, root / firewall.config), routes, firewall.config), ""
    path = item_path(plant.assets[firewall.asset].zone, firewall.asset, COLLECTED[firewall.dialect])
    stored = evidence().get(path)
    if stored is None:
        message = f"the locker has no {COLLECTED[firewall.dialect]} of {firewall.asset}"
        raise ContentError(message, code="content.firewall", hint="Collect it, or name a file as config.")
    with _placed(path):
        listing = read_listing(firewall.dialect, _collected(firewall.dialect, stored.item))
    until = stored.item.envelope.clocks.valid_until
    stale = f"{path}: this evidence was good until {until[:10]} only; what is said rests on it" if until < at else ""
    return Device(listing, routes, path), stale


def _collected(dialect: str, item: EvidenceItem) -> str:
    """A configuration out of an item, each line where it stands there.

    Raises:
        ContentError: the item is not whole, or has no such part.
    """
    text = item.content.decode("utf-8", "replace")
    blocks = Blocks.read(text)
    if item.envelope.state is not SectionState.COMPLETE or blocks.cut:
        why = item.envelope.reason or "something was left out"
        raise ContentError(f"this evidence is not whole: {why}", code="content.firewall", hint="Collect it again.")
    wanted = [block for pattern in _COMMANDS[dialect] for block in blocks.commands(pattern)]
    if not wanted:
        message = f"this evidence has nothing in the dialect {dialect}"
        raise ContentError(message, code="content.firewall", hint="Does the device use another packet filter?")
    lines = [""] * (text.count("\n") + 1)
    for block in wanted:
        if dialect == "iptables-save":
            lines[block.line - 1] = f"# Generated by {block.name}"  # which family the rules are of
        for number, line in block.lines:
            lines[number - 1] = line
    return "\n".join(lines)


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
    with _placed(name):
        return understand(data.decode("utf-8-sig", "replace"))


@contextmanager
def _placed(name: str) -> Iterator[None]:
    """Errors inside name the file."""
    try:
        yield
    except PlantproofError as error:
        where = Location(file=name, line=error.where.line if error.where else None)
        raise type(error)(error.message, code=error.code, hint=error.hint, where=where, also=error.also) from None


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_LARGEST + 1)
