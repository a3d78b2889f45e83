# SPDX-License-Identifier: Apache-2.0
"""One defect each, made for real in a git repository; every one of them must be found and named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fakes.evidence import DAYS, make_item
from plantproof.adapters.locker import GitLocker
from plantproof.adapters.signing import create_key_pair, load_signer
from plantproof.core.canonical import readable_json, sha256_hex
from plantproof.errors import IntegrityError, PlantproofError

ITEM = "z/a/linux.sshd.txt"
ENVELOPE = "z/a/linux.sshd.envelope.json"


class Rig:
    """A locker with three honest runs, and the means to do it harm."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / "evidence"
        self.signer = load_signer(root / "keys" / "k", root / "allowed_signers", name="Test", email="test@example.org")
        self.locker = GitLocker(self.path, signer=self.signer, receipt=root / "seen.json", tool="test 1")
        for day in range(3):
            self.run(day)

    def run(self, day: int) -> None:
        items = [make_item(ITEM, f"port {22 + day}\n".encode(), day), make_item("z/b/k.json", b"{}\n", day)]
        self.locker.commit_run(items, run=f"run-{day}", started=DAYS[day], finished=DAYS[day], not_collected=[])

    def git(self, *arguments: str, key: Path | None = None, data: str = "") -> str:
        settings = ["-c", "user.name=Mallory", "-c", "user.email=test@example.org", "-c", "gpg.format=ssh"]
        if key:
            settings += ["-c", f"user.signingKey={key}", "-c", "commit.gpgSign=true"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", *settings, *arguments]
        done = subprocess.run(
            command, cwd=self.path, env=environment, check=True, capture_output=True, text=True, input=data
        )
        return done.stdout.strip()

    def amend(self, *, key: Path | None) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--amend", "--no-edit", key=key)

    def edit_manifest(self, edit: Callable[[dict[str, object]], object]) -> None:
        path = self.path / "manifest.json"
        value = json.loads(path.read_bytes())
        edit(value)
        path.write_bytes(readable_json(value))

    def forget(self) -> None:
        """As if the locker had never been seen here."""
        (self.root / "seen.json").unlink()

    def object_file(self, ident: str) -> Path:
        """The loose file of an object; packs are taken apart for it."""
        pack = next((self.path / ".git/objects/pack").glob("*.pack"), None)
        while pack:
            data = pack.read_bytes()
            for left in pack.parent.glob(f"{pack.stem}.*"):
                left.unlink()
            subprocess.run(["git", "unpack-objects", "-q"], cwd=self.path, input=data, check=True)
            pack = next((self.path / ".git/objects/pack").glob("*.pack"), None)
        return self.path / ".git/objects" / ident[:2] / ident[2:]

    def swap(self, name: str, content: bytes, kind: str = "blob") -> None:
        """Put a well-formed object with other content under an object's id."""
        victim = self.object_file(self.git("rev-parse", name))
        (self.root / "other").write_bytes(content)
        other = self.object_file(self.git("hash-object", "-w", "-t", kind, "--literally", str(self.root / "other")))
        victim.chmod(0o644)
        shutil.copyfile(other, victim)

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
    rig.forget()
    (rig.path / ITEM).write_text("port 2222\n")
    rig.amend(key=rig.signer.key)
    (defect,) = rig.locker.verify()
    assert (defect.code, defect.path, defect.commit) == ("integrity.digest", ITEM, rig.locker.head())
    assert defect.message.startswith("has the digest")
    with pytest.raises(IntegrityError, match="not what the manifest promises"):
        rig.locker.items()


def test_changed_byte_with_a_mended_manifest_by_a_stranger(rig: Rig) -> None:
    rig.forget()
    stranger = rig.root / "stranger"
    create_key_pair(stranger)
    envelope = json.loads((rig.path / ENVELOPE).read_bytes())
    (rig.path / ITEM).write_bytes(b"port 2222\n")
    envelope["subject"][0]["digest"]["sha256"] = sha256_hex(b"port 2222\n")
    (rig.path / ENVELOPE).write_bytes(readable_json(envelope))

    def mend(manifest: dict[str, object]) -> None:
        entry = manifest["items"][ITEM]  # type: ignore[index]  # test data
        entry |= {"sha256": sha256_hex(b"port 2222\n"), "envelope": sha256_hex(readable_json(envelope))}
        entry |= {"described": ""}

    rig.edit_manifest(mend)
    rig.amend(key=stranger)
    (defect,) = rig.locker.verify()
    assert (defect.code, defect.commit) == ("integrity.signature", rig.locker.head())
    assert "not among the allowed signers" in defect.message


def test_envelope_of_another_digest_than_the_item(rig: Rig) -> None:
    rig.forget()
    (rig.path / ITEM).write_bytes(b"port 2222\n")
    rig.edit_manifest(lambda m: m["items"][ITEM].update(sha256=sha256_hex(b"port 2222\n")))  # type: ignore[index]
    rig.amend(key=rig.signer.key)
    assert (
        rig.said() == f"integrity.digest {ENVELOPE} the envelope does not describe the item that lies beside it, {ITEM}"
    )
    with pytest.raises(IntegrityError, match="of another item"):
        rig.locker.items()


def test_envelope_of_another_version(rig: Rig) -> None:
    rig.forget()
    old = (rig.path / ENVELOPE).read_bytes().replace(b"envelope:1", b"envelope:7")
    (rig.path / ENVELOPE).write_bytes(old)
    rig.edit_manifest(lambda m: m["items"][ITEM].update(envelope=sha256_hex(old)))  # type: ignore[index]
    rig.amend(key=rig.signer.key)
    assert rig.found() == {"integrity.locker"}
    assert "this release reads" in rig.said()
    with pytest.raises(PlantproofError, match="this release reads") as caught:
        rig.locker.items()
    assert caught.value.code == "content.version"


def test_unsigned_commit(rig: Rig) -> None:
    rig.forget()
    rig.amend(key=None)
    assert rig.said() == "integrity.signature  the commit is not signed"


def test_signature_of_another_commit(rig: Rig) -> None:
    rig.forget()
    raw = rig.git("cat-file", "commit", "HEAD")
    forged = rig.git(
        "hash-object", "-t", "commit", "-w", "--stdin", data=raw.replace("Run run-2:", "Run run-x:") + "\n"
    )
    rig.git("update-ref", "refs/heads/main", forged)
    assert "integrity.signature  the commit's signature does not match its content" in rig.said()


def test_key_that_may_not_sign_for_git(rig: Rig) -> None:
    allowed = rig.signer.allowed
    allowed.write_text(allowed.read_text().replace('namespaces="git"', 'namespaces="file"'))
    assert rig.found() == {"integrity.signature"}


def test_no_allowed_signers_at_all(rig: Rig) -> None:
    rig.signer.allowed.unlink()
    assert rig.found() == {"integrity.signature"}


def test_dropped_item(rig: Rig) -> None:
    rig.forget()
    (rig.path / "z/b/k.json").unlink()
    rig.amend(key=rig.signer.key)
    assert rig.said() == "integrity.missing z/b/k.json is listed in the manifest and is not there"
    with pytest.raises(IntegrityError, match="is missing"):
        rig.locker.items()


def test_extra_file(rig: Rig) -> None:
    rig.forget()
    (rig.path / "z/b/more.txt").write_text("planted")
    rig.amend(key=rig.signer.key)
    assert rig.said() == "integrity.missing z/b/more.txt is there and is not listed in the manifest"


def test_changed_envelope(rig: Rig) -> None:
    rig.forget()
    envelope = rig.path / ENVELOPE
    envelope.write_text(envelope.read_text().replace('"simulated": false', '"simulated": true'))
    rig.amend(key=rig.signer.key)
    assert f"integrity.digest {ENVELOPE} has the digest" in rig.said()


def test_envelope_of_another_description_than_the_manifest_says(rig: Rig) -> None:
    rig.forget()
    envelope = rig.path / ENVELOPE
    data = envelope.read_bytes().replace(b'"simulated": false', b'"simulated": true')
    envelope.write_bytes(data)
    rig.edit_manifest(lambda m: m["items"][ITEM].update(envelope=sha256_hex(data)))  # type: ignore[index]
    rig.amend(key=rig.signer.key)
    assert "does not describe the item" in rig.said()


def test_missing_manifest(rig: Rig) -> None:
    rig.forget()
    (rig.path / "manifest.json").unlink()
    rig.amend(key=rig.signer.key)
    assert rig.said() == "integrity.missing manifest.json the manifest is missing"
    with pytest.raises(IntegrityError, match="the manifest is missing"):
        rig.locker.manifest()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]\n", "is not a JSON object"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"schema": "urn:plantproof:manifest:0"}', "this release reads"),
        ('{"schema": "urn:plantproof:manifest:1"}', "is missing"),
    ],
)
def test_manifest_that_is_no_manifest(rig: Rig, text: str, message: str) -> None:
    rig.forget()
    (rig.path / "manifest.json").write_text(text)
    rig.amend(key=rig.signer.key)
    (defect,) = rig.locker.verify()
    assert (defect.code, defect.path) == ("integrity.locker", "manifest.json")
    assert message in defect.message
    with pytest.raises(PlantproofError, match=message):
        rig.locker.manifest()


