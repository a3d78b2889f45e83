# SPDX-License-Identifier: Apache-2.0
"""``linux.pam``: how logins are authenticated: module stacks, lockout, password quality, history and ageing.

Where a module's option and its configuration file both speak, the option on the PAM line wins, as it does in Linux-PAM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks, NumberedLine
from plantproof.parsers.linux.shapes import facts
from plantproof.parsers.settings import Table, snake, typed

__all__ = ["parse"]

Record = dict[str, object]

_RULE = re.compile(r"-?(auth|account|password|session)\s+(\[[^\]]{0,2000}\]|[a-z]{1,20})\s+(\S{1,500})(?:\s+(.*))?")
_INCLUDE = re.compile(r"@include\s+(\S{1,500})")
_DEFINITION = re.compile(r"([A-Z][A-Z0-9_]{1,60})\s+(.*)")
_SETTING = re.compile(r"([a-z_]{1,60})\s{0,50}(?:=\s{0,50}(.*))?")
_HASHES = {"md5", "sha256", "sha512", "bigcrypt", "blowfish", "yescrypt", "gost_yescrypt"}
_SECOND_FACTORS = {
    "pam_google_authenticator", "pam_oath", "pam_u2f", "pam_yubico", "pam_duo", "pam_radius_auth", "pam_pkcs11",
    "pam_rsa", "pam_securid", "pam_privacyidea", "pam_otpw", "pam_fprintd",
}  # fmt: skip
_DIRECTORIES = {"pam_sss", "pam_ldap", "pam_krb5", "pam_winbind"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """One feature: the modules that provide it and the file that configures it."""

    key: str
    modules: tuple[str, ...]
    files: tuple[str, ...]


_GROUPS = (
    _Group(key="lockout", modules=("pam_faillock", "pam_tally2", "pam_tally"), files=("/etc/security/faillock.conf",)),
    _Group(
        key="quality",
        modules=("pam_pwquality", "pam_cracklib", "pam_passwdqc"),
        files=("/etc/security/pwquality.conf", "/etc/security/pwquality.conf.d/*"),
    ),
    _Group(key="history", modules=("pam_pwhistory",), files=("/etc/security/pwhistory.conf",)),
)


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``stack`` (every rule), ``lockout``, ``quality``, ``history``, ``unix``, ``login_defs``, ``useradd``,
    ``second_factors``, ``directories``, ``su_restricted``, ``access``, ``root_terminals``.
    """
    blocks = Blocks.read(text)
    unparsed: list[int] = []
    stack = _stack(blocks, unparsed)
    data = Table(stack=stack)
    for group in _GROUPS:
        data[group.key] = _feature(blocks, group, stack)
    data["unix"] = _unix(stack)
    data["second_factors"] = _named(stack, _SECOND_FACTORS)
    data["directories"] = _named(stack, _DIRECTORIES)
    data["su_restricted"] = any(
        rule["service"] == "su" and rule["module"] == "pam_wheel" and rule["type"] == "auth" for rule in stack
    )
    _login_defs(blocks, data)
    _access(blocks, data)
    return facts("linux.pam/1", blocks, data, [*unparsed, *blocks.unreadable("/etc/pam*", "/etc/login.defs")])


def _joined(block: Block) -> list[NumberedLine]:
    """Content lines, with those that a backslash continues joined."""
    joined: list[NumberedLine] = []
    parts: list[str] = []
    start = 0
    for number, line in block.content():
        start = start or number
        body = line.partition(" #")[0].rstrip()
        if body.endswith("\\"):
            parts.append(body[:-1])
            continue
        joined.append((start, " ".join([*parts, body])))
        parts, start = [], 0
    return joined


def _stack(blocks: Blocks, unparsed: list[int]) -> list[Record]:
    stack: list[Record] = []
    for block in blocks.files("/etc/pam.d/*", "/etc/pam.conf"):
        service = block.name.removeprefix("/etc/pam.d/")
        for number, line in _joined(block):
            own, body = service, line
            if service == "/etc/pam.conf":
                own, _, body = line.partition(" ")
            record: Record
            include = _INCLUDE.fullmatch(body)
            rule = _RULE.fullmatch(body.strip())
            if include:
                record = {"type": "include", "control": "include", "module": include[1], "arguments": []}
            elif rule:
                module = rule[3].rpartition("/")[2].removesuffix(".so")
                arguments = (rule[4] or "").split()
                record = {"type": rule[1], "control": rule[2], "module": module, "arguments": arguments}
            else:
                unparsed.append(number)
                continue
            stack.append({"service": own, **record, LINE: number})
    return stack


