# SPDX-License-Identifier: Apache-2.0
"""Lines of every value of one document, found in one walk: a plant file is asked for every entry's place."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from plantproof.adapters.documents import Document, read_text
from plantproof.errors import ContentError, Location

if TYPE_CHECKING:
    import yaml

__all__ = ["Places", "syntax_error"]


class Places:
    """A document's pointers and their lines; the walk happens when the first place is asked for."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def locate(self, pointer: str) -> Location:
        """As :meth:`Document.locate`: the nearest enclosing value if the pointer leads nowhere."""
        known = pointer
        while known and known not in self._lines:
            known = known.rpartition("/")[0]
        return Location(file=self._document.name, line=self._lines.get(known, 1), pointer=pointer)

    @cached_property
    def _lines(self) -> dict[str, int]:
        import yaml

        lines: dict[str, int] = {}
        pending: list[tuple[str, yaml.Node | None]] = [("", yaml.compose(self._document.text, Loader=yaml.CSafeLoader))]
        seen: set[int] = set()
        while pending:
            pointer, node = pending.pop()
            # An alias leads to its anchor's node again: walked once, or a few aliases of aliases would take for ever.
            if id(node) not in seen:
                seen.add(id(node))
                pending += _steps(pointer, node, lines)
        return lines


def _steps(pointer: str, node: yaml.Node | None, lines: dict[str, int]) -> list[tuple[str, yaml.Node | None]]:
    import yaml

    found: list[tuple[str, yaml.Node | None]] = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = f"{pointer}/{_escaped(str(key.value))}"
            lines[below] = key.start_mark.line + 1
            found.append((below, value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            below = f"{pointer}/{index}"
            lines[below] = item.start_mark.line + 1
            found.append((below, item))
    return found


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def syntax_error(path: Path) -> ContentError | None:
    """What is wrong with a YAML file's form, whatever its tags mean; None if nothing is. Quotes no content."""
    import yaml

    try:
        node = yaml.compose(read_text(path), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Location(file=str(path), line=mark.line + 1 if mark else None)
        hint = "Look at the line and the one above it: indentation, a missing colon, an unclosed quote."
        return ContentError(f"is not YAML: {error.problem}", code="content.syntax", hint=hint, where=where)
    except (yaml.YAMLError, RecursionError):
        return ContentError("is not YAML", code="content.syntax", where=Location(file=str(path)))
    line = _repeated_key(node)
    if line is None:
        return None
    hint = "Only the last one would count: join them."
    where = Location(file=str(path), line=line)
    return ContentError("a key occurs twice in one map", code="content.syntax", hint=hint, where=where)


def _repeated_key(top: yaml.Node | None) -> int | None:
    """Line of the first key that its map has already."""
    import yaml

    pending, walked, lines = [top], set[int](), []
    while pending:
        node = pending.pop()
        if id(node) in walked:
            continue
        walked.add(id(node))
        pending += [item for _, item in _steps("", node, {})]
        keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        first = {str(key.value): key for key in reversed(keys)}
        lines += [key.start_mark.line + 1 for key in keys if first[str(key.value)] is not key]
    return min(lines, default=None)
