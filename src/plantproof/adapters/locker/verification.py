# SPDX-License-Identifier: Apache-2.0
"""Verifying a locker from first commit to tip: signatures, manifests, digests, and the history as last seen.

Nothing is believed: each object is compared with its id, each file with its manifest, each manifest with the one
before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from plantproof.adapters.locker.content_check import ContentCheck
from plantproof.adapters.locker.objects import Commit, Objects, parse_commit
from plantproof.adapters.locker.repository import Repository
from plantproof.errors import IntegrityError
from plantproof.ports.locker import Defect

__all__ = ["verify"]

_SIGNATURES = {
    "N": "the commit is not signed",
    "U": "the commit is signed by a key that is not among the allowed signers",
    "B": "the commit's signature does not match its content, or its key is not allowed to sign for git",
    "E": "the commit's signature cannot be checked",
    "X": "the commit's signature has expired",
    "Y": "the commit is signed by an expired key",
    "R": "the commit is signed by a revoked key",
}
_SHOWN = 10
"""Lines of git's own complaint that are passed on."""


def verify(repository: Repository, seen: str, *, since: str = "") -> list[Defect]:
    """List everything that is wrong, oldest commit first.

    Args:
        repository: The locker's repository.
        seen: The tip that was last seen, from outside git; empty if none is known.
        since: A commit up to which the history is known to be sound; empty to check all of it.

    Raises:
        SetupError: git is not installed.
    """
    try:
        head = repository.head()
    except IntegrityError as error:
        return [Defect(code=error.code, commit="", path="", message=error.message)]
    if not head:
        message = "the locker is empty, and it was not when last seen"
        return [Defect(code="integrity.history", commit=seen, path="", message=message)] if seen else []
    with ThreadPoolExecutor(max_workers=1) as pool:
        opinion = None if since else pool.submit(_fsck, repository)
        defects = [*_stand_ins(repository), *_history(repository, head, seen, since)]
        said = opinion.result() if opinion else []
    # What git finds beyond our own reading: damage in objects that no commit of ours needs, or in a pack's index.
    return defects if any(defect.code == "integrity.digest" for defect in defects) else defects + said


def _stand_ins(repository: Repository) -> Iterator[Defect]:
    """Means by which a plain git shows another history than the one that was signed. We read past them."""
    folder = repository.git_dir
    packed = folder / "packed-refs"
    replaced = any(path.is_file() for path in folder.glob("refs/replace/**/*"))
    if replaced or (packed.is_file() and b" refs/replace/" in packed.read_bytes()):
        message = "git is told to show replacements in place of signed objects (refs/replace)"
        yield Defect(code="integrity.history", commit="", path="refs/replace", message=message)
    for name, what in (("info/grafts", "other parents of commits"), ("shallow", "a history that is cut short")):
        if (folder / name).is_file() and (folder / name).read_bytes().strip():
            message = f"git is told to show {what} ({name})"
            yield Defect(code="integrity.history", commit="", path=name, message=message)


def _fsck(repository: Repository) -> list[Defect]:
    done = repository.run("fsck", "--full", "--strict", "--no-dangling", "--no-progress")
    if not done.returncode:
        return []
    lines = (done.stderr + done.stdout).decode(errors="replace").splitlines()[:_SHOWN]
    return [Defect(code="integrity.digest", commit="", path="", message=f"git fsck: {line}") for line in lines]


def _history(repository: Repository, head: str, seen: str, since: str) -> Iterator[Defect]:
    with Objects.of(repository) as objects:
        commits, defects = _walk(objects, head)
        yield from defects
        known = [commit.id for commit in commits]
        if seen and seen not in known:
            message = f"the commit {seen[:12]}, which was the tip when last seen, is no longer part of the history"
            yield Defect(code="integrity.history", commit=seen, path="", message=message)
        start = known.index(since) + 1 if since in known else 0
        check = ContentCheck(objects)
        if start:
            check.skip(commits[start - 1])
        letters = repository.signatures(known[start:])
        for commit in commits[start:]:
            yield from _signature(commit, letters.get(commit.id, "E"))
            yield from check.commit(commit)


def _walk(objects: Objects, head: str) -> tuple[Sequence[Commit], Sequence[Defect]]:
    """Commits from the first to the tip along first parents, read from their own bytes."""
    commits: list[Commit] = []
    defects: list[Defect] = []
    ident = head
    while ident:
        loaded = objects.one(ident)
        commit = parse_commit(ident, loaded.data) if loaded.kind == "commit" else None
        if commit is None:
            code = "integrity.missing" if loaded.kind == "missing" else "integrity.digest"
            what = "is missing" if loaded.kind == "missing" else "is damaged: its bytes do not fit its id"
            message = f"the commit {what}; what came before it cannot be reached"
            defects.append(Defect(code=code, commit=ident, path="", message=message))
            break
        if len(commit.parents) > 1:
            message = "the commit has several parents; runs follow one another"
            defects.append(Defect(code="integrity.history", commit=ident, path="", message=message))
        commits.append(commit)
        ident = commit.parents[0] if commit.parents else ""
    return commits[::-1], defects


def _signature(commit: Commit, letter: str) -> Iterator[Defect]:
    if letter != "G":
        message = _SIGNATURES.get(letter, f"git judges the commit's signature as {letter!r}")
        yield Defect(code="integrity.signature", commit=commit.id, path="", message=message)
