# SPDX-License-Identifier: Apache-2.0
"""An expression's text: its limits, its places for messages, and the way to Python's own parser.

Python's parser reads the text; nothing here compiles or runs it.
"""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from plantproof.errors import ContentError, Location

__all__ = ["MAX_DEPTH", "MAX_SOURCE", "Source", "nearest"]

MAX_SOURCE: Final = 4000
MAX_DEPTH: Final = 40
_PREFIXES: Final = frozenset({"r", "b", "u", "f", "rb", "br", "fr", "rf"})
_WORD_BEFORE: Final = re.compile(r"[A-Za-z_]+\Z")
_BARE_TEST: Final = re.compile(r"\bis\s+(?:not\s+)?(?P<test>[a-z_]+)\s+(?P<argument>['\"\[\w])")


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?``, or nothing if nothing comes close."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The text of one expression and where it stands."""

    text: str
    where: Location | None = None

    def refuse(self, message: str, hint: str, offset: int = 0) -> ContentError:
        """An error that points at a character of the text."""
        before = self.text[:offset]
        column = offset - (before.rfind("\n") + 1) + 1
        line = before.count("\n")
        place = f"line {line + 1}, column {column}" if line or "\n" in self.text.strip() else f"column {column}"
        return ContentError(
            f"{message} ({place} of the expression)", code="content.expression", hint=hint, where=self.where
        )

    def tree(self) -> ast.expr:
        """Read the text with Python's parser.

        Raises:
            ContentError: it is empty, too long, nested too deeply, or no expression.
        """
        if len(self.text) > MAX_SOURCE:
            raise self.refuse(
                f"the expression has {len(self.text)} characters, {MAX_SOURCE} are allowed",
                "Split it into several assertions.",
            )
        if not self.text.strip():
            raise self.refuse(
                "the expression is empty", "Write what must hold, for example: sshd.x10_forwarding == 'no'"
            )
        self._scan()
        # Line breaks are spaces in Jinja2; offsets into the text stay what they are.
        flat = re.sub(r"[\n\r\t\f]", " ", self.text)
        blank = len(flat) - len(flat.lstrip())
        tree = self._parse(flat[blank:], blank)
        self._measure(tree)
        return tree

    def offset(self, node: ast.expr) -> int:
        """Where a node of :meth:`tree` begins in the text, in characters."""
        return self._character(node.col_offset)

    def end(self, node: ast.expr) -> int:
        """Where a node of :meth:`tree` ends in the text, in characters."""
        return self._character(node.end_col_offset or 0)

    def _character(self, column: int) -> int:
        # Python counts UTF-8 bytes from the first character that is not blank.
        blank = len(self.text) - len(self.text.lstrip())
        return blank + len(self.text[blank:].encode()[:column].decode(errors="ignore"))

    def _parse(self, text: str, blank: int) -> ast.expr:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # '\d' in a text: Jinja2 keeps the backslash too
                return ast.parse(text, mode="eval").body
        except SyntaxError as problem:
            offset = blank + max((problem.offset or 1) - 1, 0)
            raise self.refuse(f"is no expression: {problem.msg}", _advice(self.text), offset) from None
        except (ValueError, RecursionError, MemoryError):
            raise self.refuse("the expression cannot be read", "Make it simpler: split it into assertions.") from None

    def _scan(self) -> None:
        """Refuse what the parser would read otherwise than Jinja2 does: comments and Python's kinds of texts."""
        quote, index, text = "", 0, self.text
        while index < len(text):
            char = text[index]
            if quote:
                index += char == "\\"
                quote = "" if char == quote else quote
            elif char in "'\"":
                self._opening(index)
                quote = char
            elif char == "#":
                raise self.refuse("a comment stands inside the expression", "Put it above, as a YAML comment.", index)
            elif ord(char) < ord(" ") and char not in "\n\r\t":
                raise self.refuse("a control character stands in the expression", "Remove it.", index)
            index += 1

    def _opening(self, index: int) -> None:
        word = _WORD_BEFORE.search(self.text[:index])
        if word and word.group().lower() in _PREFIXES:
            raise self.refuse(
                f"{word.group()}'...' is Python's, not Jinja2's", r"Write a plain text; a backslash as '\\'.", index
            )
        if self.text.startswith(("'''", '"""'), index):
            raise self.refuse("a text in three quotes is Python's, not Jinja2's", "Use one quote on each side.", index)

    def _measure(self, tree: ast.expr) -> None:
        level: list[ast.AST] = [tree]
        for _ in range(2 * MAX_DEPTH):  # a bracket or filter is about two levels in Python's tree
            level = [child for node in level for child in ast.iter_child_nodes(node)]
            if not level:
                return
        raise self.refuse("the expression is nested too deeply", "Split it into several assertions.")


def _advice(text: str) -> str:
    if "{{" in text or "{%" in text:
        return "Write the expression alone, without {{ }}."
    if bare := _BARE_TEST.search(text):
        return f"Put a test's argument in parentheses: is {bare['test']}({bare['argument']}...)."
    if "&&" in text or "||" in text or re.search(r"!(?!=)", text):
        return "Write 'and', 'or' and 'not'."
    if re.search(r"(?<![=!<>])=(?!=)", text):
        return "Compare with '=='."
    return "Look for a missing quote, bracket or operator."
