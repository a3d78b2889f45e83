# SPDX-License-Identifier: Apache-2.0
"""Whatever sequence of runs is written to a real locker, it holds what the one in memory holds, and is sound."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.evidence import DAYS, FakeLocker, make_item
from fakes.lockers import make_locker
from plantproof.core.evidence import EvidenceItem, NotCollected
from plantproof.core.facts import SectionState
from plantproof.ports.locker import Locker

PLACES = st.sampled_from(["z/a/k", "z/a/l", "z/b/k", "y/c/k"])
BROUGHT = st.dictionaries(
    PLACES,
    st.tuples(
        st.sampled_from(["txt", "json"]),
        st.sampled_from([b"", b"one\n", b"two\0\xff"]),
        st.sampled_from(SectionState),
        st.sampled_from(["", "why"]),
    ),
    max_size=3,
)
RUNS = st.lists(BROUGHT, min_size=1, max_size=4)


def make_items(brought: dict[str, tuple[str, bytes, SectionState, str]], day: int) -> list[EvidenceItem]:
    return [
        make_item(f"{place}.{media}", content, day, state=state, reason=reason)
        for place, (media, content, state, reason) in brought.items()
    ]


def write(locker: Locker, day: int, items: list[EvidenceItem]) -> tuple[int, int, int]:
    lost = [NotCollected(zone="z", asset="b", kind="k", reason="no answer")] * (day % 2)
    done = locker.commit_run(items, run=f"run-{day}", started=DAYS[day], finished=DAYS[day], not_collected=lost)
    return done.added, done.changed, done.unchanged


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RUNS)
def test_the_locker_equals_its_model(runs: list[dict[str, tuple[str, bytes, SectionState, str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        locker, model = make_locker(Path(folder)), FakeLocker()
        for day, brought in enumerate(runs):
            items = make_items(brought, day)
            assert write(locker, day, items) == write(model, day, items)
        for day in range(len(runs)):
            real, wanted = locker.items(locker.commit_at(DAYS[day])), model.items(model.commit_at(DAYS[day]))
            assert {path: stored.item for path, stored in real.items()} == {
                path: stored.item for path, stored in wanted.items()
            }
        assert [(e.run, e.items, e.changed, e.not_collected) for e in locker.log()] == [
            (e.run, e.items, e.changed, e.not_collected) for e in model.log()
        ]
        assert list(locker.verify()) == []
        shown = subprocess.run(
            ["git", "status", "--porcelain"], cwd=Path(folder) / "evidence", check=True, capture_output=True
        )
        assert shown.stdout == b""


def test_a_run_that_finds_nothing_new_changes_the_manifest_alone(tmp_path: Path) -> None:
    locker = make_locker(tmp_path)
    for day in range(2):
        write(locker, day, [make_item("z/a/k.txt", b"1", day), make_item("z/b/k.txt", b"2", day)])
    changed = subprocess.run(
        ["git", "diff", "--name-only", "HEAD~1", "HEAD"],
        cwd=tmp_path / "evidence",
        check=True,
        capture_output=True,
        text=True,
    )
    assert changed.stdout == "manifest.json\n"


def test_the_same_runs_give_the_same_trees(tmp_path: Path) -> None:
    trees = []
    for name in ("one", "two"):
        locker = make_locker(tmp_path / name)
        write(locker, 0, [make_item("z/a/k.txt", b"1"), make_item("z/b/k.txt", b"2")])
        done = subprocess.run(
            ["git", "rev-parse", "HEAD^{tree}"], cwd=tmp_path / name / "evidence", check=True, capture_output=True
        )
        trees.append(done.stdout)
    assert trees[0] == trees[1]
