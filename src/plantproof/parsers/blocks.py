# SPDX-License-Identifier: Apache-2.0
"""The blocks inside an item's text: which file or command each line came from.

``@@ file PATH`` and ``@@ command TEXT`` open a block; ``@@ unreadable WHAT`` says that there is more that the collector
may not read, ``@@ cut WHAT`` that it left something out. Lines are numbered from 1 over the whole item, as an auditor
counts them. Nothing here knows what the content means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

__all__ = ["Block", "Blocks", "NumberedLine"]

_MAX_BLOCKS = 5000
_MAX_WIDTH = 20_000
"""Collectors stay far below both; what goes beyond is left out and counts as cut, so that reading stays linear."""

NumberedLine = tuple[int, str]
"""1-based line number in the item, and the line without its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One file's or one command's lines."""

    how: str
    """``file``, ``command``, ``unreadable``, ``cut``, or empty for lines before the first block."""
    name: str
    line: int
    """Line of the ``@@`` mark; 0 if there is none."""
    lines: tuple[NumberedLine, ...]

    def content(self) -> Iterator[NumberedLine]:
        """Lines that are neither blank nor a comment (``#`` or ``;``), stripped."""
        for number, line in self.lines:
            stripped = line.strip()
            if stripped and stripped[0] not in "#;":
                yield number, stripped

    def first(self) -> str:
        """The first line with something on it, stripped; empty if there is none."""
        return next((line.strip() for _, line in self.lines if line.strip()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """An item's blocks, in their order."""

    blocks: tuple[Block, ...]
    cut: tuple[int, ...] = ()
    """Lines at which something is known to be left out."""

    @classmethod
    def read(cls, text: str) -> Blocks:
        """Split an item's text."""
        blocks: list[Block] = []
        cut: list[int] = []
        how, name, opened = "", "", 0
        lines: list[NumberedLine] = []
        for number, line in enumerate(text.split("\n"), start=1):
            if len(line) > _MAX_WIDTH or len(blocks) > _MAX_BLOCKS:
                cut.append(number)
            elif line.startswith("@@ "):
                blocks.append(Block(how=how, name=name, line=opened, lines=tuple(lines)))
                how, _, name = line[3:].partition(" ")
                opened, lines = number, []
                if how == "cut":
                    cut.append(number)
            else:
                lines.append((number, line))
        blocks.append(Block(how=how, name=name, line=opened, lines=tuple(lines)))
        kept = tuple(block for block in blocks if block.how or any(line for _, line in block.lines))
        return cls(blocks=kept, cut=tuple(cut))

    def files(self, *patterns: str) -> tuple[Block, ...]:
        """Blocks of files whose path matches one of the shell patterns (``*`` also matches ``/``), in text order."""
        return self._select("file", patterns)

    def commands(self, *patterns: str) -> tuple[Block, ...]:
        """Blocks of commands whose text matches one of the shell patterns, in text order."""
        return self._select("command", patterns)

    def unreadable(self, *patterns: str) -> tuple[int, ...]:
        """Lines that say of something matching a shell pattern that it is there and could not be read."""
        return tuple(block.line for block in self._select("unreadable", patterns))

    def _select(self, how: str, patterns: tuple[str, ...]) -> tuple[Block, ...]:
        return tuple(
            block
            for block in self.blocks
            if block.how == how and any(fnmatchcase(block.name, pattern) for pattern in patterns)
        )
