# SPDX-License-Identifier: Apache-2.0
"""``linux.sshd``: the SSH server's settings, effective (``sshd -T``) where root was given, else from its files.

Names are sshd_config(5)'s in snake case (``permit_root_login``); yes and no stay words. From files only what stands
there is known: a default is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks
from plantproof.parsers.linux.shapes import facts, installed
from plantproof.parsers.linux.sshd_keywords import COMMA_LISTS, DURATIONS, KEYS, REPEATED, WORD_LISTS
from plantproof.parsers.settings import Table, snake, typed, unquoted

__all__ = ["parse"]

Record = dict[str, object]

_MAIN = "/etc/ssh/sshd_config"
_LINE = re.compile(r"([A-Za-z0-9]{2,60})(?:\s{0,50}=\s{0,50}|\s{1,50})(.*)")
_DURATION = re.compile(r"(?:[0-9]{1,9}[smhdwSMHDW]?){1,8}")
_PART = re.compile(r"([0-9]{1,9})([smhdw]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_VERSION = re.compile(r"OpenSSH_([0-9.]+p?[0-9]*)")
_KEY = re.compile(r"([0-9]{1,6}) (\S{1,200}) (.{0,1000}) \(([A-Za-z0-9-]{1,40})\)")
_MAX_DEPTH = 16
"""sshd's own limit of nested includes."""
_MAX_INCLUDES = 100


@dataclass(slots=True)
class _Settings:
    table: Table
    matches: list[Record] = field(default_factory=list)
    unparsed: list[int] = field(default_factory=list)
    inside: Table | None = None
    """Settings of the Match block that is open."""
    used: set[str] = field(default_factory=set)
    includes: int = 0


def parse(text: str) -> Facts:
    """Read the section.

    Facts: every setting by name, ``source`` (``effective`` or ``files``), ``installed``, ``version``,
    ``match_blocks``, ``host_keys``, ``dropbear``.
    """
    blocks = Blocks.read(text)
    data = Table()
    effective = [block for block in blocks.commands("sshd -T") if block.first()]
    files = _Settings(table=Table())
    for block in blocks.files(_MAIN):
        _file(files, blocks, block, 0)
    unparsed = files.unparsed
    if effective:
        printed = _Settings(table=data)
        for number, line in effective[0].content():
            _setting(printed, number, line)
        data["source"] = "effective"
        # What stands in the files matters only for its Match blocks then, which sshd -T does not show.
        unparsed = printed.unparsed + (files.unparsed if files.matches else [])
    elif files.table:
        data.update(files.table)
        data["source"] = "files"
    if not effective:
        unparsed.extend(blocks.unreadable("/etc/ssh/*"))
    data["match_blocks"] = files.matches
    _surroundings(blocks, data)
    return facts("linux.sshd/1", blocks, data, unparsed)


def _file(found: _Settings, blocks: Blocks, block: Block, depth: int) -> None:
    """One file, with what it includes read in its place."""
    if block.name in found.used or depth > _MAX_DEPTH:
        return
    found.used.add(block.name)
    for number, line in block.content():
        match = _LINE.fullmatch(line)
        keyword = match[1].lower() if match else ""
        if match and keyword == "include":
            _include(found, blocks, number, match[2], depth)
        elif match and keyword == "match":
            found.inside = Table()
            found.matches.append({"criteria": match[2].strip(), "settings": found.inside, LINE: number})
        else:
            _setting(found, number, line)
    if depth:
        found.inside = None


def _include(found: _Settings, blocks: Blocks, number: int, patterns: str, depth: int) -> None:
    for word in patterns.split():
        found.includes += 1
        if found.includes > _MAX_INCLUDES:
            found.unparsed.append(number)
            return
        pattern = unquoted(word)
        if not pattern.startswith("/"):
            pattern = f"/etc/ssh/{pattern}"
        known = pattern == "/etc/ssh/sshd_config.d/*.conf"
        matching = [block for block in blocks.files("/*") if fnmatchcase(block.name, pattern)]
        if not matching and not known:
            # Settings that sshd reads and we do not see.
            found.unparsed.append(number)
        for block in matching:
            _file(found, blocks, block, depth + 1)


def _setting(found: _Settings, number: int, line: str) -> None:
    match = _LINE.fullmatch(line)
    if not match:
        if not re.fullmatch(r"[a-z0-9]{2,60}", line):  # sshd -T prints some keywords without a value
            found.unparsed.append(number)
        return
    keyword, value = match[1].lower(), match[2].strip()
    key = KEYS.get(keyword)
    if key is None:
        found.unparsed.append(number)
        key = snake(match[1])
    _store(found.table if found.inside is None else found.inside, key, value, number)


def _store(table: Table, key: str, value: str, number: int) -> None:
    if key in REPEATED:
        table.append(key, typed(unquoted(value)), number)
    elif key in WORD_LISTS:
        for word in value.split():
            table.append(key, unquoted(word), number)
    elif key in COMMA_LISTS:
        table.put_first(key, [word for word in unquoted(value).split(",") if word], number)
    elif key in DURATIONS:
        table.put_first(key, _seconds(value), number)
    else:
        plain = unquoted(value)
        if key == "permit_root_login" and plain.lower() == "without-password":
            plain = "prohibit-password"  # the older word for the same, which sshd -T still prints
        table.put_first(key, plain.lower() if plain.lower() in {"yes", "no", "none"} else typed(plain), number)


def _seconds(text: str) -> int | str:
    """``2m`` or ``120`` as seconds; other text as it stands."""
    if not _DURATION.fullmatch(text):
        return text
    return sum(int(part[1]) * _UNITS[part[2]] for part in _PART.finditer(text.lower()))


def _surroundings(blocks: Blocks, data: Table) -> None:
    programs = installed(blocks)
    if programs:
        data["installed"] = programs.get("sshd", False)
        data["dropbear_installed"] = programs.get("dropbear", False)
    for block in blocks.commands("ssh -V"):
        for number, line in block.content():
            version = _VERSION.match(line)
            if version:
                data.put_first("version", version[1], number)
    keys: list[Record] = []
    for block in blocks.commands("ssh-keygen -l -f *"):
        for number, line in block.content():
            match = _KEY.fullmatch(line)
            if match:
                record = {"path": block.name.removeprefix("ssh-keygen -l -f "), "bits": int(match[1])}
                keys.append({**record, "fingerprint": match[2], "type": match[4].lower(), LINE: number})
    data["host_keys"] = keys
    for block in blocks.files("/etc/default/dropbear", "/etc/config/dropbear"):
        data["dropbear"] = [{"text": line, LINE: number} for number, line in block.content()]
