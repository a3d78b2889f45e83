# SPDX-License-Identifier: Apache-2.0
"""``linux.host``: which system this is, its kernel, its hardware, and since when it runs."""

from __future__ import annotations

from plantproof.core.facts import Facts
from plantproof.parsers.blocks import Block, Blocks
from plantproof.parsers.dates import epoch_text
from plantproof.parsers.linux.shapes import facts, small_files
from plantproof.parsers.settings import Table, assignments, integer, snake

__all__ = ["parse"]

_RELEASE_KEYS = {"id", "version_id", "name", "pretty_name", "version", "version_codename", "support_end", "variant_id"}
_SMALL = {
    "/proc/1/comm": "init",
    "/etc/timezone": "timezone",
    "/sys/class/dmi/id/sys_vendor": "vendor",
    "/sys/class/dmi/id/product_name": "product",
    "/proc/device-tree/model": "product",
    "/sys/class/dmi/id/bios_version": "bios_version",
    "/sys/class/dmi/id/bios_date": "bios_date",
}


def parse(text: str) -> Facts:
    """Read the section.

    Facts: ``os``, ``kernel``, ``hostname``, ``boot_time``, ``init``, ``vendor``, ``product``, ``virtualization``,
    ``timezone``, ``as_root``.
    """
    blocks = Blocks.read(text)
    data = Table()
    unparsed: list[int] = []
    releases = blocks.files("/etc/os-release", "/usr/lib/os-release", "/etc/openwrt_release")
    if releases:
        data["os"] = _release(releases[0])
    _version_files(blocks, data)
    _kernel(blocks, data, unparsed)
    for number, path, value in small_files(blocks):
        if path in _SMALL and value:
            data.put_first(_SMALL[path], value, number)
    for block in blocks.commands("id -u"):
        for number, line in block.content():
            data.put("as_root", line == "0", number)
    for block in blocks.commands("systemd-detect-virt"):
        for number, line in block.content():
            data.put("virtualization", line, number)
    return facts("linux.host/1", blocks, data, unparsed)


def _release(block: Block) -> Table:
    table = Table()
    for number, name, value in assignments(block.content()):
        key = snake(name.removeprefix("DISTRIB_"))
        key = {"release": "version_id", "description": "pretty_name"}.get(key, key)
        if key in _RELEASE_KEYS:
            table.put(key, value, number)
        elif key == "id_like":
            table.put(key, value.split(), number)
    return table


def _version_files(blocks: Blocks, data: Table) -> None:
    """``/etc/redhat-release`` and ``/etc/debian_version`` know the point release that os-release leaves out."""
    for block in blocks.files("/etc/redhat-release", "/etc/debian_version"):
        for number, line in block.content():
            data.put_first("release_text", line, number)


def _kernel(blocks: Blocks, data: Table, unparsed: list[int]) -> None:
    for block in blocks.commands("uname -s -r -m"):
        for number, line in block.content():
            fields = line.split()
            if len(fields) < 3:  # noqa: PLR2004  # name, release, machine
                unparsed.append(number)
                continue
            data["kernel"] = {"name": fields[0], "release": fields[1], "machine": fields[-1], "_line": number}
    for block in blocks.commands("uname -n"):
        for number, line in block.content():
            data.put("hostname", line, number)
    for block in blocks.commands("grep -E ^btime*"):
        for number, line in block.content():
            seconds = integer(line.removeprefix("btime ").strip())
            instant = None if seconds is None else epoch_text(seconds)
            if instant is None:
                unparsed.append(number)
            else:
                data.put("boot_time", instant, number)
