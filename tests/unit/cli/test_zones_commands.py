# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plantproof.cli import exits

ZONES = """\
zones:
  - {id: supervision, title: Supervision, purdue: 3, site: north, networks: [10.1.0.0/16], description: d, sl-t: 2}
  - {id: cell, parent: supervision, sl-t: 1, networks: [10.1.7.0/24]}
  - {id: office, purdue: 4, sl-t: 1}
conduits:
  - id: operate
    zones: [supervision, cell]
    sl-t: 2
    trust-boundary: true
    channels: [{id: ring, medium: wired}]
    flows: [{from: supervision, to: cell, service: opcua, reason: Set points., write: true}]
  - id: reports
    zones: [cell, office]
    sl-t: 1
    one-way: {from: cell, to: office}
    exception: {reason: DMZ in spring, approved-by: Chief, until: 2026-12-31}
firewalls:
  - {id: fw, asset: plc, dialect: cisco-ios, config: fw.txt, interfaces: [{name: e0, zone: cell}]}
"""


@pytest.fixture
def works(tmp_path: Path) -> Path:
    assert exits.run(["init", str(tmp_path / "w"), "--name", "Nordfeld"]) == 0
    (tmp_path / "w" / "plant" / "zones.yml").write_text(ZONES, encoding="utf-8")
    (tmp_path / "w" / "inventory.yml").write_text(
        "all:\n  hosts:\n    plc: {plantproof_zone: cell, ansible_host: 10.1.7.5}\n", encoding="utf-8"
    )
    return tmp_path / "w"


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    capsys.readouterr()
    assert exits.run([*arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_a_plant_in_order_says_so(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert exits.run(["-C", str(works), "zones", "check", "--at", "2026-12-31"]) == 0
    assert capsys.readouterr() == ("", "3 zones, 2 conduits, 1 assets: all in order\n")


def test_an_exception_that_ran_out_is_a_finding_with_file_and_line(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert exits.run(["-C", str(works), "zones", "check", "--at", "2027-01-01"]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].startswith(f"{works}/plant/zones.yml:12: error: conduit reports joins office (enterprise) directly")
    assert lines[0].endswith("[office-apart, ZCR 3.2]")
    assert lines[1].startswith("  Put a DMZ between them")
    assert "warning: the exception of conduit reports ran out on 2026-12-31 (approved by Chief)" in lines[2]
    assert err == "3 zones, 2 conduits, 1 assets: 1 error and 1 warning\n"


def test_findings_stand_beside_the_plant_for_programs(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "-C", str(works), "zones", "check", "--at", "2027-01-01", status=1)
    assert [(one["id"], one["severity"], one["about"], one["line"]) for one in found["findings"]] == [
        ("office-apart", "error", "reports", 12),
        ("exception-expired", "warning", "reports", 12),
    ]
    assert set(found) == {"plant", "zones", "conduits", "findings"}
    assert as_json(capsys, "-C", str(works), "zones", "check", "--at", "2026-12-01")["findings"] == []


def test_a_warning_alone_is_no_failure(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = works / "plant" / "zones.yml"
    path.write_text(ZONES.replace("service: opcua", "service: OPC"), encoding="utf-8")
    found = as_json(capsys, "-C", str(works), "zones", "check", "--at", "2026-12-01")
    assert [one["id"] for one in found["findings"]] == ["flow-service"]


def test_a_contradiction_is_bad_content(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = works / "plant" / "zones.yml"
    path.write_text(ZONES.replace("parent: supervision, ", ""), encoding="utf-8")
    assert exits.run(["-C", str(works), "zones", "check"]) == 3
    assert f"zone cell: shares 10.1.7.0/24 (in 10.1.0.0/16) with zone supervision ({path}:2)" in capsys.readouterr().err


def test_show_tells_everything_about_a_zone(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert exits.run(["-C", str(works), "zones", "show", "cell"]) == 0
    assert (
        capsys.readouterr().out
        == """\
cell
  kind          control
  level         -
  lies in       supervision
  contains      -
  site          north
  networks      10.1.7.0/24
  SL-T          (1, 1, 1, 1, 1, 1, 1)
  derived SL-T  -
  assets        plc
  firewalls     fw e0
  described as  -
  conduits
    operate, to supervision: SL-T (2, 2, 2, 2, 2, 2, 2); trust boundary; ring (wired)
      <- supervision  opcua (writes): Set points.
    reports, to office: SL-T (1, 1, 1, 1, 1, 1, 1); one way from cell to office
      exception until 2026-12-31, approved by Chief: DMZ in spring
  scenarios     -
"""
    )


def test_show_draws_nested_zones_as_a_tree(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert exits.run(["-C", str(works), "zones", "show"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("""\
Nordfeld
  supervision  supervision, SL-T (2, 2, 2, 2, 2, 2, 2)
    cell  control, SL-T (1, 1, 1, 1, 1, 1, 1)
  office  enterprise, SL-T (1, 1, 1, 1, 1, 1, 1)

supervision: Supervision
""")
    assert "  contains      cell\n" in out
    assert "      -> cell  opcua (writes): Set points.\n" in out


def test_show_for_programs(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "-C", str(works), "zones", "show")
    assert {name: (one["parent"], one["children"]) for name, one in found["zones"].items()} == {
        "supervision": ("", ["cell"]),
        "cell": ("supervision", []),
        "office": ("", []),
    }
    cell = as_json(capsys, "-C", str(works), "zones", "show", "cell")["zones"]["cell"]
    assert cell["conduits"]["reports"]["one-way"] == {"from": "cell", "to": "office"}
    assert cell["conduits"]["operate"]["flows"][0]["services"] == ["opcua"]
    assert cell["firewalls"] == [{"id": "fw", "interface": "e0"}]


def test_a_zone_that_is_not_there_gets_the_nearest_spelling(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run(["-C", str(works), "zones", "show", "cel"]) == 2
    assert "Did you mean 'cell'?" in capsys.readouterr().err
