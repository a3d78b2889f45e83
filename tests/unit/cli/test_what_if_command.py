# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plantproof.adapters.workspace.supposed import _unpack
from plantproof.cli import exits
from plantproof.core.levels import FR

ZONES = """\
zones:
  # A remark that stays where it is.
  - {id: cell.1, title: Cell, purdue: 1, sl-t: {RA: 1, TRE: 1, default: 0}}
  - {id: trip, title: Trip, kind: safety, purdue: 1, sl-t: {TRE: 2, default: 0}}
conduits:
  - {id: link, zones: [cell.1, trip], sl-t: 2, flows: [{from: cell.1, to: trip, service: opcua}]}
"""
STATED = """\
attestations:
  - {control: sr-6.1, zone: trip, statement: S, role: R, name: N, stated: 2026-01-01, valid-until: 2027-06-01}
"""
INVENTORY = """\
all:
  hosts:
    plc-3: {plantproof_zone: cell.1}
"""
AT = ("--at", "2026-11-23T06:00:00Z")


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "w"
    assert exits.run(["init", str(root), "--name", "Nordfeld"]) == 0
    (root / "plant" / "zones.yml").write_text(ZONES, encoding="utf-8")
    (root / "attestations" / "a.yml").write_text(STATED, encoding="utf-8")
    (root / "inventory.yml").write_text(INVENTORY, encoding="utf-8")
    before = contents(root)
    yield root
    assert contents(root) == before  # whatever a test supposes, the workspace stays as it is


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}


