# SPDX-License-Identifier: Apache-2.0
"""``linux.services``: what is set to start and what runs: systemd, OpenRC, System V scripts, inetd."""

from __future__ import annotations

import re

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Blocks
from plantproof.parsers.linux.shapes import facts, small_files
from plantproof.parsers.settings import Table, assignments

__all__ = ["parse"]

Record = dict[str, object]

_UNIT = re.compile(r"(\S{1,300})[.](service|socket)")
_STATES = {
    "enabled", "enabled-runtime", "disabled", "static", "masked", "masked-runtime", "linked", "linked-runtime",
    "indirect", "generated", "alias", "transient", "bad",
}  # fmt: skip
_RC_LINK = re.compile(r"S[0-9]{2}(\S{1,200})")
_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``manager``, ``services`` (name, type, state, enabled, active, sub), ``failed``, ``inetd``,
    ``init_lines``, ``active_known``.
    """
    blocks = Blocks.read(text)
    data = Table()
    services: dict[str, Record] = {}
    unparsed: list[int] = []
    init = next((value for _, path, value in small_files(blocks) if path == "/proc/1/comm"), "")
    _unit_files(blocks, services, unparsed)
    active_known = _units(blocks, services, unparsed)
    _openrc(blocks, services)
    _sysv(blocks, services)
    data["manager"] = _manager(blocks, init)
    data["services"] = list(services.values())
    data["active_known"] = active_known
    data["failed"] = [service["name"] for service in services.values() if service.get("active") == "failed"]
    data["inetd"] = _inetd(blocks)
    data["init_lines"] = [
        {"text": line, LINE: number} for block in blocks.files("/etc/inittab") for number, line in block.content()
    ]
    return facts("linux.services/1", blocks, data, unparsed)


def _manager(blocks: Blocks, init: str) -> str:
    if init == "systemd" or blocks.commands("systemctl list-units*"):
        return "systemd"
    if blocks.commands("rc-update show"):
        return "openrc"
    if blocks.files("/etc/inittab") or blocks.commands("ls -1 /etc/rc*", "ls -1 /etc/init.d"):
        return "init"
    return init or "unknown"


def _of(services: dict[str, Record], name: str, kind: str, number: int) -> Record:
    return services.setdefault(f"{name}.{kind}", {"name": name, "type": kind, LINE: number})


def _unit_files(blocks: Blocks, services: dict[str, Record], unparsed: list[int]) -> None:
    for block in blocks.commands("systemctl list-unit-files*"):
        for number, line in block.content():
            fields = line.split()
            unit = _UNIT.fullmatch(fields[0])
            if not unit or len(fields) < 2 or fields[1] not in _STATES:  # noqa: PLR2004  # unit, state
                unparsed.append(number)
                continue
            record = _of(services, unit[1], unit[2], number)
            record.update(state=fields[1], enabled=fields[1].startswith("enabled"))


def _units(blocks: Blocks, services: dict[str, Record], unparsed: list[int]) -> bool:
    known = False
    for block in blocks.commands("systemctl list-units*"):
        for number, line in block.content():
            fields = line.lstrip("*\u25cf ").split(None, 4)
            unit = _UNIT.fullmatch(fields[0]) if fields else None
            if not unit or len(fields) < 4:  # noqa: PLR2004  # unit, load, active, sub
                unparsed.append(number)
                continue
            known = True
            if fields[1] == "not-found":
                continue
            record = _of(services, unit[1], unit[2], number)
            record.update(active=fields[2], sub=fields[3], running=fields[2] == "active")
            record.setdefault("enabled", False)
            if len(fields) > 4:  # noqa: PLR2004  # description
                record["description"] = fields[4]
    return known


def _openrc(blocks: Blocks, services: dict[str, Record]) -> None:
    for block in blocks.commands("rc-update show"):
        for number, line in block.content():
            name, bar, levels = line.partition("|")
            if bar and levels.split():
                record = _of(services, name.strip(), "service", number)
                record.update(state="enabled", enabled=True, runlevels=levels.split())
    for block in blocks.commands("rc-status *"):
        for number, line in block.content():
            match = re.fullmatch(r"(\S{1,200})\s+\[\s*([a-z]+).{0,50}\]", line)
            if match:
                record = _of(services, match[1], "service", number)
                record.update(active=match[2], running=match[2] == "started")
                record.setdefault("enabled", False)


def _sysv(blocks: Blocks, services: dict[str, Record]) -> None:
    """Links in /etc/rc2.d, rc3.d, rc5.d (or OpenWrt's and buildroot's rc.d, init.d) that start something."""
    for block in blocks.commands("ls -1 /etc/rc*", "ls -1 /etc/init.d"):
        folder = block.name.rpartition("/")[2]
        for number, name in block.content():
            link = _RC_LINK.fullmatch(name)
            if link and (folder != "rcS.d" or link[1]):
                record = _of(services, link[1], "service", number)
                record.update(state="enabled", enabled=True)
            elif folder == "init.d" and name not in {"README", "functions", "rcS", "rcK"}:
                record = _of(services, name, "service", number)
                record.setdefault("enabled", False)


def _inetd(blocks: Blocks) -> list[Record]:
    """Services that inetd or xinetd starts on a connection."""
    found: list[Record] = []
    for block in blocks.files("/etc/inetd.conf"):
        for number, line in block.content():
            fields = line.split()
            if len(fields) > 5:  # noqa: PLR2004  # inetd.conf(5)
                found.append(
                    {"name": fields[0], "protocol": fields[2], "user": fields[4], "program": fields[5], LINE: number}
                )
    for block in blocks.files("/etc/xinetd.d/*"):
        settings = {name: value for _, name, value in assignments(block.content())}
        if settings.get("disable") != "yes" and settings:
            record = {"name": block.name.rpartition("/")[2], "protocol": settings.get("protocol", "tcp")}
            found.append(
                {**record, "user": settings.get("user", ""), "program": settings.get("server", ""), LINE: block.line}
            )
    return found
