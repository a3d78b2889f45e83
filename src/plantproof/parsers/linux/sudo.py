# SPDX-License-Identifier: Apache-2.0
"""``linux.sudo``: who may act as whom, with which commands, with or without a password (sudoers(5), doas.conf(5))."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks, NumberedLine
from plantproof.parsers.linux.shapes import facts, installed
from plantproof.parsers.settings import Table, snake, typed, unquoted

__all__ = ["parse"]

Record = dict[str, object]

_INCLUDE = re.compile(r"[#@]include(?:dir)?\s+(.*)")
_NAME = re.compile(r'(!{0,5}\s{0,5}(?:%?"[^"]{0,200}"|(?:\\.|[^\s,\\=]){1,200}))(\s{0,50},\s{0,50})?')
_DEFAULTS = re.compile(r"Defaults([@:>!]\S{1,200})?\s+(.*)")
_ALIAS = re.compile(r"(User|Runas|Host|Cmnd|Cmd)_Alias\s+(.*)")
_TAG = re.compile(
    r"(NOPASSWD|PASSWD|NOEXEC|EXEC|SETENV|NOSETENV|LOG_INPUT|NOLOG_INPUT|LOG_OUTPUT|NOLOG_OUTPUT|MAIL|NOMAIL|FOLLOW|"
    r"NOFOLLOW|INTERCEPT|NOINTERCEPT)\s{0,20}:\s{0,20}"
)
_OPTION = re.compile(
    r"(CWD|CHROOT|ROLE|TYPE|APPARMOR_PROFILE|PRIVS|LIMITPRIVS|NOTBEFORE|NOTAFTER|TIMEOUT)=(\S+)\s{0,20}"
)
_RUNAS = re.compile(r"\(([^)]{0,1000})\)\s{0,20}")
_HOST_SPEC = re.compile(
    r"\s{0,50}([^=\s]{1,500}(?:\s{0,20},\s{0,20}[^=\s,]{1,200}){0,50})\s{0,50}=\s{0,50}(.*)", re.DOTALL
)
_SETTING = re.compile(r"(!?)\s{0,20}([A-Za-z_]{1,60})\s{0,20}(?:([+-]?=)\s{0,20}(.*))?", re.DOTALL)
_PREFIXES = (("%:", "group"), ("%#", "gid"), ("%", "group"), ("+", "netgroup"), ("#", "uid"))
_MAX_LOGICAL = 20_000
_MAX_RULES = 2_000
"""Of one line: names times grants. More is no policy that anyone reads."""
_DOAS = re.compile(r"(permit|deny)\s+(.*)")


@dataclass(slots=True)
class _Sudo:
    rules: list[Record] = field(default_factory=list)
    aliases: list[Record] = field(default_factory=list)
    scoped: list[Record] = field(default_factory=list)
    defaults: Table = field(default_factory=Table)
    included: list[tuple[int, str]] = field(default_factory=list)
    unparsed: list[int] = field(default_factory=list)


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``installed``, ``rules``, ``defaults`` (global), ``scoped_defaults``, ``aliases``, ``doas_rules``.
    """
    blocks = Blocks.read(text)
    found = _Sudo()
    for block in blocks.files("/etc/sudoers", "/etc/sudoers.d/*"):
        for number, line in _logical_lines(block):
            _entry(found, block.name, number, line)
    _missing_includes(blocks, found)
    found.unparsed.extend(blocks.unreadable("*"))
    data = Table(
        rules=found.rules,
        defaults=found.defaults,
        scoped_defaults=found.scoped,
        aliases=found.aliases,
        doas_rules=_doas(blocks, found),
    )
    programs = installed(blocks)
    if programs:
        data["installed"] = programs.get("sudo", False)
        data["doas_installed"] = programs.get("doas", False)
    return facts("linux.sudo/1", blocks, data, found.unparsed)


