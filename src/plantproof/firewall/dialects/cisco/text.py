# SPDX-License-Identifier: Apache-2.0
"""A Cisco configuration as blocks: a line, and the lines indented beneath it. One pass, one block in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from plantproof.errors import ContentError, Location

__all__ = ["Block", "Line", "UnreadError", "Words", "bad", "blocks", "may_be_cut"]

_WHOLE: Final = ("Building configuration", "Current configuration", ": Saved", "Cryptochecksum", "! Last configuration")
"""What a device prints above the whole of its configuration."""
_HEAD: Final = 2_000

_LONGEST: Final = 10_000
"""Characters of the longest line; the devices themselves take some hundreds."""
_SHOWN: Final = 400


def may_be_cut(text: str) -> bool:
    """Whether a text without the line that a device ends its configuration with may lack more than that line.

    What a device printed whole has that line; excerpts do not, but end with a whole line.
    """
    return not text.endswith("\n") or any(word in text[:_HEAD] for word in _WHOLE)


class UnreadError(Exception):
    """A line has a word that is not understood; the message says which. Stays inside the Cisco dialects."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, and its words joined by single spaces."""

    number: int
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line for people: printable, and no longer than a few lines of a terminal."""
        text = "".join(c if c.isprintable() else "?" for c in " ".join(self.words))
        return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."

    def starts(self, *words: str) -> bool:
        """Whether it begins with these words."""
        return self.words[: len(words)] == words


@dataclass(slots=True)
class Block:
    """A line and what stands beneath it."""

    head: Line
    body: list[Line] = field(default_factory=list)


class Words:
    """The words of a line, one after the other."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words
        self._at = 0

    def peek(self, ahead: int = 0) -> str:
        """A word to come; empty behind the last."""
        at = self._at + ahead
        return self._words[at] if at < len(self._words) else ""

    def take(self) -> str:
        """The next word.

        Raises:
            UnreadError: there is none.
        """
        word = self.peek()
        if not word:
            raise UnreadError("the line ends too early")
        self._at += 1
        return word

    def skip(self, *words: str) -> bool:
        """Step over these words, if they come next."""
        found = all(self.peek(ahead) == word for ahead, word in enumerate(words))
        self._at += len(words) if found else 0
        return found


def bad(what: str, line: int, hint: str = "") -> ContentError:
    """An error about a line."""
    hint = (
        hint
        or "Give the whole output of `show running-config`, taken with `terminal length 0` (ASA: `terminal pager 0`)."
    )
    return ContentError(what, code="content.firewall", hint=hint, where=Location(line=line))


def blocks(text: str, belongs: Callable[[Line, Line], bool], *, banners: bool) -> Iterator[Block]:
    """The blocks of a configuration in order; comments and banners are left out.

    Args:
        text: the configuration.
        belongs: whether a line that is not indented stands beneath the given head nevertheless.
        banners: whether a banner goes on until its mark comes again (IOS), or is one line (ASA).

    Raises:
        ContentError: a line is longer than any device writes, a pager stopped the output, a banner does not end.
    """
    block: Block | None = None
    banner, begun = "", 0
    for number, raw in enumerate(io.StringIO(text), 1):
        if len(raw) > _LONGEST:
            raise bad(f"this line has {len(raw)} characters; no configuration has such lines", number)
        if banner:
            banner = "" if banner in raw else banner
            continue
        line = Line(number, tuple(raw.split()))
        if not line.words or line.words[0][0] == "!":
            continue
        _paged(line)
        banner, begun = _banner(line, raw) if banners else "", number
        if banner:
            continue
        if block and (raw[0].isspace() or belongs(block.head, line)):
            block.body.append(line)
            continue
        if block:
            yield block
        block = Block(line)
    if banner:
        raise bad("this banner does not end", begun)
    if block:
        yield block


def _paged(line: Line) -> None:
    if line.words[0].lower() in {"--more--", "<---"}:
        raise bad("the pager stopped the output here", line.number)


def _banner(line: Line, raw: str) -> str:
    """What ends the banner that begins in this line; empty if none begins or it ends at once."""
    if line.words[0] != "banner" or len(line.words) < 3:  # noqa: PLR2004 - banner, which, text
        return ""
    rest = raw.split(None, 2)[2]
    mark = rest[:2] if rest[0] == "^" else rest[:1]
    return "" if mark in rest[len(mark) :] else mark
