# SPDX-License-Identifier: Apache-2.0
"""The files beside the repository follow it, unless somebody edited them."""

from __future__ import annotations

import logging
import subprocess
from pathlib import Path

import pytest

from fakes.evidence import make_item
from fakes.lockers import add_run, make_locker


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root / "evidence", check=True, capture_output=True, text=True)
    return done.stdout


def test_files_follow_each_run(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    add_run(locker, 1)
    assert (tmp_path / "evidence/z/a/k.txt").read_text() == "day 1\n"
    assert (tmp_path / "evidence/manifest.json").is_file()
    assert git(tmp_path, "status", "--porcelain") == ""


def test_a_replaced_medium_disappears(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    add_run(locker, 1, [make_item("z/a/k.json", b"{}", 1)])
    assert sorted(path.name for path in (tmp_path / "evidence/z/a").iterdir()) == ["k.envelope.json", "k.json"]


def test_edited_files_are_left_and_followed_again_when_they_are_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    edited = tmp_path / "evidence/z/a/k.txt"
    edited.write_text("mine\n")
    for day in (1, 2):
        with caplog.at_level(logging.WARNING):
            add_run(locker, day)
        assert edited.read_text() == "mine\n"
        assert "were edited and are left as they are" in caplog.text
        caplog.clear()
    assert locker.items()["z/a/k.txt"].item.content == b"day 2\n"
    assert list(locker.verify()) == []
    edited.write_text("day 0\n")
    add_run(locker, 3)
    assert edited.read_text() == "day 3\n"
    assert caplog.text == ""
    assert git(tmp_path, "status", "--porcelain") == ""


def test_a_file_in_the_way_is_not_overwritten(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    (tmp_path / "evidence/z/b").mkdir()
    (tmp_path / "evidence/z/b/k.txt").write_text("mine\n")
    add_run(locker, 1, [make_item("z/b/k.txt", b"collected", 1)])
    assert (tmp_path / "evidence/z/b/k.txt").read_text() == "mine\n"
    assert "the locker's files are not shown" in caplog.text


@pytest.mark.parametrize("setting", ["filter.x.smudge", "include.path"])
def test_no_program_named_by_the_repository_is_started(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, setting: str
) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    mark = tmp_path / "started"
    git(tmp_path, "config", setting, f"touch {mark}; cat")
    (tmp_path / "evidence/.git/info").mkdir(exist_ok=True)
    (tmp_path / "evidence/.git/info/attributes").write_text("* filter=x\n")
    add_run(locker, 1)
    assert not mark.exists()
    assert "names filters" in caplog.text
    assert locker.items()["z/a/k.txt"].item.content == b"day 1\n"


def test_no_hook_is_started(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    hooks = tmp_path / "evidence/.git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("reference-transaction", "post-index-change", "post-checkout"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
        (hooks / name).chmod(0o755)
    add_run(locker, 1)
    assert not (tmp_path / "started").exists()


def test_another_work_tree_in_the_configuration_is_not_touched(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    other = tmp_path / "other"
    other.mkdir()
    git(tmp_path, "config", "core.worktree", str(other))
    add_run(locker, 1)
    assert list(other.iterdir()) == []


def test_a_bare_locker_has_no_files(tmp_path: Path) -> None:
    locker = make_locker(tmp_path, bare=True)
    add_run(locker, 0)
    assert not (tmp_path / "evidence/z").exists()
    assert list(locker.verify()) == []
