# SPDX-License-Identifier: Apache-2.0
"""Calling git so that nothing but the repository's objects and the arguments decides what happens.

The user's configuration, hooks, replaced objects, grafts and the repository's own idea of a signing program are all
shut out: a tampered ``.git/config`` must not be able to make a bad signature good, nor to have a program run.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from plantproof.errors import IntegrityError, Location, SetupError

__all__ = ["BRANCH", "Repository"]

BRANCH: Final = "refs/heads/main"
_TIMEOUT: Final = 600
_WORKERS: Final = 4
"""git asks ssh-keygen about one signature at a time; several gits use several cores."""
_PASSED_ON: Final = ("PATH", "TMPDIR", "SSH_AUTH_SOCK")
_SETTINGS: Final = (
    "core.fsync=committed,reference",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "core.autocrlf=false",
    "core.eol=lf",
    "gc.auto=0",
    "maintenance.auto=false",
    "fastimport.unpackLimit=1",
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
    "log.mailmap=false",
    "gpg.format=ssh",
    "gpg.program=false",
    "gpg.openpgp.program=false",
    "gpg.x509.program=false",
    "gpg.ssh.program=ssh-keygen",
    "gpg.ssh.revocationFile=/dev/null",
)
_HINT: Final = "Run `plantproof evidence verify`; keep a copy of the folder before you repair anything."


class Repository:
    """One git repository, with a work tree or bare."""

    def __init__(self, path: Path, allowed_signers: Path) -> None:
        self.path = path.absolute()
        self._allowed = allowed_signers.absolute()
        self.held: tuple[int, ...] = ()
        """File descriptors that programs started from here keep open: the lock of whoever writes."""

    @property
    def git_dir(self) -> Path:
        """Where the objects and refs are."""
        inner = self.path / ".git"
        return inner if inner.is_dir() or not (self.path / "objects").is_dir() else self.path

    @property
    def has_work_tree(self) -> bool:
        """Whether files lie beside the repository for people to look at."""
        return self.git_dir != self.path

    @property
    def exists(self) -> bool:
        """Whether the folder is a repository already."""
        return (self.git_dir / "objects").is_dir()

    def create(self, *, bare: bool = False) -> None:
        """Make an empty repository with the branch main.

        Raises:
            SetupError: the folder cannot be made, or git is not installed.
            IntegrityError: git failed.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            where = Location(file=str(self.path))
            message = f"the locker's folder cannot be made: {error.strerror or error}"
            raise SetupError(message, code="environment.file", where=where) from error
        place = self.path if bare else self.path / ".git"
        kind = ("--bare",) if bare else ()
        self._checked(("init", "--quiet", "--initial-branch=main", "--template=", *kind), git_dir=place)

    def git(self, *arguments: str, data: bytes = b"", date: str = "", also: Iterable[str] = ()) -> bytes:
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
        return self._checked(arguments, data=data, date=date, also=also)

    def _checked(
        self,
        arguments: Sequence[str],
        *,
        data: bytes = b"",
        date: str = "",
        also: Iterable[str] = (),
        git_dir: Path | None = None,
    ) -> bytes:
        done = self.run(*arguments, data=data, date=date, also=also, git_dir=git_dir)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            message = f"git {arguments[0]} failed: {said[-1] if said else f'exit {done.returncode}'}"
            raise IntegrityError(message, code="integrity.locker", hint=_HINT, where=Location(file=str(self.path)))
        return done.stdout

    def run(
        self,
        *arguments: str,
        data: bytes = b"",
        date: str = "",
        also: Iterable[str] = (),
        git_dir: Path | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git whatever its exit status; see :meth:`git`.

        In a session of its own: Ctrl-C reaches us and not git, and no program can ask the terminal for a passphrase.
        """
        try:
            return subprocess.run(
                self.command(arguments, also),
                cwd=self.path,
                env=self.environment(date, git_dir),
                input=data,
                capture_output=True,
                timeout=_TIMEOUT,
                check=False,
                start_new_session=True,
                pass_fds=self.held,
            )
        except FileNotFoundError as error:
            hint = "Install git (Debian, Ubuntu: apt install git), and check that the locker's folder exists."
            raise SetupError("git cannot be run", code="environment.missing-program", hint=hint) from error
        except subprocess.TimeoutExpired as error:
            where = Location(file=str(self.path))
            message = f"git {arguments[0]} did not end within {_TIMEOUT} seconds"
            raise IntegrityError(message, code="integrity.locker", hint=_HINT, where=where) from error

    def command(self, arguments: Iterable[str], also: Iterable[str] = ()) -> list[str]:
        """The command line with all settings that must not depend on anybody's configuration."""
        settings = (*_SETTINGS, f"gpg.ssh.allowedSignersFile={self._allowed}", *also)
        return ["git", *(part for setting in settings for part in ("-c", setting)), *arguments]

    def environment(self, date: str = "", git_dir: Path | None = None) -> dict[str, str]:
        """The whole environment of git and of what git starts."""
        place = git_dir or self.git_dir
        known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment = known | {
            "HOME": os.devnull,
            "LC_ALL": "C",
            "TZ": "UTC",
            "GIT_DIR": str(place),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_GRAFT_FILE": f"{os.devnull}/none",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }
        if place != self.path:
            environment["GIT_WORK_TREE"] = str(self.path)
        if date:
            environment |= {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        return environment

    def head(self) -> str:
        """Commit id of the branch; empty if it has none.

        Raises:
            IntegrityError: there is a branch, and git cannot read where it points.
        """
        if not self.exists:
            return ""
        done = self.run("rev-parse", "--verify", "--quiet", BRANCH)
        if done.returncode and (self.git_dir / BRANCH).exists():
            where = Location(file=str(self.git_dir / BRANCH))
            message = "the branch does not say which commit is its tip"
            raise IntegrityError(message, code="integrity.locker", hint=_HINT, where=where)
        return done.stdout.decode(errors="replace").strip()

    def signatures(self, commits: Sequence[str]) -> dict[str, str]:
        """Letter of ``%G?`` for each commit; one that git does not judge is absent."""
        size = -(-len(commits) // min(_WORKERS, os.cpu_count() or 1)) or 1
        parts = [commits[start : start + size] for start in range(0, len(commits), size)]
        with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
            lines = [line for output in pool.map(self._letters, parts) for line in output.split("\n") if line]
        return {commit: letter for commit, _, letter in (line.partition(" ") for line in lines)}

    def _letters(self, commits: Sequence[str]) -> str:
        names = "".join(f"{commit}\n" for commit in commits).encode()
        return self.run("log", "--no-walk=unsorted", "--stdin", "--format=%H %G?", data=names).stdout.decode()
