# SPDX-License-Identifier: Apache-2.0
"""What every locker promises, asked of the one in memory and of the one in git."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fakes.evidence import DAYS, FakeLocker, make_item
from plantproof.adapters.locker import GitLocker
from plantproof.adapters.signing import load_signer
from plantproof.core.evidence import EvidenceItem, NotCollected
from plantproof.core.facts import SectionState
from plantproof.ports.locker import CommittedRun, Locker

Make = Callable[[], Locker]


@pytest.fixture(params=["memory", "git"])
def locker(request: pytest.FixtureRequest, tmp_path: Path) -> Locker:
    if request.param == "memory":
        return FakeLocker()
    signer = load_signer(tmp_path / "keys" / "k", tmp_path / "allowed_signers", name="Test", email="test@example.org")
    return GitLocker(tmp_path / "evidence", signer=signer, receipt=tmp_path / "seen.json", tool="test 1")


def commit(locker: Locker, items: list[EvidenceItem], day: int = 0, *missing: NotCollected) -> CommittedRun:
    return locker.commit_run(
        items, run=f"run-{day}", started=DAYS[day], finished=DAYS[day], not_collected=list(missing)
    )


def test_an_empty_locker_has_nothing_and_says_so(locker: Locker) -> None:
    assert locker.head() == ""
    assert locker.manifest() is None
    assert dict(locker.items()) == {}
    assert list(locker.log()) == []
    assert list(locker.verify()) == []
    assert locker.commit_at(DAYS[0]) == ""


def test_a_run_is_read_back_as_it_was_written(locker: Locker) -> None:
    lost = NotCollected(zone="z", asset="b", kind="linux.sudo", reason="needs root")
    item = make_item("z/a/linux.sshd.txt", b"port 22\n", state=SectionState.TRUNCATED, notes=("cut",), redactions=2)
    done = commit(locker, [item], 0, lost)
    assert (done.added, done.changed, done.unchanged) == (1, 0, 0)
    assert done.commit == locker.head()
    stored = locker.items()["z/a/linux.sshd.txt"]
    assert stored.item == item
    assert stored.commit == done.commit
    manifest = locker.manifest()
    assert manifest is not None
    assert manifest.not_collected == (lost,)
    assert [entry.path for entry in manifest.entries] == ["z/a/linux.sshd.txt"]
    assert list(locker.verify()) == []


def test_what_a_run_did_not_bring_stays_with_its_old_clocks(locker: Locker) -> None:
    commit(locker, [make_item("z/a/k.txt", b"1"), make_item("z/b/k.txt", b"2")], 0)
    done = commit(locker, [make_item("z/a/k.txt", b"1", 1)], 1)
    assert (done.added, done.changed, done.unchanged) == (0, 0, 1)
    items = locker.items()
    assert items["z/a/k.txt"].item.envelope.clocks.collected == DAYS[1]
    assert items["z/a/k.txt"].item.envelope.run == "run-1"
    assert items["z/b/k.txt"].item.envelope.clocks.collected == DAYS[0]


def test_a_change_of_content_or_of_state_counts(locker: Locker) -> None:
    commit(locker, [make_item("z/a/k.txt", b"1"), make_item("z/b/k.txt", b"2")], 0)
    changed = [make_item("z/a/k.txt", b"new", 1), make_item("z/b/k.txt", b"2", 1, notes=("shrank",))]
    assert commit(locker, changed, 1).changed == 2
    assert locker.items()["z/a/k.txt"].item.content == b"new"
    assert locker.items()["z/b/k.txt"].item.envelope.notes == ("shrank",)


def test_the_past_stays_as_it_was(locker: Locker) -> None:
    first = commit(locker, [make_item("z/a/k.txt", b"1")], 0).commit
    second = commit(locker, [make_item("z/a/k.txt", b"2", 5)], 5).commit
    assert locker.items(first)["z/a/k.txt"].item.content == b"1"
    assert locker.commit_at(DAYS[0]) == first
    assert locker.commit_at(DAYS[4]) == first
    assert locker.commit_at(DAYS[5]) == second
    assert locker.commit_at("2026-10-01T00:00:00Z") == ""
    log = locker.log()
    assert [entry.commit for entry in log] == [second, first]
    assert [(entry.items, entry.changed, entry.signature) for entry in log] == [(1, 1, "G"), (1, 1, "G")]
    assert len(locker.log(1)) == 1


def test_a_run_without_items_is_a_run(locker: Locker) -> None:
    lost = NotCollected(zone="z", asset="b", kind="linux_host", reason="no answer")
    done = commit(locker, [], 0, lost)
    assert done.commit
    assert dict(locker.items()) == {}
    assert list(locker.verify()) == []
