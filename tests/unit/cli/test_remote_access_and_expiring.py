# SPDX-License-Identifier: Apache-2.0
"""The register of remote access, and all that runs out, over the example of two sites and from broken files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakes.evidence import make_item
from plantproof.cli.exits import run
from plantproof.cli.remote_access.listing import shown
from plantproof.cli.wiring import Wiring
from plantproof.core.deadlines import KINDS
from plantproof.ports.locker import StoredItem

AT = ("--at", "2026-11-23")


@pytest.fixture
def works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    root = tmp_path / "two-sites"
    assert run(["init", str(root), "--example", "two-sites"]) == 0
    capsys.readouterr()
    return root


def answer(works: Path, capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    capsys.readouterr()
    assert run(["-C", str(works), *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_the_register_is_listed_with_what_holds_and_what_shows_it(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = answer(works, capsys, "remote-access", "list", *AT)["remote-access"]
    assert [(one["id"], one["does-not-hold"]) for one in listed] == [
        ("control-room", ""),
        ("filters", "it ran out on 2026-04-30"),
    ]
    assert listed[0]["conduits"] == ["service-vpn", "ww-jump", "ww-engineering"]
    assert listed[0]["evidence"] == []
    assert run(["-C", str(works), "remote-access", "list", *AT]) == 0
    out = capsys.readouterr().out
    assert "multi-factor, supervised, recorded" in out
    for file in (works / "remote-access").iterdir():
        file.unlink()
    assert run(["-C", str(works), "remote-access", "list"]) == 0
    assert "the register is empty: write remote-access/*.yml" in capsys.readouterr().err


def test_a_way_that_nobody_may_use_any_more_is_an_error(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    findings = answer(works, capsys, "remote-access", "check", *AT)["findings"]
    assert [(one["id"], one["severity"], one["about"]) for one in findings] == [("access-ended", "warning", "filters")]
    assert run(["-C", str(works), "remote-access", "check", "--at", "2027-02-01"]) == 1
    said = "the access of Leitwerk Systems ran out on 2027-01-14, and service-vpn, ww-jump still lets it in"
    assert said in capsys.readouterr().out


def test_evidence_of_the_access_server_is_what_shows_the_sessions(works: Path) -> None:
    (one, _) = Wiring.of(works).workspace.remote_access
    paths = [
        "ww-remote/ww-access/linux.sshd.txt",
        "ww-remote/ww-access/linux.logs.txt",
        "ww-dmz/ww-jump/linux.sshd.txt",
    ]
    items = {path: StoredItem(item=make_item(path, b"x"), commit="1" * 40) for path in paths}
    assert [item.path for item in shown(one, items)] == sorted(paths[:2])


def test_what_runs_out_comes_in_one_order(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(works, capsys, "expiring", *AT, status=1)["expiring"]
    assert [(one["kind"], one["until"][:10], one["ended"]) for one in found] == [
        ("remote-access", "2026-04-30", True),
        ("exception", "2026-06-30", True),
        ("role", "2026-06-30", True),
        ("claim", "2026-08-31", True),
        ("acceptance", "2026-09-30", True),
        ("claim", "2026-12-31", False),
        ("remote-access", "2027-01-14", False),
        ("measure", "2027-01-31", False),
    ]
    assert [one["days"] for one in found[-2:]] == [52, 69]
    everything = answer(works, capsys, "expiring", *AT, "--within", "36500", status=1)["expiring"]
    assert {one["kind"] for one in everything} <= set(KINDS)
    assert "waiver" in {one["kind"] for one in everything}
    assert all(one["file"].startswith(str(works)) or one["file"].startswith("attestations/") for one in everything)


def test_only_what_is_asked_for_decides_the_exit_status(works: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("expiring", *AT, "--kind", "waiver", "--kind", "measure", "--within", "10")
    assert answer(works, capsys, *arguments)["expiring"] == []
    assert run(["-C", str(works), *arguments]) == 0
    assert "0 ran out, 0 will within 10 days, 2 hold longer" in capsys.readouterr().err
    assert run(["-C", str(works), "expiring", *AT, "--kind", "role"]) == 1
    assert "Integration service provider: bp-office, bp-dmz, bp-mes, bp-filling and 11 more" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("id: filters", "id: control-room", "access control-room is declared twice", 17),
        (
            "[service-vpn, ww-jump, ww-engineering]\n    assets",
            "[service-vpm]\n    assets",
            "names conduit service-vpm",
            20,
        ),
        ("[ww-filter-plc]", "[ww-filter-plk]", "asset ww-filter-plk is not in the inventory", 21),
        ("until: 2026-04-30", "until: 2024-04-30", "until 2024-04-30 lies before granted 2025-05-01", 25),
        ("    party: Filterbau Brandt\n", "", "access filters has no party", 17),
        (
            "supervised: true\n    shown-by: [ww-access]\n",
            "supervised: often\n",
            "supervised must be true or false",
            26,
        ),
        ("[ww-filter-plc]", "[]", "names no asset", 21),
    ],
)
def test_what_is_wrong_has_file_and_line(
    works: Path, capsys: pytest.CaptureFixture[str], *, old: str, new: str, said: str, line: int
) -> None:
    file = works / "remote-access" / "register.yml"
    head, mark, tail = file.read_text(encoding="utf-8").partition("  - id: filters")
    changed = (mark + tail).replace(old, new, 1)
    assert changed != mark + tail
    file.write_text(head + changed, encoding="utf-8")
    assert run(["-C", str(works), "remote-access", "check"]) == 3
    err = capsys.readouterr().err
    assert said in err
    assert f"remote-access/register.yml:{line} at " in err


def test_words_of_the_files_do_not_reach_the_terminal_as_orders(
    works: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = works / "remote-access" / "register.yml"
    text = file.read_text(encoding="utf-8").replace("Filterbau Brandt", '"Evil \\e[31mred\\e]0;title\\a"', 1)
    file.write_text(text, encoding="utf-8")
    for arguments in (("remote-access", "list"), ("remote-access", "check"), ("expiring",)):
        run(["-C", str(works), *arguments, *AT])
        out = capsys.readouterr().out
        assert "Evil" in out
        assert not {"\x1b", "\x07"} & {*out}


def test_the_calendar_has_an_end(works: Path) -> None:
    late = ("--at", "9999-12-31T23:00:00Z")
    assert run(["-C", str(works), "expiring", "--within", "36500", *late]) == 1
    assert run(["-C", str(works), "what-if", "--waive", "bp-filling:sr-1.2", *late]) == 0
