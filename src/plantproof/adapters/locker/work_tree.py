# SPDX-License-Identifier: Apache-2.0
"""The files beside the repository, for people who look at them. Nothing is ever read from there.

Files that somebody edited are left as they are: the locker is whole without them.
"""

from __future__ import annotations

import logging
import re
from typing import Final

from plantproof.adapters.locker.repository import Repository

__all__ = ["show_files"]

_log = logging.getLogger(__name__)
_SHOWN: Final = "plantproof-shown"
"""Holds the commit that the work tree was last brought to: it may lie behind, if it was edited then."""
_PROGRAMS: Final = re.compile(r"^\s*\[\s*(filter|include)|^\s*worktreeConfig", re.IGNORECASE | re.MULTILINE)
"""Settings by which checking out a file would run a program, or read settings from elsewhere."""
_HINT: Final = "the locker itself is complete; `git -C %s checkout -f main` shows it"


def show_files(repository: Repository, old: str, new: str) -> None:
    """Bring the work tree from one commit to another; say so in the log if it is left alone."""
    if not repository.has_work_tree:
        return
    config, shown = repository.git_dir / "config", repository.git_dir / _SHOWN
    if config.is_file() and _PROGRAMS.search(config.read_text(encoding="utf-8", errors="replace")):
        _log.warning("the locker's files are not shown: its git configuration names filters; " + _HINT, repository.path)
        return
    before = shown.read_text(encoding="ascii", errors="replace").strip() if shown.is_file() else old
    refreshed = repository.run("update-index", "--refresh") if before else None
    if refreshed and refreshed.returncode:
        _log.warning("files in the locker's folder were edited and are left as they are; " + _HINT, repository.path)
        return
    done = repository.run("read-tree", "-m", "-u", *((before,) if before else ()), new)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        _log.warning("the locker's files are not shown: %s; " + _HINT, said, repository.path)
        return
    shown.write_text(new, encoding="ascii")
