# SPDX-License-Identifier: Apache-2.0
"""One defect each, made for real in a git repository; every one of them must be found and named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fakes.evidence import DAYS, make_item
from plantproof.adapters.locker import GitLocker
from plantproof.adapters.signing import create_key_pair, load_signer
from plantproof.errors import IntegrityError

ITEM = "z/a/linux.sshd.txt"


class Rig:
    """A locker with three honest runs, and the means to do it harm."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / "evidence"
        self.signer = load_signer(root / "keys" / "k", root / "allowed_signers", name="Test", email="test@example.org")
        self.locker = GitLocker(self.path, signer=self.signer, receipt=root / "seen.json", tool="test 1")
        for day in range(3):
            items = [make_item(ITEM, f"port {22 + day}\n".encode(), day), make_item("z/b/k.json", b"{}\n", day)]
            self.locker.commit_run(items, run=f"run-{day}", started=DAYS[day], finished=DAYS[day], not_collected=[])

    def git(self, *arguments: str, key: Path | None = None) -> str:
        settings = ["-c", "user.name=Mallory", "-c", "user.email=test@example.org", "-c", "gpg.format=ssh"]
        if key:
            settings += ["-c", f"user.signingKey={key}", "-c", "commit.gpgSign=true"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", *settings, *arguments]
        done = subprocess.run(command, cwd=self.path, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def amend(self, *, key: Path | None) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--amend", "--no-edit", key=key)

    def found(self) -> set[str]:
        return {defect.code for defect in self.locker.verify()}

    def said(self) -> str:
        return "\n".join(f"{d.code} {d.path} {d.message}" for d in self.locker.verify())


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    made = Rig(tmp_path)
    assert made.found() == set()
    return made


def test_changed_byte_signed_by_the_right_key(rig: Rig) -> None:
    (rig.root / "seen.json").unlink()
    (rig.path / ITEM).write_text("port 2222\n")
    rig.amend(key=rig.signer.key)
    assert rig.found() == {"integrity.digest"}
    assert f"{ITEM} has the digest" in rig.said()
    with pytest.raises(IntegrityError, match="not what the manifest promises"):
        rig.locker.items()


def test_changed_byte_with_a_mended_manifest_by_a_stranger(rig: Rig) -> None:
    import hashlib

    stranger = rig.root / "stranger"
    create_key_pair(stranger)
    (rig.path / ITEM).write_text("port 2222\n")
    manifest = json.loads((rig.path / "manifest.json").read_text())
    manifest["items"][ITEM]["sha256"] = hashlib.sha256(b"port 2222\n").hexdigest()
    (rig.path / "manifest.json").write_text(json.dumps(manifest, sort_keys=True, indent=1) + "\n")
    rig.amend(key=stranger)
    assert rig.found() == {"integrity.signature", "integrity.history"}
    assert "not among the allowed signers" in rig.said()


def test_unsigned_commit(rig: Rig) -> None:
    rig.git("commit", "--quiet", "--allow-empty", "-m", "x")
    assert "the commit is not signed" in rig.said()


def test_dropped_item(rig: Rig) -> None:
    (rig.path / "z/b/k.json").unlink()
    rig.git("add", "--all")
    rig.git("commit", "--quiet", "-m", "x", key=rig.signer.key)
    assert "z/b/k.json is listed in the manifest and is not there" in rig.said()
    with pytest.raises(IntegrityError, match="is missing"):
        rig.locker.items()


def test_extra_file(rig: Rig) -> None:
    (rig.path / "z/b/more.txt").write_text("planted")
    rig.git("add", "--all")
    rig.git("commit", "--quiet", "-m", "x", key=rig.signer.key)
    assert "z/b/more.txt is there and is not listed" in rig.said()


def test_changed_envelope(rig: Rig) -> None:
    envelope = rig.path / "z/a/linux.sshd.envelope.json"
    envelope.write_text(envelope.read_text().replace('"simulated": false', '"simulated": true'))
    rig.git("add", "--all")
    rig.git("commit", "--quiet", "-m", "x", key=rig.signer.key)
    assert "z/a/linux.sshd.envelope.json has the digest" in rig.said()


def test_broken_chain(rig: Rig) -> None:
    """A run taken out of the middle by somebody who holds the key."""
    (rig.root / "seen.json").unlink()
    tip, first = rig.git("rev-parse", "HEAD"), rig.git("rev-parse", "HEAD~2")
    tree = rig.git("rev-parse", f"{tip}^{{tree}}")
    forged = rig.git("commit-tree", "-S", "-p", first, "-m", "x", tree, key=rig.signer.key)
    rig.git("update-ref", "refs/heads/main", forged)
    assert rig.found() == {"integrity.chain"}


def test_history_reset_to_an_earlier_run(rig: Rig) -> None:
    rig.git("update-ref", "refs/heads/main", rig.git("rev-parse", "HEAD~1"))
    assert rig.found() == {"integrity.history"}
    assert "no longer part of the history" in rig.said()


def test_locker_deleted_and_begun_anew(rig: Rig) -> None:
    shutil.rmtree(rig.path)
    assert rig.found() == {"integrity.history"}


def test_merge_commit(rig: Rig) -> None:
    tip, first = rig.git("rev-parse", "HEAD"), rig.git("rev-parse", "HEAD~2")
    tree = rig.git("rev-parse", "HEAD^{tree}")
    merged = rig.git("commit-tree", "-S", "-p", tip, "-p", first, "-m", "x", tree, key=rig.signer.key)
    rig.git("update-ref", "refs/heads/main", merged)
    assert "integrity.history" in rig.found()


def test_symbolic_link_in_the_tree(rig: Rig) -> None:
    (rig.path / "z/b/k.json").unlink()
    (rig.path / "z/b/k.json").symlink_to("/etc/passwd")
    rig.git("add", "--all")
    rig.git("commit", "--quiet", "-m", "x", key=rig.signer.key)
    assert "is no plain file (mode 120000)" in rig.said()


def test_replaced_object_is_not_believed(rig: Rig) -> None:
    good = rig.git("rev-parse", f"HEAD:{ITEM}")
    (rig.root / "bad").write_text("port 9\n")
    bad = rig.git("hash-object", "-w", str(rig.root / "bad"))
    rig.git("replace", good, bad)
    assert rig.found() == set()
    assert rig.locker.items()[ITEM].item.content == b"port 24\n"


def test_repository_that_brings_its_own_signing_program(rig: Rig) -> None:
    rig.git("config", "gpg.ssh.program", "/bin/true")
    rig.git("commit", "--quiet", "--allow-empty", "-m", "x")
    assert "the commit is not signed" in rig.said()


@pytest.mark.parametrize("part", ["pack", "loose"])
def test_flipped_bytes_in_the_object_store(rig: Rig, part: str) -> None:
    objects = rig.path / ".git" / "objects"
    files = objects.glob("pack/*.pack") if part == "pack" else objects.glob("??/*")
    victim = max(files, key=lambda path: path.stat().st_size)
    victim.chmod(0o644)
    data = bytearray(victim.read_bytes())
    for place in range(len(data) // 2, len(data) // 2 + 8):
        data[place] ^= 0xFF
    victim.write_bytes(bytes(data))
    assert rig.found() & {"integrity.digest", "integrity.locker"}


def test_manifest_that_is_no_manifest(rig: Rig) -> None:
    (rig.path / "manifest.json").write_text("[]\n")
    rig.git("add", "--all")
    rig.git("commit", "--quiet", "-m", "x", key=rig.signer.key)
    assert "manifest.json is not a JSON object" in rig.said()
    with pytest.raises(IntegrityError):
        rig.locker.manifest()