def test_manifest_with_values_of_wrong_types(rig: Rig) -> None:
    rig.forget()
    rig.edit_manifest(lambda m: m["items"][ITEM].update(sha256=7))  # type: ignore[index]
    rig.amend(key=rig.signer.key)
    assert f"/items/{ITEM.replace('/', '~1')}/sha256: is not a text" in rig.said()


def test_run_taken_out_of_the_middle_by_somebody_who_holds_the_key(rig: Rig) -> None:
    rig.forget()
    message, tree = rig.git("log", "-1", "--format=%B"), rig.git("rev-parse", "HEAD^{tree}")
    forged = rig.git("commit-tree", "-S", "-p", "HEAD~2", "-m", message, tree, key=rig.signer.key)
    rig.git("update-ref", "refs/heads/main", forged)
    (defect,) = rig.locker.verify()
    assert (defect.code, defect.path, defect.commit) == ("integrity.chain", "manifest.json", forged)


def test_message_of_another_run(rig: Rig) -> None:
    rig.forget()
    rig.git("commit", "--quiet", "--amend", "-m", "Run run-7\n\nRun: run-7\nFinished: x", key=rig.signer.key)
    assert rig.said() == "integrity.chain manifest.json is of another run than the commit's message says"


def test_runs_in_another_order(rig: Rig) -> None:
    rig.forget()
    parent = ""
    for source in ("HEAD~1", "HEAD~2", "HEAD"):
        tree, message = rig.git("rev-parse", f"{source}^{{tree}}"), rig.git("log", "-1", "--format=%B", source)
        options = ["-p", parent] if parent else []
        parent = rig.git("commit-tree", "-S", *options, "-m", message, tree, key=rig.signer.key)
    rig.git("update-ref", "refs/heads/main", parent)
    assert rig.found() == {"integrity.chain"}


