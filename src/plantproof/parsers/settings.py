# SPDX-License-Identifier: Apache-2.0
"""The forms of settings that configuration files share: assignments, INI sections, typed values, tables with lines.

Names become lower_snake identifiers, so that expressions can say them. No default is ever filled in here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plantproof.core.facts import LINES
from plantproof.parsers.blocks import Block, NumberedLine

__all__ = ["Table", "assignments", "ini", "integer", "snake", "typed", "unquoted", "words"]

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_UPPER_AFTER_LOWER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ASSIGNMENT = re.compile(r"([A-Za-z0-9_.*/-]{1,200})\s{0,50}=\s{0,50}(.*)")


class Table(dict[str, object]):
    """A table of settings that notes the line of each under ``_lines``."""

    def put(self, key: str, value: object, line: int) -> None:
        """Set a key; a later one replaces an earlier one."""
        self[key] = value
        lines = self.setdefault(LINES, {})
        if isinstance(lines, dict):
            lines[key] = line

    def put_first(self, key: str, value: object, line: int) -> None:
        """Set a key unless it is set: for programs in which the first value counts."""
        if key not in self:
            self.put(key, value, line)

    def append(self, key: str, value: object, line: int) -> None:
        """Add to a list; its line is that of its first value."""
        values = self.get(key)
        if isinstance(values, list):
            values.append(value)
        else:
            self.put(key, [value], line)


def snake(name: str) -> str:
    """A setting's name as a lower_snake identifier: ``FallbackNTP`` is ``fallback_ntp``."""
    spaced = _UPPER_AFTER_LOWER.sub("_", name[:200]).lower()
    key = _NOT_WORD.sub("_", spaced).strip("_")
    return f"n{key}" if key[:1].isdigit() else key or "unnamed"


def integer(text: str) -> int | None:
    """A whole decimal number of up to 18 digits, or None."""
    return int(text) if _INTEGER.fullmatch(text) else None


def typed(text: str) -> int | str:
    """The text as an int if it is one."""
    number = integer(text)
    return text if number is None else number


def unquoted(text: str) -> str:
    """Without one pair of quotes around it."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text


def words(text: str) -> list[str]:
    """What commas or white space separate."""
    return [word for word in text.replace(",", " ").split() if word]


def assignments(lines: Iterable[NumberedLine]) -> Iterator[tuple[int, str, str]]:
    """``NAME=value`` lines as (line, name, value without quotes); others are passed over."""
    for number, line in lines:
        match = _ASSIGNMENT.fullmatch(line.strip())
        if match:
            yield number, match[1], unquoted(match[2].strip())


def ini(block: Block) -> Iterator[tuple[int, str, str, str]]:
    """An INI file's settings as (line, section, name, value)."""
    section = ""
    for number, line in block.content():
        if line[0] == "[" and line[-1] == "]":
            section = line[1:-1].strip()
            continue
        for _, name, value in assignments([(number, line)]):
            yield number, section, name, value
