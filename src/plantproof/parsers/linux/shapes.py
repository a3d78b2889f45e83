# SPDX-License-Identifier: Apache-2.0
"""Forms in which several sections of the ``linux_host`` script print: installed programs, small files, file times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from plantproof.core.facts import Facts
from plantproof.parsers.blocks import Blocks
from plantproof.parsers.dates import epoch_text
from plantproof.parsers.settings import integer

__all__ = ["as_root", "changed_files", "facts", "file_modes", "installed", "listing", "observed_day", "small_files"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def facts(
    parser: str, blocks: Blocks, data: Mapping[str, object], unparsed: Iterable[int] = (), broken: str = ""
) -> Facts:
    """Facts of ``kind/version``; whatever is known to be left out of the text counts as unparsed."""
    lines = sorted({*unparsed, *blocks.cut})
    return Facts(kind=parser.partition("/")[0], parser=parser, data=data, unparsed=tuple(lines), broken=broken)


def as_root(blocks: Blocks) -> bool:
    """Whether the collector ran as root, as far as the section says so."""
    return any(block.first() == "0" for block in blocks.commands("id -u"))


def installed(blocks: Blocks) -> dict[str, bool]:
    """Program -> whether it is installed, from ``command -v`` blocks."""
    found: dict[str, bool] = {}
    for block in blocks.commands("command -v *"):
        for _, line in block.content():
            name, _, path = line.partition(" ")
            found[name] = path.startswith("/")
    return found


def small_files(blocks: Blocks) -> Iterator[tuple[int, str, str]]:
    """(line, path, first line) of kernel files printed as ``path = value``."""
    for block in blocks.commands("head -n 1 *"):
        for number, line in block.lines:
            path, equals, value = line.partition(" =")
            if equals and path.startswith("/"):
                yield number, path, value.strip()


def changed_files(blocks: Blocks) -> Iterator[tuple[int, str, str]]:
    """(line, path, instant of the last change)."""
    for block in blocks.commands("stat -c %Y %n *"):
        for number, line in block.content():
            seconds, _, path = line.partition(" ")
            instant = epoch_text(integer(seconds) or 0) if integer(seconds) else None
            if instant and path:
                yield number, path, instant


def file_modes(blocks: Blocks) -> list[dict[str, object]]:
    """Mode (octal text), owner and group (``root`` or a number) of each file, and what others may do to it."""
    records: list[dict[str, object]] = []
    for block in blocks.commands("stat -c %a %u %g %n *"):
        for number, line in block.content():
            fields = line.split(" ", 3)
            if len(fields) != 4 or not re.fullmatch(r"[0-7]{1,4}", fields[0]):  # noqa: PLR2004  # the four of the format
                continue
            others = int(fields[0][-1])
            records.append(
                {
                    "path": fields[3],
                    "mode": fields[0].rjust(4, "0"),
                    "owner": _name(fields[1]),
                    "group": _name(fields[2]),
                    "world_readable": bool(others & 4),
                    "world_writable": bool(others & 2),
                    "_line": number,
                }
            )
    return records


def _name(number: str) -> str:
    """The collector asks for numbers, because names may come over the network; only 0 has the same name everywhere."""
    return "root" if number == "0" else number


def listing(blocks: Blocks, folder: str) -> list[tuple[int, str]]:
    """(line, name) of what ``ls -1`` printed for a folder."""
    return [(number, line) for block in blocks.commands(f"ls -1 {folder}") for number, line in block.lines if line]


def observed_day(blocks: Blocks) -> tuple[int, str] | None:
    """(line, date) on which the host was read, by its own clock."""
    for block in blocks.commands("date -u *"):
        for number, line in block.lines:
            if _DAY.fullmatch(line):
                return number, line
    return None
