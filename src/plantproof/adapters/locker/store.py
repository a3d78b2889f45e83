# SPDX-License-Identifier: Apache-2.0
"""The locker as the rest of the tool sees it; implements :class:`plantproof.ports.locker.Locker` over git."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from plantproof.adapters.locker import verification
from plantproof.adapters.locker.envelopes import encode_envelope, envelope_path
from plantproof.adapters.locker.locking import exclusive
from plantproof.adapters.locker.manifests import MANIFEST, decode_manifest, encode_manifest
from plantproof.adapters.locker.messages import write_message
from plantproof.adapters.locker.objects import Objects
from plantproof.adapters.locker.planning import Plan, plan_run
from plantproof.adapters.locker.reading import instants, read_items, read_log, read_manifest
from plantproof.adapters.locker.receipt import Seen, read_receipt, write_receipt
from plantproof.adapters.locker.repository import Repository
from plantproof.adapters.locker.work_tree import show_files
from plantproof.adapters.locker.writing import write_commit
from plantproof.adapters.signing import Signer, check_signer
from plantproof.core.canonical import sha256_hex
from plantproof.core.evidence import EvidenceItem, ManifestEntry, NotCollected, RunManifest, still_missing
from plantproof.core.instants import parse_instant
from plantproof.errors import IntegrityError, Location, SetupError, UsageError
from plantproof.ports.locker import CommittedRun, Defect, LockerLogEntry, StoredItem

__all__ = ["GitLocker"]

_log = logging.getLogger(__name__)


class GitLocker:
    """Evidence in a git repository of its own."""

    def __init__(self, path: Path, *, signer: Signer, receipt: Path, tool: str) -> None:
        """Open the locker in a folder; it is made when the first run is written.

        Args:
            path: The repository's folder.
            signer: Who signs, and which signatures are good.
            receipt: A file outside git that remembers the last tip seen, to notice a rewritten history.
            tool: Name and version for manifests.
        """
        self._repository = Repository(path, signer.allowed)
        self._signer = signer
        self._receipt = receipt
        self._tool = tool

    @classmethod
    def create(cls, path: Path, *, signer: Signer, receipt: Path, tool: str, bare: bool = False) -> Self:
        """Open the locker, making an empty repository with the branch main if there is none.

        Raises:
            SetupError: the folder cannot be made, or git is not installed.
        """
        locker = cls(path, signer=signer, receipt=receipt, tool=tool)
        if not locker._repository.exists:
            locker._repository.create(bare=bare)
        return locker

    def head(self) -> str:
        """Commit id of the tip; empty if there is none yet."""
        return self._repository.head()

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
        """Write the run as one signed commit; see the port.

        Raises:
            IntegrityError: an item cannot be stored as it is, somebody else is writing, or what was added to the
                locker since it was last seen is not sound.
            SetupError: git or the signing key cannot be used.
        """
        check_signer(self._signer)
        if not self._repository.exists:
            self._repository.create()
        with exclusive(self._repository):
            parent = self.head()
            with Objects.of(self._repository) as objects:
                before = self._sound(objects, parent)
                last = decode_manifest(before, MANIFEST) if before else None
                old = {entry.path: entry for entry in last.entries} if last else {}
                plan = plan_run(items, old, run)
                files, entries = _files(objects, parent, plan, old, run)
            manifest = RunManifest(
                run=run,
                started=started,
                finished=finished,
                previous=sha256_hex(before) if before else "",
                tool=self._tool,
                entries=tuple(entries[path] for path in sorted(entries)),
                not_collected=still_missing(last, items, not_collected, asked=asked, run=run),
            )
            files[MANIFEST] = encode_manifest(manifest, before)
            gone = [path for path in plan.gone if path in old]
            message = write_message(manifest, items=len(items), changed=plan.added + plan.changed)
            commit = write_commit(
                self._repository, self._signer, files, gone=gone, parent=parent, date=finished, message=message
            )
            write_receipt(self._receipt, Seen(tip=commit, manifest=sha256_hex(files[MANIFEST])))
            show_files(self._repository, parent, commit)
        return CommittedRun(commit=commit, run=run, added=plan.added, changed=plan.changed, unchanged=plan.unchanged)

    def _sound(self, objects: Objects, tip: str) -> bytes:
        """The tip's manifest; empty if there is no tip. What came after the tip that was last seen is verified."""
        seen = read_receipt(self._receipt)
        if tip and tip == seen.tip:
            manifest = read_manifest(objects, tip)
            if sha256_hex(manifest) == seen.manifest:
                return manifest
        if tip or seen.tip:
            defects = verification.verify(self._repository, seen.tip, since=seen.tip if tip != seen.tip else "")
            if defects:
                raise _refusal(defects)
        return read_manifest(objects, tip) if tip else b""

    def manifest(self, commit: str = "") -> RunManifest | None:
        """The manifest at a commit; None if the locker is empty.

        Raises:
            IntegrityError: it is missing or damaged.
            ContentError: it has a version that this release does not read.
        """
        at = commit or self.head()
        if not at:
            return None
        with Objects.of(self._repository) as objects:
            return decode_manifest(read_manifest(objects, at), f"{at[:12]}:{MANIFEST}")

    def items(self, commit: str = "") -> Mapping[str, StoredItem]:
        """All items at a commit by path, digests checked.

        Raises:
            IntegrityError: an item is missing or its bytes are not those that the manifest promises.
            ContentError: the manifest or an envelope has a version that this release does not read.
        """
        at = commit or self.head()
        return read_items(self._repository, at) if at else {}

    def log(self, limit: int = 0) -> Sequence[LockerLogEntry]:
        """Runs, newest first."""
        return read_log(self._repository, limit) if self.head() else ()

    def verify(self) -> Sequence[Defect]:
        """Check everything; a sound locker has no defect, and its tip is remembered."""
        defects = verification.verify(self._repository, read_receipt(self._receipt).tip)
        tip = "" if defects else self.head()
        if tip:
            with Objects.of(self._repository) as objects:
                seen = Seen(tip=tip, manifest=sha256_hex(read_manifest(objects, tip)))
            try:
                write_receipt(self._receipt, seen)
            except SetupError as error:  # an auditor's copy may be read-only
                _log.warning("the locker is sound, but its tip cannot be remembered: %s", error)
        return defects

    def commit_at(self, instant: str) -> str:
        """The newest commit whose run finished at or before the instant; empty if there is none.

        Raises:
            UsageError: that is no instant.
        """
        until = parse_instant(instant)
        if not self.head():
            return ""
        found = (commit for commit, finished in instants(self._repository) if finished and _by(finished, until))
        return next(found, "")


