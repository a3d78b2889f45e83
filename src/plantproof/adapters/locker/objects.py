# SPDX-License-Identifier: Apache-2.0
"""Reading git's objects in bulk through one ``git cat-file``, and trusting none of them.

git does not compare an object with its id when it reads one. This does, so that bytes changed in a pack or in a loose
file are found wherever they are read. It decides nothing about what the objects mean.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from plantproof.adapters.locker.repository import Repository
from plantproof.errors import SetupError

__all__ = ["Commit", "File", "Loaded", "Objects", "Trees", "parse_commit"]

_TIMEOUT: Final = 600
_BATCH: Final = 256
"""Names asked for at once: far less than a pipe holds, so neither side waits for the other."""
_HEADER_FIELDS: Final = 3
_DIRECTORY: Final = "40000"
_COMMIT: Final = re.compile(
    rb"tree (?P<tree>[0-9a-f]+)\n(?P<parents>(?:parent [0-9a-f]+\n)*)author [^\n]*\ncommitter [^\n]*\n"
    rb"(?P<more>(?:[^\n]+\n)*)\n(?P<message>.*)\Z",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What git had under a name."""

    name: str
    """As asked for: an object id, or ``COMMIT:path``."""
    kind: str
    """``blob``, ``tree`` or ``commit``; ``missing``; ``damaged`` if git cannot read it or it does not fit its id."""
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """The parts of a commit that matter here."""

    id: str
    tree: str
    parents: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An entry of a tree that is not a folder."""

    mode: str
    id: str


class Objects:
    """An open ``git cat-file --batch``; it is started again when a damaged object makes it give up."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def of(cls, repository: Repository) -> Iterator[Objects]:
        """Read a repository's objects until the block ends."""
        objects = cls(repository)
        try:
            yield objects
        finally:
            objects.close()

    def load(self, names: Iterable[str]) -> Iterator[Loaded]:
        """Yield what is stored under each name, in that order.

        Raises:
            SetupError: git is not installed.
        """
        waiting = iter(names)
        while batch := list(islice(waiting, _BATCH)):
            while batch:
                done = 0
                for loaded in self._batch(batch):
                    yield loaded
                    done += 1
                batch = batch[done:]

    def one(self, name: str) -> Loaded:
        """What is stored under one name."""
        (loaded,) = self.load([name])
        return loaded

    def close(self) -> None:
        """End the program."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _batch(self, names: list[str]) -> Iterator[Loaded]:
        """Answers to some of the names; it ends early after a damaged object, and is then called again."""
        process = self._process = self._process or self._start()
        watchdog = threading.Timer(_TIMEOUT, process.kill)
        watchdog.start()
        try:
            assert process.stdin is not None  # noqa: S101 - opened as a pipe
            try:
                process.stdin.write("".join(f"{name}\n" for name in names).encode())
                process.stdin.flush()
            except BrokenPipeError:
                pass  # it died of an earlier name; what it said before that can still be read
            for name in names:
                loaded = _answer(process, name)
                yield loaded or Loaded(name=name, kind="damaged")
                if loaded is None:
                    self.close()
                    return
        finally:
            watchdog.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        repository = self._repository
        try:
            return subprocess.Popen(
                repository.command(["cat-file", "--batch"]),
                cwd=repository.path,
                env=repository.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            hint = "Install git (Debian, Ubuntu: apt install git), and check that the locker's folder exists."
            raise SetupError("git cannot be run", code="environment.missing-program", hint=hint) from error


def _answer(process: subprocess.Popen[bytes], name: str) -> Loaded | None:
    """One object; None if git gave up on it."""
    assert process.stdout is not None  # noqa: S101 - opened as a pipe
    header = process.stdout.readline()
    fields = header.decode(errors="replace").split()
    if header.endswith(b" missing\n"):
        return Loaded(name=name, kind="missing")
    if len(fields) != _HEADER_FIELDS or not fields[2].isdigit():
        return None
    ident, kind, size = fields[0], fields[1], int(fields[2])
    data = process.stdout.read(size + 1)[:-1]
    if len(data) != size:
        return None
    if _object_id(kind, data, len(ident)) != ident:
        return Loaded(name=name, kind="damaged")
    return Loaded(name=name, kind=kind, data=data)


def _object_id(kind: str, data: bytes, length: int) -> str:
    """Git's own name for an object: SHA-1 (40 digits) or SHA-256 (64), by the repository's format."""
    digest = hashlib.sha1(usedforsecurity=False) if length == 40 else hashlib.sha256()  # noqa: PLR2004 - hex digits
    digest.update(f"{kind} {len(data)}\0".encode())
    digest.update(data)
    return digest.hexdigest()


def parse_commit(ident: str, data: bytes) -> Commit | None:
    """Read a commit object; None if it is not well-formed."""
    match = _COMMIT.match(data)
    if match is None:
        return None
    parents = tuple(match["parents"].decode().split()[1::2])
    message = match["message"].decode(errors="replace")
    return Commit(id=ident, tree=match["tree"].decode(), parents=parents, message=message)


class Trees:
    """All files of a commit by path. A folder that did not change since the commit before is not read again."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._before: dict[str, Mapping[str, File]] = {}
        self._now: dict[str, Mapping[str, File]] = {}

    def files(self, tree: str) -> tuple[Mapping[str, File], list[str]]:
        """Files by path, and the paths of folders that cannot be read (``""`` is the root)."""
        self._before, self._now = self._now, {}
        unread: list[str] = []
        return self._folder(tree, "", unread), unread

    def _folder(self, tree: str, prefix: str, unread: list[str]) -> Mapping[str, File]:
        """A folder's files by path within it."""
        known = self._now.get(tree) or self._before.get(tree)
        if known is not None:
            self._now[tree] = known
            return known
        loaded = self._objects.one(tree)
        entries = _entries(loaded.data, len(tree) // 2) if loaded.kind == "tree" else None
        if entries is None:
            unread.append(prefix)
            return {}
        found: dict[str, File] = {}
        for mode, name, ident in entries:
            if mode == _DIRECTORY:
                inner = self._folder(ident, f"{prefix}{name}/", unread)
                found.update({f"{name}/{path}": file for path, file in inner.items()})
            else:
                found[name] = File(mode=mode, id=ident)
        if not unread:
            self._now[tree] = found
        return found


def _entries(data: bytes, width: int) -> list[tuple[str, str, str]] | None:
    """Mode, name and id of each entry of a tree object; None if it is not well-formed."""
    entries = []
    position = 0
    while position < len(data):
        space = data.find(b" ", position)
        end = data.find(b"\0", position)
        if not 0 < space < end or end + width >= len(data) + 1:
            return None
        name = data[space + 1 : end].decode(errors="backslashreplace")
        entries.append((data[position:space].decode(errors="replace"), name, data[end + 1 : end + 1 + width].hex()))
        position = end + 1 + width
    return entries