def _arguments(rule: Record) -> list[str]:
    arguments = rule["arguments"]
    return [str(argument) for argument in arguments] if isinstance(arguments, list) else []


def _feature(blocks: Blocks, group: _Group, stack: list[Record]) -> Table:
    """Settings of a module: its file first, then its options, the first of each (later services repeat them)."""
    rules = [rule for rule in stack if rule["module"] in group.modules]
    table = Table(enabled=bool(rules), modules=sorted({str(rule["module"]) for rule in rules}))
    table["services"] = sorted({str(rule["service"]) for rule in rules})
    options = Table()
    for rule in rules:
        for argument in _arguments(rule)[:100]:
            name, equals, value = argument.partition("=")
            options.put_first(snake(name), typed(value) if equals else True, _line(rule))
    for block in blocks.files(*group.files):
        for number, line in block.content():
            match = _SETTING.fullmatch(line.partition("#")[0].strip())
            if match:
                table.put(snake(match[1]), True if match[2] is None else typed(match[2].strip()), number)
    for key, chosen in options.items():
        if not key.startswith("_"):
            table.put(key, chosen, _line_of(options, key))
    if rules and "enabled" in table:
        table.put("enabled", value=True, line=_line(rules[0]))
    return table


def _line(record: Record) -> int:
    line = record[LINE]
    return line if isinstance(line, int) else 0


def _line_of(table: Table, key: str) -> int:
    lines = table.get("_lines")
    return lines[key] if isinstance(lines, dict) else 0


def _unix(stack: list[Record]) -> Table:
    """pam_unix: empty passwords, hash and history that it is told to use."""
    table = Table()
    for rule in stack:
        if rule["module"] != "pam_unix":
            continue
        for argument in _arguments(rule):
            name, equals, value = argument.partition("=")
            if name in _HASHES and rule["type"] == "password":
                table.put_first("hash", name, _line(rule))
            elif name in {"nullok", "nullok_secure"}:
                table.put_first("nullok", value=True, line=_line(rule))
            elif equals and name in {"remember", "rounds", "minlen"}:
                table.put_first(name, typed(value), _line(rule))
    if any(rule["module"] == "pam_unix" for rule in stack):
        table.setdefault("nullok", False)
    return table


def _named(stack: list[Record], names: set[str]) -> list[Record]:
    return [
        {"module": rule["module"], "service": rule["service"], "control": rule["control"], LINE: rule[LINE]}
        for rule in stack
        if rule["module"] in names
    ]


def _login_defs(blocks: Blocks, data: Table) -> None:
    for pattern, key in (("/etc/login.defs", "login_defs"), ("/etc/default/useradd", "useradd")):
        for block in blocks.files(pattern):
            table = Table()
            for number, line in block.content():
                match = _DEFINITION.fullmatch(line.replace("=", " ", 1))
                if match:
                    # A umask is octal: 022 must not become 22.
                    value = match[2].strip()
                    octal = len(value) > 1 and value.startswith("0")
                    table.put(snake(match[1]), value if octal or match[1] == "UMASK" else typed(value), number)
            data[key] = table


def _access(blocks: Blocks, data: Table) -> None:
    rules: list[Record] = []
    for block in blocks.files("/etc/security/access.conf"):
        for number, line in block.content():
            fields = [part.strip() for part in line.split(":", 2)]
            if len(fields) == 3 and fields[0] in {"+", "-"}:  # noqa: PLR2004  # access.conf(5)
                record = {"allow": fields[0] == "+", "users": fields[1].split(), "origins": fields[2].split()}
                rules.append({**record, LINE: number})
    data["access"] = rules
    for block in blocks.files("/etc/securetty"):
        data.put("root_terminals", [line for _, line in block.content()], block.line)
