# SPDX-License-Identifier: Apache-2.0
"""``linux.mounts``: what is mounted and how, and what becomes of removable media."""

from __future__ import annotations

import re

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Block, Blocks
from plantproof.parsers.linux.shapes import facts, installed, small_files
from plantproof.parsers.settings import Table, assignments, integer, snake

__all__ = ["parse"]

Record = dict[str, object]

_OCTAL = re.compile(r"\\([0-7]{3})")
_NOTHING = ("/bin/true", "/bin/false", "/usr/bin/true", "/usr/bin/false", "/sbin/nologin", "true", "false")
_FLAGS = ("nodev", "nosuid", "noexec", "ro")


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``mounts``, ``fstab``, ``encrypted``, ``devices``, ``disabled_modules``, ``blacklisted_modules``,
    ``loaded_modules``, ``usb_storage``, ``usbguard``, ``usb_authorized_default``, ``usb_rules``, ``automounter``.
    """
    blocks = Blocks.read(text)
    data = Table()
    unparsed: list[int] = []
    data["mounts"] = [record for block in blocks.files("/proc/mounts") for record in _table(block, unparsed)]
    data["fstab"] = [record for block in blocks.files("/etc/fstab") for record in _table(block, unparsed)]
    data["encrypted"] = [
        {"name": fields[0], "device": fields[1], LINE: number}
        for block in blocks.files("/etc/crypttab")
        for number, line in block.content()
        if len(fields := line.split()) > 1
    ]
    data["devices"] = _devices(blocks)
    _modules(blocks, data)
    _usbguard(blocks, data)
    data["usb_authorized_default"] = [
        {"path": path, "value": value, LINE: number} for number, path, value in small_files(blocks)
    ]
    data["usb_rules"] = [
        {"file": block.name.rpartition(" ")[2], "text": line, LINE: number}
        for block in blocks.commands("grep -E usb*")
        for number, line in block.content()
    ]
    data["automounter"] = any(True for block in blocks.files("/etc/auto.master") for _ in block.content())
    return facts("linux.mounts/1", blocks, data, unparsed)


def _unescape(text: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)


def _table(block: Block, unparsed: list[int]) -> list[Record]:
    records: list[Record] = []
    for number, line in block.content():
        fields = line.split()
        if len(fields) < 3:  # noqa: PLR2004  # fstab(5): device, target, type; the rest may be left out
            unparsed.append(number)
            continue
        options = fields[3].split(",") if len(fields) > 3 else []  # noqa: PLR2004  # fstab(5)
        record: Record = {
            "device": _unescape(fields[0]),
            "target": _unescape(fields[1]),
            "fstype": fields[2],
            "options": options,
        }
        record.update({flag: flag in options for flag in _FLAGS})
        records.append({**record, LINE: number})
    return records


def _devices(blocks: Blocks) -> list[Record]:
    """``lsblk -r``: NAME TYPE RM RO FSTYPE MOUNTPOINT, single spaces, empty fields stay empty."""
    devices: list[Record] = []
    for block in blocks.commands("lsblk *"):
        for number, line in block.lines:
            fields = line.split(" ")
            if len(fields) < 4:  # noqa: PLR2004  # the four that are never empty
                continue
            fields += [""] * (6 - len(fields))
            record: Record = {
                "name": fields[0],
                "type": fields[1],
                "removable": fields[2] == "1",
                "read_only": fields[3] == "1",
            }
            devices.append({**record, "fstype": fields[4], "target": _hex(fields[5]), LINE: number})
    return devices


def _hex(text: str) -> str:
    return re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), text)


def _modules(blocks: Blocks, data: Table) -> None:
    blacklisted: dict[str, Record] = {}
    disabled: dict[str, Record] = {}
    for block in blocks.commands("grep -E *blacklist*"):
        for number, line in block.content():
            words = line.split()
            name = words[1].replace("-", "_") if len(words) > 1 else ""
            if words[0] == "blacklist" and name:
                blacklisted.setdefault(name, {"name": name, LINE: number})
            elif words[0] == "install" and len(words) > 2 and words[2] in _NOTHING:  # noqa: PLR2004  # install NAME COMMAND
                disabled.setdefault(name, {"name": name, LINE: number})
    loaded = [
        {"name": line.split()[0], LINE: number}
        for block in blocks.commands("grep -E * /proc/modules")
        for number, line in block.content()
    ]
    data["blacklisted_modules"] = list(blacklisted.values())
    data["disabled_modules"] = list(disabled.values())
    data["loaded_modules"] = loaded
    data["usb_storage"] = {
        "loaded": any(module["name"] in {"usb_storage", "uas"} for module in loaded),
        "blacklisted": "usb_storage" in blacklisted,
        "disabled": "usb_storage" in disabled,
    }


def _usbguard(blocks: Blocks, data: Table) -> None:
    settings = Table(installed=installed(blocks).get("usbguard", False))
    for block in blocks.files("/etc/usbguard/usbguard-daemon.conf"):
        for number, name, value in assignments(block.content()):
            if name != "RuleFile":
                settings.put(snake(name), integer(value) if integer(value) is not None else value, number)
    rules = [
        {"action": line.split()[0], "text": line, LINE: number}
        for block in blocks.files("/etc/usbguard/rules.conf", "/etc/usbguard/rules.d/*")
        for number, line in block.content()
    ]
    if not blocks.unreadable("/etc/usbguard/*"):
        settings["rules"] = rules
    data["usbguard"] = settings
