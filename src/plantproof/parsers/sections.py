# SPDX-License-Identifier: Apache-2.0
"""Marked text, as every collector hands it over, into one raw section per kind.

Marks carry the run's nonce, so that what a device prints cannot pass for one. This module never judges content and
never raises on it: what stands in the wrong place makes its section *truncated*, which proves nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from plantproof.core.facts import RawSection, SectionState
from plantproof.errors import CollectionError

__all__ = ["MarkedOutput", "split_sections"]

_HEADER = re.compile(r"#plantproof ([A-Za-z0-9]{1,128}) header(?: (.*))?")
_KIND = re.compile(r"[a-z][a-z0-9_]*(?:[.][a-z][a-z0-9_]*)*")
_STATES = {"ok": SectionState.COMPLETE, "not-collected": SectionState.NOT_COLLECTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedOutput:
    """What one collector said on one asset."""

    collector: str
    version: str
    clock: str | None
    """The device's own clock, UTC, as it was printed; None if it printed none."""
    sections: tuple[RawSection, ...]
    """At most one per kind, in the order of their begin marks."""
    problems: tuple[str, ...]
    """Marks that stood where none may stand, for the run's report."""


def split_sections(text: str, nonce: str | None = None) -> MarkedOutput:
    """Split marked text into its sections.

    Args:
        text: Output of a collector; what stands before its header (a login banner) is ignored.
        nonce: The run's nonce; None takes that of the first header line (output that was made by hand).

    Raises:
        CollectionError: ``collection.format`` if there is no header line (with this nonce) at all.
    """
    lines = _clean(text).split("\n")
    for index, line in enumerate(lines):
        match = _HEADER.fullmatch(line)
        if match and nonce in (None, match[1]):
            fields = dict(word.partition("=")[::2] for word in (match[2] or "").split())
            reader = _Reader(prefix=f"#plantproof {match[1]} ")
            reader.read(lines[index + 1 :])
            return MarkedOutput(
                collector=fields.get("collector", ""),
                version=fields.get("version", ""),
                clock=fields.get("clock") or None,
                sections=tuple(reader.sections.values()),
                problems=tuple(reader.problems),
            )
    raise CollectionError(
        "the output has no header line of a collector" + (" with this run's nonce" if nonce else ""),
        code="collection.format",
        hint="Run the collector's script again and keep all of its output, from its first line to its last.",
    )


def _clean(text: str) -> str:
    """LF line ends, no NUL, and nothing that cannot be written as UTF-8."""
    return text.replace("\0", "").replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


@dataclass(slots=True)
class _Reader:
    """Goes through the lines once, with at most one section open."""

    prefix: str
    sections: dict[str, RawSection] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    kind: str = ""
    body: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self, lines: list[str]) -> None:
        if lines and lines[-1].startswith(self.prefix) and lines[-1] != f"{self.prefix}done":
            lines = lines[:-1]  # half a mark: the output broke off before its line end
        for line in lines:
            if not line.startswith(self.prefix):
                if self.kind:
                    self.body.append(line)
                continue
            verb, _, rest = line[len(self.prefix) :].rstrip("\r").partition(" ")
            if verb == "done":
                if self.kind:
                    self._close(SectionState.TRUNCATED, "the collector ended inside this section")
                return
            self._mark(verb, rest)
        self.problems.append("the collector did not finish: its last line is missing")
        if self.kind:
            self._close(SectionState.TRUNCATED, "the output breaks off inside this section")

    def _mark(self, verb: str, rest: str) -> None:
        kind, _, tail = rest.partition(" ")
        if verb not in {"begin", "note", "end"} or not _KIND.fullmatch(kind):
            self.problems.append(f"a mark that is none: {verb[:40]} {kind[:80]}")
        elif verb == "begin":
            self._begin(kind)
        elif kind != self.kind:
            self._stray(verb, kind)
        elif verb == "note":
            self.notes.append(tail)
        else:
            state, _, reason = tail.partition(" ")
            known = _STATES.get(state)
            if known is None:
                self._close(SectionState.TRUNCATED, "its end mark does not say how it ended")
            else:
                self._close(known, reason)

    def _begin(self, kind: str) -> None:
        if self.kind:
            self._close(SectionState.TRUNCATED, f"{kind} begins before it ends")
        self.kind = kind

    def _stray(self, verb: str, kind: str) -> None:
        self.problems.append(f"{verb} of {kind}, which is not open")
        if verb == "end":
            self._keep(kind, SectionState.TRUNCATED, "its end mark stands before its begin mark")

    def _close(self, state: SectionState, reason: str) -> None:
        self._keep(self.kind, state, reason)
        self.kind = ""
        self.body = []
        self.notes = []

    def _keep(self, kind: str, state: SectionState, reason: str) -> None:
        """Add a section; one that comes twice contradicts itself, so it proves nothing."""
        if kind in self.sections:
            self.problems.append(f"{kind} comes twice")
            state, reason = SectionState.TRUNCATED, "it comes twice"
        elif state is SectionState.TRUNCATED:
            self.problems.append(f"{kind}: {reason}")
        own = kind == self.kind
        self.sections[kind] = RawSection(
            kind=kind,
            text="".join(f"{line}\n" for line in self.body) if own else "",
            state=state,
            reason=reason,
            notes=tuple(self.notes) if own else (),
        )
