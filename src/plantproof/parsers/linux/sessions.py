# SPDX-License-Identifier: Apache-2.0
"""``linux.sessions``: how long an idle session lives, how a screen locks, what a user is told before logging in."""

from __future__ import annotations

import re

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Blocks
from plantproof.parsers.linux.shapes import facts
from plantproof.parsers.settings import Table, assignments, ini, snake, typed

__all__ = ["parse"]

Record = dict[str, object]

_TMOUT = re.compile(
    r"(?:^|[;\s])(?:(?:declare|typeset)\s+-\S{1,10}\s+|readonly\s+|export\s+){0,4}TMOUT=[\"']?([0-9]{1,9})"
)
_UMASK = re.compile(r"(?:^|[;\s])umask\s+([0-7]{1,4})(?=$|[\s;])")
_SPAN = re.compile(r"([0-9]{1,9})\s{0,5}(us|ms|sec|s|min|m|hr|h|d|w)?", re.IGNORECASE | re.ASCII)
_SECONDS = {"us": 0, "ms": 0, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hr": 3600, "d": 86400, "w": 604800}
_BANNERS = {"/etc/issue": "issue", "/etc/issue.net": "issue_net", "/etc/motd": "motd"}
_DCONF_VALUE = re.compile(r"(?:uint32|int32|uint64|int64)?\s{0,5}(.*)")
_LEAKS = re.compile(
    r"\\[mrsv]|\b(?:Debian|Ubuntu|Red Hat|CentOS|Rocky|AlmaLinux|Alpine|OpenWrt|Linux [0-9])", re.IGNORECASE
)


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``shell_timeout``, ``shell_timeout_readonly``, ``shell_timeouts``, ``umasks``, ``logind``, ``limits``,
    ``desktop``, ``desktop_locks``, ``display_manager``, ``issue``, ``issue_net``, ``motd`` (each with ``text``,
    ``present``, ``names_system``).
    """
    blocks = Blocks.read(text)
    data = Table()
    unparsed: list[int] = []
    _shell(blocks, data)
    _logind(blocks, data)
    _limits(blocks, data, unparsed)
    _desktop(blocks, data)
    _banners(blocks, data)
    return facts("linux.sessions/1", blocks, data, unparsed)


def _shell(blocks: Blocks, data: Table) -> None:
    timeouts: list[Record] = []
    umasks: list[Record] = []
    readonly = False
    for block in blocks.commands("grep -E TMOUT*"):
        path = block.name.rpartition(" ")[2]
        for number, line in block.content():
            code = line.partition(" #")[0]
            timeout, umask = _TMOUT.search(code), _UMASK.search(code)
            if timeout:
                timeouts.append({"seconds": int(timeout[1]), "file": path, LINE: number})
            if umask:
                umasks.append({"umask": umask[1].rjust(3, "0"), "file": path, LINE: number})
            readonly = readonly or bool(
                re.search(r"(?:readonly|(?:declare|typeset)\s+-\w{0,5}r)\b.{0,200}\bTMOUT\b", code)
            )
    data["shell_timeouts"] = timeouts
    data["umasks"] = umasks
    if timeouts:
        # The last one that a login shell reads counts; which that is depends on the shell, so the longest is shown.
        worst = max(timeouts, key=_worst)
        line_number = worst[LINE]
        data.put("shell_timeout", worst["seconds"], line_number if isinstance(line_number, int) else 0)
        data["shell_timeout_readonly"] = readonly


def _worst(record: Record) -> int:
    """Zero means that there is no timeout, which is longer than any."""
    seconds = record["seconds"]
    return seconds if isinstance(seconds, int) and seconds else 10**9


def _span(text: str) -> int | str:
    """A systemd time span in seconds; other text as it stands."""
    if text == "infinity" or _SPAN.sub("", text).strip() or not text:
        return text
    return sum(int(part[1]) * _SECONDS[(part[2] or "s").lower()] for part in _SPAN.finditer(text))


def _logind(blocks: Blocks, data: Table) -> None:
    settings = Table()
    for block in blocks.files("*/systemd/logind.conf", "*/systemd/logind.conf.d/*"):
        for number, _, name, value in ini(block):
            settings.put(snake(name), _span(value) if name.endswith("Sec") else typed(value.lower()), number)
    data["logind"] = settings


def _limits(blocks: Blocks, data: Table, unparsed: list[int]) -> None:
    limits: list[Record] = []
    for block in blocks.files("/etc/security/limits.conf", "/etc/security/limits.d/*"):
        for number, line in block.content():
            fields = line.partition("#")[0].split()
            if len(fields) != 4 or fields[1] not in {"soft", "hard", "-"}:  # noqa: PLR2004  # limits.conf(5)
                unparsed.append(number)
                continue
            limits.append(
                {"domain": fields[0], "type": fields[1], "item": fields[2], "value": typed(fields[3]), LINE: number}
            )
    data["limits"] = limits


def _desktop(blocks: Blocks, data: Table) -> None:
    """Keys of dconf: ``org/gnome/desktop/session``, ``idle-delay`` is ``desktop_session_idle_delay``."""
    desktop = Table()
    locks: list[str] = []
    for block in blocks.files("/etc/dconf/db/*"):
        if "/locks/" in block.name:
            locks.extend(_dconf_name(line) for _, line in block.content())
            continue
        for number, section, name, value in ini(block):
            match = _DCONF_VALUE.fullmatch(value)
            plain = (match[1] if match else value).strip("'\"")
            fact: object = plain == "true" if plain in {"true", "false"} else typed(plain)
            desktop.put(_dconf_name(f"{section}/{name}"), fact, number)
    for block in blocks.files("/etc/xdg/kscreenlockerrc"):
        for number, name, value in assignments(block.content()):
            desktop.put(f"kscreenlocker_{snake(name)}", typed(value.lower()), number)
    data["desktop"] = desktop
    data["desktop_locks"] = locks
    manager = Table()
    for block in blocks.files("/etc/lightdm/*", "/etc/gdm*"):
        for number, _, name, value in ini(block):
            manager.put(snake(name), typed(value.lower()), number)
    data["display_manager"] = manager


def _dconf_name(path: str) -> str:
    return snake(path.strip("/").removeprefix("org/").removeprefix("gnome/"))


def _banners(blocks: Blocks, data: Table) -> None:
    for block in blocks.files(*_BANNERS):
        lines = [(number, line.strip()) for number, line in block.lines if line.strip()]
        text = "\n".join(line for _, line in lines)
        record: Record = {
            "text": text,
            "present": bool(text),
            "names_system": bool(_LEAKS.search(text)),
            "words": len(text.split()),
        }
        data.put(_BANNERS[block.name], {**record, LINE: lines[0][0] if lines else block.line}, block.line)