def _logical_lines(block: Block) -> Iterator[NumberedLine]:
    """Lines with their continuations; comments gone, but ``#include`` and ``#uid`` kept."""
    parts: list[str] = []
    start = 0
    for number, line in block.lines:
        start = start or number
        if line.endswith("\\"):
            parts.append(line[:-1])
            continue
        whole = " ".join([*parts, line]).strip()
        if len(whole) > _MAX_LOGICAL:
            yield start, "\\"  # reported as not understood
        elif whole and (whole[0] != "#" or _INCLUDE.match(whole) or re.match(r"#-?[0-9]", whole)):
            yield start, _without_comment(whole)
        parts, start = [], 0
    if parts:
        yield start, "\\"


def _without_comment(line: str) -> str:
    """Cut a trailing comment: ``#`` after white space that no digit follows (``#1000`` is a uid)."""
    match = re.search(r"\s#(?![0-9-])", line)
    return line[: match.start()].rstrip() if match else line


def _entry(found: _Sudo, path: str, number: int, line: str) -> None:
    include = _INCLUDE.fullmatch(line)
    defaults = _DEFAULTS.fullmatch(line)
    alias = _ALIAS.fullmatch(line)
    if not line:
        return
    if include:
        found.included.append((number, unquoted(include[1].strip())))
    elif defaults:
        _defaults(found, number, defaults[1] or "", defaults[2])
    elif alias:
        _aliases(found, number, alias[1], alias[2])
    else:
        _rule(found, path, number, line)


def _split(text: str, separator: str) -> list[str]:
    """Split where the separator stands outside of quotes, parentheses and escapes."""
    parts: list[str] = []
    current: list[str] = []
    quoted = escaped = False
    depth = 0
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char in "()" and not quoted:
            depth = max(0, depth + (1 if char == "(" else -1))
        elif char == separator and not quoted and not depth:
            parts.append("".join(current).strip())
            current = []
            continue
        current.append(char)
    parts.append("".join(current).strip())
    return [part for part in parts if part]


def _defaults(found: _Sudo, number: int, scope: str, settings: str) -> None:
    for setting in _split(settings, ","):
        match = _SETTING.fullmatch(setting)
        if not match:
            found.unparsed.append(number)
            continue
        negated, name, operator, value = match.groups()
        key = snake(name)
        fact: object = typed(unquoted(value.strip())) if operator else negated != "!"
        if scope:
            found.scoped.append({"scope": scope, "name": key, "value": fact, LINE: number})
        elif operator in {"+=", "-="}:
            found.defaults.append(f"{key}_{'added' if operator == '+=' else 'removed'}", fact, number)
        else:
            found.defaults.put(key, fact, number)


def _aliases(found: _Sudo, number: int, kind: str, text: str) -> None:
    for part in _split(text, ":"):
        name, equals, members = part.partition("=")
        if not equals:
            found.unparsed.append(number)
            continue
        record = {"kind": "cmnd" if kind == "Cmd" else kind.lower(), "name": name.strip()}
        found.aliases.append({**record, "members": _split(members, ","), LINE: number})


def _subject(text: str) -> Record:
    negated = text.startswith("!")
    name = text.lstrip("!").strip()
    for prefix, kind in _PREFIXES:
        if name.startswith(prefix):
            return {"who": unquoted(name[len(prefix) :]), "who_kind": kind, "negated": negated}
    kind = "all" if name == "ALL" else "alias" if re.fullmatch(r"[A-Z][A-Z0-9_]*", name) else "user"
    return {"who": unquoted(name), "who_kind": kind, "negated": negated}


def _subjects(line: str) -> tuple[list[str], str]:
    """Who a rule is for, and the rest of it: the list ends at white space that no comma touches."""
    names: list[str] = []
    at = 0
    while match := _NAME.match(line, at):
        names.append(match[1])
        at = match.end()
        if not match[2]:
            return names, line[at:]
    return [], line


