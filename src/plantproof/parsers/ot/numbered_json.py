# SPDX-License-Identifier: Apache-2.0
"""JSON whose objects know their lines. Total: what is no JSON, or nested too deep, gives the line where it breaks."""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import Final

from plantproof.core.facts import LINE, LINES

__all__ = ["BadJsonError", "read_json"]

_DEPTH: Final = 32
_DECODER: Final = JSONDecoder()
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?![0-9.eE])")
_REAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,40})(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?(?![0-9.eE])")
_WORDS: Final = {"true": True, "false": False, "null": None}


class BadJsonError(ValueError):
    """The text is not JSON; ``line`` (1-based) says where. Stays inside this package."""

    def __init__(self, line: int) -> None:
        super().__init__(f"no JSON at line {line}")
        self.line = line


def read_json(text: str) -> object:
    """Read one document. Each object gets ``_line`` (where it opens) and ``_lines`` (of its keys); null is None.

    Raises:
        BadJsonError: it is none, or deeper than 32 levels.
    """
    reader = _Reader(text)
    value = reader.value(0)
    reader.space()
    if reader.at != len(text):
        raise reader.bad()
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._line = 1
        self._counted = 0

    def line(self) -> int:
        """Line of the present place; counted once over the text."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def bad(self) -> BadJsonError:
        return BadJsonError(self.line())

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, sign: str) -> bool:
        """Step over a sign, with white space before it, if it is next."""
        self.space()
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) if found else 0
        return found

    def value(self, depth: int) -> object:
        if depth > _DEPTH:
            raise self.bad()
        self.space()
        sign = self.text[self.at : self.at + 1]
        if sign == "{":
            return self.mapping(depth)
        if sign == "[":
            return self.sequence(depth)
        return self.string() if sign == '"' else self.scalar()

    def string(self) -> str:
        try:
            value, self.at = _DECODER.raw_decode(self.text, self.at)
        except ValueError:
            raise self.bad() from None
        return str(value)

    def scalar(self) -> object:
        for word, value in _WORDS.items():
            if self.take(word):
                return value
        whole = _NUMBER.match(self.text, self.at)
        real = whole or _REAL.match(self.text, self.at)
        if not real:
            raise self.bad()
        self.at = real.end()
        return int(real[0]) if whole else float(real[0])

    def sequence(self, depth: int) -> list[object]:
        self.at += 1
        values: list[object] = []
        if self.take("]"):
            return values
        while True:
            values.append(self.value(depth + 1))
            if self.take("]"):
                return values
            if not self.take(","):
                raise self.bad()

    def mapping(self, depth: int) -> dict[str, object]:
        lines: dict[str, int] = {}
        found: dict[str, object] = {LINE: self.line(), LINES: lines}
        self.at += 1
        if self.take("}"):
            return found
        while True:
            self.space()
            if not self.text.startswith('"', self.at):
                raise self.bad()
            line = self.line()
            key = self.string()
            if key.startswith("_") or key in lines or not self.take(":"):
                raise self.bad()
            lines[key] = line
            found[key] = self.value(depth + 1)
            if self.take("}"):
                return found
            if not self.take(","):
                raise self.bad()
