# SPDX-License-Identifier: Apache-2.0
"""Signing keys are made once, kept private, and listed where they count."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from plantproof.adapters import signing
from plantproof.adapters.signing import check_signer, create_key_pair, load_signer
from plantproof.errors import SetupError


def test_a_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    key = tmp_path / "keys" / "signing"
    create_key_pair(key)
    first = key.read_bytes()
    create_key_pair(key)
    assert key.read_bytes() == first
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert key.with_name("signing.pub").read_text().startswith("ssh-ed25519 ")


def test_the_list_of_allowed_signers_is_made_and_then_left_alone(tmp_path: Path) -> None:
    key, allowed = tmp_path / "k", tmp_path / "allowed_signers"
    signer = load_signer(key, allowed, name="Test", email="test@example.org")
    line = allowed.read_text()
    assert line.startswith('test@example.org namespaces="git" ssh-ed25519 ')
    check_signer(signer)
    allowed.write_text("# " + line + "other@example.org ssh-ed25519 AAAA\n")
    again = load_signer(key, allowed, name="Test", email="test@example.org")
    assert allowed.read_text().count("\n") == 2
    with pytest.raises(SetupError, match="not among the allowed signers") as caught:
        check_signer(again)
    assert line.strip() in caught.value.hint


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError) as caught:
        create_key_pair(tmp_path / "file" / "k")
    assert caught.value.code == "environment.file"


def test_a_key_that_ssh_keygen_refuses_to_make(tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    with pytest.raises(SetupError, match="ssh-keygen could not make a key"):
        create_key_pair(tmp_path / "k")


def test_ssh_keygen_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="ssh-keygen is not installed") as caught:
        create_key_pair(tmp_path / "k")
    assert caught.value.code == "environment.missing-program"


def test_ssh_keygen_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ssh-keygen"
    program.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(signing, "_TIMEOUT", 0.1)
    with pytest.raises(SetupError, match="did not end"):
        create_key_pair(tmp_path / "k")
