# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from plantproof.cli import exits

ZONES = """\
zones:
  - {id: supervision, title: Supervision, purdue: 3, sl-t: {RA: 1, default: 0}}
  - {id: trip, title: Trip, kind: safety, purdue: 1, sl-t: {TRE: 2, default: 0}}
conduits:
  - {id: operate, zones: [supervision, trip], sl-t: 2, flows: [{from: supervision, to: trip, service: opcua}]}
"""
TERMS = """\
currency: CHF
day-rate: 1000
capacity: 10
start: 2027-01-04
estimates:
  - {control: sr-6.1, show: 1, do: 3}
  - {control: sr-6.2, show: 1, do: 9, cost: 5000}
"""
STATED = """\
attestations:
  - {{control: {control}, zone: {zone}, statement: Seen., role: Chief, name: A, stated: 2026-01-01, valid-until: 2027-06-01}}
"""
AT = ("--at", "2026-11-23T06:00:00Z")


@pytest.fixture
def works(tmp_path: Path) -> Path:
    root = tmp_path / "w"
    assert exits.run(["init", str(root), "--name", "Nordfeld"]) == 0
    (root / "plant" / "zones.yml").write_text(ZONES, encoding="utf-8")
    (root / "inventory.yml").write_text("all:\n  hosts: {}\n", encoding="utf-8")
    (root / "roadmap.yml").write_text(TERMS, encoding="utf-8")
    return root


def road(works: Path, capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 1) -> str:
    capsys.readouterr()
    said = exits.run(["-C", str(works), "roadmap", *AT, *arguments])
    told = capsys.readouterr()
    assert said == status, told
    return told.out if status < 2 else told.err


def test_people_see_gaps_steps_bars_totals_and_what_comes_of_it(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = road(works, capsys)
    lines = told.splitlines()
    assert lines[0].split() == ["zone", "FR", "SL-T", "proven", "possible", "fix", "collect", "attest", "renew"]
    assert lines[1].split() == ["supervision", "RA", "1", "0", "1", "-", "-", "7", "-"]
    step = next(line for line in lines if "trip: TRE from SL 0 to 1" in line)
    assert step.split()[1] == "gaps"
    assert "█" in step
    assert "1.0-4.0" in step
    assert "1 000-4 000" in step
    assert "altogether:" in told
    assert "when all is done, every target is proven" in told
    assert "estimates of the project" in told


def test_details_name_each_control_and_its_reason(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = road(works, capsys, "--details", "--zone", "trip")
    assert "- SR 6.2 Continuous monitoring in trip: attest, 1.0-10 days" in told
    assert "nobody attests to it" in told
    assert "supervision: RA" not in told


def test_programs_get_the_same_by_json_and_by_file(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = road(works, capsys, "--json")
    assert road(works, capsys, "--format", "json") == printed
    road(works, capsys, "-o", str(tmp_path / "r.json"))
    assert (tmp_path / "r.json").read_text(encoding="utf-8") == printed
    data = json.loads(printed)
    steps = {step["id"]: step for step in data["steps"]}
    lift = steps["lift/trip/TRE/2"]
    assert (lift["effort-days"], lift["cost"]) == ([1, 10], [1000, 15000])
    assert [job["control"] for job in lift["jobs"]] == ["sr-6.2"]
    assert data["reached"]["trip"]["TRE"] == 2
    assert data["currency"] == "CHF"
    assert steps["chore/continuous-improvement/plant/month"]["every-year"] is True
    assert data["steps"][0]["begins"] == ["2027-01-04", "2027-01-04"]


def test_a_table_has_a_row_for_each_job_and_chore(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    road(works, capsys, "-o", str(tmp_path / "r.csv"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text(encoding="utf-8"))))
    data = json.loads(road(works, capsys, "--json"))
    once = [row for row in rows if row["begins"] != "every year"]
    assert sum(float(row["days high"]) for row in once) == pytest.approx(data["effort-days"][1], abs=0.2)
    assert {row["control"] for row in rows if row["zones"] == "trip"} >= {"sr-6.1", "sr-6.2"}


def test_the_picture_is_well_formed_tells_itself_and_is_the_same_twice(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    road(works, capsys, "-o", str(tmp_path / "r.svg"))
    text = (tmp_path / "r.svg").read_text(encoding="utf-8")
    assert road(works, capsys, "--format", "svg") == text
    tree = ET.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    bars = tree.findall(f"{space}g")
    steps = [step for step in json.loads(road(works, capsys, "--json"))["steps"] if not step["every-year"]]
    assert [bar.findtext(f"{space}title", "").partition(":")[0] for bar in bars] == [
        step["title"].partition(":")[0] for step in steps
    ]
    assert "trip: TRE from SL 0 to 1" in (tree.findtext(f"{space}desc") or "")
    for bar in bars:
        for box in bar.findall(f"{space}rect"):
            assert float(box.get("x", "-1")) >= 0
            assert float(box.get("x", "0")) + float(box.get("width", "0")) <= float(tree.get("width", "0"))


def test_out_of_scope_is_repeated_and_the_target_is_not_promised(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = "out-of-scope:\n  - {control: sr-6.2, reason: Comes with the new centre.}\n"
    (works / "roadmap.yml").write_text(TERMS + left, encoding="utf-8")
    told = road(works, capsys)
    assert (
        "not reached: trip TRE stays at SL 1 of 2, because sr-6.2 is out of scope: Comes with the new centre." in told
    )
    assert "every target is proven" not in told
    data = json.loads(road(works, capsys, "--json"))
    assert data["unreachable"][0]["control"] == "sr-6.2"
    assert data["reached"]["trip"]["TRE"] == 1


def test_what_people_state_counts_and_comes_back_as_work_each_year(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (works / "attestations" / "a.yml").write_text(STATED.format(control="sr-6.1", zone="trip"), encoding="utf-8")
    data = json.loads(road(works, capsys, "--json", "--zone", "trip"))
    assert [step["id"] for step in data["steps"] if step["lift"]] == ["lift/trip/TRE/2"]
    assert data["steps"][-1]["title"] == "renew 1 attestation of trip"


def test_a_plant_that_asks_for_nothing_has_no_gap(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (works / "plant" / "zones.yml").write_text("zones: [{id: z, sl-t: 0, description: d}]\n", encoding="utf-8")
    assert "every target is proven already" in road(works, capsys, status=0)
    assert json.loads(road(works, capsys, "--json", status=0))["gaps"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--zone", "tripp"), "'trip'"), (("--json", "--format", "csv"), "contradict"), (("--at", "soon"), "not an instant")],
)  # fmt: skip
def test_mistakes_are_named(
    works: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert said in road(works, capsys, *arguments, status=2)


def test_a_broken_file_is_told_with_its_line(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (works / "roadmap.yml").write_text("currency: CHF\ncapcity: 3\n", encoding="utf-8")
    told = road(works, capsys, status=3)
    assert "roadmap.yml:2" in told
    assert "Did you mean 'capacity'?" in told


def test_text_goes_into_a_file_as_it_is_printed(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = road(works, capsys)
    road(works, capsys, "-o", str(tmp_path / "r.txt"))
    assert (tmp_path / "r.txt").read_text(encoding="utf-8") == printed
