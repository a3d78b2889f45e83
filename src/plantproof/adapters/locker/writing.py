# SPDX-License-Identifier: Apache-2.0
"""Writing one run as one signed commit: all of it, or nothing.

Changed files go in through ``git fast-import`` under a ref of their own; the signed commit is made on its tree; then
the branch moves in one step. Whoever is killed before that step leaves nothing but objects that nobody refers to.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from plantproof.adapters.locker.repository import BRANCH, Repository
from plantproof.adapters.signing import Signer
from plantproof.core.instants import parse_instant
from plantproof.errors import IntegrityError, Location

__all__ = ["exclusive", "write_commit"]

_PENDING: Final = "refs/plantproof/pending"
_EMPTY_TREE: Final = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@contextmanager
def exclusive(repository: Repository) -> Iterator[None]:
    """Hold the locker for one writer; the lock dies with its holder.

    Raises:
        IntegrityError: somebody else is writing.
    """
    with (repository.path / ".git" / "plantproof.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = Location(file=str(repository.path))
            message = "another run is writing to the locker"
            hint = "Wait until it is done; the lock ends with its process."
            raise IntegrityError(message, code="integrity.locker", hint=hint, where=where) from None
        yield


def write_commit(
    repository: Repository, signer: Signer, files: Mapping[str, bytes], *, parent: str, date: str, message: str
) -> str:
    """Add or replace files on top of the parent and return the signed commit that the branch now points at.

    Raises:
        IntegrityError: git failed, or the branch moved meanwhile.
    """
    stamp = f"{int(parse_instant(date).timestamp())} +0000"
    repository.git("fast-import", "--quiet", "--done", data=_stream(files, parent, stamp))
    arguments = ["commit-tree", "-S", _PENDING + "^{tree}", *(("-p", parent) if parent else ())]
    settings = (f"user.name={signer.name}", f"user.email={signer.email}", f"user.signingKey={signer.key.resolve()}")
    try:
        commit = repository.git(*arguments, data=message.encode(), date=stamp, also=settings).decode().strip()
        repository.git("update-ref", "-m", message.splitlines()[0], BRANCH, commit, parent or "0" * len(commit))
    finally:
        repository.run("update-ref", "-d", _PENDING)
    _show_files(repository, parent, commit)
    return commit


def _stream(files: Mapping[str, bytes], parent: str, stamp: str) -> bytes:
    """What fast-import reads; the commit in it is only a carrier of the tree and stays unreferenced."""
    head = f"feature done\nreset {_PENDING}\n\ncommit {_PENDING}\n"
    parts = [f"{head}committer carrier <carrier@localhost> {stamp}\ndata 0\n".encode()]
    if parent:
        parts.append(f"from {parent}\n".encode())
    for path, content in sorted(files.items()):
        parts.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode())
        parts += [content, b"\n"]
    return b"".join([*parts, b"\ndone\n"])


def _show_files(repository: Repository, old: str, new: str) -> None:
    """Bring the work tree along for people who look at files; one that somebody edited is left alone."""
    repository.run("read-tree", "-m", "-u", old or _EMPTY_TREE, new)
