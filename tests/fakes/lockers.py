# SPDX-License-Identifier: Apache-2.0
"""Real lockers for tests, and runs in child processes that stop at a chosen step so that they can be killed there."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from fakes.evidence import DAYS, make_item
from plantproof.adapters.locker import GitLocker
from plantproof.adapters.signing import Signer, load_signer
from plantproof.core.evidence import EvidenceItem
from plantproof.ports.locker import CommittedRun

_TIMEOUT = 60
_CHILD = """
import sys
from pathlib import Path
from fakes.evidence import make_item
from fakes.lockers import add_run, make_locker
add_run(make_locker(Path(sys.argv[1])), 1, [make_item("z/a/k.txt", b"killed", 1), make_item("z/b/k.txt", b"new", 1)])
"""


def make_signer(root: Path) -> Signer:
    return load_signer(root / "keys" / "k", root / "allowed_signers", name="Test", email="test@example.org")


def make_locker(root: Path, *, bare: bool = False) -> GitLocker:
    signer = make_signer(root)
    return GitLocker.create(root / "evidence", signer=signer, receipt=root / "seen.json", tool="test 1", bare=bare)


def add_run(locker: GitLocker, day: int, items: list[EvidenceItem] | None = None) -> CommittedRun:
    brought = [make_item("z/a/k.txt", f"day {day}\n".encode(), day)] if items is None else items
    return locker.commit_run(brought, run=f"run-{day}", started=DAYS[day], finished=DAYS[day], not_collected=[])


class StoppedRun:
    """A child process that commits a run and stops where a program of its is called.

    Args:
        root: Where the locker is; see :func:`make_locker`.
        program: ``git`` or ``ssh-keygen``.
        word: An argument by which the call is known.
        script: Shell commands instead of the call; ``STOP`` is where it stops, ``REAL`` the program itself.
    """

    def __init__(self, root: Path, program: str, word: str, script: str) -> None:
        self._fifo = root / "stopped"
        os.mkfifo(self._fifo)
        folder = root / "bin"
        folder.mkdir()
        real = shutil.which(program)
        body = script.replace("REAL", str(real)).replace("STOP", f"echo $$ > {self._fifo}; exec sleep 600")
        shim = folder / program
        shim.write_text(f'#!/bin/sh\ncase " $* " in *" {word} "*)\n{body}\n;; esac\nexec {real} "$@"\n')
        shim.chmod(0o755)
        environment = os.environ | {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(root)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._stopped = self._wait()

    def _wait(self) -> int:
        """Process group of the program that stopped."""
        handle = os.open(self._fifo, os.O_RDONLY | os.O_NONBLOCK)
        try:
            ready, _, _ = select.select([handle], [], [], _TIMEOUT)
            text = os.read(handle, 32) if ready else b""
        finally:
            os.close(handle)
        if not text:
            self.process.kill()
            raise AssertionError(self.process.communicate()[0].decode())
        return os.getpgid(int(text))

    def end(self, how: signal.Signals) -> int:
        """End the run by a signal and return its exit status; the stopped program lives on."""
        self.process.send_signal(how)
        self.process.communicate(timeout=_TIMEOUT)
        return self.process.returncode

    def end_program(self) -> None:
        """End the program that stopped, if it still lives."""
        try:
            os.killpg(self._stopped, signal.SIGKILL)
        except ProcessLookupError:
            return
