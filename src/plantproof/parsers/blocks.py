# SPDX-License-Identifier: Apache-2.0
"""The blocks inside an item's text: which file or command each line came from.

``@@ file PATH`` and ``@@ command TEXT`` open a block. Lines are numbered from 1 over the whole item, as an auditor
counts them. Nothing here knows what the content means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

__all__ = ["Block", "Blocks", "NumberedLine"]

NumberedLine = tuple[int, str]
"""1-based line number in the item, and the line without its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One file's or one command's lines."""

    how: str
    """``file``, ``command``, or empty for lines before the first block."""
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

    @classmethod
    def read(cls, text: str) -> Blocks:
        """Split an item's text."""
        blocks: list[Block] = []
        how, name, opened = "", "", 0
        lines: list[NumberedLine] = []
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.startswith("@@ "):
                lines.append((number, line))
                continue
            blocks.append(Block(how=how, name=name, line=opened, lines=tuple(lines)))
            how, _, name = line[3:].partition(" ")
            opened, lines = number, []
        blocks.append(Block(how=how, name=name, line=opened, lines=tuple(lines)))
        return cls(blocks=tuple(block for block in blocks if block.how or any(line for _, line in block.lines)))

    def files(self, *patterns: str) -> tuple[Block, ...]:
        """Blocks of files whose path matches one of the shell patterns (``*`` also matches ``/``), in text order."""
        return self._select("file", patterns)

    def commands(self, *patterns: str) -> tuple[Block, ...]:
        """Blocks of commands whose text matches one of the shell patterns, in text order."""
        return self._select("command", patterns)

    def _select(self, how: str, patterns: tuple[str, ...]) -> tuple[Block, ...]:
        return tuple(
            block
            for block in self.blocks
            if block.how == how and any(fnmatchcase(block.name, pattern) for pattern in patterns)
        )
