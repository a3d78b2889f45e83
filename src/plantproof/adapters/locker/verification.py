# SPDX-License-Identifier: Apache-2.0
"""Verifying a locker from first commit to tip: signatures, manifests, digests, and the history as last seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from plantproof.adapters.locker.codec import MANIFEST, decode_manifest, envelope_path
from plantproof.adapters.locker.repository import BRANCH, Repository
from plantproof.core.canonical import sha256_hex
from plantproof.core.evidence import RunManifest
from plantproof.errors import IntegrityError
from plantproof.ports.locker import Defect

__all__ = ["verify"]

_SIGNATURES = {
    "N": "the commit is not signed",
    "U": "the commit is signed by a key that is not among the allowed signers",
    "B": "the commit's signature does not match its content",
    "E": "the commit's signature cannot be checked",
    "X": "the commit's signature has expired",
    "Y": "the commit is signed by an expired key",
    "R": "the commit is signed by a revoked key",
}


def verify(repository: Repository, seen: str) -> list[Defect]:
    """List everything that is wrong, oldest commit first.

    Args:
        repository: The locker's repository.
        seen: The tip that was last seen, from outside git; empty if none is known.
    """
    head = repository.head()
    if not head:
        return [_lost(seen)] if seen else []
    try:
        return [*_objects(repository), *_history(repository, head, seen), *_commits(repository)]
    except IntegrityError as error:
        return [Defect(code=error.code, commit=head, path="", message=error.message)]


def _lost(seen: str) -> Defect:
    return Defect(code="integrity.history", commit=seen, path="", message="the locker is empty, and it was not before")


def _objects(repository: Repository) -> Iterator[Defect]:
    """Git's own look at every object: a flipped bit in a pack or a file shows here."""
    done = repository.run("fsck", "--full", "--strict", "--no-dangling", "--no-progress")
    if done.returncode:
        for line in (done.stderr + done.stdout).decode(errors="replace").splitlines()[:10]:
            yield Defect(code="integrity.digest", commit="", path="", message=f"git fsck: {line}")


def _history(repository: Repository, head: str, seen: str) -> Iterator[Defect]:
    if seen and repository.run("merge-base", "--is-ancestor", seen, head).returncode:
        message = f"the commit {seen[:12]}, which was the tip when last seen, is no longer part of the history"
        yield Defect(code="integrity.history", commit=seen, path="", message=message)


@dataclass(slots=True)
class _Walk:
    """What is carried from one commit to the next."""

    previous: str = ""
    """Digest of the manifest before."""
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each blob that was read already, by git's id: a file that did not change is read once."""


def _commits(repository: Repository) -> Iterator[Defect]:
    output = repository.git("log", "--reverse", "--topo-order", "--format=%H%x00%P%x00%G?", BRANCH).decode()
    walk = _Walk()
    for line in output.splitlines():
        commit, parents, letter = line.split("\0")
        if letter != "G":
            message = _SIGNATURES.get(letter, f"git judges the signature as {letter!r}")
            yield Defect(code="integrity.signature", commit=commit, path="", message=message)
        if " " in parents:
            message = "the commit has several parents; runs follow one another"
            yield Defect(code="integrity.history", commit=commit, path="", message=message)
        yield from _content(repository, commit, walk)


def _content(repository: Repository, commit: str, walk: _Walk) -> Iterator[Defect]:
    tree = repository.tree(commit)
    for path, (mode, _) in tree.items():
        if mode != "100644":
            message = f"is no plain file (mode {mode})"
            yield Defect(code="integrity.missing", commit=commit, path=path, message=message)
    plain = {path: ident for path, (mode, ident) in tree.items() if mode == "100644"}
    _read(repository, plain, walk)
    manifest, defects, digest = _manifest(repository, commit, plain, walk)
    yield from defects
    walk.previous = digest
    if manifest is None:
        return
    promised = {MANIFEST: digest}
    for entry in manifest.entries:
        promised |= {entry.path: entry.sha256, envelope_path(entry.path): entry.envelope_sha256}
    for path in sorted(promised.keys() | plain.keys()):
        yield from _file(commit, path, promised.get(path), walk.digests.get(plain.get(path, "")))


def _read(repository: Repository, plain: dict[str, str], walk: _Walk) -> None:
    fresh = sorted({ident for ident in plain.values() if ident not in walk.digests})
    for ident, data in repository.blobs(fresh):
        if data is not None:
            walk.digests[ident] = sha256_hex(data)


def _manifest(
    repository: Repository, commit: str, plain: dict[str, str], walk: _Walk
) -> tuple[RunManifest | None, list[Defect], str]:
    if MANIFEST not in plain:
        return None, [Defect(code="integrity.missing", commit=commit, path=MANIFEST, message="is missing")], ""
    ((_, data),) = repository.blobs([plain[MANIFEST]])
    digest = walk.digests.get(plain[MANIFEST], "")
    try:
        manifest = decode_manifest(data or b"", MANIFEST)
    except IntegrityError as error:
        return None, [Defect(code=error.code, commit=commit, path=MANIFEST, message=error.message)], digest
    if manifest.previous == walk.previous:
        return manifest, [], digest
    message = "does not follow from the manifest before it: the chain of digests is broken"
    return manifest, [Defect(code="integrity.chain", commit=commit, path=MANIFEST, message=message)], digest


def _file(commit: str, path: str, wanted: str | None, found: str | None) -> Iterator[Defect]:
    if wanted == found:
        return
    if found is None:
        code, message = "integrity.missing", "is listed in the manifest and is not there"
    elif wanted is None:
        code, message = "integrity.missing", "is there and is not listed in the manifest"
    else:
        code, message = "integrity.digest", f"has the digest {found[:12]}, and the manifest promises {wanted[:12]}"
    yield Defect(code=code, commit=commit, path=path, message=message)
