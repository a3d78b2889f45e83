# SPDX-License-Identifier: Apache-2.0
"""``linux.time``: which servers the host takes its time from, with which proof, and whether it is in step."""

from __future__ import annotations

import re

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks
from plantproof.parsers.linux.shapes import changed_files, facts, installed
from plantproof.parsers.settings import Table, assignments, ini, integer, snake, typed

__all__ = ["parse"]

Record = dict[str, object]

_SOURCES = {"server", "pool", "peer", "refclock", "broadcast", "broadcastclient", "manycastclient"}
_FLOAT = re.compile(r"-?[0-9]{1,12}(?:[.][0-9]{1,12})?")
_CHRONY = ("/etc/chrony.conf", "/etc/chrony/*", "/etc/chrony.d/*")
_NTP = ("/etc/ntp.conf", "/etc/ntpsec/ntp.conf", "/etc/ntpd.conf", "/etc/openntpd/ntpd.conf")
_TALLIES = {"*": "selected", "o": "selected", "+": "candidate", "-": "outlier", "x": "false-ticker", "#": "backup"}
_CHRONY_STATES = {
    "*": "selected",
    "+": "candidate",
    "-": "outlier",
    "x": "false-ticker",
    "~": "variable",
    "?": "unreachable",
}


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``daemons``, ``servers``, ``synchronised``, ``ntp_enabled``, ``stratum``, ``offset_seconds``, ``sources``,
    ``timezone``, ``rtc_local``, ``chrony``, ``ntp``.
    """
    blocks = Blocks.read(text)
    data = Table()
    servers: list[Record] = []
    programs = installed(blocks)
    if programs:
        data["daemons"] = sorted(name for name, there in programs.items() if there)
    _timedatectl(blocks, data)
    _configured(blocks, _CHRONY, "chrony", servers, data)
    _configured(blocks, _NTP, "ntp", servers, data)
    _timesyncd(blocks, servers)
    data["servers"] = servers
    _chronyc(blocks, data)
    _ntpq(blocks, data)
    for number, path, _ in changed_files(blocks):
        if path == "/run/systemd/timesync/synchronized":
            data.put_first("synchronised", value=True, line=number)
    for block in blocks.files("/etc/timezone"):
        for number, line in block.content():
            data.put_first("timezone", line, number)
    for block in blocks.files("/etc/adjtime"):
        for number, line in block.lines:
            if line in {"UTC", "LOCAL"}:
                data.put_first("rtc_local", line == "LOCAL", number)
    return facts("linux.time/1", blocks, data)


def _timedatectl(blocks: Blocks, data: Table) -> None:
    names = {"NTPSynchronized": "synchronised", "NTP": "ntp_enabled", "LocalRTC": "rtc_local"}
    for block in blocks.commands("timedatectl show*"):
        for number, name, value in assignments(block.content()):
            if name in names:
                data.put(names[name], value == "yes", number)
            elif name == "Timezone":
                data.put("timezone", value, number)


def _configured(blocks: Blocks, patterns: tuple[str, ...], daemon: str, servers: list[Record], data: Table) -> None:
    """chrony.conf and ntp.conf share their form: a directive, then words."""
    settings = Table()
    for block in blocks.files(*patterns):
        for number, line in block.content():
            if line[0] == "!" or line[0] == "%":
                continue
            directive, *words = line.split()
            name = directive.lower()
            if name == "servers":
                name = "pool"
            if name in _SOURCES and (words or name == "broadcastclient"):
                servers.append(_server(daemon, name, words, number))
            elif name in {"allow", "restrict", "bindcmdaddress", "keyfile", "ntstrustedcerts", "confdir", "sourcedir"}:
                settings.append(snake(name), " ".join(words), number)
            else:
                settings.put(snake(name), typed(" ".join(words)) if words else True, number)
    if settings:
        data[daemon] = settings


def _server(daemon: str, kind: str, words: list[str], number: int) -> Record:
    options = words[1:]
    return {
        "daemon": daemon,
        "kind": kind,
        "address": words[0] if words else "",
        "options": options,
        "authenticated": "key" in options or "nts" in options or "autokey" in options,
        "nts": "nts" in options,
        LINE: number,
    }


def _timesyncd(blocks: Blocks, servers: list[Record]) -> None:
    for block in blocks.files("/etc/systemd/timesyncd.conf", "/etc/systemd/timesyncd.conf.d/*"):
        for number, section, name, value in ini(block):
            if section == "Time" and name in {"NTP", "FallbackNTP"}:
                kind = "server" if name == "NTP" else "fallback"
                servers.extend(_server("timesyncd", kind, [address], number) for address in value.split())


def _number(text: str) -> float | None:
    return float(text) if _FLOAT.fullmatch(text) else None


def _chronyc(blocks: Blocks, data: Table) -> None:
    """``chronyc -c``: comma-separated reports, in the order that chronyc(1) gives."""
    for block in blocks.commands("chronyc *tracking"):
        for number, line in block.content():
            fields = line.split(",")
            if len(fields) != 14:  # noqa: PLR2004  # chronyc(1), tracking
                continue
            data.put("synchronised", fields[13] in {"Normal", "Insert second", "Delete second"}, number)
            data.put("source", fields[1], number)
            stratum, offset = integer(fields[2]), _number(fields[4])
            if stratum is not None:
                data.put("stratum", stratum, number)
            if offset is not None:
                data.put("offset_seconds", offset, number)
    sources: list[Record] = []
    for block in blocks.commands("chronyc *sources"):
        for number, line in block.content():
            fields = line.split(",")
            if len(fields) == 10:  # noqa: PLR2004  # chronyc(1), sources
                state = _CHRONY_STATES.get(fields[1], fields[1])
                sources.append({"address": fields[2], "state": state, "stratum": integer(fields[3]) or 0, LINE: number})
    if sources:
        data["sources"] = sources


def _ntpq(blocks: Blocks, data: Table) -> None:
    for block in blocks.commands("ntpq *"):
        sources = _ntpq_sources(block)
        if not sources:
            continue
        data["sources"] = sources
        selected = [source for source in sources if source["state"] == "selected"]
        line = (selected or sources)[0][LINE]
        data.put("synchronised", bool(selected), line if isinstance(line, int) else block.line)
        if selected:
            data["source"] = selected[0]["address"]
            data["stratum"] = selected[0]["stratum"]


def _ntpq_sources(block: Block) -> list[Record]:
    sources: list[Record] = []
    for number, line in block.lines:
        fields = line[1:].split()
        stratum = integer(fields[2]) if len(fields) == 10 else None  # noqa: PLR2004  # ntpq(8), peers
        if stratum is not None:
            state = _TALLIES.get(line[0], "rejected")
            sources.append({"address": fields[0], "state": state, "stratum": stratum, LINE: number})
    return sources
