# SPDX-License-Identifier: Apache-2.0
"""``linux.backups``: which backup tools are there, what starts them, and when they last ran."""

from __future__ import annotations

import re

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks
from plantproof.parsers.dates import days_from, systemd_date
from plantproof.parsers.linux.shapes import changed_files, facts, installed, listing, observed_day
from plantproof.parsers.settings import Table

__all__ = ["parse"]

Record = dict[str, object]

_TOOLS = re.compile(
    r"\b(borgmatic|borg|restic|rsnapshot|duplicity|duply|timeshift|rdiff-backup|bacula|bareos|veeam|urbackup|burp|amanda|"
    r"dirvish|snapper|rear|clonezilla|partclone|proxmox-backup|rsync|backup|dump)"
)
_HOUSEKEEPING = re.compile(r"dpkg-db-backup|snapper-cleanup|snapper-boot|apt-daily|fwupd|e2scrub")
_CRON = re.compile(r"(@[a-z]{4,10}|(?:[0-9*,/A-Za-z-]{1,60}\s+){4}[0-9*,/A-Za-z-]{1,60})\s+(.*)")


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``observed_on``, ``tools``, ``jobs`` (source, schedule, command, tool, last_run, age_days), ``stamps``,
    ``last_run``, ``age_days``, ``failed``, ``settings``, ``jobs_complete``.
    """
    blocks = Blocks.read(text)
    data = Table()
    observed = observed_day(blocks)
    if observed:
        data.put("observed_on", observed[1], observed[0])
    today = observed[1] if observed else ""
    data["tools"] = sorted(name for name, there in installed(blocks).items() if there)
    services = _services(blocks)
    jobs = [*_timers(blocks, services), *_cron(blocks), *_cron_folders(blocks)]
    stamps: list[Record] = [
        {"path": path, "modified": instant, LINE: number} for number, path, instant in changed_files(blocks)
    ]
    for record, key in [*((job, "last_run") for job in jobs), *((stamp, "modified") for stamp in stamps)]:
        age = days_from(str(record[key]), today) if key in record and today else None
        if age is not None:
            record["age_days"] = age
    data["jobs"] = jobs
    data["stamps"] = stamps
    data["failed"] = [
        service["name"] for service in services.values() if service.get("result") not in {None, "success"}
    ]
    data["jobs_complete"] = not blocks.unreadable("*cron*")
    _latest(data, jobs, stamps)
    data["settings"] = [
        {"file": block.name.rpartition(" ")[2], "text": line, LINE: number}
        for block in blocks.commands("grep -E * /etc/rsnapshot.conf", "grep -E * /etc/timeshift*")
        for number, line in block.content()
    ]
    return facts("linux.backups/1", blocks, data)


def _tool(text: str) -> str:
    match = _TOOLS.search(text)
    return match[1] if match else ""


def _stanzas(block: Block) -> list[tuple[int, dict[str, str]]]:
    """``systemctl show`` of several units: NAME=VALUE lines, an empty line between units."""
    stanzas: list[tuple[int, dict[str, str]]] = []
    current: dict[str, str] = {}
    start = 0
    for number, line in [*block.lines, (0, "")]:
        name, equals, value = line.partition("=")
        if equals:
            start = start if current else number
            current.setdefault(name, value)
        elif current:
            stanzas.append((start, current))
            current = {}
    return stanzas


def _services(blocks: Blocks) -> dict[str, Record]:
    services: dict[str, Record] = {}
    for block in blocks.commands("systemctl show *.service*"):
        for number, fields in _stanzas(block):
            name = fields.get("Id", "")
            if not name.endswith(".service") or _HOUSEKEEPING.search(name):
                continue
            record: Record = {"name": name.removesuffix(".service"), LINE: number}
            if fields.get("Result"):
                record["result"] = fields["Result"]
            ended = systemd_date(fields.get("ExecMainExitTimestamp", ""))
            if ended:
                record["ended"] = ended
            services[name] = record
    return services


def _timers(blocks: Blocks, services: dict[str, Record]) -> list[Record]:
    jobs: list[Record] = []
    for block in blocks.commands("systemctl show *.timer*"):
        for number, fields in _stanzas(block):
            name, unit = fields.get("Id", ""), fields.get("Unit", "")
            if not _tool(f"{name} {unit}") or _HOUSEKEEPING.search(name):
                continue
            job: Record = {
                "source": "timer",
                "name": name,
                "command": unit,
                "tool": _tool(f"{name} {unit}"),
                LINE: number,
            }
            service = services.get(unit, {})
            last = service.get("ended") or systemd_date(fields.get("LastTriggerUSec", ""))
            if last:
                job["last_run"] = last
            if "result" in service:
                job["succeeded"] = service["result"] == "success"
            jobs.append(job)
    return jobs


def _cron(blocks: Blocks) -> list[Record]:
    jobs: list[Record] = []
    for block in blocks.commands("grep -E *"):
        path = block.name.rpartition(" ")[2]
        if not path.startswith(("/etc/cron", "/var/spool/cron")):
            continue
        for number, line in block.content():
            match = _CRON.fullmatch(line)
            if not match or not _tool(match[2]) or _HOUSEKEEPING.search(line):
                continue
            command = match[2]
            user = path.rpartition("/")[2]
            if path.startswith("/etc/"):
                user, _, command = command.partition(" ")
            job: Record = {
                "source": "cron",
                "name": path,
                "schedule": match[1],
                "user": user,
                "command": command.strip(),
            }
            jobs.append({**job, "tool": _tool(match[2]), LINE: number})
    return jobs


def _cron_folders(blocks: Blocks) -> list[Record]:
    return [
        {
            "source": "cron",
            "name": f"/etc/cron.{every}/{name}",
            "schedule": every,
            "command": name,
            "tool": _tool(name),
            LINE: number,
        }
        for every in ("hourly", "daily", "weekly", "monthly")
        for number, name in listing(blocks, f"/etc/cron.{every}")
        if _tool(name) and not _HOUSEKEEPING.search(name)
    ]


def _latest(data: Table, jobs: list[Record], stamps: list[Record]) -> None:
    """The newest sign of a run, whichever says it."""
    signs = [(str(job["last_run"]), job) for job in jobs if "last_run" in job]
    signs += [(str(stamp["modified"]), stamp) for stamp in stamps]
    if signs:
        instant, record = max(signs, key=lambda sign: sign[0])
        line = record[LINE]
        data.put("last_run", instant, line if isinstance(line, int) else 0)
        if "age_days" in record:
            data["age_days"] = record["age_days"]
