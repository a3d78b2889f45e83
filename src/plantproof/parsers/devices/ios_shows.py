# SPDX-License-Identifier: Apache-2.0
"""IOS's shorter answers into facts: version, SSH, sessions, SNMP users, time. Seen by hand-written text only."""

from __future__ import annotations

import re
from typing import Final

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.devices.answers import facts_of, output_of
from plantproof.parsers.settings import Table, integer

__all__ = ["parse_snmp", "parse_ssh", "parse_time", "parse_users", "parse_version"]

_VERSION: Final = re.compile(r".{0,200}\bVersion ([^\s,]{1,60})(?:,.*)?")
_PLATFORM: Final = re.compile(r"(?i)cisco (\S{1,60}) .{0,120}(?:processor|memory).*")
_UPTIME: Final = re.compile(r"(\S{1,100}) uptime is (.{1,200})")
_NTP: Final = re.compile(r"Clock is (synchronized|unsynchronized), stratum ([0-9]{1,2}),.*")
_SSH: Final = re.compile(r"SSH (Enabled|Disabled)(?: - version ([0-9.]{1,6}))?.*")
_SSH_LIMITS: Final = re.compile(r"Authentication timeout: ([0-9]{1,6}) secs; Authentication retries: ([0-9]{1,6})")
_SESSION: Final = re.compile(r"([* ]?)\s{0,8}([0-9]{1,4}) (con|vty|aux|tty) ([0-9]{1,4})\s(.*)")
_FIELDS: Final = {
    "Processor board ID ": "serial",
    "System image file is ": "image",
    "Configuration register is ": "config_register",
    "System returned to ROM by ": "last_reload",
}
_SNMP_FIELDS: Final = {
    "Engine ID": "engine_id",
    "Authentication Protocol": "auth",
    "Privacy Protocol": "priv",
    "Group-name": "group",
    "storage-type": "storage",
}


def parse_version(text: str) -> Facts:
    """``show version``: version, software, hostname, uptime, model, serial, image, config_register, last_reload."""
    data = Table()
    output = output_of(text, "show version")
    for number, line in output.lines:
        stripped = line.strip()[:400]
        match = _VERSION.fullmatch(stripped)
        if match and "version" not in data:
            data.put("version", match[1], number)
            data.put("software", stripped, number)
        if match := _UPTIME.fullmatch(stripped):
            data.put_first("hostname", match[1], number)
            data.put_first("uptime", match[2], number)
        if (match := _PLATFORM.fullmatch(stripped)) and "software" not in stripped.lower():
            data.put_first("model", match[1], number)
        for prefix, key in _FIELDS.items():
            if stripped.startswith(prefix):
                data.put_first(key, stripped[len(prefix) :].strip('"'), number)
    return facts_of("cisco_ios.version/1", data, output, understood="version" in data)


def parse_ssh(text: str) -> Facts:
    """``show ip ssh``: enabled, version, authentication_timeout, authentication_retries, dh_bits, algorithms."""
    data = Table()
    output = output_of(text, "show ip ssh")
    for number, line in output.lines:
        stripped = line.strip()[:400]
        if match := _SSH.fullmatch(stripped):
            data.put("enabled", match[1] == "Enabled", number)
            if match[2]:
                data.put("version", match[2], number)
        elif match := _SSH_LIMITS.fullmatch(stripped):
            data.put("authentication_timeout", int(match[1]), number)
            data.put("authentication_retries", int(match[2]), number)
        else:
            _ssh_lists(data, number, stripped)
    return facts_of("cisco_ios.ssh/1", data, output, understood="enabled" in data)


def _ssh_lists(data: Table, number: int, line: str) -> None:
    name, colon, rest = line.partition(":")
    key = {
        "Encryption Algorithms": "ciphers",
        "MAC Algorithms": "macs",
        "KEX Algorithms": "kex",
        "Hostkey Algorithms": "host_keys",
        "Authentication methods": "methods",
    }.get(name.strip())
    if colon and key:
        data.put(key, [word.strip() for word in rest.split(",") if word.strip()], number)
    elif name.startswith("Minimum expected Diffie Hellman key size"):
        data.put("dh_bits", integer(rest.strip().split(" ")[0]), number)


def parse_users(text: str) -> Facts:
    """``show users``: sessions (line, kind, own, user)."""
    rows: list[object] = []
    output = output_of(text, "show users")
    for number, line in output.lines:
        match = _SESSION.fullmatch(line[:400])
        if match:
            user = match[5].split()[0] if match[5][:1].strip() else ""
            rows.append({LINE: number, "own": match[1] == "*", "kind": match[3], "number": int(match[4]), "user": user})
    data = Table({"sessions": rows})
    return facts_of("cisco_ios.users/1", data, output, understood=any("Line" in line for _, line in output.lines))


def parse_snmp(text: str) -> Facts:
    """``show snmp user``: users (name, engine_id, auth, priv, group, storage); some are in no configuration."""
    rows: list[object] = []
    row: dict[str, object] = {}
    output = output_of(text, "show snmp user")
    lines = [pair for pair in output.lines if pair[1].strip()]
    for number, line in lines:
        name, colon, value = line.strip()[:400].partition(":")
        if name == "User name" and colon:
            row = {LINE: number, "name": value.strip()}
            rows.append(row)
        elif colon and row and name in _SNMP_FIELDS:
            row[_SNMP_FIELDS[name]] = value.strip()
        elif name.startswith("storage-type") and row:
            row["storage"] = name.partition(" ")[2].split()[0] if name.split()[1:] else ""
    agent = not any("agent not enabled" in line.lower() for _, line in lines)
    data = Table({"users": rows})
    data.put("agent", agent, lines[0][0] if lines else 1)
    understood = bool(rows) or not agent or (output.answered and not lines)
    return facts_of("cisco_ios.snmp/1", data, output, understood=understood)


def parse_time(text: str) -> Facts:
    """``show ntp status``: synchronized, stratum, enabled."""
    data = Table()
    output = output_of(text, "show ntp status")
    for number, line in output.lines:
        if match := _NTP.fullmatch(line.strip()):
            data.put("enabled", value=True, line=number)
            data.put("synchronized", match[1] == "synchronized", number)
            data.put("stratum", int(match[2]), number)
        elif "NTP is not enabled" in line:
            data.put("enabled", value=False, line=number)
            data.put("synchronized", value=False, line=number)
    return facts_of("cisco_ios.time/1", data, output, understood=bool(data))
