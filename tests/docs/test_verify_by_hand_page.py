# SPDX-License-Identifier: Apache-2.0
"""The commands of the page "Verify by hand", run as they stand: they pass on a sound locker and fail on a tampered one."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fakes.evidence import make_item
from fakes.lockers import add_run, make_locker, make_signer
from plantproof.adapters.signing import create_key_pair

PAGE = Path(__file__).parents[2] / "site/pages/how-to/verify-by-hand.md"


def commands() -> str:
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 7
    return "\n".join(blocks)


def git(folder: Path, *arguments: str, key: Path | None = None) -> str:
    settings = ["-c", "user.name=x", "-c", "user.email=test@example.org", "-c", "gpg.format=ssh"]
    if key:
        settings += ["-c", f"user.signingKey={key}", "-c", "commit.gpgSign=true"]
    done = subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    locker = make_locker(tmp_path / "plant")
    add_run(locker, 0, [])
    for day in range(1, 4):
        add_run(locker, day, [make_item("z/a/linux.sshd.txt", b"%d\n" % day, day), make_item("Zone ü/b/k.json", b"{}")])
    return tmp_path / "plant"


def verify(plant: Path) -> tuple[int, str]:
    """Run the page on a clone, as an auditor would."""
    visit = plant.parent / "visit"
    subprocess.run(["rm", "-rf", str(visit)], check=True)
    visit.mkdir()
    (visit / "allowed_signers").write_bytes((plant / "allowed_signers").read_bytes())
    seen = plant / "tip-last-time"
    if seen.exists():
        (visit / "tip-last-time").write_bytes(seen.read_bytes())
    # The folder itself, not a clone: a clone would refuse some of the damage already.
    subprocess.run(["cp", "-r", str(plant / "evidence"), str(visit / "evidence")], check=True)
    environment = {"PATH": os.environ["PATH"], "HOME": str(visit)}
    done = subprocess.run(
        ["sh", "-e", "-c", commands()],
        cwd=visit / "evidence",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_sound_locker_passes(plant: Path) -> None:
    status, said = verify(plant)
    assert status == 0, said
    assert said.count("\nG ") + said.startswith("G ") == 4
    assert "Every run holds what it promises." in said


def amend(edit: Callable[[Path], object]) -> Callable[[Path], None]:
    """Change files and sign the result with the right key."""

    def harm(plant: Path) -> None:
        edit(plant / "evidence")
        git(plant / "evidence", "add", "--all")
        git(plant / "evidence", "commit", "--quiet", "--amend", "--no-edit", key=make_signer(plant).key)

    return harm


def unsigned(plant: Path) -> None:
    git(plant / "evidence", "commit", "--quiet", "--amend", "--no-edit")


def by_a_stranger(plant: Path) -> None:
    create_key_pair(plant / "stranger")
    git(plant / "evidence", "commit", "--quiet", "--amend", "--no-edit", key=plant / "stranger")


def dropped_run(plant: Path) -> None:
    folder, key = plant / "evidence", make_signer(plant).key
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    git(
        folder,
        "update-ref",
        "refs/heads/main",
        git(folder, "commit-tree", "-S", "-p", "HEAD~2", "-m", "x", tree, key=key),
    )


def rewritten(plant: Path) -> None:
    (plant / "tip-last-time").write_text(git(plant / "evidence", "rev-parse", "main"))
    git(plant / "evidence", "update-ref", "refs/heads/main", "HEAD~1")


def flipped(plant: Path) -> None:
    pack = max((plant / "evidence/.git/objects/pack").glob("*.pack"), key=lambda path: path.stat().st_size)
    pack.chmod(0o644)
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 0xFF
    pack.write_bytes(bytes(data))


def own_program(plant: Path) -> None:
    git(plant / "evidence", "config", "gpg.ssh.program", "true")


HARM: dict[str, tuple[Callable[[Path], None], str]] = {
    "changed item": (amend(lambda f: (f / "z/a/linux.sshd.txt").write_text("9\n")), "CHANGED: "),
    "changed envelope": (amend(lambda f: (f / "z/a/linux.sshd.envelope.json").write_text("{}\n")), "CHANGED: "),
    "dropped item": (amend(lambda f: (f / "Zone ü/b/k.json").unlink()), "CHANGED: "),
    "added file": (amend(lambda f: (f / "z/a/more.txt").write_text("x")), "DROPPED (<) OR ADDED (>)"),
    "hidden file": (
        amend(
            lambda f: [(f / "z/m.txt").write_text("x"), (f / ".gitattributes").write_text("z/m.txt export-ignore\n")]
        ),
        "DROPPED (<) OR ADDED (>)",
    ),
    "executable": (amend(lambda f: (f / "z/a/linux.sshd.txt").chmod(0o755)), "NOT A PLAIN FILE"),
    "unsigned": (unsigned, "NOT SIGNED BY AN ALLOWED KEY"),
    "stranger": (by_a_stranger, "NOT SIGNED BY AN ALLOWED KEY"),
    "dropped run": (dropped_run, "BROKEN CHAIN"),
    "rewritten history": (rewritten, "HISTORY WAS REWRITTEN"),
    "flipped byte": (flipped, "error"),
    "own signing program": (own_program, "gpg.ssh.program"),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_tampered_locker_fails(plant: Path, harm: str) -> None:
    work, message = HARM[harm]
    work(plant)
    status, said = verify(plant)
    assert status != 0, said
    assert message in said
