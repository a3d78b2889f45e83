# SPDX-License-Identifier: Apache-2.0
"""What cannot be stored or signed is refused before anything is written, in words."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.evidence import DAYS, make_item
from fakes.lockers import add_run, make_locker, make_signer
from plantproof.adapters.locker import GitLocker, repository
from plantproof.adapters.locker.objects import Objects, Trees, parse_commit
from plantproof.adapters.locker.planning import plan_run
from plantproof.adapters.locker.repository import BRANCH, Repository
from plantproof.adapters.signing import create_key_pair
from plantproof.errors import IntegrityError, PlantproofError, SetupError, UsageError


@pytest.mark.parametrize(
    "path",
    [
        "z/../k.txt",
        "z//k.txt",
        ".git/a/k.txt",
        "z/.GIT/k.txt",
        "z/git~1/k.txt",
        "manifest.json/a/k.txt",
        'z/a"b/k.txt',
        "z/a\\b/k.txt",
        "z/a\nb/k.txt",
        "z/a\u2028b/k.txt",
        "z/a/k.pdf",
        "z/a/k.envelope.json",
    ],
)
def test_paths_that_git_or_a_reader_could_misread(path: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        plan_run([make_item(path, b"x")], {}, "run")
    assert caught.value.code == "integrity.locker"
    assert caught.value.hint == "Nothing was stored."


@pytest.mark.parametrize("path", ["k.txt", "z/k.txt", "z/a/b/k.txt"])
def test_paths_of_another_depth(path: str) -> None:
    item = make_item("z/a/k.txt", b"x")
    with pytest.raises(IntegrityError, match="not a path of the form"):
        plan_run([replace(item, envelope=replace(item.envelope, path=path))], {}, "run")


def test_path_of_something_else_than_the_envelope_says() -> None:
    item = make_item("z/a/k.txt", b"x")
    with pytest.raises(IntegrityError, match="is not the path of l of a in z"):
        plan_run([replace(item, envelope=replace(item.envelope, kind="l"))], {}, "run")


@pytest.mark.parametrize("run", ["", "two\nlines", "nul\0"])
def test_runs_whose_name_would_garble_the_log(tmp_path: Path, run: str) -> None:
    locker = make_locker(tmp_path)
    with pytest.raises(IntegrityError, match="is not a run's id"):
        locker.commit_run([], run=run, started=DAYS[0], finished=DAYS[0], not_collected=[])
    assert locker.head() == ""


def test_a_time_that_is_none(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    with pytest.raises(UsageError):
        locker.commit_run([], run="r", started=DAYS[0], finished="yesterday", not_collected=[])
    assert locker.head() == ""
    add_run(locker, 0)


def with_passphrase(locker_root: Path) -> None:
    key = locker_root / "keys/k"
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "a-pass-phrase", "-f", str(key)], check=True)


def without_public_half(locker_root: Path) -> None:
    (locker_root / "keys/k.pub").unlink()


def with_another_key(locker_root: Path) -> None:
    for name in ("k", "k.pub"):
        (locker_root / "keys" / name).unlink()
    create_key_pair(locker_root / "keys/k")


def without_allowed_signers(locker_root: Path) -> None:
    (locker_root / "allowed_signers").unlink()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (with_passphrase, "the run could not be signed"),
        (without_public_half, "public half cannot be read"),
        (with_another_key, "is not among the allowed signers"),
        (without_allowed_signers, "list of allowed signers cannot be read"),
    ],
)
def test_keys_that_cannot_sign(tmp_path: Path, spoil: Callable[[Path], None], message: str) -> None:
    locker = make_locker(tmp_path)
    head = add_run(locker, 0).commit
    whole = {path: path.read_bytes() for path in tmp_path.glob("keys/*")}
    allowed = (tmp_path / "allowed_signers").read_bytes()
    spoil(tmp_path)
    with pytest.raises(SetupError, match=message):
        add_run(locker, 1)
    assert locker.head() == head
    for path, data in whole.items():
        path.write_bytes(data)
    (tmp_path / "allowed_signers").write_bytes(allowed)
    add_run(locker, 1)
    assert list(locker.verify()) == []


@pytest.mark.parametrize("email", ["", "a\nb@example.org", "<x@example.org>"])
def test_addresses_that_cannot_stand_in_a_commit(tmp_path: Path, email: str) -> None:
    signer = replace(make_signer(tmp_path), email=email)
    locker = GitLocker(tmp_path / "evidence", signer=signer, receipt=tmp_path / "seen.json", tool="t")
    with pytest.raises(UsageError, match="cannot be the name or address"):
        add_run(locker, 0)
    assert not (tmp_path / "evidence").exists()


def test_git_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="git cannot be run") as caught:
        locker.verify()
    assert caught.value.code == "environment.missing-program"
    with pytest.raises(SetupError, match="git cannot be run"):
        locker.items("0" * 40)


def test_git_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locker = make_locker(tmp_path)
    (tmp_path / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(repository, "_TIMEOUT", 0.1)
    with pytest.raises(IntegrityError, match="did not end within"):
        locker.head()


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("a file\n")
    with pytest.raises(SetupError, match="the locker's folder cannot be made"):
        make_locker(tmp_path)


def test_unknown_commit(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0)
    for look in (locker.items, locker.manifest):
        with pytest.raises(IntegrityError, match="missing"):
            look("0" * 40)


def test_log_and_time_of_commits_that_are_not_ours(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    first = add_run(locker, 0).commit
    for message in ("x", "x\n\nRun: evil\u2028\x85\nItems: many\nFinished: soon"):
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "--allow-empty", "-m", message],
            cwd=tmp_path / "evidence",
            check=True,
        )
    log = locker.log()
    assert [(entry.run, entry.items, entry.signature) for entry in log] == [
        ("evil\u2028\x85", 0, "N"),
        ("", 0, "N"),
        ("run-0", 1, "G"),
    ]
    assert locker.commit_at(DAYS[5]) == first
    with pytest.raises(UsageError):
        locker.commit_at("soon")


def test_a_receipt_that_cannot_be_written_does_not_fail_an_auditor(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add_run(make_locker(tmp_path), 0)
    (tmp_path / "file").write_text("")
    copy = GitLocker(
        tmp_path / "evidence", signer=make_signer(tmp_path), receipt=tmp_path / "file" / "seen.json", tool="t"
    )
    with caplog.at_level(logging.WARNING):
        assert list(copy.verify()) == []
    assert "cannot be remembered" in caplog.text


def test_the_users_git_configuration_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitconfig").write_text(
        "[commit]\n\tgpgSign = false\n[core]\n\tautocrlf = true\n[user]\n\tname = Somebody\n[gpg]\n\tformat = openpgp\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    locker = make_locker(tmp_path)
    add_run(locker, 0, [make_item("z/a/k.txt", b"a\r\nb\n")])
    assert locker.items()["z/a/k.txt"].item.content == b"a\r\nb\n"
    assert (tmp_path / "evidence/z/a/k.txt").read_bytes() == b"a\r\nb\n"
    raw = Repository(tmp_path / "evidence", tmp_path / "allowed_signers").git("cat-file", "commit", BRANCH).decode()
    assert "author Test <test@example.org> 1793512800 +0000\n" in raw
    assert "Somebody" not in raw


def test_objects_are_read_in_bulk_around_what_git_gives_up_on(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    add_run(locker, 0, [make_item(f"z/a{number}/k.txt", b"%d" % number) for number in range(400)])
    store = Repository(tmp_path / "evidence", tmp_path / "allowed_signers")
    loose = store.git("hash-object", "-w", "--stdin", data=b"loose\n").decode().strip()
    file = tmp_path / "evidence/.git/objects" / loose[:2] / loose[2:]
    file.chmod(0o644)
    file.write_bytes(b"no zlib stream")
    names = [f"{BRANCH}:z/a{number}/k.txt" for number in range(400)]
    names[5:5] = [loose, f"{BRANCH}:z/none", loose]
    with Objects.of(store) as objects:
        loaded = list(objects.load(names))
    assert [one.name for one in loaded] == names
    kinds = [one.kind for one in loaded]
    assert kinds[5] in {"damaged", "missing"}
    assert kinds[6] == "missing"
    assert kinds.count("blob") == 400
    assert loaded[-1].data == b"399"


def test_git_that_dies_while_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_run(make_locker(tmp_path), 0)
    store = Repository(tmp_path / "evidence", tmp_path / "allowed_signers")
    folder = tmp_path / "bin"
    folder.mkdir()
    for script in ("exit 1", "echo nonsense", "printf 'aa blob 100\\nshort'"):
        (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        with Objects.of(store) as objects:
            assert [one.kind for one in objects.load(["a" * 40, "b" * 40])] == ["damaged", "damaged"]


def test_what_is_no_commit_and_no_folder(tmp_path: Path) -> None:
    assert parse_commit("x", b"tree abc\n") is None
    store = Repository(tmp_path / "evidence", tmp_path / "allowed_signers")
    make_locker(tmp_path)
    blob = store.git("hash-object", "-w", "--stdin", data=b"x").decode().strip()
    with Objects.of(store) as objects:
        assert Trees(objects).files(blob) == ({}, [""])
    with pytest.raises(PlantproofError, match="the commit is blob"):
        make_locker(tmp_path).items(blob)
