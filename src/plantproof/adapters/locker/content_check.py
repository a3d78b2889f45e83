# SPDX-License-Identifier: Apache-2.0
"""Comparing what a commit holds with what its manifest promises, commit by commit, reading each object once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plantproof.adapters.locker.envelopes import decode_envelope, description_sha256, envelope_path
from plantproof.adapters.locker.manifests import MANIFEST, decode_manifest
from plantproof.adapters.locker.messages import read_message
from plantproof.adapters.locker.objects import Commit, File, Objects, Trees
from plantproof.core.canonical import sha256_hex
from plantproof.core.evidence import ManifestEntry, RunManifest
from plantproof.errors import PlantproofError
from plantproof.ports.locker import Defect

__all__ = ["ContentCheck"]

_PLAIN = "100644"
_KINDS = {"120000": "a symbolic link", "160000": "another repository (a submodule)", "100755": "an executable file"}
_ENVELOPE = ".envelope.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What is remembered of an object that was read."""

    digest: str
    """SHA-256; empty if the object is missing or damaged."""
    subject: tuple[str, str] = ("", "")
    """Of an envelope: path and SHA-256 of the item that it is about."""
    described: str = ""
    """Of an envelope: digest of its description."""
    flaw: str = ""
    """Why it is not to be used, as the end of a sentence."""


class ContentCheck:
    """Checks commits from oldest to newest and carries along what the next one needs."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._trees = Trees(objects)
        self._read: dict[str, _Read] = {}
        """By object id: a file that did not change is read once."""
        self._previous = ""
        """Digest of the manifest before."""

    def skip(self, commit: Commit) -> None:
        """Take a commit for sound; the next one follows from it."""
        loaded = self._objects.one(f"{commit.id}:{MANIFEST}")
        self._previous = sha256_hex(loaded.data) if loaded.kind == "blob" else ""

    def commit(self, commit: Commit) -> Iterator[Defect]:
        """Everything that is wrong with one commit's files and with its manifest."""
        files, unread = self._trees.files(commit.tree)
        for path in unread:
            message = "the folder is missing or damaged: git cannot read it, or its bytes do not fit its id"
            yield Defect(code="integrity.digest", commit=commit.id, path=path, message=message)
        for path, file in files.items():
            if file.mode != _PLAIN:
                message = (
                    f"is {_KINDS.get(file.mode, 'no plain file')} (mode {file.mode}); only plain files are evidence"
                )
                yield Defect(code="integrity.missing", commit=commit.id, path=path, message=message)
        plain = {path: file for path, file in files.items() if file.mode == _PLAIN}
        manifest, defects = self._manifest(commit, plain.get(MANIFEST))
        yield from defects
        self._load(plain)
        if manifest is not None and not unread:
            yield from self._compare(commit.id, manifest, plain, files.keys() - plain.keys())

    def _manifest(self, commit: Commit, file: File | None) -> tuple[RunManifest | None, list[Defect]]:
        previous, self._previous = self._previous, ""
        if file is None:
            message = "the manifest is missing"
            return None, [Defect(code="integrity.missing", commit=commit.id, path=MANIFEST, message=message)]
        loaded = self._objects.one(file.id)
        if loaded.kind != "blob":
            message = f"the manifest is {loaded.kind}"
            return None, [Defect(code="integrity.digest", commit=commit.id, path=MANIFEST, message=message)]
        self._previous = sha256_hex(loaded.data)
        self._read[file.id] = _Read(digest=self._previous)
        try:
            manifest = decode_manifest(loaded.data, MANIFEST)
        except PlantproofError as error:
            message = f"the manifest cannot be read: {error}"
            return None, [Defect(code="integrity.locker", commit=commit.id, path=MANIFEST, message=message)]
        said = read_message(commit.message)
        messages = []
        if manifest.previous != previous:
            messages.append("does not follow from the manifest before it: the chain of digests is broken")
        elif (said["Run"], said["Finished"]) != (manifest.run, manifest.finished):
            messages.append("is of another run than the commit's message says")
        code = "integrity.chain"
        return manifest, [Defect(code=code, commit=commit.id, path=MANIFEST, message=text) for text in messages]

    def _load(self, plain: Mapping[str, File]) -> None:
        fresh = {file.id: path for path, file in plain.items() if file.id not in self._read}
        for loaded in self._objects.load(fresh):
            path = fresh[loaded.name]
            if loaded.kind != "blob":
                what = "is missing" if loaded.kind == "missing" else "is damaged: its bytes do not fit its id"
                self._read[loaded.name] = _Read(digest="", flaw=f"{what} in git's object store")
            elif path.endswith(_ENVELOPE):
                self._read[loaded.name] = _envelope(path, loaded.data)
            else:
                self._read[loaded.name] = _Read(digest=sha256_hex(loaded.data))

    def _compare(
        self, commit: str, manifest: RunManifest, plain: Mapping[str, File], odd: set[str]
    ) -> Iterator[Defect]:
        promised = {MANIFEST: self._previous}
        for entry in manifest.entries:
            promised[entry.path] = entry.sha256
            promised[envelope_path(entry.path)] = entry.envelope_sha256
        for path in sorted((promised.keys() | plain.keys()) - odd):
            read = self._read[plain[path].id] if path in plain else None
            yield from _file(commit, path, promised.get(path), read)
        for entry in manifest.entries:
            file = plain.get(envelope_path(entry.path))
            read = self._read[file.id] if file else None
            if read and read.digest == entry.envelope_sha256:
                yield from _about(commit, entry, read)


def _envelope(path: str, data: bytes) -> _Read:
    digest = sha256_hex(data)
    try:
        envelope = decode_envelope(data, path)
    except PlantproofError as error:
        return _Read(digest=digest, flaw=f"the envelope cannot be read: {error}")
    described = description_sha256(envelope)
    return _Read(digest=digest, subject=(envelope.path, envelope.sha256), described=described)


def _file(commit: str, path: str, wanted: str | None, read: _Read | None) -> Iterator[Defect]:
    """One file against its promise."""
    code = "integrity.digest"
    if read is None:
        code, message = "integrity.missing", "is listed in the manifest and is not there"
    elif wanted is None:
        code, message = "integrity.missing", "is there and is not listed in the manifest"
    elif not read.digest:
        message = read.flaw
    elif read.digest != wanted:
        message = f"has the digest {read.digest[:12]}, and the manifest promises {wanted[:12]}"
    else:
        return
    yield Defect(code=code, commit=commit, path=path, message=message)


def _about(commit: str, entry: ManifestEntry, read: _Read) -> Iterator[Defect]:
    """An envelope against the entry of its item."""
    path = envelope_path(entry.path)
    if read.flaw:
        yield Defect(code="integrity.locker", commit=commit, path=path, message=read.flaw)
    elif read.subject != (entry.path, entry.sha256) or (entry.described and entry.described != read.described):
        message = f"the envelope does not describe the item that lies beside it, {entry.path}"
        yield Defect(code="integrity.digest", commit=commit, path=path, message=message)
