# SPDX-License-Identifier: Apache-2.0
"""Runs one command and sees that nothing of it outlives the run. A program of its own: standard library only.

``python guard.py FOLDER SECONDS COMMAND...`` ends the command with everything that it started (Ansible's workers and
their ssh processes live in sessions of their own) when the command ends, when its time is up, when FOLDER's mark is
taken away, when it is told to end, or when the process that started it is no more. In the last case it also removes
FOLDER, because nobody else will: text that still holds secrets may lie there.

The mark is a file that stays locked while the guard lives, so that who takes it away can wait for the end.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

__all__ = ["CUT_OFF", "MARK", "main"]

MARK: Final = "running"
CUT_OFF: Final = 124
"""Exit status when the command did not end by itself."""

_BEAT: Final = 0.1
_GRACE: Final = 5.0
_PR_SET_CHILD_SUBREAPER: Final = 36


class _Told(BaseException):
    """A signal asked us to end."""


def main(arguments: list[str]) -> int:
    """Guard the command; returns its exit status, or :data:`CUT_OFF`."""
    folder, seconds, command = Path(arguments[0]), float(arguments[1]), arguments[2:]
    parent = os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _tell)
    try:
        with (folder / MARK).open("rb") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return _run(folder, seconds, command, parent)
    except (OSError, _Told):
        return CUT_OFF  # ended before it began


def _tell(_number: int, _frame: FrameType | None) -> None:
    raise _Told


def _run(folder: Path, seconds: float, command: list[str], parent: int) -> int:
    _adopt_orphans()
    until = time.monotonic() + seconds
    # A session of its own: no terminal, so that ssh cannot ask anybody anything.
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        while child.poll() is None:
            if os.getppid() != parent or not (folder / MARK).exists() or time.monotonic() > until:
                return CUT_OFF
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_BEAT)
    except _Told:
        return CUT_OFF
    else:
        return child.returncode
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _end_all(child)
        if os.getppid() != parent:
            shutil.rmtree(folder, ignore_errors=True)


def _adopt_orphans() -> None:
    """Become the parent of orphaned descendants, so that none of them gets out of sight (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_all(child: subprocess.Popen[bytes]) -> None:
    """End every descendant, whatever its session; those that are adopted meanwhile as well."""
    until = time.monotonic() + _GRACE
    while time.monotonic() < until:
        left = _descendants(os.getpid())
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        child.poll()
        _reap()
        time.sleep(0.01)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _descendants(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # The name between the parentheses may hold anything; what follows it is state and parent.
                after = (Path(entry.path) / "stat").read_text(errors="replace").rpartition(")")[2].split()
                parents[int(entry.name)] = int(after[1])
    found, frontier = [], {root}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier}
        found += sorted(frontier)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
