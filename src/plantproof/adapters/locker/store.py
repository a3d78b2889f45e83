# SPDX-License-Identifier: Apache-2.0
"""The locker as the rest of the tool sees it; implements :class:`plantproof.ports.locker.Locker` over git."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from plantproof.adapters.files import write_atomically
from plantproof.adapters.locker import verification
from plantproof.adapters.locker.codec import (
    MANIFEST,
    decode_envelope,
    decode_manifest,
    encode_envelope,
    encode_manifest,
    envelope_path,
)
from plantproof.adapters.locker.repository import BRANCH, Repository
from plantproof.adapters.locker.writing import exclusive, write_commit
from plantproof.adapters.signing import Signer
from plantproof.core.canonical import sha256_hex
from plantproof.core.evidence import Envelope, EvidenceItem, ManifestEntry, NotCollected, RunManifest
from plantproof.core.instants import parse_instant
from plantproof.errors import IntegrityError, Location
from plantproof.ports.locker import CommittedRun, Defect, LockerLogEntry, StoredItem

__all__ = ["GitLocker"]

_FIELDS: Final = ("Run", "Items", "Changed", "Not-collected", "Finished")


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
    ) -> CommittedRun:
        """Write the run as one signed commit; see the port."""
        if not self._repository.exists:
            self._repository.create()
        with exclusive(self._repository):
            parent = self.head()
            before = self._manifest_bytes(parent)
            old = {entry.path: entry for entry in decode_manifest(before, MANIFEST).entries} if before else {}
            files, entries, added, changed = self._changes(items, old, parent, run)
            manifest = RunManifest(
                run=run,
                started=started,
                finished=finished,
                previous=sha256_hex(before) if before else "",
                tool=self._tool,
                entries=tuple(entries[path] for path in sorted(entries)),
                not_collected=tuple(not_collected),
            )
            files[MANIFEST] = encode_manifest(manifest)
            message = _message(manifest, len(items), added + changed)
            commit = write_commit(self._repository, self._signer, files, parent=parent, date=finished, message=message)
            self._remember(commit)
        unchanged = len(items) - added - changed
        return CommittedRun(commit=commit, run=run, added=added, changed=changed, unchanged=unchanged)

    def _changes(
        self, items: Sequence[EvidenceItem], old: Mapping[str, ManifestEntry], parent: str, run: str
    ) -> tuple[dict[str, bytes], dict[str, ManifestEntry], int, int]:
        """Files to write, entries of the new manifest, items added, items changed."""
        known = [item.envelope.path for item in items if item.envelope.path in old]
        names = (f"{parent}:{envelope_path(path)}" for path in known)
        stored = {
            path: (decode_envelope(data, path), data)
            for path, (_, data) in zip(known, self._repository.blobs(names), strict=True)
            if data is not None
        }
        files: dict[str, bytes] = {}
        entries = dict(old)
        added = changed = 0
        for item in items:
            envelope = item.envelope
            before = stored.get(envelope.path)
            if before is not None and _same(before[0], envelope):
                digest = sha256_hex(before[1])
            else:
                data = encode_envelope(envelope)
                digest = sha256_hex(data)
                files[envelope_path(envelope.path)] = data
                if before is None or before[0].sha256 != envelope.sha256:
                    files[envelope.path] = item.content
                added, changed = (added + 1, changed) if before is None else (added, changed + 1)
            entries[envelope.path] = ManifestEntry(
                path=envelope.path,
                sha256=envelope.sha256,
                envelope_sha256=digest,
                clocks=envelope.clocks,
                run=run,
            )
        return files, entries, added, changed

    def manifest(self, commit: str = "") -> RunManifest | None:
        """The manifest at a commit; None if the locker is empty."""
        data = self._manifest_bytes(commit or self.head())
        return decode_manifest(data, MANIFEST) if data else None

    def _manifest_bytes(self, commit: str) -> bytes:
        if not commit:
            return b""
        ((_, data),) = self._repository.blobs([f"{commit}:{MANIFEST}"])
        if data is None:
            where = Location(file=f"{commit}:{MANIFEST}")
            raise IntegrityError("the manifest is missing", code="integrity.missing", where=where)
        return data

    def items(self, commit: str = "") -> Mapping[str, StoredItem]:
        """All items at a commit by path, digests checked.

        Raises:
            IntegrityError: an item is missing or its bytes are not those that the manifest promises.
        """
        at = commit or self.head()
        manifest = self.manifest(at)
        if manifest is None:
            return {}
        names = [f"{at}:{path}" for entry in manifest.entries for path in (entry.path, envelope_path(entry.path))]
        contents = [data for _, data in self._repository.blobs(names)]
        found = {}
        for entry, content, envelope in zip(manifest.entries, contents[::2], contents[1::2], strict=True):
            for path, data, digest in (
                (entry.path, content, entry.sha256),
                (envelope_path(entry.path), envelope, entry.envelope_sha256),
            ):
                if data is None or sha256_hex(data) != digest:
                    code = "integrity.missing" if data is None else "integrity.digest"
                    what = "is missing" if data is None else "is not what the manifest promises"
                    hint = "Run `plantproof evidence verify`."
                    raise IntegrityError(what, code=code, hint=hint, where=Location(file=f"{at[:12]}:{path}"))
            assert content is not None  # noqa: S101 - just seen
            assert envelope is not None  # noqa: S101 - just seen
            known = replace(decode_envelope(envelope, entry.path), clocks=entry.clocks, run=entry.run)
            found[entry.path] = StoredItem(item=EvidenceItem(envelope=known, content=content), commit=at)
        return found

    def log(self, limit: int = 0) -> Sequence[LockerLogEntry]:
        """Runs, newest first."""
        if not self.head():
            return ()
        trailers = "%x00".join(f"%(trailers:key={field},valueonly,separator=)" for field in _FIELDS)
        count = (f"-{limit}",) if limit else ()
        output = self._repository.git(
            "log", "--first-parent", *count, f"--format=%H%x00%G?%x00%GS%x00{trailers}", BRANCH
        )
        entries = []
        for line in output.decode(errors="replace").splitlines():
            commit, letter, signer, run, items, changed, missing, finished = line.split("\0")
            entries.append(
                LockerLogEntry(
                    commit=commit,
                    run=run,
                    finished=finished,
                    items=_number(items),
                    changed=_number(changed),
                    not_collected=_number(missing),
                    signature=letter,
                    signer=signer,
                )
            )
        return entries

    def verify(self) -> Sequence[Defect]:
        """Check everything; an untouched locker has no defect, and its tip is remembered."""
        defects = verification.verify(self._repository, self._seen())
        if not defects and self.head():
            self._remember(self.head())
        return defects

    def commit_at(self, instant: str) -> str:
        """The newest commit whose run finished at or before the instant; empty if there is none."""
        if not self.head():
            return ""
        until = int(parse_instant(instant).timestamp())
        for line in self._repository.git("log", "--first-parent", "--format=%H %ct", BRANCH).decode().splitlines():
            commit, _, moment = line.partition(" ")
            if int(moment) <= until:
                return commit
        return ""

    def _seen(self) -> str:
        try:
            value = json.loads(self._receipt.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ""
        return str(value.get("tip", "")) if isinstance(value, dict) else ""

    def _remember(self, commit: str) -> None:
        write_atomically(self._receipt, json.dumps({"tip": commit}).encode() + b"\n")


def _same(before: Envelope, now: Envelope) -> bool:
    """Whether nothing but clocks and run differ."""
    return replace(before, clocks=now.clocks, run=now.run) == now


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _message(manifest: RunManifest, items: int, changed: int) -> str:
    missing = len(manifest.not_collected)
    return (
        f"Run {manifest.run}: {items} items, {changed} changed, {missing} not collected\n\n"
        f"Run: {manifest.run}\nItems: {items}\nChanged: {changed}\nNot-collected: {missing}\n"
        f"Finished: {manifest.finished}\nTool: {manifest.tool}\n"
    )