def test_history_reset_to_an_earlier_run(rig: Rig) -> None:
    rig.git("update-ref", "refs/heads/main", "HEAD~1")
    assert rig.found() == {"integrity.history"}
    assert "no longer part of the history" in rig.said()


def test_history_reset_is_not_forgotten_by_the_next_run(rig: Rig) -> None:
    rig.git("reset", "--quiet", "--hard", "HEAD~1")
    with pytest.raises(IntegrityError, match="no longer part of the history") as caught:
        rig.run(5)
    assert caught.value.code == "integrity.history"
    assert rig.found() == {"integrity.history"}


def test_history_begun_anew_with_the_right_key(rig: Rig) -> None:
    shutil.rmtree(rig.path)
    with pytest.raises(IntegrityError, match="it was not when last seen"):
        rig.run(5)
    other = GitLocker(rig.path, signer=rig.signer, receipt=rig.root / "other.json", tool="test 1")
    other.commit_run([], run="r", started=DAYS[0], finished=DAYS[0], not_collected=[])
    assert rig.found() == {"integrity.history"}


def test_locker_deleted(rig: Rig) -> None:
    shutil.rmtree(rig.path)
    assert rig.found() == {"integrity.history"}


def test_commit_added_by_a_stranger_is_not_built_upon(rig: Rig) -> None:
    rig.git("commit", "--quiet", "--allow-empty", "-m", "x")
    with pytest.raises(IntegrityError, match="is not signed") as caught:
        rig.run(5)
    assert caught.value.also
    rig.git("update-ref", "refs/heads/main", "HEAD~1")
    rig.run(5)
    assert rig.found() == set()


def test_honest_commits_from_elsewhere_are_verified_and_built_upon(rig: Rig) -> None:
    elsewhere = GitLocker(rig.path, signer=rig.signer, receipt=rig.root / "other.json", tool="test 1")
    elsewhere.commit_run([], run="r", started=DAYS[5], finished=DAYS[5], not_collected=[])
    rig.run(6)
    assert rig.found() == set()
    assert [entry.run for entry in rig.locker.log()] == ["run-6", "r", "run-2", "run-1", "run-0"]