def ask(works: Path, capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    capsys.readouterr()
    assert exits.run(["-C", str(works), "what-if", *AT, *arguments, "--json"]) == status
    told = capsys.readouterr()
    return json.loads(told.out)["changes"] if status < 2 else told.err


def test_a_target_is_set_for_one_requirement(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(works, capsys, "--set", "zone.cell.1.sl-t.ra=3", status=1)
    assert found["target"] == {"cell.1 RA": {"before": 1, "after": 3}}
    assert found["gap"] == {"cell.1 RA": {"before": 1, "after": 3}}
    assert set(found) == {"target", "gap", "road map"}
    lower = ask(works, capsys, "--set", "zone.cell.1.sl_t=0")
    assert lower["gap"]["cell.1 RA"] == {"before": 1, "after": 0}


def test_keys_of_conduits_and_several_at_once(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(works, capsys, "--set", "conduit.link.sl-t=0", "--set", "zone.trip.sl-t.RDF=1", status=1)
    conduit = {f"link {fr.name}": {"before": 2, "after": 0} for fr in FR}
    assert found["target"] == {"trip RDF": {"before": 0, "after": 1}, **conduit}
    assert [one["after"] for one in found["zoning"].values()] == ["warning"]


def test_an_error_of_zoning_that_appears_is_told_and_counts(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(works, capsys, "--set", "zone.cell.1.kind=enterprise", status=1)
    new = [key.partition(":")[0] for key, one in found["zoning"].items() if one == {"before": None, "after": "error"}]
    assert new == ["office-apart", "safety-conduit"]
    backwards = ask(works, capsys, "--set", "conduit.link.sl-t=2", status=0)
    assert backwards == {}


def test_a_verdict_is_taken_as_given_and_levels_follow(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(works, capsys, "--control", "trip:SR-6.2=satisfied")
    assert found["verdict"] == {"trip sr-6.2": {"before": "no evidence", "after": "satisfied"}}
    assert found["proven"] == {"trip TRE": {"before": 1, "after": 2}}
    worse = ask(works, capsys, "--control", "trip:sr-6.1=not-satisfied", status=1)
    assert worse["possible"]["trip TRE"] == {"before": 4, "after": 0}


def test_statements_come_and_go(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(works, capsys, "--attest", "trip:sr-6.2")
    assert found["proven"] == {"trip TRE": {"before": 1, "after": 2}}
    gone = ask(works, capsys, "--without", "trip:sr-6.1", status=1)
    assert gone["proven"] == {"trip TRE": {"before": 1, "after": 0}}
    assert gone["verdict"] == {"trip sr-6.1": {"before": "satisfied", "after": "no evidence"}}


def test_an_asset_moves_and_takes_its_silence_along(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(works, capsys, "--move", "plc-3=trip", "--attest", "cell.1:sr-6.1")
    assert found["assets"] == {"plc-3": {"before": "cell.1", "after": "trip"}}
    assert found["proven"] == {"cell.1 TRE": {"before": 0, "after": 1}}


@pytest.mark.parametrize("as_folder", [True, False])
def test_changed_files_take_the_place_of_those_there(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, as_folder: bool
) -> None:
    text = ZONES.replace("sl-t: {TRE: 2, default: 0}", "sl-t: {TRE: 1, default: 0}")
    changed = tmp_path / "changed" / "plant" / "zones.yml"
    changed.parent.mkdir(parents=True)
    changed.write_text(text, encoding="utf-8")
    found = ask(works, capsys, "--with", str(tmp_path / "changed" if as_folder else changed))
    assert found["target"] == {"trip TRE": {"before": 2, "after": 1}}


def test_another_roadmap_and_inventory_count_too(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "roadmap.yml").write_text("currency: CHF\n", encoding="utf-8")
    (other / "inventory.yml").write_text(INVENTORY.replace("cell.1", "trip"), encoding="utf-8")
    found = ask(works, capsys, "--with", str(other))
    assert found["assets"] == {"plc-3": {"before": "cell.1", "after": "trip"}}
    assert found["road map"]["EUR"]["after"] is None
    assert found["road map"]["CHF"]["before"] is None


def test_a_workspace_is_compared_with_its_own_past(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=T", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(works), *who, *arguments], check=True, capture_output=True)

    git("init", "-q")
    old = ZONES.replace("TRE: 2", "TRE: 1")
    (works / "plant" / "zones.yml").write_text(old, encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "as it was")
    (works / "plant" / "zones.yml").write_text(ZONES, encoding="utf-8")
    found = ask(works, capsys, "--against", "HEAD", status=1)
    assert found["target"] == {"trip TRE": {"before": 1, "after": 2}}
    both = ask(works, capsys, "--against", "HEAD", "--control", "trip:sr-6.2=satisfied")
    assert both["proven"] == {"trip TRE": {"before": 1, "after": 2}}
    assert "git has no revision nowhere" in ask(works, capsys, "--against", "nowhere", status=2)
    assert "is not a revision" in ask(works, capsys, "--against", "--output=x", status=2)


def test_an_archive_writes_plain_files_inside_of_its_folder_and_nothing_else(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in ("plant/zones.yml", "../outside.yml", "/tmp/plantproof-absolute.yml"):
            member = tarfile.TarInfo(name)
            member.size = 3
            archive.addfile(member, io.BytesIO(b"a: "))
        link = tarfile.TarInfo("plant/link.yml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    folder = tmp_path / "inside"
    folder.mkdir()
    _unpack(packed.getvalue(), folder)
    assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == [folder / "plant" / "zones.yml"]
    assert not Path("/tmp/plantproof-absolute.yml").exists()


def test_people_see_a_table_for_each_view_and_what_it_comes_to(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert exits.run(["-C", str(works), "what-if", *AT, "--control", "trip:sr-6.2=satisfied"]) == 0
    told = capsys.readouterr().out
    assert "proven    as it is  what if\ntrip TRE  1         2\n" in told
    assert told.endswith("1 gap would be smaller\n")
    assert exits.run(["-C", str(works), "what-if", *AT, "--set", "zone.trip.title=Other"]) == 0
    assert capsys.readouterr().out == "nothing would be different\n"
    assert exits.run(["-C", str(works), "what-if", *AT, "--set", "zone.trip.sl-t=0"]) == 0
    assert capsys.readouterr().out.endswith("a target would be lower; that proves nothing more\n")
    assert exits.run(["-C", str(works), "what-if", *AT, "--set", "zone.trip.sl-t=4"]) == 1
    assert "further from its target" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "nothing is supposed"),
        (("--set", "zone.trip"), 2, "sets nothing"),
        (("--set", "zone.tripp.sl-t=1"), 2, "Did you mean 'trip'?"),
        (("--set", "zone.trip.sl-t.XX=1"), 2, "is not a foundational requirement"),
        (("--set", "zone.trip.title.x=1"), 2, "sets a part of title"),
        (("--set", "zone.trip.sl-t=[1"), 2, "is not a value"),
        (("--set", "zone.trip.sl-t=9"), 3, "9 is not a security level"),
        (("--set", "zone.trip.colour=red"), 3, "unknown key 'colour'"),
        (("--move", "plc-3"), 2, "plc-3=cell-2"),
        (("--move", "plc-4=trip"), 2, "there is no asset 'plc-4'"),
        (("--move", "plc-3=tripp"), 2, "there is no zone 'tripp'"),
        (("--control", "trip:sr-6.1=fine"), 2, "'fine' is not a verdict"),
        (("--control", "trip:sr-9=satisfied"), 2, "there is no control 'sr-9'"),
        (("--attest", "trip"), 2, "names no control in a zone"),
        (("--without", "trip:sr-6.2"), 2, "trip:sr-6.1"),
        (("--with", "nowhere"), 2, "there is no nowhere"),
        (("--against", "HEAD"), 2, "git has no revision HEAD"),
    ],
)
def test_mistakes_are_named(
    works: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int, said: str
) -> None:
    assert said in ask(works, capsys, *arguments, status=status)


def test_defects_are_told_where_people_can_find_them(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "changed" / "plant" / "zones.yml"
    changed.parent.mkdir(parents=True)
    changed.write_text(f"{ZONES}zone: 1\n", encoding="utf-8")
    told = ask(works, capsys, "--with", str(tmp_path / "changed"), status=3)
    assert f"{changed}:7" in told
    assert "plantproof-what-if" not in told
    # A key that was set has no line in the real file.
    told = ask(works, capsys, "--set", "zone.trip.parent=cel", status=3)
    assert f"{works / 'plant' / 'zones.yml'} at /zones/1/parent" in told
    twice = tmp_path / "twice" / "plant" / "more.yml"
    twice.parent.mkdir(parents=True)
    twice.write_text("zones: [{id: trip, sl-t: 1}]\n", encoding="utf-8")
    told = ask(works, capsys, "--with", str(tmp_path / "twice"), status=3)
    assert "declared twice" in told
    assert "plantproof-what-if" not in told


@pytest.mark.parametrize(
    ("name", "said"), [("new.yml", "has no file called new.yml"), ("both.yml", "has several files called both.yml")]
)
def test_a_single_file_must_have_one_place(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    made = [works / "plant" / "both.yml", works / "attestations" / "both.yml"]
    for path in made:
        path.write_text("{}\n", encoding="utf-8")
    (tmp_path / name).write_text("{}\n", encoding="utf-8")
    assert said in ask(works, capsys, "--with", str(tmp_path / name), status=2)
    (tmp_path / "empty").mkdir()
    assert "is empty" in ask(works, capsys, "--with", str(tmp_path / "empty"), status=2)
    for path in made:
        path.unlink()
