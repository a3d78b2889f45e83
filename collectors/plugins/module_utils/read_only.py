# SPDX-License-Identifier: Apache-2.0
"""What may be sent to a network device: this table and nothing else. It is data, so that a plant owner can read and sign it.

Two locks: the exact line must stand in the platform's table, and it must have the shape of a command that only reads (no
pipe, no redirection, no second command). Both are checked before a connection is opened and again at each write.
"""

from __future__ import annotations

import re

# Per platform:
#   session   settings of this one session that change nothing on the device; sent first
#   kinds     kind of evidence -> commands; those that may be long come last, so that a flood costs the least
#   ends      last line by which a command's output is known to be complete
#   optional  commands without which a kind is still worth having: a refusal becomes a note
#   clock     a command of the table that prints the device's own time
#   leave     how the session ends
PLATFORMS = {
    "cisco_ios": {
        "session": ("terminal length 0",),
        "kinds": {
            "cisco_ios.version": ("show version",),
            "cisco_ios.ssh": ("show ip ssh",),
            "cisco_ios.users": ("show users",),
            "cisco_ios.snmp": ("show snmp user",),
            "cisco_ios.time": ("show clock", "show ntp status"),
            "cisco_ios.config": ("show running-config",),
        },
        "ends": {"show running-config": "end"},
        "optional": ("show ntp status",),
        "clock": "show clock",
        "leave": "exit",
    },
    "frr": {
        "session": ("terminal length 0",),
        "kinds": {
            "frr.version": ("show version",),
            "frr.config": ("show running-config",),
        },
        "ends": {"show running-config": "end"},
        "optional": (),
        "clock": "",
        "leave": "exit",
    },
}

_SHAPE = re.compile(r"show [a-z][a-z -]{1,60}|terminal length 0|exit")
_COMPLAINTS = re.compile(
    r"%\s?(?:invalid input|unknown command|incomplete command|ambiguous command|command incomplete|authorization failed"
    r"|permission denied|access denied|there is no matched command|this command is not authorized|bad command).*"
    r"|command authorization failed.*|command not found.*",
    re.IGNORECASE,
)


class Refused(Exception):
    """Something that is not on the list was about to be asked."""


def kinds_of(platform, kinds=()):
    """The kinds to collect on a platform, in the table's order; all of them if none is named."""
    table = PLATFORMS.get(platform)
    if table is None:
        raise Refused(f"platform {platform!r} is not on the read-only list (known: {', '.join(sorted(PLATFORMS))})")
    unknown = sorted(set(kinds) - set(table["kinds"]))
    if unknown:
        raise Refused(f"kind {unknown[0]!r} is not on the read-only list of {platform}")
    return [kind for kind in table["kinds"] if not kinds or kind in kinds]


def allowed(platform):
    """Every line that may be sent on a platform."""
    table = PLATFORMS[platform]
    lines = [*table["session"], *(command for group in table["kinds"].values() for command in group), table["leave"]]
    return frozenset(lines)


def check(platform, command):
    """Raise Refused unless this exact line may be sent."""
    if command not in allowed(platform) or not _SHAPE.fullmatch(command):
        raise Refused(f"the command {command[:80]!r} is not on the read-only list of {platform}")


def plan(platform, kinds=(), commands=()):
    """Kind to commands, limited to ``commands`` if any are named. Everything in it was checked."""
    for command in commands:
        check(platform if platform in PLATFORMS else _unknown(platform), command)
    chosen = {}
    for kind in kinds_of(platform, kinds):
        wanted = [command for command in PLATFORMS[platform]["kinds"][kind] if not commands or command in commands]
        for command in wanted:
            check(platform, command)
        if wanted:
            chosen[kind] = wanted
    for command in (*PLATFORMS[platform]["session"], PLATFORMS[platform]["leave"]):
        check(platform, command)
    return chosen


def _unknown(platform):
    kinds_of(platform)
    return platform


def complaint(text):
    """The device's refusal, if its short answer is one; else empty."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 8:
        return ""
    return next((line[:120] for line in lines if _COMPLAINTS.fullmatch(line)), "")
