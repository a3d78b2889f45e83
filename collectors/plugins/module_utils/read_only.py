# SPDX-License-Identifier: Apache-2.0
"""What may be sent to a network device: this table and nothing else, so that a plant owner can read and sign it.

Two locks: the exact line must stand in the platform's table, and it must have the shape of a command that only reads
(no pipe, no redirection, no second command). Both are checked before a connection is opened and again at each write.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Platform:
    """One platform's list."""

    session: tuple[str, ...]
    """Settings of this one session that change nothing on the device; sent first."""
    kinds: Mapping[str, tuple[str, ...]]
    """Kind of evidence to its commands. The longest come last, so that a flood costs the least."""
    ends: Mapping[str, str]
    """The last line by which a command's output is known to be complete."""
    optional: tuple[str, ...] = ()
    """Commands without which a kind is still worth having: a refusal becomes a note."""
    clock: str = ""
    """The command that prints the device's own time, for the header."""
    leave: str = "exit"
    """How the session ends."""
    allowed: frozenset[str] = field(init=False)
    """Every line that may be sent."""

    def __post_init__(self) -> None:
        lines = {*self.session, *(command for group in self.kinds.values() for command in group), self.leave}
        object.__setattr__(self, "allowed", frozenset(lines | ({self.clock} if self.clock else set())))


PLATFORMS: Mapping[str, Platform] = {
    "cisco_ios": Platform(
        session=("terminal length 0",),
        clock="show clock",
        kinds={
            "cisco_ios.version": ("show version",),
            "cisco_ios.ssh": ("show ip ssh",),
            "cisco_ios.users": ("show users",),
            "cisco_ios.snmp": ("show snmp user",),
            "cisco_ios.time": ("show ntp status",),
            "cisco_ios.config": ("show running-config",),
        },
        ends={"show running-config": "end"},
    ),
    "frr": Platform(
        session=("terminal length 0",),
        kinds={
            "frr.version": ("show version",),
            "frr.config": ("show running-config",),
        },
        ends={"show running-config": "end"},
    ),
}

_SHAPE = re.compile(r"show [a-z][a-z -]{1,60}|terminal length 0|exit")
_COMPLAINT = re.compile(
    r"%\s?(?:invalid input|unknown command|incomplete command|ambiguous command|command incomplete|authorization failed"
    r"|permission denied|access denied|there is no matched command|this command is not authorized|bad command).*"
    r"|command authorization failed.*|command not found.*",
    re.IGNORECASE,
)
_SHORT = 8


class RefusedError(Exception):
    """Something that is not on the list was about to be asked."""


def table_of(platform: str) -> Platform:
    """The platform's list; RefusedError if there is none."""
    if platform not in PLATFORMS:
        raise RefusedError(
            f"platform {platform[:80]!r} is not on the read-only list (known: {', '.join(sorted(PLATFORMS))})"
        )
    return PLATFORMS[platform]


def check(platform: str, command: str) -> None:
    """RefusedError unless this exact line may be sent."""
    if command not in table_of(platform).allowed or not _SHAPE.fullmatch(command):
        raise RefusedError(f"the command {command[:80]!r} is not on the read-only list of {platform}")


def plan(platform: str, kinds: Collection[str] = (), commands: Collection[str] = ()) -> dict[str, list[str]]:
    """Kind to commands, limited to the named ones if any are named. Everything that will be sent was checked."""
    table = table_of(platform)
    for line in (*commands, *sorted(table.allowed)):
        check(platform, line)
    for kind in kinds:
        if kind not in table.kinds:
            raise RefusedError(f"kind {kind[:80]!r} is not on the read-only list of {platform}")
    chosen = {
        kind: [command for command in group if not commands or command in commands]
        for kind, group in table.kinds.items()
        if not kinds or kind in kinds
    }
    return {kind: group for kind, group in chosen.items() if group}


def complaint(text: str) -> str:
    """The device's refusal, if its short answer is one; else empty."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = (line[:120] for line in lines if _COMPLAINT.fullmatch(line))
    return next(found, "") if len(lines) <= _SHORT else ""
