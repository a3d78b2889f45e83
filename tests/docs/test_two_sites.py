# SPDX-License-Identifier: Apache-2.0
"""The bundled example of two sites: every seeded mistake is found, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from plantproof.cli.exits import run

Key = tuple[str, ...]


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("example") / "two-sites"
    assert run(["init", str(root), "--example", "two-sites"]) == 0
    return root


@pytest.fixture(scope="module")
def told(works: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((works / "mistakes.yml").read_text(encoding="utf-8"))
    return found


def expected(told: dict[str, Any], command: str) -> list[Key]:
    rows = [row for mistake in told["mistakes"] for row in mistake["found-by"] if row["command"] == command]
    return sorted(tuple(row[key] for key in ("finding", "about", "service") if key in row) for row in rows)


def answer(capsys: pytest.CaptureFixture[str], works: Path, *arguments: str, status: int) -> Any:
    capsys.readouterr()
    assert run(["-C", str(works), *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_every_mistake_says_how_it_is_found(told: dict[str, Any]) -> None:
    assert len(told["mistakes"]) >= 12
    assert all(mistake["found-by"] for mistake in told["mistakes"])


def test_zones_check_finds_what_is_cut_wrongly(
    works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, works, "zones", "check", "--at", str(told["at"]), status=1)
    assert sorted((one["id"], one["about"]) for one in found["findings"]) == expected(told, "zones check")


def test_risk_finds_what_is_asked_for_and_not_borne(
    works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, works, "risk", "--at", str(told["at"]), status=1)
    assert sorted((one["id"], one["about"]) for one in found["findings"]) == expected(told, "risk")


def test_components_check_finds_who_cannot_do_what_is_asked(
    works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, works, "components", "check", "--at", str(told["at"]), status=1)
    assert sorted((one["id"], one["about"]) for one in found["findings"]) == expected(told, "components check")


def test_duties_finds_what_nobody_bears(works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, works, "duties", "--at", str(told["at"]), status=0)
    assert sorted((one["id"], one["about"]) for one in found["findings"]) == expected(told, "duties")


def test_remote_access_finds_whose_time_is_over(
    works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, works, "remote-access", "check", "--at", str(told["at"]), status=0)
    assert sorted((one["id"], one["about"]) for one in found["findings"]) == expected(told, "remote-access check")


def test_reach_finds_what_the_firewalls_do_beside_the_conduits(
    works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, works, "reach", status=1)
    rows: list[Key] = [(one["outcome"], f"{one['from']} > {one['to']}", one["service"]) for one in found["findings"]]
    rows += [("unused", f"{rule['file']}:{rule['line']}") for rule in found["unused"]]
    assert sorted(rows) == expected(told, "reach")
    assert found["unknown"] == []
    assert all(one["rules"] and all(rule["line"] for rule in one["rules"]) for one in found["findings"])


def test_firewall_check_finds_the_needless_rules(
    works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    walls = [
        wall for file in works.glob("plant/*.yml") for wall in yaml.safe_load(file.read_text()).get("firewalls", [])
    ]

    def every() -> Iterator[Key]:
        for wall in walls:
            arguments = ("firewall", "check", wall["dialect"], str(works / wall["config"]))
            for one in answer(capsys, works, *arguments, status=0)["findings"]:
                yield one["finding"], f"{wall['config']}:{one['rule']['line']}"

    assert sorted(every()) == expected(told, "firewall check")


def test_flows_check_finds_what_really_happened(
    works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, works, "flows", "check", str(works / "flows" / "seen.csv"), status=1)
    rows = [
        (one["outcome"], f"{one['from']} > {one['to']}", one["service"]) for one in found["groups"] if one["finding"]
    ]
    assert sorted(rows) == expected(told, "flows check")


def test_inventory_check_finds_what_nobody_listed(
    works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    log = str(works / "flows" / "seen.csv")
    found = answer(capsys, works, "inventory", "check", log, "--at", str(told["at"]), status=1)
    assert sorted((one["id"], one["about"]) for one in found["findings"]) == expected(told, "inventory check")
    assert all(one["seen"]["spoke"] and one["seen"]["file"] == log and one["seen"]["line"] for one in found["findings"])
    assert found["unseen"] == ["bp-capper", "bp-labeller"]
    assert found["addresses"] == {"seen": 19, "listed": 16, "left-alone": 1}


def test_it_can_be_drawn(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(works), "draw", "--at", "2026-11-23", "-o", str(works / "plant.svg")]) == 0
    drawing = (works / "plant.svg").read_text(encoding="utf-8")
    assert "Chlorine safety system" in drawing
    del capsys


def test_what_if_shows_what_a_rule_more_or_less_would_change(
    works: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = (works / "firewalls" / "bp-border.asa").read_text(encoding="utf-8")
    shares = next(line for line in rules.splitlines() if line.endswith("mes-net eq 445"))
    (tmp_path / "firewalls").mkdir()
    (tmp_path / "firewalls" / "bp-border.asa").write_text(rules.replace(f"{shares}\n", ""), encoding="utf-8")
    found = answer(capsys, works, "what-if", "--with", str(tmp_path), status=0)
    assert found["changes"]["reach"] == {"bp-office > bp-mes: smb (tcp/445)": {"before": "undeclared", "after": None}}
    wider = rules.replace(shares, shares.replace("eq 445", "range 22 445"))
    (tmp_path / "firewalls" / "bp-border.asa").write_text(wider, encoding="utf-8")
    inner = (works / "firewalls" / "bp-plant.v4").read_text(encoding="utf-8")
    (tmp_path / "firewalls" / "bp-plant.v4").write_text(
        inner.replace("--dport 445", "--dport 22:445"), encoding="utf-8"
    )
    found = answer(capsys, works, "what-if", "--with", str(tmp_path), status=1)
    opened = {key for key, change in found["changes"]["reach"].items() if change["after"] == "undeclared"}
    assert [key.split(" (")[0] for key in opened] == ["bp-office > bp-mes: tcp/22-445"]


def test_assess_holds_it_against_the_zones_whose_boundary_it_crosses(
    works: Path, told: dict[str, Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    crossed = {
        zone for kind, about, *_ in expected(told, "reach") if kind == "undeclared" for zone in about.split(" > ")
    }
    found = answer(capsys, works, "assess", "--at", str(told["at"]), "-o", str(tmp_path / "out"), status=1)
    broken = {zone for zone, one in found["zones"].items() if one["sl-a-possible"]["RDF"] == 0}
    assert broken == crossed
    assert all(one["sl-a-proven"]["RDF"] == 0 for one in found["zones"].values()), "files are no proof"


def test_the_portal_tells_of_a_conduit_what_assess_tells(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(works), "publish", "--at", "2026-11-23"]) == 0
    capsys.readouterr()
    page = (works / "out" / "site" / "controls" / "sr-5.2.re-1.html").read_text(encoding="utf-8")
    _, mark, section = page.partition('<h3 id="ww-office-dmz">')
    assert mark
    assert "not satisfied" in section.partition("</h3>")[0]
