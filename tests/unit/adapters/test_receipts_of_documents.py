# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from plantproof.adapters.documents import Document
from plantproof.adapters.receipts import Receipts, cache_folder
from plantproof.errors import ContentError


class Judge:
    """Finds the defects that it was told to find, and counts how often it was asked."""

    def __init__(self, *messages: str) -> None:
        self.asked = 0
        self._messages = messages

    def __call__(self, document: Document) -> list[ContentError]:
        self.asked += 1
        return [ContentError(text, code="content.schema", where=document.locate("/a")) for text in self._messages]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.yaml"
    path.write_text("# comment\na: {b: no, c: [1, '2026-11-23']}\n", encoding="utf-8")
    return path


def test_what_was_read_before_reads_the_same_and_still_knows_its_lines(file: Path, tmp_path: Path) -> None:
    first = Receipts(tmp_path / "cache").read(file)
    again = Receipts(tmp_path / "cache").read(file)
    assert again == first
    assert again.data == {"a": {"b": "no", "c": [1, "2026-11-23"]}}
    assert again.locate("/a/c").line == 2


def test_the_same_content_is_judged_once_and_changed_content_again(file: Path, tmp_path: Path) -> None:
    judge = Judge()
    for _ in range(2):
        Receipts(tmp_path / "cache").read_valid(file, judge)
    assert judge.asked == 1
    file.write_text("a: 2\n", encoding="utf-8")
    Receipts(tmp_path / "cache").read_valid(file, judge)
    assert judge.asked == 2


def test_what_is_not_valid_gets_no_receipt_and_all_its_defects_are_told(file: Path, tmp_path: Path) -> None:
    judge = Judge("first", "second")
    for _ in range(2):
        with pytest.raises(ContentError, match="first") as caught:
            Receipts(tmp_path / "cache").read_valid(file, judge)
        assert [str(error) for error in caught.value.also] == [f"{file}:2 at /a: second"]
    assert judge.asked == 2


def test_a_broken_receipt_is_no_receipt(file: Path, tmp_path: Path) -> None:
    expected = Receipts(tmp_path / "cache").read(file)
    (receipt,) = (tmp_path / "cache").rglob("*.json")
    for nonsense in (b"", b"[1]", b'{"a": '):
        receipt.write_bytes(nonsense)
        assert Receipts(tmp_path / "cache").read(file) == expected


def test_where_nothing_can_be_written_everything_still_works(file: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder", encoding="utf-8")
    judge = Judge()
    for _ in range(2):
        assert Receipts(blocked).read_valid(file, judge).data["a"]
    assert judge.asked == 2


def test_what_json_cannot_hold_is_read_each_time(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: {1: x}\n", encoding="utf-8")
    for _ in range(2):
        assert Receipts(tmp_path / "cache").read(path).data == {"a": {1: "x"}}


def test_json_is_parsed_and_leaves_no_receipt(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": 1}', encoding="utf-8")
    assert Receipts(tmp_path / "cache").read(path).data == {"a": 1}
    assert not (tmp_path / "cache").exists()


def test_what_older_releases_left_goes_after_a_month(file: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    old, young = cache / "read-0000", cache / "read-1111"
    for folder in (old, young):
        folder.mkdir(parents=True)
    past = time.time() - 40 * 24 * 3600
    os.utime(old, (past, past))
    Receipts(cache).read(file)
    assert not old.exists()
    assert young.exists()


def test_the_cache_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "plantproof"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / ".cache" / "plantproof"
