# SPDX-License-Identifier: Apache-2.0
"""Which format a flow log has, by its first lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import orjson

from plantproof.connectors.flows.document import MARK
from plantproof.connectors.flows.nfdump import is_heading
from plantproof.connectors.flows.plain import is_plain_heading

__all__ = ["DOCUMENT", "detect"]

DOCUMENT: Final = "flows.json"
"""A file of our own."""


def detect(first: Sequence[str]) -> str | None:
    """The format of a file that begins with these lines; None if it is none that is known here."""
    for raw in first:
        line = raw.removeprefix("\ufeff").strip()
        if not line:
            continue
        if line.startswith(MARK) or line == "{":
            return DOCUMENT
        if line.startswith("{"):
            return _of_json(line)
        if line.startswith(("#separator", "#fields", "ts\tuid\t")):
            return "zeek"
        if is_heading(line):
            return "nfdump"
        if line.startswith("#"):
            continue
        return "csv" if is_plain_heading(line) else None
    return None


def _of_json(line: str) -> str | None:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if "event_type" in record:
        return "eve"
    if record.get("plantproof") == "observed-flows":
        return DOCUMENT
    return "zeek" if record.keys() & {"id.orig_h", "_path", "uid"} else None
