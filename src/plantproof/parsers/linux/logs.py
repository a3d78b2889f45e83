# SPDX-License-Identifier: Apache-2.0
"""``linux.logging``: what is audited, where logs are sent, what happens when the disk is full, who may read them."""

from __future__ import annotations

import re

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks, NumberedLine
from plantproof.parsers.linux.audit_rules import audit_rule
from plantproof.parsers.linux.shapes import facts, file_modes, installed
from plantproof.parsers.settings import Table, assignments, ini, integer, snake, typed

__all__ = ["parse"]

Record = dict[str, object]

_RSYSLOG = ("/etc/rsyslog.conf", "/etc/rsyslog.d/*")
_SYSLOG_NG = ("/etc/syslog-ng/*",)
_LEGACY_TARGET = re.compile(
    r"(\S{1,300})\s+[-]?(@@?)(?:\(([^)]{0,50})\))?(\[[0-9a-fA-F:]{1,50}\]|[^:;\s]{1,255})(?::([0-9]{1,5}))?(?:;\S{0,100})?"
)
_PARAMETER = re.compile(r'([a-z.]{1,60})\s{0,20}=\s{0,20}"([^"]{0,500})"', re.IGNORECASE)
_NG_TARGET = re.compile(r'\b(udp6?|tcp6?|syslog|network)\s{0,20}\(\s{0,50}"([^"]{1,255})"([^;]{0,500})')
_NG_PORT = re.compile(r"port\s{0,20}\(\s{0,20}([0-9]{1,5})")
_ROTATE_WORDS = {"daily", "weekly", "monthly", "yearly", "hourly"}


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``installed``, ``auditd``, ``audit_status``, ``audit_rules``, ``audit_rules_source``, ``forwarding``,
    ``forwarded``, ``journald``, ``rotation``, ``files``.
    """
    blocks = Blocks.read(text)
    data = Table()
    unparsed: list[int] = []
    data["installed"] = sorted(name for name, there in installed(blocks).items() if there)
    _auditd(blocks, data)
    _audit_rules(blocks, data, unparsed)
    targets = [*_rsyslog(blocks), *_syslog_ng(blocks), *_busybox(blocks), *_journal_upload(blocks), *_audisp(blocks)]
    if not blocks.unreadable("*syslog*", "*audisp*", "*plugins.d*"):
        data["forwarding"] = targets
        data["forwarded"] = any(not target["loopback"] for target in targets)
    _journald(blocks, data)
    _rotation(blocks, data)
    data["files"] = file_modes(blocks)
    return facts("linux.logging/1", blocks, data, unparsed)


def _auditd(blocks: Blocks, data: Table) -> None:
    settings = Table()
    for block in blocks.files("/etc/audit/auditd.conf"):
        for number, name, value in assignments(block.content()):
            settings.put(snake(name), typed(value.lower()), number)
    if settings:
        data["auditd"] = settings
    status = Table()
    for block in blocks.commands("auditctl -s"):
        for number, line in block.content():
            name, _, value = line.partition(" ")
            status.put(snake(name), typed(value.strip()), number)
    if status:
        data["audit_status"] = status


def _audit_rules(blocks: Blocks, data: Table, unparsed: list[int]) -> None:
    """The kernel's rules if root could list them, else those in the files."""
    loaded = [block for block in blocks.commands("auditctl -l") if block.first()]
    source = loaded or list(blocks.files("/etc/audit/rules.d/*")) or list(blocks.files("/etc/audit/audit.rules"))
    rules: list[Record] = []
    immutable = False
    for block in source:
        for number, line in block.content():
            if line == "No rules" or re.fullmatch(r"-[Dbfci r](?:\s.*)?|--\S.*", line):
                continue
            if line.startswith("-e"):
                immutable = immutable or line.split()[-1] == "2"
                continue
            rule = audit_rule(line)
            if rule is None:
                unparsed.append(number)
            else:
                rules.append({**rule, LINE: number})
    status = data.get("audit_status")
    if isinstance(status, dict) and status.get("enabled") == 2:  # noqa: PLR2004  # auditctl(8): locked
        immutable = True
    unseen = blocks.unreadable("audit rules*", "/etc/audit/*rules*")
    if source or not unseen:
        data["audit_rules"] = rules
    if source:
        data["audit_rules_source"] = "kernel" if loaded else "files"
        data["audit_immutable"] = immutable


def _target(tool: str, protocol: str, host: str, number: int, **more: object) -> Record:
    bare = host.strip("[]")
    loopback = bare in {"localhost", "::1"} or bare.startswith("127.")
    return {"tool": tool, "protocol": protocol, "host": bare, "tls": False, "loopback": loopback, **more, LINE: number}


def _statements(block: Block, opening: str = "(", closing: str = ")") -> list[NumberedLine]:
    """Configuration lines, with those of one bracketed statement joined to its first."""
    statements: list[NumberedLine] = []
    depth = 0
    for number, line in block.content():
        if depth > 0 and statements:
            start, text = statements.pop()
            # Bounded: a bracket that never closes must not make this quadratic.
            statements.append((start, f"{text} {line}"))
        else:
            statements.append((number, line))
        depth = max(0, depth + line.count(opening) - line.count(closing))
        if depth and len(statements[-1][1]) > 4000:  # noqa: PLR2004  # no statement is that long
            depth = 0
    return statements


