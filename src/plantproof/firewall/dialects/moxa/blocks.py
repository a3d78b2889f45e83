# SPDX-License-Identifier: Apache-2.0
"""Commands of a Moxa router as blocks: a heading, and the lines below it up to ``exit`` or the next heading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

__all__ = ["Block", "read_blocks"]

_HEADINGS: Final = frozenset({"l3l7-policy", "firewall", "object", "interface", "nat", "vlan", "router", "vrrp"})
_INDEX: Final = re.compile(r"[0-9]{1,6}")
_WORDS: Final = re.compile(r'"([^"]*)"|(\S+)')
_INSIDE: Final = frozenset({"interface"})
"""Words that open a block of their own at the top, and say something inside of a policy."""


@dataclass(slots=True)
class Block:
    """A heading with the lines that belong to it; a command of one line has none."""

    line: int
    words: tuple[str, ...]
    lines: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    cut: bool = False
    """Whether the text ends before the block does."""

    @property
    def policy(self) -> bool:
        """Whether it is one policy: ``l3l7-policy``, ``l3l7-policy 3`` or ``firewall 3``."""
        if self.words[0] == "l3l7-policy" and len(self.words) == 1:
            return True
        return self.words[0] in {"l3l7-policy", "firewall"} and len(self.words) == 2 and self.index is not None  # noqa: PLR2004

    @property
    def index(self) -> int | None:
        """The number of a policy."""
        return int(self.words[1]) if len(self.words) > 1 and _INDEX.fullmatch(self.words[1]) else None

    def said(self, key: str) -> tuple[str, ...] | None:
        """What the last line with this first word says; None if none has it."""
        return next((words[1:] for _, words in reversed(self.lines) if words[0] == key), None)


def read_blocks(text: str) -> list[Block]:
    """All blocks in order."""
    found: list[Block] = []
    inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        words = tuple(quoted or plain for quoted, plain in _WORDS.findall(line))
        if not words or not words[0]:
            continue
        first = words[0].lower()
        words = (first, *words[1:])
        if first in {"exit", "!", "end", "quit"}:
            inside = False
        elif inside and first in _INSIDE and found[-1].policy:
            found[-1].lines.append((number, words))
        elif first in _HEADINGS or not inside:
            found.append(Block(number, words))
            inside = found[-1].policy or first in {"object", "interface"}
        else:
            found[-1].lines.append((number, words))
    if inside and found:
        found[-1].cut = found[-1].policy or found[-1].words[0] == "object"
    return found