def _by(finished: str, until: datetime) -> bool:
    try:
        return parse_instant(finished) <= until
    except UsageError:
        return False


def _files(
    objects: Objects, parent: str, plan: Plan, old: Mapping[str, ManifestEntry], run: str
) -> tuple[dict[str, bytes], dict[str, ManifestEntry]]:
    """The files to write but for the manifest, and the manifest's entries."""
    files = {item.envelope.path: item.content for item in plan.contents}
    entries = dict(plan.kept)
    known = [item.envelope.path for item in plan.envelopes if item.envelope.path in old]
    loaded = objects.load(f"{parent}:{envelope_path(path)}" for path in known)
    before = {path: blob.data for path, blob in zip(known, loaded, strict=True)}
    for item in plan.envelopes:
        path = item.envelope.path
        data = files[envelope_path(path)] = encode_envelope(item.envelope, before.get(path, b""))
        entries[path] = ManifestEntry(
            path=path,
            sha256=item.envelope.sha256,
            envelope_sha256=sha256_hex(data),
            clocks=item.envelope.clocks,
            run=run,
            described=plan.described[path],
        )
    return files, entries


def _refusal(defects: Sequence[Defect]) -> IntegrityError:
    errors = [
        IntegrityError(
            defect.message,
            code=defect.code,
            hint="Nothing was written. Run `plantproof evidence verify`, and find out who changed the locker.",
            where=Location(file=":".join(part for part in (defect.commit[:12], defect.path) if part) or "locker"),
        )
        for defect in defects
    ]
    first = errors[0]
    return IntegrityError(first.message, code=first.code, hint=first.hint, where=first.where, also=errors[1:])
