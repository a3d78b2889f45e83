# SPDX-License-Identifier: Apache-2.0
"""Evidence from a stick to the portal, command by command, in one process."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from fakes.workspaces import make_workspace
from plantproof.cli import exits

MARKED = """#plantproof a header collector=linux_host version=1 clock=2026-11-01T00:00:00Z
#plantproof a begin linux.host
@@ command uname -n
hmi-1\x1b[2J
#plantproof a end linux.host ok
#plantproof a note linux.sudo stray
#plantproof a done
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_workspace(tmp_path / "w", {"hmi-1": {}})
    (tmp_path / "stick.txt").write_text(MARKED, encoding="utf-8")
    return root


def say(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str, status: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert exits.run(["-C", str(root), *arguments]) == status
    out, err = capsys.readouterr()
    return out, err


def add(capsys: pytest.CaptureFixture[str], root: Path, *more: str) -> tuple[str, str]:
    file = str(root.parent / "stick.txt")
    return say(capsys, root, "evidence", "add", "--asset", "hmi-1", file, *more, status=exits.INCOMPLETE)


def test_what_was_carried_in_is_logged_shown_and_verified(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = add(capsys, root)
    assert out.startswith("1 items (1 new, 0 changed, 0 unchanged)")
    assert "the collector's output does not hold it" in out
    assert "remark: hmi-1 linux_host: note of linux.sudo, which is not open" in err
    log, _ = say(capsys, root, "evidence", "log")
    assert "good" in log
    (entry,) = json.loads(say(capsys, root, "evidence", "log", "--json")[0])
    assert (entry["items"], entry["changed"], entry["signature"]) == (1, 1, "G")
    shown, err = say(capsys, root, "evidence", "show", "cell/hmi-1/linux.host.txt")
    assert shown.startswith("@@ command uname -n\n")
    assert "by linux_host/" in err
    found = json.loads(say(capsys, root, "evidence", "show", "cell/hmi-1/linux.host.txt", "--json")[0])
    assert found["envelope"]["state"] == "complete"
    assert found["commit"].startswith(entry["commit"])
    verified, err = say(capsys, root, "evidence", "verify")
    assert (verified, err) == ("", "1 run: every signature, manifest and digest is good\n")
    assert json.loads(add(capsys, root, "--json")[0])["unchanged"] == 1
    assert "2 runs" in say(capsys, root, "evidence", "verify")[1]


def test_the_nearest_item_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(capsys, root)
    _, err = say(capsys, root, "evidence", "show", "cell/hmi-1/linux.hosts.txt", status=2)
    assert "Did you mean 'cell/hmi-1/linux.host.txt'?" in err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_control_characters_are_shown_and_not_obeyed(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(capsys, root)
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    assert exits.run(["-C", str(root), "evidence", "show", "cell/hmi-1/linux.host.txt"]) == 0
    assert "hmi-1\\x1b[2J" in screen.getvalue()


def test_on_a_terminal_tables_have_a_frame(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(capsys, root)
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    assert exits.run(["-C", str(root), "evidence", "log"]) == 0
    assert "┃" in screen.getvalue()


def test_a_changed_byte_is_told_as_an_integrity_error(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(capsys, root)
    branch = root / "evidence" / ".git" / "refs" / "heads" / "main"
    branch.write_text("0" * 39 + "1\n", encoding="utf-8")
    out, err = say(capsys, root, "evidence", "verify", "--json", status=5)
    assert json.loads(out)
    assert "[integrity." in err


def test_the_portal_is_built_and_says_where(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(capsys, root)
    out, err = say(capsys, root, "publish", "--at", "2026-11-30T00:00:00Z", "--json")
    built = json.loads(out)
    assert (Path(built["site"]) / "index.html").is_file()
    assert built["at"] == "2026-11-30T00:00:00Z"
    assert "building the portal" in err
    out, _ = say(capsys, root, "publish")
    assert out.strip().endswith("index.html")


def test_the_plan_names_every_command_and_sends_none(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(say(capsys, root, "collect", "--plan", "--json")[0])
    assert {"zone": "cell", "asset": "hmi-1", "collector": "linux_host", "kind": "linux.host", "command": "uname -n"} in rows  # fmt: skip
    assert not (root / "evidence" / ".git").exists()


def test_licensed_texts_show_in_a_copy_of_their_own_and_nowhere_else(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "there are no texts in" in say(capsys, root, "publish", "--licensed", status=2)[1]
    text = root / "licensed/iec62443-3-3/sr-1.1.txt"
    text.parent.mkdir(parents=True)
    text.write_text("MARKER-7741", encoding="utf-8")
    say(capsys, root, "publish", "--licensed")
    say(capsys, root, "publish")
    holders = {
        path.relative_to(root) for path in root.rglob("*") if path.is_file() and b"MARKER-7741" in path.read_bytes()
    }
    assert {path.parts[:2] for path in holders} == {("licensed", "iec62443-3-3"), ("out", "site-licensed")}
