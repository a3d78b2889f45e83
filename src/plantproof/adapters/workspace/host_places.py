# SPDX-License-Identifier: Apache-2.0
"""Where a host or one of its variables stands in the files of an inventory, as well as a look at their lines can tell.

Ansible's answer does not say where a value came from. Lines are compared by name, in YAML and INI alike; ranges such as
``plc-[1:9]`` are understood. The nearest enclosing place is returned when the exact one cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from plantproof.errors import Location

__all__ = ["HostPlaces"]

# The first word of a line, which may be a host; a bracket at the start opens a section of an INI file.
_FIRST: Final = re.compile(
    r"""^\s*(?:-\s+)?(?:(?P<quote>['"])(?P<quoted>.+?)(?P=quote)|(?P<word>[^\s'"#:=\[][^\s'"#:=]*(?::\w+\][^\s'"#:=]*)*))"""
)
_RANGE: Final = re.compile(r"\[(?P<first>\w+):(?P<last>\w+)(?::\d+)?\]")
_FOLDERS: Final = frozenset({"group_vars", "host_vars"})


class HostPlaces:
    """The lines of an inventory's files; they are read when the first place is asked for."""

    def __init__(self, inventory: Path, files: Sequence[Path]) -> None:
        self._inventory = inventory
        self._files = files

    def host(self, host: str) -> Location:
        """Where the host is declared: in an inventory file, else its own variables' file, else the inventory."""
        found = self._hosts.get(host) or self._in_range(host)
        if found:
            return Location(file=str(found[0]), line=found[1] + 1)
        own = self._own_files(host)
        return Location(file=str(own[0] if own else self._inventory), line=1 if own else None)

    def variable(self, host: str, name: str, value: object = None) -> Location:
        """Where the host gets the variable: in its own file, by its name, or in a group that says so."""
        pattern = re.compile(rf"""(?:^|\s|['"]){re.escape(name)}['"]?\s*[:=]""")
        place = self._hosts.get(host) or self._in_range(host)
        for path in self._own_files(host):
            for number, line in enumerate(self._lines[path]):
                if pattern.search(line):
                    return Location(file=str(path), line=number + 1)
        if place:
            for number in self._block(*place):
                if pattern.search(self._lines[place[0]][number]):
                    return Location(file=str(place[0]), line=number + 1)
        return self._in_groups(pattern, value) or self.host(host)

    def _in_groups(self, pattern: re.Pattern[str], value: object) -> Location | None:
        said = [
            Location(file=str(path), line=number + 1)
            for path, lines in self._lines.items()
            for number, line in enumerate(lines)
            if pattern.search(line) and (not isinstance(value, str) or value in line)
        ]
        return said[0] if said else None

    def _block(self, path: Path, start: int) -> range:
        """The host's line and those indented beneath it."""
        lines = self._lines[path]
        depth = _indent(lines[start])
        end = start + 1
        while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > depth):
            end += 1
        return range(start, end)

    def _own_files(self, host: str) -> list[Path]:
        return [
            path
            for path in self._lines
            if "host_vars" in path.parts and host in {path.stem, path.name, path.parent.name}
        ]

    def _in_range(self, host: str) -> tuple[Path, int] | None:
        return next((place for is_in, place in self._ranges if is_in(host)), None)

    @cached_property
    def _lines(self) -> dict[Path, list[str]]:
        return {path: path.read_text(encoding="utf-8", errors="replace").splitlines() for path in self._files}

    @cached_property
    def _hosts(self) -> dict[str, tuple[Path, int]]:
        found: dict[str, tuple[Path, int]] = {}
        for path, lines in self._lines.items():
            for number, line in enumerate(lines if not _FOLDERS.intersection(path.parts) else ()):
                match = _FIRST.match(line)
                if match:
                    found.setdefault(match["quoted"] or match["word"], (path, number))
        return found

    @cached_property
    def _ranges(self) -> list[tuple[Callable[[str], bool], tuple[Path, int]]]:
        return [(_range(word), place) for word, place in self._hosts.items() if _RANGE.search(word)]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _range(word: str) -> Callable[[str], bool]:
    """Whether a host is in a range; steps and widths are not looked at, Ansible has expanded it already."""
    bounds = [(match["first"], match["last"]) for match in _RANGE.finditer(word)]
    fixed = [re.escape(piece) for piece in _RANGE.sub("\0", word).split("\0")]
    pattern = re.compile(r"(\w+?)".join(fixed))

    def is_in(host: str) -> bool:
        match = pattern.fullmatch(host)
        parts = match.groups() if match else ()
        return len(parts) == len(bounds) and all(
            _between(part, *ends) for part, ends in zip(parts, bounds, strict=True)
        )

    return is_in


def _between(part: str, first: str, last: str) -> bool:
    if part.isdecimal() and first.isdecimal() and last.isdecimal():
        return int(first) <= int(part) <= int(last)
    return first <= part <= last
