# SPDX-License-Identifier: Apache-2.0
"""A small workspace on disk, and the command line run over it as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from plantproof.adapters.workspace.init import init_workspace

_ZONES = """\
zones:
  - id: cell
    title: Cell
    purdue: 1
    sl-t: 1
    concurrency: 4
    windows: [{windows}]
"""


def make_workspace(
    root: Path, hosts: Mapping[str, Mapping[str, object]], *, windows: str = "", collectors: Sequence[str] = ("linux_host",)
) -> Path:  # fmt: skip
    init_workspace(root, name="Test works")
    (root / "plant" / "zones.yml").write_text(_ZONES.format(windows=windows), encoding="utf-8")
    shared = {"plantproof_zone": "cell", "plantproof_collectors": list(collectors)}
    inventory = {"all": {"vars": shared, "hosts": hosts}}
    (root / "inventory.yml").write_text(json.dumps(inventory), encoding="utf-8")
    return root


def command(root: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "plantproof.cli", "-C", str(root), *arguments]


def plantproof(root: Path, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(root, *arguments),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **environment},
    )


def start(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """In a session of its own, so that a signal reaches it and nobody else."""
    return subprocess.Popen(
        command(root, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def processes_naming(text: str) -> list[str]:
    """Command lines of living processes that name something."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if text in line:
                found.append(line)
    return found