def test_merge_commit(rig: Rig) -> None:
    rig.forget()
    message, tree = rig.git("log", "-1", "--format=%B"), rig.git("rev-parse", "HEAD^{tree}")
    parents = ("-p", "HEAD~1", "-p", "HEAD~2")
    merged = rig.git("commit-tree", "-S", *parents, "-m", message, tree, key=rig.signer.key)
    rig.git("update-ref", "refs/heads/main", merged)
    assert rig.said() == "integrity.history  the commit has several parents; runs follow one another"


def test_symbolic_link_in_the_tree(rig: Rig) -> None:
    rig.forget()
    (rig.path / "z/b/k.json").unlink()
    (rig.path / "z/b/k.json").symlink_to("/etc/passwd")
    rig.amend(key=rig.signer.key)
    assert rig.found() == {"integrity.missing"}
    assert "z/b/k.json is a symbolic link (mode 120000)" in rig.said()
    with pytest.raises(IntegrityError):
        rig.locker.items()


def test_submodule_in_the_tree(rig: Rig) -> None:
    rig.forget()
    head = rig.git("rev-parse", "HEAD")
    rig.git("update-index", "--add", "--cacheinfo", f"160000,{head},z/sub")
    rig.git("commit", "--quiet", "--amend", "--no-edit", key=rig.signer.key)
    assert "integrity.missing z/sub is another repository (a submodule)" in rig.said()


def test_executable_item(rig: Rig) -> None:
    rig.forget()
    (rig.path / ITEM).chmod(0o755)
    rig.amend(key=rig.signer.key)
    assert f"integrity.missing {ITEM} is an executable file" in rig.said()


@pytest.mark.parametrize("packed", [False, True])
def test_replaced_object_is_not_believed_and_reported(rig: Rig, packed: bool) -> None:
    good = rig.git("rev-parse", f"HEAD:{ITEM}")
    (rig.root / "bad").write_text("port 9\n")
    bad = rig.git("hash-object", "-w", str(rig.root / "bad"))
    rig.git("replace", good, bad)
    if packed:
        rig.git("pack-refs", "--all")
    assert rig.found() == {"integrity.history"}
    assert "refs/replace" in rig.said()
    assert rig.locker.items()[ITEM].item.content == b"port 24\n"


def test_grafted_parents(rig: Rig) -> None:
    head, first = rig.git("rev-parse", "HEAD"), rig.git("rev-parse", "HEAD~2")
    (rig.path / ".git/info").mkdir(exist_ok=True)
    (rig.path / ".git/info/grafts").write_text(f"{head} {first}\n")
    assert "integrity.history info/grafts" in rig.said()
    assert len(rig.locker.log()) == 3


def test_shallow_history(rig: Rig) -> None:
    (rig.path / ".git/shallow").write_text(rig.git("rev-parse", "HEAD~1") + "\n")
    assert "integrity.history shallow" in rig.said()


def test_repository_that_brings_its_own_signing_program(rig: Rig) -> None:
    rig.forget()
    rig.git("config", "gpg.ssh.program", "/bin/true")
    rig.amend(key=None)
    assert rig.said() == "integrity.signature  the commit is not signed"


def test_signature_of_a_kind_that_would_start_a_program(rig: Rig) -> None:
    rig.forget()
    mark = rig.root / "started"
    program = rig.root / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\necho '[GNUPG:] GOODSIG 1 x' \nexit 0\n")
    program.chmod(0o755)
    for name in ("gpg.program", "gpg.openpgp.program", "gpg.x509.program"):
        rig.git("config", name, str(program))
    raw = rig.git("cat-file", "commit", "HEAD")
    head, _, rest = raw.partition("gpgsig ")
    message = rest.partition("\n\n")[2]
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n"
    forged = rig.git("hash-object", "-t", "commit", "-w", "--stdin", data=f"{head}{signature}\n{message}\n")
    rig.git("update-ref", "refs/heads/main", forged)
    assert rig.found() == {"integrity.signature"}
    assert not mark.exists()


def test_configuration_that_garbles_what_git_prints(rig: Rig) -> None:
    for name, value in (("log.showSignature", "true"), ("color.ui", "always"), ("i18n.logOutputEncoding", "UTF-16")):
        rig.git("config", name, value)
    assert rig.found() == set()
    assert [entry.signature for entry in rig.locker.log()] == ["G", "G", "G"]


