# SPDX-License-Identifier: Apache-2.0
"""Calling git so that nothing but the repository and the arguments decides what happens.

The user's configuration, hooks, replaced objects and the repository's own idea of a signing program are all shut out: a
tampered ``.git/config`` must not be able to make a bad signature good.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from plantproof.errors import IntegrityError, Location, SetupError

__all__ = ["BRANCH", "Repository"]

BRANCH: Final = "refs/heads/main"
_TIMEOUT: Final = 600


class Repository:
    """One git repository."""

    def __init__(self, path: Path, allowed_signers: Path) -> None:
        self.path = path
        self._allowed = allowed_signers.resolve()

    @property
    def exists(self) -> bool:
        """Whether the folder is a repository already."""
        return (self.path / ".git").is_dir()

    def create(self) -> None:
        """Make an empty repository with the branch main."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main", "--template=", ".")

    def git(self, *arguments: str, data: bytes | None = None, date: str = "", also: Iterable[str] = ()) -> bytes:
        """Run git and return what it printed.

        Args:
            arguments: The git command.
            data: What it reads.
            date: Author and committer date, as text.
            also: Further settings, ``name=value``.

        Raises:
            IntegrityError: git failed; the message holds its last words.
            SetupError: git is not installed.
        """
        done = self.run(*arguments, data=data, date=date, also=also)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            message = f"git {arguments[0]} failed: {said[-1] if said else f'exit {done.returncode}'}"
            hint = "Run `plantproof evidence verify`; keep a copy of the folder before you repair anything."
            where = Location(file=str(self.path))
            raise IntegrityError(message, code="integrity.locker", hint=hint, where=where)
        return done.stdout

    def run(
        self, *arguments: str, data: bytes | None = None, date: str = "", also: Iterable[str] = ()
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git whatever its exit status; see :meth:`git`."""
        settings = [
            "core.fsync=committed",
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "core.quotePath=false",
            "core.autocrlf=false",
            "gc.auto=0",
            "fastimport.unpackLimit=1",
            "gpg.format=ssh",
            "gpg.ssh.program=ssh-keygen",
            "gpg.ssh.revocationFile=/dev/null",
            f"gpg.ssh.allowedSignersFile={self._allowed}",
            f"safe.directory={self.path.resolve()}",
            *also,
        ]
        command = ["git", *(part for setting in settings for part in ("-c", setting)), *arguments]
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": os.devnull,
            "LC_ALL": "C",
            "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CEILING_DIRECTORIES": str(self.path.resolve().parent),
        }
        if date:
            environment |= {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        try:
            return subprocess.run(
                command,
                cwd=self.path,
                env=environment,
                input=data if data is not None else b"",
                capture_output=True,
                timeout=_TIMEOUT,
                check=False,
            )
        except FileNotFoundError as error:
            hint = "Install git (Debian, Ubuntu: apt install git), and check that the locker's folder exists."
            raise SetupError("git cannot be run", code="environment.missing-program", hint=hint) from error

    def head(self) -> str:
        """Commit id of the branch; empty if it has none."""
        if not self.exists:
            return ""
        done = self.run("rev-parse", "--verify", "--quiet", BRANCH)
        return done.stdout.decode().strip()

    def blobs(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Yield each named object (``COMMIT:path`` or an id) with its content, None if it is missing or no blob."""
        wanted = list(names)
        if not wanted:
            return
        output = self.git("cat-file", "--batch", data="".join(f"{name}\n" for name in wanted).encode())
        position = 0
        for name in wanted:
            end = output.index(b"\n", position)
            fields = output[position:end].rsplit(b" ", 2)
            position = end + 1
            if len(fields) != 3 or not fields[2].isdigit():  # noqa: PLR2004 - git's header: id, type, size
                yield name, None
                continue
            size = int(fields[2])
            yield name, output[position : position + size] if fields[1] == b"blob" else None
            position += size + 1

    def tree(self, commit: str) -> dict[str, tuple[str, str]]:
        """Every file of a commit by path: its mode and blob id."""
        found = {}
        for line in self.git("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            if line:
                meta, _, path = line.partition(b"\t")
                mode, _, ident = meta.decode().split(" ")
                found[path.decode(errors="surrogateescape")] = (mode, ident)
        return found
