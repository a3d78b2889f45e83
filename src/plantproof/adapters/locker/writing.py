# SPDX-License-Identifier: Apache-2.0
"""Writing one run as one signed commit: all of it, or nothing.

Changed files go in through ``git fast-import`` under a ref of their own; the signed commit is made on its tree; then
the branch moves in one step. Whoever is killed before that step leaves nothing but objects that nobody refers to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from plantproof.adapters.locker.locking import PENDING
from plantproof.adapters.locker.repository import BRANCH, Repository
from plantproof.adapters.signing import Signer
from plantproof.core.instants import parse_instant
from plantproof.errors import Location, SetupError

__all__ = ["write_commit"]


def write_commit(
    repository: Repository,
    signer: Signer,
    files: Mapping[str, bytes],
    *,
    gone: Iterable[str] = (),
    parent: str,
    date: str,
    message: str,
) -> str:
    """Add, replace and remove files on top of the parent, and return the signed commit that the branch now points at.

    Args:
        repository: Where; the caller holds its lock.
        signer: Who signs.
        files: New or changed files by path.
        gone: Paths that are no longer part of the tree.
        parent: The branch's tip; empty for the first commit.
        date: Author and committer date, an instant.
        message: The commit's message.

    Raises:
        IntegrityError: git failed, or the branch moved meanwhile; it is as it was then.
        SetupError: the key cannot sign.
        UsageError: the date is no instant.
    """
    stamp = f"{int(parse_instant(date).timestamp())} +0000"
    # --force: a carrier that a killed run left behind must not stand in the way.
    carrier = _stream(files, gone, parent, stamp)
    tree = repository.git("fast-import", "--quiet", "--force", "--done", data=b"".join(carrier)).split()[2].decode()
    settings = (f"user.name={signer.name}", f"user.email={signer.email}", f"user.signingKey={signer.key.absolute()}")
    parents = ("-p", parent) if parent else ()
    signed = repository.run("commit-tree", "-S", tree, *parents, data=message.encode(), date=stamp, also=settings)
    if signed.returncode:
        said = signed.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        text = f"the run could not be signed, so nothing was written: {said[0]}"
        hint = "The key must be readable and need no passphrase, or be held by an ssh-agent."
        raise SetupError(text, code="environment.file", hint=hint, where=Location(file=str(signer.key)))
    commit = signed.stdout.decode().strip()
    steps = f"update {BRANCH} {commit} {parent or '0' * len(commit)}\ndelete {PENDING}\n"
    repository.git("update-ref", "-m", message.partition("\n")[0], "--stdin", data=steps.encode())
    return commit


def _stream(files: Mapping[str, bytes], gone: Iterable[str], parent: str, stamp: str) -> Iterator[bytes]:
    """What fast-import reads. The commit in it only carries the tree, whose id the last command asks for."""
    yield f"feature done\ncommit {PENDING}\nmark :1\ncommitter carrier <carrier@localhost> {stamp}\ndata 0\n".encode()
    if parent:
        yield f"from {parent}\n".encode()
    for path in gone:
        yield f"D {path}\n".encode()
    for path, content in sorted(files.items()):
        yield f"M 100644 inline {path}\ndata {len(content)}\n".encode()
        yield content
        yield b"\n"
    yield b'\nls :1 ""\ndone\n'
