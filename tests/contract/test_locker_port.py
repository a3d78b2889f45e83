# SPDX-License-Identifier: Apache-2.0
"""What every locker promises, asked of the one in memory and of the one in git."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.evidence import DAYS, FakeLocker, make_item
from fakes.lockers import make_locker
from plantproof.core.evidence import EvidenceItem, NotCollected
from plantproof.core.facts import SectionState
from plantproof.errors import IntegrityError
from plantproof.ports.locker import CommittedRun, Locker


@pytest.fixture(params=["memory", "git", "bare git"])
def locker(request: pytest.FixtureRequest, tmp_path: Path) -> Locker:
    if request.param == "memory":
        return FakeLocker()
    return make_locker(tmp_path, bare=request.param == "bare git")


def commit(
    locker: Locker,
    items: list[EvidenceItem],
    day: int = 0,
    *missing: NotCollected,
    asked: Collection[tuple[str, str]] = (),
) -> CommittedRun:
    return locker.commit_run(
        items, run=f"run-{day}", started=DAYS[day], finished=DAYS[day], not_collected=missing, asked=asked
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
    assert manifest.not_collected == (replace(lost, run="run-0"),)
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


def lost(asset: str, kind: str) -> NotCollected:
    return NotCollected(zone="z", asset=asset, kind=kind, reason="no answer")


def still_missing(locker: Locker) -> list[tuple[str, str, str]]:
    manifest = locker.manifest()
    assert manifest is not None
    return [(item.asset, item.kind, item.run) for item in manifest.not_collected]


def test_a_run_that_did_not_ask_leaves_what_was_missing(locker: Locker) -> None:
    commit(locker, [], 0, lost("b", "linux_host"), lost("c", "k"), lost("d", "k"), asked=[("b", "linux_host")])
    commit(locker, [make_item("z/a/k.txt", b"1", 1)], 1, asked=[("a", "k")])
    assert still_missing(locker) == [("b", "linux_host", "run-0"), ("c", "k", "run-0"), ("d", "k", "run-0")]
    assert [entry.not_collected for entry in locker.log()] == [0, 3]
    commit(locker, [make_item("z/c/k.txt", b"1", 2)], 2, lost("d", "k"), asked=[("b", "linux_host"), ("b", "k")])
    assert still_missing(locker) == [("d", "k", "run-2")]
    assert list(locker.verify()) == []


def test_a_kind_that_comes_in_another_medium_takes_the_old_ones_place(locker: Locker) -> None:
    commit(locker, [make_item("z/a/k.txt", b"1"), make_item("z/a/l.txt", b"1")], 0)
    done = commit(locker, [make_item("z/a/k.json", b"{}", 1)], 1)
    assert (done.added, done.changed, done.unchanged) == (1, 0, 0)
    assert list(locker.items()) == ["z/a/k.json", "z/a/l.txt"]
    assert list(locker.items(locker.commit_at(DAYS[0]))) == ["z/a/k.txt", "z/a/l.txt"]
    assert list(locker.verify()) == []


@pytest.mark.parametrize("second", ["z/a/k.txt", "z/a/k.json"])
def test_two_items_in_one_place_are_refused(locker: Locker, second: str) -> None:
    with pytest.raises(IntegrityError):
        commit(locker, [make_item("z/a/k.txt", b"1"), make_item(second, b"2")], 0)
    assert locker.head() == ""


def test_bytes_that_their_envelope_does_not_describe_are_refused(locker: Locker) -> None:
    commit(locker, [make_item("z/a/k.txt", b"1")], 0)
    head = locker.head()
    with pytest.raises(IntegrityError):
        commit(locker, [replace(make_item("z/a/k.txt", b"22", 1), content=b"33")], 1)
    assert locker.head() == head


def test_an_item_that_goes_back_to_what_it_was(locker: Locker) -> None:
    for day, content in enumerate([b"1", b"2", b"1"]):
        done = commit(locker, [make_item("z/a/k.txt", content, day)], day)
    assert done.changed == 1
    assert locker.items()["z/a/k.txt"].item == make_item("z/a/k.txt", b"1", 2)
    assert list(locker.verify()) == []


def test_odd_bytes_and_names_are_kept_as_they_are(locker: Locker) -> None:
    contents = {"Zone 1/fe80::1/k.txt": b"\0\r\n\xff", "zóne/ü/k.json": b"", "z/a.b/linux.sshd.txt": b"no end"}
    commit(locker, [make_item(path, content) for path, content in contents.items()], 0)
    assert {path: stored.item.content for path, stored in locker.items().items()} == contents
    assert list(locker.verify()) == []
