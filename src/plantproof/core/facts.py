# SPDX-License-Identifier: Apache-2.0
"""Facts: what a parser understood of one evidence item, each knowing its line.

Facts are plain dicts, lists and scalars, so that compiled checks run over them at full speed. Lines travel along in two
reserved keys, which expressions cannot name:

* a record (an item of a list) has ``"_line"``: the 1-based line of the stored text that it was read from;
* a table of settings has ``"_lines"``: a dict from the setting's key to its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["LINE", "LINES", "Facts", "RawSection", "SectionState"]

LINE = "_line"
LINES = "_lines"


class SectionState(StrEnum):
    """How a section of collected output ended."""

    COMPLETE = "complete"
    NOT_COLLECTED = "not-collected"
    """The collector says that it could not read this, and why."""
    TRUNCATED = "truncated"
    """The end mark is missing, or stands where it cannot: what was read proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSection:
    """One kind's text as it came from a collector, before redaction. Never written, logged or shown."""

    kind: str
    text: str
    state: SectionState
    reason: str = ""
    notes: tuple[str, ...] = ()
    """Parts that the collector could not read inside a section that is otherwise complete, each with its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one version of one parser read from one item's text."""

    kind: str
    parser: str
    """``name/version``, for example ``linux.sshd/1``."""
    data: Mapping[str, object]
    unparsed: tuple[int, ...] = ()
    """Lines that the parser did not understand and that may matter: they make a verdict inconclusive."""
    broken: str = ""
    """Why the text is not the whole of what it should be; empty if it is. Nothing is decided by half a configuration,
    neither well nor badly."""
