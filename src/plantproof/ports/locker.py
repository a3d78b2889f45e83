# SPDX-License-Identifier: Apache-2.0
"""The evidence store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from plantproof.core.evidence import EvidenceItem, NotCollected, RunManifest

__all__ = ["CommittedRun", "Defect", "Locker", "LockerLogEntry", "StoredItem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item as it stands in a commit of the locker."""

    item: EvidenceItem
    commit: str
    """The commit whose manifest was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedRun:
    """What one commit did."""

    commit: str
    run: str
    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockerLogEntry:
    """One run in the locker's history, newest first."""

    commit: str
    run: str
    finished: str
    items: int
    changed: int
    not_collected: int
    signature: str
    """git's ``%G?`` letter; only ``G`` is good."""
    signer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One thing that verification found wrong."""

    code: str
    """One of the ``integrity.*`` error codes."""
    commit: str
    path: str
    message: str


class Locker(Protocol):
    """Evidence in git: one signed commit a run, nothing ever lost."""

    def head(self) -> str:
        """Commit id of the tip; empty if there is none yet."""
        ...

    def commit_run(
        self,
        items: Sequence[EvidenceItem],
        *,
        run: str,
        started: str,
        finished: str,
        not_collected: Sequence[NotCollected],
        asked: Collection[tuple[str, str]] = (),
    ) -> CommittedRun:
        """Write the run as one signed commit, or nothing at all.

        Items that the run did not bring stay. An item that was asked for and not collected stays too, with its old
        clocks. Why an earlier run could not bring something stays until a run asks for it again. Raises IntegrityError
        if the locker is not sound enough to be appended to.

        Args:
            items: What the run brought.
            run: Its name.
            started: When it began, as text.
            finished: When it ended, as text.
            not_collected: What it was asked for and could not bring.
            asked: Each asset with each kind, and each collector's name, that the run was asked for.
        """
        ...

    def manifest(self, commit: str = "") -> RunManifest | None:
        """The manifest at a commit (default: the tip); None if the locker is empty."""
        ...

    def items(self, commit: str = "") -> Mapping[str, StoredItem]:
        """All items at a commit by path, with the manifest's clocks in their envelopes; digests are checked."""
        ...

    def log(self, limit: int = 0) -> Sequence[LockerLogEntry]:
        """Runs, newest first."""
        ...

    def verify(self) -> Sequence[Defect]:
        """Check every commit, manifest, digest and signature; empty means sound."""
        ...

    def commit_at(self, instant: str) -> str:
        """The newest commit whose run finished at or before the instant; empty if there is none."""
        ...
