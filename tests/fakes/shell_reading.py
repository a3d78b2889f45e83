# SPDX-License-Identifier: Apache-2.0
"""Reads the linux_host script as a person would: which section runs which command and reads which file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["SCRIPT", "SectionReads", "command_words", "functions", "section_reads"]

ROLE = Path(__file__).parents[2] / "collectors/roles/linux_host"
SCRIPT = ROLE / "files/linux_host.sh"

KEYWORDS = {"if", "then", "else", "elif", "fi", "while", "until", "do", "done", "!"}


@dataclass(slots=True)
class SectionReads:
    """What one section's function does."""

    commands: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


class _Scanner:
    """A reader of the shell's grammar, as far as the script uses it: words, quotes, substitutions, separators."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.statements: list[list[str]] = []
        self.current: list[str] = []

    def end_statement(self) -> None:
        if self.current:
            self.statements.append(self.current)
        self.current = []

    def read(self, stop: str = "") -> None:
        """Read statements up to the end or an unquoted ``stop``."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == stop:
                self.at += 1
                break
            if char == "#":
                self.at = (self.text + "\n").index("\n", self.at)
            elif self.text.startswith("\\\n", self.at):
                self.at += 2
            elif char in " \t":
                self.at += 1
            elif char in ";&|(){}\n" and not self.redirection():
                self.at += 1
                self.end_statement()
            else:
                self.take(self.word())
        self.end_statement()

    def redirection(self) -> bool:
        return self.text[self.at] == "&" and self.text[self.at - 1] in "<>"

    def take(self, word: str) -> None:
        if self.current or word not in KEYWORDS:
            self.current.append(word)

    def word(self) -> str:
        start = self.at
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "'":
                self.at = self.text.index("'", self.at + 1) + 1
            elif char == '"':
                self.double_quoted()
            elif self.text.startswith("$(", self.at):
                self.substitution()
            elif self.text.startswith("${", self.at):
                self.at = self.text.index("}", self.at) + 1
            elif char == "\\":
                self.at += 2
            elif char in " \t\n;|(){}" or (char == "&" and not self.redirection()):
                break
            else:
                self.at += 1
        return self.text[start : self.at]

    def double_quoted(self) -> None:
        self.at += 1
        while self.text[self.at] != '"':
            if self.text.startswith("$(", self.at):
                self.substitution()
            else:
                self.at += 2 if self.text[self.at] == "\\" else 1
        self.at += 1

    def substitution(self) -> None:
        """The commands inside of ``$( )`` are commands too."""
        inner = _Scanner(self.text)
        inner.at = self.at + 2
        depth_end = self._matching(inner.at)
        nested = _Scanner(self.text[inner.at : depth_end])
        nested.read()
        self.statements.extend(nested.statements)
        self.at = depth_end + 1

    def _matching(self, start: int) -> int:
        depth, at = 1, start
        while depth:
            char = self.text[at]
            if char == "'":
                at = self.text.index("'", at + 1)
            depth += {"(": 1, ")": -1}.get(char, 0)
            at += 1
        return at - 1


def functions(text: str) -> dict[str, str]:
    """Function name -> its body."""
    one_line = re.findall(r"^([a-z_]+)\(\) \{ (.*) \}$", text, re.MULTILINE)
    longer = re.findall(r"^([a-z_]+)\(\) \{\n(.*?)^\}$", text, re.DOTALL | re.MULTILINE)
    return dict([*one_line, *longer])


def _statements(body: str) -> list[list[str]]:
    """Simple commands of a function body, each as its words (quotes kept)."""
    scanner = _Scanner(body)
    scanner.read()
    return scanner.statements


def _plain(word: str) -> str:
    """A word without its quotes; a variable is a FILE."""
    bare = word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"" else word
    if bare.startswith("$home/"):
        return bare.replace("$home", "~")
    return "FILE" if bare.startswith("$") else bare


_GENERIC = {
    "mark", "note", "block", "clean", "contain", "run", "run_both", "have", "exists", "readable", "show", "lines", "values",
    "names", "changed", "modes", "attributes", "remote", "masked", "unreadable", "one_line",
}  # fmt: skip
"""The script's own building blocks; any other function that a section calls belongs to that section."""


def section_reads(text: str) -> dict[str, SectionReads]:
    """Kind -> its commands (as a person would type them) and the files (shell patterns) that it reads."""
    bodies = functions(text)
    result: dict[str, SectionReads] = {}
    for name, body in bodies.items():
        if not name.startswith("kind_"):
            continue
        reads = SectionReads()
        statements = _statements(body)
        own = {statement[0] for statement in statements} & (bodies.keys() - _GENERIC)
        for helper in sorted(own):
            statements += _statements(bodies[helper])
        for statement in statements:
            _take(reads, statement)
        result[f"linux.{name.removeprefix('kind_')}"] = reads
    return result


def _paths(words: list[str]) -> set[str]:
    return {word for word in words if word.startswith(("/", "~")) and word != "/dev/null"}


def _take(reads: SectionReads, statement: list[str]) -> None:
    redirected = [word.lstrip("0123456789").lstrip("<") for word in statement if re.match(r"[0-9]?<", word)]
    reads.files.update(_paths(redirected))
    verb, words = statement[0], [_plain(word) for word in statement[1:] if not re.match(r"[0-9]?[<>]", word)]
    if verb in {"run", "run_both", "$LIMIT"}:
        reads.commands.add(" ".join(words))
    elif verb == "have":
        reads.commands.add("command -v")
    elif verb in {"changed", "modes"}:
        reads.commands.add("stat")
    elif verb == "names":
        reads.commands.add("ls -1")
    if verb in {"show", "masked", "values", "lines", "changed", "modes", "names", "for", "awk", "grep", "cat"}:
        reads.files.update(_paths(words))
    elif verb == "set":
        reads.files.update(f"/proc/sys/{word}" for word in words if "/" in word)


def command_words(text: str) -> set[str]:
    """Every word that stands where a command stands, in every function; assignments left out."""
    found: set[str] = set()
    for body in functions(text).values():
        for statement in _statements(body):
            words = [word for word in statement if not re.fullmatch(r"[A-Za-z_]+=.*", word)]
            if words:
                found.add(_plain(words[0]))
    return found
