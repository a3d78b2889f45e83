# SPDX-License-Identifier: Apache-2.0
"""One audit rule (auditctl(8)) as a record: a watch on a path, or a rule on system calls."""

from __future__ import annotations

import re

from plantproof.parsers.settings import unquoted

__all__ = ["audit_rule"]

_FIELD = re.compile(r"([a-z0-9_]{1,30})(!=|>=|<=|&=|[=<>&])(.{0,500})")


def audit_rule(line: str) -> dict[str, object] | None:
    """The rule, or None if it cannot be understood.

    Keys: ``kind`` (``watch`` or ``syscall``), ``path``, ``perms``, ``key``, ``syscalls``, ``arch``, ``action``,
    ``list``, ``fields``.
    """
    words = line.split()
    if not words or len(words) % 2 or any(not flag.startswith("-") for flag in words[::2]):
        return None
    rule: dict[str, object] = {"kind": "syscall", "syscalls": [], "fields": {}}
    for flag, value in zip(words[::2], words[1::2], strict=True):
        if not _flag(rule, flag, unquoted(value)):
            return None
    return rule


def _flag(rule: dict[str, object], flag: str, value: str) -> bool:
    syscalls, fields = rule["syscalls"], rule["fields"]
    if flag in {"-w", "-W"}:
        rule.update(kind="watch", path=value)
    elif flag == "-p":
        rule["perms"] = "".join(sorted(value))
    elif flag == "-k":
        rule["key"] = value
    elif flag in {"-a", "-A", "-d"}:
        first, _, second = value.partition(",")
        rule["action"], rule["list"] = (first, second) if first in {"always", "never"} else (second, first)
    elif flag == "-S" and isinstance(syscalls, list):
        syscalls.extend(value.split(","))
    elif flag in {"-F", "-C"} and isinstance(fields, dict):
        return _field(rule, fields, value)
    else:
        return False
    return True


def _field(rule: dict[str, object], fields: dict[str, object], text: str) -> bool:
    match = _FIELD.fullmatch(text)
    if not match:
        return False
    name, operator, value = match.groups()
    if name in {"key", "arch"}:
        rule[name] = value
    elif name in {"path", "dir"}:
        # The newer way to write a watch.
        rule["path"] = value
        if not rule["syscalls"]:
            rule["kind"] = "watch"
    elif name == "perm":
        rule["perms"] = "".join(sorted(value))
    else:
        fields[name] = value if operator == "=" else f"{operator}{value}"
    return True
