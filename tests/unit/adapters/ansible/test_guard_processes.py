# SPDX-License-Identifier: Apache-2.0
"""The guard as a program: whatever happens to a run, no process of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fakes.measured import measuring
from plantproof.adapters.ansible import guard

# A grandchild in a session of its own, as Ansible's workers are; both write their ids.
_TREE = """
import os, subprocess, sys, time
inner = "import os, sys, time; open(sys.argv[1] + '/inner', 'w').write(str(os.getpid())); time.sleep(600)"
subprocess.Popen([sys.executable, '-c', inner, sys.argv[1]], start_new_session=True)
open(sys.argv[1] + '/outer', 'w').write(str(os.getpid()))
time.sleep(600)
"""
_PARENT = """
import os, subprocess, sys, time
subprocess.Popen(sys.argv[1:])
time.sleep(600)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


class Rig:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "run"
        self.notes = folder / "notes"
        self.folder.mkdir()
        self.notes.mkdir()
        (self.folder / guard.MARK).touch()
        self.started: list[subprocess.Popen[bytes]] = []

    def arguments(self, *command: str, seconds: float = 60) -> list[str]:
        # A run isolates it (-I -S); here it may be measured.
        isolated = [] if measuring() else ["-I", "-S"]
        return [sys.executable, *isolated, guard.__file__, str(self.folder), str(seconds), *command]

    def tree(self) -> tuple[str, ...]:
        return (sys.executable, "-c", _TREE, str(self.notes))

    def start(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, env=os.environ | measuring())
        self.started.append(child)
        return child

    def pids(self) -> list[int]:
        notes = [self.notes / "inner", self.notes / "outer"]
        until(lambda: all(note.is_file() and note.read_text(encoding="utf-8") for note in notes))
        return [int(note.read_text(encoding="utf-8")) for note in notes]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    for child in made.started:
        if child.poll() is None:
            child.kill()
        child.wait(10)


def test_it_ends_as_its_command_ends(rig: Rig) -> None:
    assert rig.start(rig.arguments(sys.executable, "-c", "raise SystemExit(7)")).wait(30) == 7
    assert rig.folder.is_dir()


def test_what_a_command_leaves_behind_ends_with_it(rig: Rig) -> None:
    leaving = _TREE.replace("time.sleep(600)\n", "\n").replace(
        "\n\n", "\nwhile not os.path.exists(sys.argv[1] + '/inner'): time.sleep(0.01)\n"
    )
    child = rig.start(rig.arguments(sys.executable, "-c", leaving, str(rig.notes)))
    inner, _ = rig.pids()
    assert child.wait(30) == 0
    assert not alive(inner)


def _told(number: int) -> Callable[[Rig, subprocess.Popen[bytes]], None]:
    return lambda _, child: child.send_signal(number)


def _mark_taken(rig: Rig, _: subprocess.Popen[bytes]) -> None:
    (rig.folder / guard.MARK).unlink()


@pytest.mark.parametrize(
    "end",
    [_mark_taken, _told(signal.SIGTERM), _told(signal.SIGINT), _told(signal.SIGHUP)],
    ids=["mark", "term", "int", "hup"],
)
def test_every_process_ends_when_the_guard_is_to_end(
    rig: Rig, end: Callable[[Rig, subprocess.Popen[bytes]], None]
) -> None:
    child = rig.start(rig.arguments(*rig.tree()))
    pids = rig.pids()
    end(rig, child)
    assert child.wait(30) == guard.CUT_OFF
    assert not any(map(alive, pids))
    assert rig.folder.is_dir()


def test_every_process_ends_when_time_is_up(rig: Rig) -> None:
    child = rig.start(rig.arguments(*rig.tree(), seconds=3))
    pids = rig.pids()
    assert child.wait(30) == guard.CUT_OFF
    assert not any(map(alive, pids))


def test_without_its_mark_nothing_begins(rig: Rig) -> None:
    (rig.folder / guard.MARK).unlink()
    assert rig.start(rig.arguments(*rig.tree())).wait(30) == guard.CUT_OFF
    assert list(rig.notes.iterdir()) == []


def test_when_its_starter_is_killed_it_ends_everything_and_clears_up(rig: Rig) -> None:
    parent = rig.start([sys.executable, "-c", _PARENT, *rig.arguments(*rig.tree())])
    pids = rig.pids()
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait(10)
    until(lambda: not any(map(alive, pids)))
    until(lambda: not rig.folder.exists())