def _rsyslog(blocks: Blocks) -> list[Record]:
    targets: list[Record] = []
    global_tls = False
    for block in blocks.files(*_RSYSLOG):
        for number, line in _statements(block):
            lowered = line.lower()
            if lowered.startswith("$actionsendstreamdrivermode 1") or (
                lowered.startswith("$defaultnetstreamdriver ") and lowered.split()[1] in {"gtls", "ossl"}
            ):
                global_tls = True
            legacy = _LEGACY_TARGET.fullmatch(line)
            if legacy:
                protocol = "tcp" if legacy[2] == "@@" else "udp"
                record = _target("rsyslog", protocol, legacy[4], number, selector=legacy[1])
                record["port"] = (integer(legacy[5]) if legacy[5] else None) or 514
                record["tls"] = global_tls and protocol == "tcp"
                targets.append(record)
            elif "omfwd" in lowered or "omrelp" in lowered:
                record_or_none = _rsyslog_action(line, number)
                if record_or_none:
                    targets.append(record_or_none)
    return targets


def _rsyslog_action(line: str, number: int) -> Record | None:
    parameters = {match[1].lower(): match[2] for match in _PARAMETER.finditer(line)}
    if "target" not in parameters:
        return None
    relp = parameters.get("type", "").lower() == "omrelp"
    protocol = "relp" if relp else parameters.get("protocol", "udp").lower()
    record = _target("rsyslog", protocol, parameters["target"], number)
    port = integer(parameters.get("port", ""))
    if port is not None:
        record["port"] = port
    mode = parameters.get("streamdrivermode", parameters.get("streamdriver.mode", ""))
    record["tls"] = mode == "1" or parameters.get("tls", "").lower() == "on"
    record["queued"] = "queue.filename" in parameters or "queue.type" in parameters
    return record


def _syslog_ng(blocks: Blocks) -> list[Record]:
    targets: list[Record] = []
    for block in blocks.files(*_SYSLOG_NG):
        for number, line in _statements(block, "{", "}"):
            if not line.startswith("destination"):
                continue
            for match in _NG_TARGET.finditer(line):
                transport = re.search(r'transport\s{0,20}\(\s{0,20}"?(\w{1,20})', match[3])
                protocol = (
                    transport[1]
                    if transport
                    else {"syslog": "tcp", "network": "tcp"}.get(match[1], match[1].rstrip("6"))
                )
                record = _target("syslog-ng", "tcp" if protocol == "tls" else protocol, match[2], number)
                port = _NG_PORT.search(match[3])
                if port:
                    record["port"] = int(port[1])
                record["tls"] = protocol == "tls" or "tls(" in match[3].replace(" ", "")
                targets.append(record)
    return targets


def _busybox(blocks: Blocks) -> list[Record]:
    """Targets of busybox syslogd's ``-R host[:port]`` and OpenWrt's ``option log_ip``."""
    targets: list[Record] = []
    for block in blocks.files("/etc/default/syslogd", "/etc/config/system"):
        for number, line in block.content():
            remote = re.search(r"-R\s{0,20}([^\s:\"']{1,255})(?::([0-9]{1,5}))?", line)
            option = re.fullmatch(r"option\s+log_ip\s+'?([^'\s]{1,255})'?", line)
            if remote:
                targets.append(_target("busybox", "udp", remote[1], number, port=integer(remote[2] or "") or 514))
            elif option:
                targets.append(_target("openwrt", "udp", option[1], number))
    for block in blocks.files("/etc/syslog.conf"):
        for number, line in block.content():
            legacy = _LEGACY_TARGET.fullmatch(line)
            if legacy:
                targets.append(_target("syslogd", "udp", legacy[4], number, selector=legacy[1]))
    return targets


def _journal_upload(blocks: Blocks) -> list[Record]:
    targets: list[Record] = []
    for block in blocks.files("/etc/systemd/journal-upload.conf"):
        for number, _, name, value in ini(block):
            match = re.match(r"(https?)://(\[[^\]]{1,60}\]|[^/:\s]{1,255})", value)
            if name == "URL" and match:
                targets.append(_target("journal-upload", match[1], match[2], number, tls=match[1] == "https"))
    return targets


def _audisp(blocks: Blocks) -> list[Record]:
    """The audit daemon's own sender, if its plug-in is active."""
    active = any(
        name == "active" and value == "yes"
        for block in blocks.files("/etc/audit/plugins.d/au-remote.conf", "/etc/audisp/plugins.d/au-remote.conf")
        for _, name, value in assignments(block.content())
    )
    targets: list[Record] = []
    for block in blocks.files("/etc/audit/audisp-remote.conf", "/etc/audisp/audisp-remote.conf"):
        for number, name, value in assignments(block.content()):
            if active and name == "remote_server" and value:
                targets.append(_target("audisp-remote", "tcp", value, number))
    return targets


def _journald(blocks: Blocks, data: Table) -> None:
    settings = Table()
    for block in blocks.files("/etc/systemd/journald.conf", "*/systemd/journald.conf.d/*"):
        for number, _, name, value in ini(block):
            settings.put(snake(name), typed(value.lower()), number)
    data["journald"] = settings


def _rotation(blocks: Blocks, data: Table) -> None:
    """Global settings of logrotate, and the files that each drop-in names."""
    rotation = Table()
    for block in blocks.files("/etc/logrotate.conf"):
        depth = 0
        for number, line in block.content():
            words = line.split()
            if not depth and words[0] in _ROTATE_WORDS:
                rotation.put("every", words[0], number)
            elif not depth and words[0] in {"rotate", "maxage", "size", "maxsize", "minsize"} and len(words) > 1:
                rotation.put(words[0], typed(words[1]), number)
            elif not depth and words[0] == "compress":
                rotation.put("compress", value=True, line=number)
            depth = max(0, depth + line.count("{") - line.count("}"))
    rotation["covered"] = [
        word.rstrip("{")
        for block in blocks.files("/etc/logrotate.d/*", "/etc/logrotate.conf")
        for _, line in block.content()
        for word in line.split()
        if line.startswith("/") and word.startswith("/")
    ]
    data["rotation"] = rotation
