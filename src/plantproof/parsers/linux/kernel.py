# SPDX-License-Identifier: Apache-2.0
"""``linux.kernel``: hardening settings, as they are now and as files set them, and the platform's own security."""

from __future__ import annotations

import re

from plantproof.core.facts import LINE, Facts
from plantproof.parsers.blocks import Blocks
from plantproof.parsers.linux.shapes import facts, small_files
from plantproof.parsers.settings import Table, assignments, ini, snake, typed

__all__ = ["parse"]

Record = dict[str, object]

_SYSCTL = re.compile(r"-?([A-Za-z0-9_./*-]{1,200}?)\s{0,50}=\s{0,50}(.*)")
_VULNERABILITIES = "/sys/devices/system/cpu/vulnerabilities/"
_PROFILE = re.compile(r"(.{1,500}) \(([a-z]{1,20})\)")
_CHOICE = re.compile(r"\[([a-z]{1,20})\]")


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``sysctl`` (``net.ipv4.ip_forward`` is ``net_ipv4_ip_forward``), ``sysctl_files``, ``command_line``,
    ``lsm``, ``selinux``, ``apparmor``, ``lockdown``, ``module_signatures``, ``firmware``, ``secure_boot``,
    ``cpu_vulnerabilities``, ``coredump``, ``crypto_policy``.
    """
    blocks = Blocks.read(text)
    data = Table()
    unparsed: list[int] = []
    for block in blocks.files("/proc/cmdline"):
        for number, line in block.content():
            data.put("command_line", line.split(), number)
    _small(blocks, data)
    _sysctl_files(blocks, data, unparsed)
    _selinux(blocks, data)
    _apparmor(blocks, data)
    _firmware(blocks, data, unparsed)
    coredump = Table()
    for block in blocks.files("/etc/systemd/coredump.conf", "/etc/systemd/coredump.conf.d/*"):
        for number, _, name, value in ini(block):
            coredump.put(snake(name), typed(value.lower()), number)
    data["coredump"] = coredump
    for block in blocks.files("/etc/crypto-policies/config"):
        for number, line in block.content():
            data.put("crypto_policy", line, number)
    return facts("linux.kernel/1", blocks, data, [*unparsed, *blocks.unreadable("*sysctl*")])


def _small(blocks: Blocks, data: Table) -> None:
    sysctl = Table()
    cpu: list[Record] = []
    for number, path, value in small_files(blocks):
        if path.startswith("/proc/sys/"):
            sysctl.put(snake(path.removeprefix("/proc/sys/")), typed(value), number)
        elif path.startswith(_VULNERABILITIES):
            cpu.append(
                {"name": path.removeprefix(_VULNERABILITIES), "status": value, "state": _state(value), LINE: number}
            )
        elif path == "/sys/kernel/security/lsm":
            data.put("lsm", [word for word in value.split(",") if word], number)
        elif path == "/sys/kernel/security/lockdown":
            choice = _CHOICE.search(value)
            data.put("lockdown", choice[1] if choice else value, number)
        elif path == "/sys/module/module/parameters/sig_enforce":
            data.put("module_signatures", value == "Y", number)
        elif path == "/sys/fs/selinux/enforce":
            data["selinux"] = {"enforcing": value == "1", LINE: number}
        elif path == "/sys/module/apparmor/parameters/enabled":
            data["apparmor"] = {"enabled": value == "Y", LINE: number}
    data["sysctl"] = sysctl
    data["cpu_vulnerabilities"] = cpu


def _state(status: str) -> str:
    for start, state in (("Not affected", "not-affected"), ("Mitigation", "mitigated"), ("Vulnerable", "vulnerable")):
        if status.startswith(start):
            return state
    return "mitigated" if status.startswith("KVM: Mitigation") else "unknown"


def _sysctl_files(blocks: Blocks, data: Table, unparsed: list[int]) -> None:
    """sysctl.d(5): of two files with one name only the first folder's counts; files are read in the order of names."""
    chosen = {}
    for folder in ("/usr/lib/sysctl.d/", "/run/sysctl.d/", "/etc/sysctl.d/"):
        for block in blocks.files(f"{folder}*"):
            chosen[block.name.rpartition("/")[2]] = block
    table = Table()
    ordered = [chosen[name] for name in sorted(chosen)] + list(blocks.files("/etc/sysctl.conf"))
    for block in ordered:
        for number, line in block.content():
            match = _SYSCTL.fullmatch(line)
            if match:
                table.put(snake(match[1]), typed(match[2].strip()), number)
            else:
                unparsed.append(number)
    data["sysctl_files"] = table


def _selinux(blocks: Blocks, data: Table) -> None:
    for block in blocks.files("/etc/selinux/config"):
        found = data.setdefault("selinux", {LINE: block.line})
        for _, name, value in assignments(block.content()):
            if isinstance(found, dict) and name in {"SELINUX", "SELINUXTYPE"}:
                found["configured" if name == "SELINUX" else "policy"] = value.lower()


def _apparmor(blocks: Blocks, data: Table) -> None:
    for block in blocks.files("/sys/kernel/security/apparmor/profiles"):
        found = data.setdefault("apparmor", {"enabled": True, LINE: block.line})
        modes: dict[str, int] = {}
        for _, line in block.content():
            match = _PROFILE.fullmatch(line)
            if match:
                modes[match[2]] = modes.get(match[2], 0) + 1
        if isinstance(found, dict):
            found.update(
                profiles=sum(modes.values()), enforced=modes.get("enforce", 0), complaining=modes.get("complain", 0)
            )


def _firmware(blocks: Blocks, data: Table, unparsed: list[int]) -> None:
    for block in blocks.commands("ls -d /sys/firmware/efi"):
        data.put("firmware", "efi" if block.first() else "bios", block.line)
    for block in blocks.commands("od * /sys/firmware/efi/efivars/SecureBoot-*"):
        for number, line in block.content():
            # Four bytes of attributes, then the variable's one byte.
            numbers = line.split()
            if len(numbers) == 5 and numbers[4] in {"0", "1"}:  # noqa: PLR2004  # see above
                data.put("secure_boot", numbers[4] == "1", number)
            else:
                unparsed.append(number)
