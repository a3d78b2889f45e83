# SPDX-License-Identifier: Apache-2.0
"""``linux.accounts``: users, groups, what is known of passwords, and keys that open accounts.

Password hashes never reach this parser: the collector writes ``[set $6$]``, ``[locked $6$]``, ``[none]`` or
``[empty]`` in their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Blocks
from plantproof.parsers.dates import day_text
from plantproof.parsers.linux.shapes import as_root, facts
from plantproof.parsers.settings import Table, integer

__all__ = ["parse"]

Record = dict[str, object]

_PASSWORD = re.compile(r"\[(set|locked|none|empty)(?: ([^\]]{1,20}))?\]")
_ALGORITHMS = {
    "$1$": "md5",
    "$2a$": "bcrypt",
    "$2b$": "bcrypt",
    "$2x$": "bcrypt",
    "$2y$": "bcrypt",
    "$5$": "sha256",
    "$6$": "sha512",
    "$7$": "scrypt",
    "$y$": "yescrypt",
    "$gy$": "gost-yescrypt",
    "$md5$": "sunmd5",
    "$sha1$": "sha1",
    "$3$": "nt",
    "des": "des",
}
_NO_LOGIN = ("/nologin", "/false", "/sync", "/halt", "/shutdown", "/true")
_KEY = re.compile(r"([0-9]{1,6}) (\S{1,200}) (.{0,1000}) \(([A-Za-z0-9-]{1,40})\)")
_DATABASE = re.compile(r"([a-z_]{1,40}):\s*(.*)")
_SHADOW_NUMBERS = {3: "min_days", 4: "max_days", 5: "warn_days", 6: "inactive_days"}


@dataclass(slots=True)
class _Accounts:
    users: list[Record] = field(default_factory=list)
    groups: list[Record] = field(default_factory=list)
    unparsed: list[int] = field(default_factory=list)


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``users``, ``groups``, ``duplicate_uids``, ``duplicate_gids``, ``duplicate_names``, ``uid_zero``,
    ``authorized_keys``, ``trusted_hosts``, ``sources``.
    """
    blocks = Blocks.read(text)
    found = _Accounts()
    _users(blocks, found)
    _shadow(blocks, found)
    _groups(blocks, found)
    data = Table(users=found.users, groups=found.groups)
    data["uid_zero"] = [user["name"] for user in found.users if user.get("uid") == 0]
    data["duplicate_uids"] = _duplicates(found.users, "uid")
    data["duplicate_names"] = _duplicates(found.users, "name")
    data["duplicate_gids"] = _duplicates(found.groups, "gid")
    keys = _keys(blocks, found)
    if as_root(blocks):
        # Without root the keys of others stay unseen, and a list that is not whole would pass for one that is.
        data["authorized_keys"] = keys
    data["trusted_hosts"] = [
        {"entry": line, LINE: number} for block in blocks.files("/etc/hosts.equiv") for number, line in block.content()
    ]
    _sources(blocks, data)
    return facts("linux.accounts/1", blocks, data, found.unparsed)


def _password(field_text: str) -> Record:
    """What the collector wrote in place of a hash; nothing for ``x`` (see the other file)."""
    match = _PASSWORD.fullmatch(field_text)
    if not match:
        return {}
    state = match[1]
    facts: Record = {
        "password": state,
        "password_set": state == "set",
        "locked": state in {"locked", "none"},
    }
    if match[2]:
        facts["hash_algorithm"] = _ALGORITHMS.get(match[2], match[2])
    return facts


def _users(blocks: Blocks, found: _Accounts) -> None:
    for block in blocks.files("/etc/passwd"):
        for number, line in block.content():
            if line[0] in "+-":
                # NIS compatibility entries pull accounts in from elsewhere: they are accounts that we cannot see.
                found.users.append({"name": line.split(":")[0], "nis": True, LINE: number})
                continue
            fields = line.split(":")
            uid, gid = (integer(fields[2]), integer(fields[3])) if len(fields) == 7 else (None, None)  # noqa: PLR2004  # passwd(5)
            if uid is None or gid is None:
                found.unparsed.append(number)
                continue
            shell = fields[6]
            found.users.append(
                {
                    "name": fields[0],
                    "uid": uid,
                    "gid": gid,
                    "comment": fields[4],
                    "home": fields[5],
                    "shell": shell,
                    "login_shell": not shell.endswith(_NO_LOGIN),
                    **_password(fields[1]),
                    LINE: number,
                }
            )


