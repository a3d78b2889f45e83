# SPDX-License-Identifier: Apache-2.0
"""What a configuration parser gathers on its way: tables, records with lines, and lines it could not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from plantproof.core.facts import LINE
from plantproof.parsers.devices.tree import Node
from plantproof.parsers.settings import Table

__all__ = ["Command", "Handler", "Reading", "run"]


@dataclass(frozen=True, slots=True)
class Command:
    """One line: its words after the word that chose the handler, and whether ``no`` stood before it."""

    node: Node
    words: tuple[str, ...]
    on: bool

    @property
    def line(self) -> int:
        """1-based line in the item."""
        return self.node.line

    def starts(self, *words: str) -> bool:
        """The first words are these."""
        return self.words[: len(words)] == words

    def after(self, count: int) -> tuple[str, ...]:
        """The words after the first ``count``."""
        return self.words[count:]

    def value(self, name: str) -> str | None:
        """The word after the first word ``name``."""
        if name not in self.words:
            return None
        at = self.words.index(name) + 1
        return self.words[at] if at < len(self.words) else None


@dataclass(slots=True)
class Reading:
    """Facts as they grow."""

    data: Table = field(default_factory=Table)
    unparsed: list[int] = field(default_factory=list)

    def table(self, name: str) -> Table:
        """A table of settings, made when first asked for."""
        found = self.data.get(name)
        if not isinstance(found, Table):
            found = self.data[name] = Table()
        return found

    def rows(self, name: str) -> list[object]:
        """A list of records, made when first asked for."""
        found = self.data.get(name)
        if not isinstance(found, list):
            found = self.data[name] = []
        return found

    def row(self, table: str, line: int, /, **values: object) -> None:
        """Add a record; values that are None stay away."""
        self.rows(table).append({LINE: line, **{key: value for key, value in values.items() if value is not None}})


Handler = Callable[[Reading, Command], bool]
"""Reads one command; False if it should have understood it and could not."""


def run(reading: Reading, nodes: Sequence[Node], handlers: Mapping[str, Handler]) -> None:
    """Give each command to the handler of its first word; words without a handler are no concern of ours."""
    for node in nodes:
        words = node.words()
        on = words[0] != "no"
        words = words if on else words[1:]
        handler = handlers.get(words[0]) if words else None
        if handler and not handler(reading, Command(node, tuple(words[1:]), on)):
            reading.unparsed.append(node.line)
