# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakes.standards import write_standards
from plantproof.adapters.content import Content
from plantproof.adapters.documents import read_document
from plantproof.adapters.library import Library
from plantproof.cli import exits


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_standards(tmp_path)


def say(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str, status: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert exits.run(["-C", str(root), "catalog", *arguments]) == status
    out, err = capsys.readouterr()
    return out, err


def test_catalogs_are_listed_with_their_controls_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, Any]] = json.loads(say(capsys, root, "list", "--json")[0])
    red, ours = (next(row for row in rows if row["name"] == name) for name in ("red", "iec62443-3-3"))
    assert (red["groups"], red["controls"], red["enhancements"]) == (1, 2, 1)
    assert (ours["groups"], ours["controls"], ours["enhancements"]) == (7, 51, 49)
    assert "The red standard" in say(capsys, root, "list")[0]


@pytest.mark.parametrize("name", ["r-1.1", "R 1.1", "red:r-1.1", "red:R 1.1", "red:1.1"])
def test_a_control_is_shown_by_any_of_its_names(root: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    out, _ = say(capsys, root, "show", name)
    assert out.startswith("R 1.1  Doors are locked\nred:r-1.1, in The red standard\n")
    assert "Every door of the pump house" in out


def test_a_shipped_control_says_levels_duties_evidence_and_values(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = say(capsys, root, "show", "sr-1.11")
    assert "from SL 1; duty of the asset owner" in out
    assert "evidence by " in out
    assert "Assessment method examine" in out
    assert "{{" not in out
    assert json.loads(say(capsys, root, "show", "sr-1.11", "--json")[0])["id"] == "sr-1.11"


def test_a_whole_catalog_is_the_json_that_is_published(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(say(capsys, root, "show", "red")[0])
    assert shown == json.loads((root / "catalog/red.json").read_text(encoding="utf-8"))


def test_search_puts_titles_first_and_shows_some_words_around(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hits = json.loads(say(capsys, root, "search", "lock", "--catalog", "red", "--json")[0])
    assert [(hit["control"], hit["where"]) for hit in hits] == [("red:r-1.1", "title")]
    hits = json.loads(say(capsys, root, "search", "which", "key", "--catalog", "red", "--json")[0])
    assert [(hit["control"], hit["excerpt"]) for hit in hits] == [("red:r-1.2", "A list says who has which key.")]
    hits = json.loads(say(capsys, root, "search", "pump house", "--catalog", "red", "--json")[0])
    assert hits[0]["where"] == "statement"


def test_search_tells_how_many_more_there_are_and_that_there_are_none(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = say(capsys, root, "search", "door", "-n", "1")
    assert len(out.splitlines()) == 2
    assert "more; -n " in err
    assert "no control speaks of 'zebra'" in say(capsys, root, "search", "zebra")[1]
    assert "no control speaks of '...'" in say(capsys, root, "search", "...")[1]


def test_validate_names_each_file_and_each_defect(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = say(capsys, root, "validate", str(root / "catalog"))
    assert out.count(": valid") == 3
    assert "3 documents, all valid" in err
    broken = json.loads((root / "catalog/red.json").read_text(encoding="utf-8"))
    broken["catalog"]["groups"][0]["controls"][0]["title"] = 7
    del broken["catalog"]["groups"][0]["controls"][1]["title"]
    (root / "catalog/red.json").write_text(json.dumps(broken, indent=1), encoding="utf-8")
    out, err = say(capsys, root, "validate", str(root / "catalog"), status=3)
    assert "red.json: 2 defects" in out
    assert "7 must be text: put it in quotes" in err
    assert "lacks 'title'" in err
    listed = json.loads(say(capsys, root, "validate", str(root / "catalog/red.json"), "--json", status=3)[0])
    assert [defect["pointer"] for defect in listed[0]["defects"]] == [
        "/catalog/groups/0/controls/0/title",
        "/catalog/groups/0/controls/1",
    ]


def test_all_content_at_hand_is_valid(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "all valid" in say(capsys, root, "validate")[1]


def test_publishing_writes_json_that_names_files_instead_of_our_uris(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = say(capsys, root, "publish", "-o", str(root / "out"))
    assert str(root / "out" / "iec62443-3-3-sl2.json") in out.splitlines()
    assert "documents published" in err
    profile = json.loads((root / "out" / "iec62443-3-3-sl2.json").read_text(encoding="utf-8"))["profile"]
    assert profile["imports"][0]["href"] == "iec62443-3-3.json"
    crosswalk = json.loads((root / "out" / "red-to-blue.json").read_text(encoding="utf-8"))["mapping-collection"]
    assert crosswalk["mappings"][0]["target-resource"]["href"] == "blue.json"
    out, _ = say(capsys, root, "publish", "-o", str(root / "out"), str(root / "catalog/red.json"), "--json")
    assert json.loads(out) == [str(root / "out" / "red.json")]


def test_nothing_is_published_if_one_is_not_valid(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "catalog/blue.json").write_text('{"catalog": {}}', encoding="utf-8")
    say(capsys, root, "publish", "-o", str(root / "out"), str(root / "catalog"), status=3)
    assert not (root / "out").exists()


HOUSE = "id;title;kind;parent;statement;colour\nhr-1;Visitors;group;;;\nhr-1.1;Badges;;hr-1;Everyone wears one.;red\n"


def test_a_framework_of_one_s_own_is_brought_in_and_known_at_once(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = str(tmp_path / "House.csv")
    Path(table).write_text(HOUSE, encoding="utf-8")
    out, err = say(capsys, root, "import", table, "--title", "House rules", "--json")
    assert json.loads(out) | {"file": ""} == {"catalog": "house", "controls": 1, "groups": 1, "file": ""}
    assert "not used, because a catalog has no place for it: colour" in err
    assert "Everyone wears one." in say(capsys, root, "show", "house:hr-1.1")[0]
    assert "is there already" in say(capsys, root, "import", table, status=2)[1]
    assert say(capsys, root, "import", table, "--force")[0].strip().endswith("house.yaml")


@pytest.mark.parametrize("ending", ["csv", "md", "yaml", "json"])
def test_what_is_exported_comes_back(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    out, back = tmp_path / f"red.{ending}", tmp_path / "back.yaml"
    say(capsys, root, "export", "red", "-o", str(out))
    if ending in {"csv", "md"}:
        say(capsys, root, "import", str(out), "-o", str(back))
        out = back
    assert read_document(out).data["catalog"] == Library(Content(root)).catalog("red").body


def test_a_table_without_a_place_to_go_is_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert say(capsys, root, "export", "red")[0].startswith("kind,id,parent,class,label,title")
    assert say(capsys, root, "export", "red", "--format", "markdown")[0].startswith("# The red standard {#red}")


def test_a_table_that_makes_no_sound_catalog_is_refused(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "x.csv"
    table.write_text("id,title,links\na-1,One,related #a-9\n", encoding="utf-8")
    assert "a-9" in say(capsys, root, "import", str(table), status=3)[1]
