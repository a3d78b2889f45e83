# SPDX-License-Identifier: Apache-2.0
"""Indented configuration text into a tree of numbered lines. Knows no platform, and never fails on any text.

Banners are taken out first: their lines look like commands and are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from plantproof.parsers.blocks import Blocks, NumberedLine

__all__ = ["Banner", "Node", "Tree", "output_of", "read_tree"]

_DEPTH: Final = 8
"""Deeper lines count as children of the eighth level, so that no text makes a tower."""
_BANNER: Final = re.compile(r"banner (motd|login|exec|incoming|prompt-timeout|slip-ppp) (\^.|\S)(.*)")
_NOISE: Final = re.compile(
    r"%\s?(?:Invalid|Unknown|Ambiguous|Incomplete|Command|Error|Authorization|Permission)\b.*"  # a device's complaint
    r"|[*.]?[A-Z][a-z]{2} {1,2}[0-9]{1,2} [0-9:.]{5,20}.{0,40}: %[A-Z0-9_]+-[0-7]-.*"  # a log line that slipped in
    r"|.{0,10}--\s?More\s?--.*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Node:
    """One command and what is indented below it."""

    line: int
    """1-based line in the item."""
    text: str
    children: list[Node] = field(default_factory=list)

    def words(self) -> list[str]:
        """The command's words."""
        return self.text.split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """A banner's kind and text."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A whole configuration."""

    nodes: tuple[Node, ...]
    banners: tuple[Banner, ...]
    broken: str
    """Why it is not a whole configuration: it does not end with ``end``, or a banner never ends; empty if it is."""
    noise: tuple[int, ...]
    """Lines that are no configuration: complaints, log lines, a pager's remains."""


def output_of(text: str, command: str) -> tuple[NumberedLine, ...]:
    """The lines that one command printed; all lines of an item without marks."""
    blocks = Blocks.read(text)
    found = blocks.commands(command) or tuple(block for block in blocks.blocks if not block.how)
    return tuple(line for block in found for line in block.lines)


def read_tree(lines: Iterable[NumberedLine], *, aliases: Mapping[str, str] | None = None) -> Tree:
    """Build the tree.

    Args:
        lines: The configuration's lines.
        aliases: First words that stand for others (unused words stay as they are).
    """
    rest, banners, broken = _without_banners(list(lines))
    top: list[Node] = []
    stack: list[tuple[int, list[Node]]] = [(-1, top)]
    noise: list[int] = list(broken)
    last = ""
    for number, line in rest:
        text = line.strip()
        if not text or text[0] == "!":
            continue
        last = text
        if _NOISE.fullmatch(text):
            noise.append(number)
            continue
        indent = len(line) - len(line.lstrip())
        while indent <= stack[-1][0]:
            stack.pop()
        word, space, tail = text.partition(" ")
        node = Node(line=number, text=(aliases or {}).get(word, word) + space + tail)
        stack[-1][1].append(node)
        if len(stack) <= _DEPTH:
            stack.append((indent, node.children))
    why = f"the banner that begins in line {broken[0]} never ends" if broken else ""
    if last != "end":
        why = why or "it does not end with the line `end`"
    return Tree(nodes=tuple(top), banners=tuple(banners), broken=why, noise=tuple(sorted(noise)))


def _without_banners(lines: Sequence[NumberedLine]) -> tuple[list[NumberedLine], list[Banner], list[int]]:
    """Lines outside banners, the banners, and the lines of banners that never end."""
    rest: list[NumberedLine] = []
    banners: list[Banner] = []
    broken: list[int] = []
    unending: set[str] = set()
    index = 0
    while index < len(lines):
        number, line = lines[index]
        match = _BANNER.fullmatch(line)
        if not match:
            rest.append((number, line))
            index += 1
            continue
        end = None if match[2] in unending else _end_of(lines, index, match[2], match[3])
        if end is None:
            unending.add(match[2])
            broken.append(number)
            index += 1
            continue
        text = "\n".join([match[3], *(later for _, later in lines[index + 1 : end + 1])]).split(match[2])[0]
        banners.append(Banner(kind=match[1], text=text.strip(), line=number))
        index = end + 1
    return rest, banners, broken


def _end_of(lines: Sequence[NumberedLine], start: int, delimiter: str, tail: str) -> int | None:
    if delimiter in tail:
        return start
    return next((at for at in range(start + 1, len(lines)) if delimiter in lines[at][1]), None)