def _rule(found: _Sudo, path: str, number: int, line: str) -> None:
    names, rest = _subjects(line)
    if not names:
        found.unparsed.append(number)
        return
    understood = False
    for spec in _specs(rest):
        match = _HOST_SPEC.fullmatch(spec)
        if not match:
            found.unparsed.append(number)
            continue
        grants = _grants(match[2])
        understood = len(grants) * len(names) <= _MAX_RULES
        hosts = [host for host in re.split(r"\s*,\s*", match[1]) if host]
        for grant in grants if understood else []:
            for name in names:
                found.rules.append({**_subject(name), "hosts": hosts, **grant, "file": path, LINE: number})
    if not understood:
        found.unparsed.append(number)


def _specs(text: str) -> list[str]:
    """``host = commands : host = commands``; a colon after a tag or inside parentheses does not separate."""
    parts = _split(text, ":")
    specs: list[str] = []
    for part in parts:
        if specs and (_ends_in_tag(specs[-1]) or not re.match(r"[^=()]{1,500}=", part)):
            specs[-1] += ":" + part
        else:
            specs.append(part)
    return specs


def _ends_in_tag(text: str) -> bool:
    return bool(_TAG.fullmatch(re.split(r"[\s,=)]", text)[-1] + ":"))


def _grants(text: str) -> list[Record]:
    """The commands of one host specification, grouped by run-as and tags, which carry over to what follows."""
    grants: list[Record] = []
    tags: set[str] = set()
    users, groups = ["root"], [""]
    state: tuple[object, ...] = ()
    for item in _split(text, ","):
        rest = item
        runas = _RUNAS.match(rest)
        if runas:
            user_part, _, group_part = runas[1].partition(":")
            users, groups = _split(user_part, ",") or ["root"], _split(group_part, ",")
            rest = rest[runas.end() :]
        rest = _tags(rest, tags)
        current = (tuple(users), tuple(groups), frozenset(tags))
        if current != state:
            grants.append(_grant(users, groups, tags))
            state = current
        commands = grants[-1]["commands"]
        if isinstance(commands, list) and rest:
            commands.append(rest)
            grants[-1]["all_commands"] = grants[-1]["all_commands"] or rest == "ALL"
    return grants


def _grant(users: list[str], groups: list[str], tags: set[str]) -> Record:
    return {
        "run_as": list(users),
        "run_as_groups": [group for group in groups if group],
        "nopasswd": "NOPASSWD" in tags,
        "noexec": "NOEXEC" in tags,
        "setenv": "SETENV" in tags,
        "commands": [],
        "all_commands": False,
    }


def _tags(text: str, tags: set[str]) -> str:
    """Take tags and options off the front; ``PASSWD`` undoes ``NOPASSWD`` and so on."""
    while match := _TAG.match(text) or _OPTION.match(text):
        name = match[1]
        opposite = name.removeprefix("NO") if name.startswith("NO") else f"NO{name}"
        tags.discard(opposite)
        if match.re is _TAG:
            tags.add(name)
        text = text[match.end() :]
    return text


def _missing_includes(blocks: Blocks, found: _Sudo) -> None:
    """A file that sudo reads and the collector does not show may grant anything."""
    shown = {block.name for block in blocks.files("*")}
    for number, path in found.included:
        if path.rstrip("/") != "/etc/sudoers.d" and path not in shown:
            found.unparsed.append(number)


def _doas(blocks: Blocks, found: _Sudo) -> list[Record]:
    rules: list[Record] = []
    for block in blocks.files("/etc/doas.conf", "/etc/doas.d/*"):
        for number, line in block.content():
            match = _DOAS.fullmatch(line)
            if not match:
                found.unparsed.append(number)
                continue
            words = match[2].split()
            options = {"nopass", "persist", "keepenv", "nolog"}
            identities = [word for word in words if word not in options]
            rules.append(
                {
                    "action": match[1],
                    "nopasswd": "nopass" in words,
                    "persist": "persist" in words,
                    "who": identities[0].lstrip(":") if identities else "",
                    "who_kind": "group" if identities and identities[0].startswith(":") else "user",
                    "text": line,
                    LINE: number,
                }
            )
    return rules
