# SPDX-License-Identifier: Apache-2.0
"""What both OT parsers do with their JSON: read it, check its members' types, keep what is right."""

from __future__ import annotations

from collections.abc import Mapping

from plantproof.core.facts import LINE, LINES, Facts
from plantproof.parsers.ot.numbered_json import BadJsonError, read_json

__all__ = ["Shape", "line_of", "members", "read_document", "unreadable"]

Shape = Mapping[str, type]
"""Member names with the type that each must have."""


def read_document(text: str) -> dict[str, object] | int:
    """The document, or the line at which it breaks."""
    # A collector's JSON stands alone in its item, but a by-hand file may carry a block mark before it.
    body = "\n".join("" if line.startswith("@@ ") else line for line in text.split("\n"))
    try:
        document = read_json(body)
    except BadJsonError as broken:
        return broken.line
    return document if isinstance(document, dict) else 1


def unreadable(kind: str, line: int) -> Facts:
    """Facts of an item that is no document: none, and the line that shows it."""
    return Facts(kind=kind, parser=f"{kind}/1", data={}, unparsed=(line,))


def line_of(record: Mapping[str, object], key: str = "") -> int:
    """The line of a record or of one of its keys."""
    lines = record.get(LINES)
    found = lines.get(key) if isinstance(lines, dict) else None
    own = record.get(LINE)
    return found if isinstance(found, int) else own if isinstance(own, int) else 1


def members(record: object, shape: Shape, unparsed: list[int], line: int) -> dict[str, object]:
    """The members of a record that the shape names, with their lines; those of a wrong type are noted as unparsed.

    None (JSON's null) means that the device did not say: the key stays away.
    """
    if not isinstance(record, dict):
        unparsed.append(line)
        return {}
    found: dict[str, object] = {LINE: line_of(record)}
    lines: dict[str, int] = {}
    for key, kind in shape.items():
        value = record.get(key)
        if value is None:
            continue
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            unparsed.append(line_of(record, key))
            continue
        found[key] = value
        lines[key] = line_of(record, key)
    return found | {LINES: lines}