def _shadow(blocks: Blocks, found: _Accounts) -> None:
    by_name = {user["name"]: user for user in reversed(found.users)}
    for block in blocks.files("/etc/shadow"):
        for number, line in block.content():
            fields = line.split(":")
            password = _password(fields[1]) if len(fields) > 1 else {}
            user = by_name.get(fields[0])
            if not password or user is None:
                # An entry without an account opens nothing; one that we cannot read may.
                if not password:
                    found.unparsed.append(number)
                continue
            if "password" not in user:  # a password in passwd itself wins: shadow is asked only where that says x
                user.update(password)
            user["shadow_line"] = number
            _ageing(fields, user)


def _ageing(fields: list[str], user: Record) -> None:
    """shadow(5): days since 1970, and numbers of days; empty means that the rule is off."""
    for index, key in _SHADOW_NUMBERS.items():
        value = integer(fields[index]) if index < len(fields) else None
        if value is not None:
            user[key] = value
    for index, key in ((2, "last_change"), (7, "expires")):
        days = integer(fields[index]) if index < len(fields) else None
        iso = None if days is None else day_text(days)
        if iso is not None:
            user[key] = iso
    if len(fields) > 2 and fields[2] == "0":  # noqa: PLR2004  # shadow(5): 0 forces a change at the next login
        user["must_change"] = True


def _groups(blocks: Blocks, found: _Accounts) -> None:
    primary: dict[object, list[str]] = {}
    of_user: dict[str, list[str]] = {}
    for user in found.users:
        if "gid" in user:
            primary.setdefault(user["gid"], []).append(str(user["name"]))
    for block in blocks.files("/etc/group"):
        for number, line in block.content():
            fields = line.split(":")
            gid = integer(fields[2]) if len(fields) == 4 else None  # noqa: PLR2004  # group(5)
            if gid is None:
                if line[0] not in "+-":
                    found.unparsed.append(number)
                continue
            explicit = [name for name in fields[3].split(",") if name]
            # Taken out: of several groups with one number the first is what tools show.
            members = list(dict.fromkeys(explicit + primary.pop(gid, [])))
            found.groups.append({"name": fields[0], "gid": gid, "members": members, LINE: number})
            for name in members:
                of_user.setdefault(name, []).append(fields[0])
    for user in found.users:
        user["groups"] = of_user.get(str(user["name"]), [])


def _duplicates(records: Iterable[Record], key: str) -> list[Record]:
    seen: dict[object, list[Record]] = {}
    for record in records:
        if key in record:
            seen.setdefault(record[key], []).append(record)
    return [
        {key: value, "names": [record["name"] for record in same], LINE: same[1][LINE]}
        for value, same in seen.items()
        if len(same) > 1
    ]


def _keys(blocks: Blocks, found: _Accounts) -> list[Record]:
    by_home: dict[str, list[str]] = {}
    for user in found.users:
        by_home.setdefault(str(user.get("home", "")), []).append(str(user["name"]))
    keys: list[Record] = []
    for block in blocks.commands("ssh-keygen -l -f *"):
        path = block.name.removeprefix("ssh-keygen -l -f ")
        users = by_home.get(path.rpartition("/.ssh/")[0], [])[:20]
        for number, line in block.content():
            match = _KEY.fullmatch(line)
            if not match:
                found.unparsed.append(number)
                continue
            keys.append(
                {
                    "users": users,
                    "path": path,
                    "bits": int(match[1]),
                    "fingerprint": match[2],
                    "comment": match[3],
                    "type": match[4].lower(),
                    LINE: number,
                }
            )
    return keys


def _sources(blocks: Blocks, data: Table) -> None:
    sources = Table()
    for block in blocks.files("/etc/nsswitch.conf"):
        for number, line in block.content():
            match = _DATABASE.fullmatch(line)
            if match and match[1] in {"passwd", "group", "shadow", "sudoers", "netgroup"}:
                names = [word for word in match[2].partition("#")[0].split() if word[0].isalpha()]
                sources.put(match[1], names, number)
    if sources:
        data["sources"] = sources
