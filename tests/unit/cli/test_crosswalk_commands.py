# SPDX-License-Identifier: Apache-2.0
"""The crosswalk commands on a workspace with two small standards of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakes.standards import ROWS, make_crosswalk, make_row, prop, write_standards
from plantproof.cli import exits


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_standards(tmp_path)


class Said:
    """What a command printed, and how it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> None:
        capsys.readouterr()
        self.status = exits.run(["-C", str(root), "crosswalk", *arguments])
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def test_all_crosswalks_are_listed_with_who_stands_behind_them(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = Said(capsys, root, "show", "--json").json
    assert {
        "name": "red-to-blue", "source": "red", "target": "blue", "rows": 2,
        "authority": "Us", "official": False, "document": "this",
    } in listed  # fmt: skip
    said = Said(capsys, root, "show")
    assert "red-to-blue" in said.out
    assert "crosswalks," in said.err


@pytest.mark.parametrize("names", [["red-to-blue"], ["red", "blue"], ["blue", "red"]])
def test_rows_are_shown_by_name_or_by_the_two_catalogs(
    root: Path, capsys: pytest.CaptureFixture[str], names: list[str]
) -> None:
    said = Said(capsys, root, "show", *names)
    assert "Keys decide who enters." in said.out
    assert "2 rows, own judgement of Us" in said.err
    (crosswalk,) = Said(capsys, root, "show", *names, "--json").json
    assert crosswalk["rows"][0]["relation"] == "superset-of"
    assert crosswalk["rows"][0]["targets"] == ["blue:b-7.a"]


@pytest.mark.parametrize("names", [["nope"], ["red", "red"], ["a", "b", "c"]])
def test_an_unknown_crosswalk_is_an_error_with_a_hint(
    root: Path, capsys: pytest.CaptureFixture[str], names: list[str]
) -> None:
    said = Said(capsys, root, "show", *names)
    assert said.status == 2
    assert "[usage.unknown-name]" in said.err


def test_coverage_looks_both_ways(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = Said(capsys, root, "coverage", "red", "blue", "--json").json
    assert {item["control"]: item["reach"] for item in found["red"]} == {
        "red:r-1.1": "partial",  # it asks for more than the other side
        "red:r-1.1.re-1": "by its base requirement",
        "red:r-1.2": "partial",
    }
    assert {item["control"]: item["reach"] for item in found["blue"]} == {
        "blue:b-7": "partial",
        "blue:b-7.a": "full",
        "blue:b-8": "open",
    }
    said = Said(capsys, root, "coverage", "red", "blue", "--open")
    assert "b-8" in said.out
    assert "b-7.a" not in said.out
    assert "blue: 3 controls, 1 full, 1 partial, 1 open" in said.err


def test_what_is_left_out_on_purpose_is_shown_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reason = {**prop("unmapped-target", "b-8"), "remarks": "the pump house has no window"}
    gap = {"uuid": "7b8a4c4e-3b8a-5b0e-9d8e-1c1f0a5a7b11", "unmapped-controls": [{"with-ids": ["b-8"]}]}
    root = write_standards(tmp_path, mapping={"props": [reason], "target-gap-summary": gap})
    assert (
        "left out on purpose: blue:b-8: the pump house has no window" in Said(capsys, root, "show", "red-to-blue").out
    )
    (item,) = [i for i in Said(capsys, root, "coverage", "blue", "red", "--json").json["blue"] if i["reason"]]
    assert (item["control"], item["reach"]) == ("blue:b-8", "left out on purpose")
    assert "the pump house has no window" in Said(capsys, root, "coverage", "blue", "red").out


def test_a_path_is_printed_with_its_rows_and_their_reasons(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, root, "path", "R 1.1", "blue")
    assert "red:r-1.1 superset-of blue:b-7.a  Locks  [own judgement, high confidence]" in said.out
    assert "Locks are asked for by both" in said.out
    assert "1 routes to 1 control (1 own judgement)" in said.err


def test_a_path_may_lead_through_part_and_whole_and_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, root, "path", "blue:7(a)", "red:r-1.2")
    assert "blue:b-7.a and blue:b-7 are part and whole" in said.out
    (route,) = Said(capsys, root, "path", "blue:7(a)", "red:r-1.2", "--json").json
    assert (route["relation"], route["derived"], route["official"], route["length"]) == ("related-to", True, False, 1)
    assert Said(capsys, root, "path", "blue:7(a)", "red:r-1.2", "--direct", "--json").json == []
    assert "r-1.1 and red:r-1 are part and whole" in Said(capsys, root, "path", "blue:7(a)", "red:r-1").out


def test_a_check_leads_to_what_it_serves(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to_ours = make_row("sr-1.1", "intersects-with", "b-8", "Both keep people out.")
    document = make_crosswalk([to_ours], source="urn:plantproof:catalog:iec62443-3-3")
    (root / "catalog" / "crosswalks" / "ours.json").write_text(json.dumps(document), encoding="utf-8")
    said = Said(capsys, root, "path", "check:linux-sshd-no-empty-passwords", "blue")
    assert "check:linux-sshd-no-empty-passwords supports iec62443-3-3:sr-1.1 intersects-with blue:b-8" in said.out
    (route,) = Said(capsys, root, "path", "check:linux-sshd-no-empty-passwords", "blue", "--json").json
    assert route["claim"] == "supports"
    wrong = Said(capsys, root, "path", "check:linux-sshd-no-empty-password", "blue")
    assert wrong.status == 2
    assert "Did you mean linux-sshd-no-empty-passwords" in wrong.err


def test_no_route_is_an_answer(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, root, "path", "r-1.1.re-1", "blue")
    assert (said.status, said.out) == (0, "")
    assert "no route of 3 rows or fewer" in said.err


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [
        ("red:r-1.3", "blue", "Did you mean red:r-1.2"),
        ("red:zzz", "blue", "there is no control 'zzz' in red"),
        ("r-1.1", "bleu", "Did you mean blue?"),
        ("r-1.1", "bleu:7", "there is no catalog 'bleu'"),
        ("r-1.1", "red", "are of one catalog"),
        ("...", "blue", "there is no control"),
    ],
)
def test_unknown_ends_are_told_with_the_nearest_names(
    root: Path, capsys: pytest.CaptureFixture[str], source: str, target: str, told: str
) -> None:
    said = Said(capsys, root, "path", source, target)
    assert said.status == 2
    assert told in said.err


def test_a_name_that_several_catalogs_have_must_be_qualified(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from fakes.standards import BLUE

    twin = json.loads(json.dumps(BLUE).replace('"blue"', '"azure"').replace(BLUE["catalog"]["uuid"], "9" * 8 + BLUE["catalog"]["uuid"][8:]))  # fmt: skip
    (root / "catalog" / "azure.json").write_text(json.dumps(twin), encoding="utf-8")
    said = Said(capsys, root, "path", "b-7", "red")
    assert said.status == 2
    assert "may mean 2 controls" in said.err
    assert "Say which: azure:b-7, blue:b-7." in said.err


def test_lint_finds_what_is_wrong_in_a_file_of_ones_own(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Said(capsys, root, "lint", str(root / "catalog/crosswalks/red-to-blue.json")).status == 0
    wrong = root / "wrong.json"
    rows = [make_row("r-1.1", "equal-to", "b-7.a"), make_row("r-1.2", "intersects-with", "b-77", "")]
    wrong.write_text(json.dumps(make_crosswalk(rows)), encoding="utf-8")
    said = Said(capsys, root, "lint", str(wrong))
    assert said.status == 1
    assert "did you mean 'b-7'" in said.out
    assert "1 crosswalks: " in said.err
    assert {p["rule"] for p in Said(capsys, root, "lint", str(wrong), "--json").json} == {
        "dangling", "rationale", "contradiction",
    }  # fmt: skip


def test_lint_of_everything_at_hand_is_clean(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, root, "lint")
    assert (said.status, said.out) == (0, "")
    assert "nothing wrong" in said.err


def test_diff_says_what_is_new_gone_and_changed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = root / "catalog/crosswalks/red-to-blue.json"
    new = root / "new.json"
    rows = [{**ROWS[0], "relationship": "equal-to"}, make_row("r-1.2", "subset-of", "b-8", "why")]
    new.write_text(json.dumps(make_crosswalk(rows)), encoding="utf-8")
    said = Said(capsys, root, "diff", str(old), str(new))
    assert said.status == 1
    assert "1 added, 1 gone, 1 changed" in said.err
    assert "superset-of -> equal-to" in said.out
    found = Said(capsys, root, "diff", str(old), str(new), "--json").json
    assert [len(found[key]) for key in ("added", "gone", "changed")] == [1, 1, 1]
    assert found["changed"][0]["fields"] == ["relation"]
    same = Said(capsys, root, "diff", str(old), str(old))
    assert (same.status, same.out) == (0, "")


@pytest.mark.parametrize(
    ("rows", "props", "told"),
    [
        ([make_row("r-1.1", "like", "b-7")], None, "'like' is not a relation"),
        (list(ROWS), [], "nobody stands behind this"),
        (list(ROWS), [prop("authority", "Us"), prop("official", "maybe")], "nobody stands behind this"),
    ],
)
def test_a_crosswalk_that_cannot_be_trusted_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[Any], props: Any, told: str
) -> None:
    root = write_standards(tmp_path, rows, props=props)
    said = Said(capsys, root, "show")
    assert said.status == 3
    assert told in said.err
    assert "[content.crosswalk]" in said.err
    assert "red-to-blue.json:" in said.err


def test_a_catalog_among_the_crosswalks_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "catalog/crosswalks/odd.json").write_text((root / "catalog/red.json").read_text(), encoding="utf-8")
    said = Said(capsys, root, "show")
    assert said.status == 3
    assert "is not a crosswalk" in said.err