@pytest.mark.parametrize("part", ["pack", "idx", "loose"])
def test_flipped_bytes_in_the_object_store(rig: Rig, part: str) -> None:
    objects = rig.path / ".git" / "objects"
    files = objects.glob("??/*") if part == "loose" else objects.glob(f"pack/*.{part}")
    victim = max(files, key=lambda path: path.stat().st_size)
    victim.chmod(0o644)
    data = bytearray(victim.read_bytes())
    for place in range(len(data) // 2, len(data) // 2 + 8):
        data[place] ^= 0xFF
    victim.write_bytes(bytes(data))
    assert rig.found() & {"integrity.digest", "integrity.missing", "integrity.locker"}


def test_every_single_byte_of_a_pack_counts(rig: Rig) -> None:
    pack = min((rig.path / ".git/objects/pack").glob("*.pack"), key=lambda path: path.stat().st_size)
    pack.chmod(0o644)
    whole = pack.read_bytes()
    for place in range(0, len(whole), 97):
        pack.write_bytes(whole[:place] + bytes([whole[place] ^ 0x01]) + whole[place + 1 :])
        assert rig.found(), place
    pack.write_bytes(whole)
    assert rig.found() == set()


def test_item_swapped_in_the_object_store(rig: Rig) -> None:
    rig.swap(f"HEAD:{ITEM}", b"port 2222\n")
    assert f"integrity.digest {ITEM} is damaged: its bytes do not fit its id" in rig.said()
    with pytest.raises(IntegrityError, match="is damaged"):
        rig.locker.items()


def test_manifest_swapped_in_the_object_store(rig: Rig) -> None:
    rig.swap("HEAD:manifest.json", b"{}\n")
    assert "integrity.digest manifest.json the manifest is damaged" in rig.said()
    with pytest.raises(IntegrityError, match="the manifest is damaged"):
        rig.locker.items()
    with pytest.raises(IntegrityError):
        rig.run(5)


def test_folder_swapped_in_the_object_store(rig: Rig) -> None:
    rig.swap("HEAD:z/a", b"", "tree")
    assert "integrity.digest z/a/ the folder is missing or damaged" in rig.said()
    with pytest.raises(IntegrityError, match="the folder is damaged or missing"):
        rig.locker.items()


def test_folder_that_is_no_folder(rig: Rig) -> None:
    rig.forget()
    (rig.root / "broken").write_bytes(b"100644 name-without-end")
    broken = rig.git("hash-object", "-w", "-t", "tree", "--literally", str(rig.root / "broken"))
    message = rig.git("log", "-1", "--format=%B")
    raw = f"tree {broken}\nparent {rig.git('rev-parse', 'HEAD~1')}\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\n"
    forged = rig.git("hash-object", "-w", "-t", "commit", "--stdin", "--literally", data=raw + message)
    rig.git("update-ref", "refs/heads/main", forged)
    assert "the folder is missing or damaged" in rig.said()


def test_commit_swapped_in_the_object_store(rig: Rig) -> None:
    raw = rig.git("cat-file", "commit", "HEAD~1")
    rig.swap("HEAD~1", raw.replace("run-1", "run-x").encode() + b"\n", "commit")
    assert "what came before it cannot be reached" in rig.said()


def test_missing_commit_in_the_middle(rig: Rig) -> None:
    rig.object_file(rig.git("rev-parse", "HEAD~1")).unlink()
    assert "integrity.missing  the commit is missing; what came before it cannot be reached" in rig.said()


def test_missing_item_in_the_object_store(rig: Rig) -> None:
    rig.object_file(rig.git("rev-parse", f"HEAD:{ITEM}")).unlink()
    assert f"integrity.digest {ITEM} is missing in git's object store" in rig.said()
    with pytest.raises(IntegrityError, match="is missing"):
        rig.locker.items()


def test_tip_that_is_no_commit(rig: Rig) -> None:
    (rig.path / ".git/refs/heads/main").write_text("nonsense\n")
    assert rig.said() == "integrity.locker  the branch does not say which commit is its tip"
    with pytest.raises(IntegrityError):
        rig.locker.items()


def test_receipt_that_is_damaged_costs_a_whole_verification_and_no_more(rig: Rig) -> None:
    for text in ("", "[]", "{", '{"tip": 7}'):
        (rig.root / "seen.json").write_text(text)
        if text != '{"tip": 7}':
            assert rig.found() == set()
        else:
            assert rig.found() == {"integrity.history"}
