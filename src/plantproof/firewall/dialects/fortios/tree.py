# SPDX-License-Identifier: Apache-2.0
"""A FortiOS configuration as a tree: ``config`` tables, their ``edit`` entries, and what is ``set`` in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from plantproof.errors import ContentError, Location

__all__ = ["EMPTY", "Node", "Oddity", "Setting", "Tree", "broken", "read_tree"]

_DEPTH: Final = 32
_QUOTE: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_LINE: Final = re.compile(rf'[^\n"]*(?:{_QUOTE}[^\n"]*)*', re.DOTALL)
"""One command: to the end of its line, where a quoted text may hold further lines. No possessive quantifiers, though
they would say what is meant: Python 3.11.2, Debian 12's, matches them wrongly."""
_WORD: Final = re.compile(rf'(?:[^\s"]|{_QUOTE})+', re.DOTALL)
_QUOTED: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_MOVE: Final = 3
_NEUTRAL: Final = frozenset({"", "''", "disable", "none", "0", "0x00", "0.0.0.0", "255"})  # noqa: S104


@dataclass(frozen=True, slots=True)
class Setting:
    """What one key was set to."""

    line: int
    values: tuple[str, ...]


@dataclass(slots=True)
class Node:
    """A table or an entry of one: both may hold settings and tables, a table also entries, in the order of the file."""

    name: str
    line: int
    settings: dict[str, Setting] = field(default_factory=dict)
    tables: dict[str, Node] = field(default_factory=dict)
    entries: dict[str, Node] = field(default_factory=dict)

    def values(self, key: str) -> tuple[str, ...]:
        """All words that a key was set to; none if it was not."""
        setting = self.settings.get(key)
        return setting.values if setting else ()

    def value(self, key: str, default: str = "") -> str:
        """The first word that a key was set to."""
        return next(iter(self.values(key)), default)

    def says(self, key: str) -> bool:
        """Whether a key was set to more than the empty or neutral value that a full configuration writes out."""
        return not set(self.values(key)) <= _NEUTRAL

    def on(self, key: str) -> bool:
        """Whether a key was set to ``enable``."""
        return self.value(key) == "enable"

    def table(self, path: str) -> Node:
        """A table by its path; an empty one if the file has none."""
        return self.tables.get(path, EMPTY)

    def size(self) -> int:
        """Lines that say something: entries and settings, those of inner tables too."""
        total, waiting = 0, [self]
        while waiting:
            node = waiting.pop()
            total += len(node.settings) + len(node.entries)
            waiting += [*node.entries.values(), *node.tables.values()]
        return total


EMPTY: Final = Node("", 0)


@dataclass(frozen=True, slots=True)
class Oddity:
    """A command that the reader does not carry out, and the table that it stands in."""

    line: int
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The outermost tables, the version if the file names it, and commands that were not carried out."""

    root: Node
    version: tuple[int, ...]
    oddities: tuple[Oddity, ...]


def broken(line: int, what: str, hint: str) -> ContentError:
    """The error for a file that cannot be read."""
    return ContentError(
        f"the FortiOS configuration {what}", code="content.firewall", hint=hint, where=Location(line=line)
    )


def read_tree(text: str) -> Tree:
    """Read the whole text.

    Raises:
        ContentError: a quote or a table that does not end, or an end of something that did not begin.
    """
    reader = _Reader()
    last = 1
    for line, words in _commands(text):
        last = line
        reader.command(line, words)
    if len(reader.stack) > 1:
        table = next(node for is_table, node in reversed(reader.stack) if is_table)
        what = f"ends inside 'config {table.name}', which begins in line {table.line}"
        raise broken(last, what, "Collect the whole configuration again; the text is cut off.")
    return Tree(reader.stack[0][1], _version(text), tuple(reader.oddities))


def _version(text: str) -> tuple[int, ...]:
    found = re.search(r"^#config-version=[^\n:]{1,40}?-(\d{1,3})\.(\d{1,3})\.(\d{1,3})-", text[:4096], re.MULTILINE)
    return tuple(int(part) for part in found.groups()) if found else ()


def _commands(text: str) -> Iterator[tuple[int, list[str]]]:
    at, line = 0, 1
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        head = text[at:end]
        if head.lstrip().startswith("#"):
            at, line = end + 1, line + 1
            continue
        if '"' in head:
            found = _LINE.match(text, at)
            end = found.end() if found else end
            if end < len(text) and text[end] == '"':
                raise broken(line, "has a quoted text that does not end", "Collect the whole configuration again.")
            words = [_plain(word) for word in _WORD.findall(text, at, end)]
        else:
            words = head.split()
        if words:
            yield line, words
        line += 1 + text.count("\n", at, end)
        at = end + 1


def _plain(word: str) -> str:
    return _QUOTED.sub(lambda found: _ESCAPED.sub(r"\1", found[1]), word)


class _Reader:
    def __init__(self) -> None:
        self.stack: list[tuple[bool, Node]] = [(True, Node("", 1))]
        self.oddities: list[Oddity] = []

    def command(self, line: int, words: list[str]) -> None:
        verb, rest = words[0], words[1:]
        is_table, node = self.stack[-1]
        if verb == "config" and rest:
            self._open(line, node.tables, " ".join(rest), is_table=True)
        elif verb == "edit" and rest and is_table and len(self.stack) > 1:
            self._open(line, node.entries, rest[0], is_table=False)
        elif verb == "next":
            if is_table:
                raise broken(line, "has a 'next' outside of an entry", "Collect the whole configuration again.")
            self.stack.pop()
        elif verb == "end":
            self._end(line)
        elif len(self.stack) > 1:
            self._change(line, verb, rest, node)

    def _open(self, line: int, among: dict[str, Node], name: str, *, is_table: bool) -> None:
        if len(self.stack) > _DEPTH:
            raise broken(line, f"nests deeper than {_DEPTH} tables", "Is this a FortiOS configuration?")
        node = among.setdefault(name, Node(name, line))
        self.stack.append((is_table, node))

    def _end(self, line: int) -> None:
        """Ends the table, and the entry if one is still open: backups with several VDOMs leave out its ``next``."""
        if not self.stack[-1][0]:
            self.stack.pop()
        if len(self.stack) == 1:
            raise broken(line, "has an 'end' outside of a table", "Collect the whole configuration again.")
        self.stack.pop()

    def _change(self, line: int, verb: str, rest: list[str], node: Node) -> None:
        if verb == "set" and rest:
            node.settings[rest[0]] = Setting(line, tuple(rest[1:]))
        elif verb == "append" and rest:
            node.settings[rest[0]] = Setting(line, (*node.values(rest[0]), *rest[1:]))
        elif verb == "unset" and len(rest) == 1:
            node.settings.pop(rest[0], None)
        elif verb == "delete" and len(rest) == 1:
            node.entries.pop(rest[0], None)
        elif not (verb == "move" and _moved(node, rest)):
            path = " / ".join(each.name for _, each in self.stack[1:])
            self.oddities.append(Oddity(line, " ".join([verb, *rest])[:200], path))


def _moved(node: Node, rest: list[str]) -> bool:
    """``move a before b``: entries stand in the order in which they are tried."""
    if len(rest) != _MOVE or rest[1] not in {"before", "after"} or rest[0] == rest[2]:
        return False
    if rest[0] not in node.entries or rest[2] not in node.entries:
        return False
    names = [name for name in node.entries if name != rest[0]]
    names.insert(names.index(rest[2]) + (rest[1] == "after"), rest[0])
    node.entries = {name: node.entries[name] for name in names}
    return True
