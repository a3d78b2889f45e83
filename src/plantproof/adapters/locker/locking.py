# SPDX-License-Identifier: Apache-2.0
"""One writer at a time, and a clean start after one that died.

The kernel holds the lock, so it ends with its holder; the programs that the holder started keep it too, so that
nobody writes beside the last breath of a killed run.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from plantproof.adapters.locker.repository import BRANCH, Repository
from plantproof.errors import IntegrityError, Location, SetupError

__all__ = ["LOCK", "PENDING", "exclusive"]

LOCK = "plantproof.lock"
PENDING = "refs/plantproof/pending"
"""Where fast-import leaves a run's tree until its commit is signed."""
_PATIENCE = 10.0
"""Seconds that the programs of a killed run are given to end."""
_PAUSE = 0.02


@contextmanager
def exclusive(repository: Repository) -> Iterator[None]:
    """Hold the locker for one writer.

    Raises:
        IntegrityError: somebody else is writing.
        SetupError: the locker's folder cannot be written.
    """
    path = repository.git_dir / LOCK
    try:
        file = path.open("a+", encoding="ascii", errors="replace")
    except OSError as error:
        where = Location(file=str(path))
        message = f"the locker cannot be written: {error.strerror or error}"
        raise SetupError(message, code="environment.file", hint="Check the permissions.", where=where) from error
    with file:
        _take(file, repository)
        if _holder(file):
            _clean(repository)
        _write(file, str(os.getpid()))
        repository.held = (file.fileno(),)
        try:
            yield
            # Not after an error: what the run left behind is for the next one to clean.
            _write(file, "")
        finally:
            repository.held = ()


def _take(file: TextIO, repository: Repository) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(file)
            if not _lives(holder) and time.monotonic() < end:
                time.sleep(_PAUSE)
                continue
            where = Location(file=str(repository.path))
            message = f"another run is writing to the locker (process {holder or 'unknown'})"
            hint = "Wait until it is done; the lock ends with its process."
            raise IntegrityError(message, code="integrity.locker", hint=hint, where=where) from None
        else:
            return


def _holder(file: TextIO) -> int:
    """Process that wrote itself into the lock and did not end well, or still runs; 0 if there is none."""
    file.seek(0)
    text = file.read().strip()
    return int(text) if text.isascii() and text.isdigit() else 0


def _lives(process: int) -> bool:
    if not process:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def _write(file: TextIO, text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def _clean(repository: Repository) -> None:
    """Remove what a run that was killed may have left; nobody else writes here, for we hold the lock."""
    for name in (f"{BRANCH}.lock", f"{PENDING}.lock", "packed-refs.lock"):
        (repository.git_dir / name).unlink(missing_ok=True)
    for left in (repository.git_dir / "objects").glob("pack/tmp_*"):
        left.unlink(missing_ok=True)
    repository.run("update-ref", "-d", PENDING)
