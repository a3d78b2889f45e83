# SPDX-License-Identifier: Apache-2.0
"""Whoever is killed while writing leaves the locker as it was, or with the whole run in it."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from fakes.lockers import StoppedRun, add_run, make_locker
from plantproof.adapters.locker import locking
from plantproof.errors import IntegrityError, SetupError

BEFORE = {
    "before fast-import": ("git", "fast-import", "STOP"),
    "within fast-import": ("git", "fast-import", 'head -c 300 | REAL "$@"; STOP'),
    "after fast-import": ("git", "fast-import", 'REAL "$@"; STOP'),
    "before the signature": ("ssh-keygen", "sign", "STOP"),
    "after the signature": ("git", "commit-tree", 'REAL "$@"; STOP'),
    "before the branch moves": ("git", "update-ref", "STOP"),
    "with the branch locked": ("git", "update-ref", ": > .git/refs/heads/main.lock; STOP"),
}
AFTER = {
    "after the branch moved": ("git", "update-ref", 'REAL "$@"; STOP'),
    "before the files are shown": ("git", "read-tree", "STOP"),
}


def check_sound(root: Path) -> None:
    """The locker is sound, takes the next run, and nothing of the dead one is left."""
    locker = make_locker(root)
    assert list(locker.verify()) == []
    done = add_run(locker, 2)
    assert locker.head() == done.commit
    assert list(locker.verify()) == []
    git_dir = root / "evidence" / ".git"
    assert [path.name for path in git_dir.rglob("*.lock") if path.name != locking.LOCK] == []
    assert not (git_dir / locking.PENDING).exists()
    assert (git_dir / locking.LOCK).read_text() == ""
    assert (root / "evidence/z/a/k.txt").read_text() == "day 2\n"


@pytest.mark.parametrize("where", BEFORE)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_before_the_branch_moved(tmp_path: Path, where: str, how: signal.Signals) -> None:
    locker = make_locker(tmp_path)
    first = add_run(locker, 0).commit
    run = StoppedRun(tmp_path, *BEFORE[where])
    assert run.end(how) != 0
    run.end_program()
    assert locker.head() == first
    assert locker.items()["z/a/k.txt"].item.content == b"day 0\n"
    assert (tmp_path / "evidence/z/a/k.txt").read_text() == "day 0\n"
    check_sound(tmp_path)


@pytest.mark.parametrize("where", AFTER)
def test_killed_after_the_branch_moved(tmp_path: Path, where: str) -> None:
    locker = make_locker(tmp_path)
    first = add_run(locker, 0).commit
    run = StoppedRun(tmp_path, *AFTER[where])
    run.end(signal.SIGKILL)
    run.end_program()
    assert [entry.run for entry in locker.log()] == ["run-1", "run-0"]
    assert locker.log()[1].commit == first
    assert locker.items()["z/a/k.txt"].item.content == b"killed"
    check_sound(tmp_path)


def test_killed_in_the_very_first_run(tmp_path: Path) -> None:
    run = StoppedRun(tmp_path, "git", "update-ref", "STOP")
    run.end(signal.SIGKILL)
    run.end_program()
    assert make_locker(tmp_path).head() == ""
    check_sound(tmp_path)


def test_two_runs_at_once(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    run = StoppedRun(tmp_path, "git", "commit-tree", "STOP")
    with pytest.raises(IntegrityError, match=f"another run is writing .*process {run.process.pid}"):
        add_run(locker, 2)
    assert locker.items()["z/a/k.txt"].item.content == b"day 0\n"
    run.end(signal.SIGKILL)
    run.end_program()
    check_sound(tmp_path)


def test_a_dead_runs_program_still_holds_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    run = StoppedRun(tmp_path, "git", "update-ref", "STOP")
    run.end(signal.SIGKILL)
    with monkeypatch.context() as patch:
        patch.setattr(locking, "_PATIENCE", 0.05)
        with pytest.raises(IntegrityError, match="another run is writing"):
            add_run(locker, 2)
    # With patience, the next run starts as soon as the program is gone.
    waiting = threading.Timer(0.1, run.end_program)
    waiting.start()
    add_run(locker, 2)
    waiting.join()
    check_sound(tmp_path)


def test_lock_with_nonsense_in_it_is_taken(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    for text in ("not a number\n", "99999999999999999999\n", "\xff\xfe"):
        (tmp_path / "evidence/.git" / locking.LOCK).write_text(text, encoding="latin-1")
        add_run(locker, 1)
    assert list(locker.verify()) == []


def test_lock_that_cannot_be_made(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    (tmp_path / "evidence/.git" / locking.LOCK).mkdir()
    with pytest.raises(SetupError, match="cannot be written"):
        add_run(locker, 0)


def test_process_ids_that_live_and_that_do_not(tmp_path: Path) -> None:
    assert locking._lives(1)
    assert locking._lives(2**70)
    assert not locking._lives(0)
