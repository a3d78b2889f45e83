# SPDX-License-Identifier: Apache-2.0
"""Indented configuration text into a tree of numbered lines. Knows no platform, and never fails on any text.

Banners are taken out first: their lines look like commands and are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from plantproof.parsers.blocks import NumberedLine
from plantproof.parsers.devices.answers import is_noise

__all__ = ["Banner", "Node", "Tree", "read_tree"]

_DEPTH: Final = 8
"""Deeper lines count as children of the eighth level, so that no text makes a tower."""
_BANNER: Final = re.compile(r"banner (motd|login|exec|incoming|prompt-timeout|slip-ppp) (\^.|[!-~\x03])(.*)")
"""The delimiter is ``^C`` in all that IOS prints; that it is one of few signs keeps the search for its end linear."""
_PROMPT: Final = re.compile(
    r"[A-Za-z0-9_./-]{1,64}(?:\([A-Za-z0-9_-]{1,40}\))?[#>]\s?(?:show .{1,60}|exit|logout|quit)?"
)
"""What a terminal shows around the text that a person saved by hand."""


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
    """Why it is not one whole configuration: no ``end``, something behind it, a banner that never ends; or empty."""


def read_tree(lines: Sequence[NumberedLine], *, banners: bool = False) -> Tree:
    """Build the tree.

    Args:
        lines: The configuration's lines.
        banners: Texts between delimiters, as IOS prints them, may stand in it.
    """
    rest, found, broken = _without_banners(lines) if banners else (lines, [], "")
    ended = 0
    top: list[Node] = []
    stack: list[tuple[int, list[Node]]] = [(-1, top)]
    for number, line in rest:
        text = line.strip()
        if not text or text[0] == "!" or _PROMPT.fullmatch(text) or is_noise(line):
            continue
        if ended and not broken:
            broken = f"line {number} stands after the configuration's end in line {ended}"
        indent = len(line) - len(line.lstrip())
        while indent <= stack[-1][0]:
            stack.pop()
        node = Node(line=number, text=text)
        stack[-1][1].append(node)
        if len(stack) <= _DEPTH:
            stack.append((indent, node.children))
        if text == "end" and not indent:
            ended = number
    if not ended and not broken:
        last = max((number for number, line in lines if line.strip()), default=0)
        broken = "it does not end with the line `end`" + (f", but with line {last}" if last else ": nothing is there")
    return Tree(nodes=tuple(top), banners=tuple(found), broken=broken)


def _without_banners(lines: Sequence[NumberedLine]) -> tuple[list[NumberedLine], list[Banner], str]:
    """Lines outside banners, the banners, and what is wrong with the first banner that does not end."""
    rest: list[NumberedLine] = []
    found: list[Banner] = []
    broken = ""
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
        if end is None or (end > index and _BANNER.match(lines[end][1])):
            if end is None:
                unending.add(match[2])
            broken = broken or f"the banner that begins in line {number} never ends"
            index += 1
            continue
        text = "\n".join([match[3], *(later for _, later in lines[index + 1 : end + 1])]).split(match[2])[0]
        found.append(Banner(kind=match[1], text=text.strip(), line=number))
        index = end + 1
    return rest, found, broken


def _end_of(lines: Sequence[NumberedLine], start: int, delimiter: str, tail: str) -> int | None:
    if delimiter in tail:
        return start
    return next((at for at in range(start + 1, len(lines)) if delimiter in lines[at][1]), None)
