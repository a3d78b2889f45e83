# SPDX-License-Identifier: Apache-2.0
"""What the commands say when something is not as they need it: words, hints and exit status, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fakes.workspaces import make_workspace, plantproof
from plantproof.cli import exits


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "w", {"hmi-1": {}, "hmi-2": {}})


def told(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, str, str]:
    status = exits.run(["-C", str(root), *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["collect", "--zone", "sell"], 2, "Did you mean 'cell'?"),
        (["collect", "--limit", "hmi-9"], 2, "Did you mean"),
        (["evidence", "log"], 0, "the locker is empty"),
        (["evidence", "verify"], 0, "the locker is empty"),
        (["evidence", "show", "cell/x"], 2, "[usage.unknown-name]"),
        (["evidence", "show", "cell/x", "--commit", "abc"], 2, "no run has the commit 'abc'"),
    ],
)
def test_what_the_commands_say(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    assert told(capsys, root, *arguments)[0] == status
    assert said in "".join(told(capsys, root, *arguments)[1:])


def test_add_knows_its_assets_and_its_form(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out.txt"
    file.write_bytes(b"no marks \xff\xfe at all\n")
    status, _, said = told(capsys, root, "evidence", "add", "--asset", "hmi-3", str(file))
    assert (status, "Did you mean 'hmi-" in said) == (2, True)
    status, _, said = told(capsys, root, "evidence", "add", "--asset", "hmi-1", str(file))
    assert (status, "[collection.format]" in said) == (4, True)
    assert not (root / "evidence" / ".git").exists()


def test_a_plant_without_collectors_has_nothing_to_collect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_workspace(tmp_path / "w", {"bare": {}}, collectors=())
    status, _, said = told(capsys, root, "collect")
    assert (status, said) == (0, "no asset names a collector: there is nothing to collect\n")


def test_outside_a_workspace_the_commands_say_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, said = told(capsys, tmp_path, "collect")
    assert status == 2
    assert "plantproof init DIR" in said


CONFIG = "hostname sw\nusername joe secret 0 Kanarienvogel7\nsnmp-server community Kanarienvogel8 RO\n"


def test_redact_prints_what_would_be_stored(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sw.txt"
    file.write_text(CONFIG, encoding="utf-8")
    status, out, said = told(capsys, root, "redact", "--platform", "cisco_ios", str(file))
    assert status == 0
    assert "Kanarienvogel" not in out + said
    assert out.splitlines()[0] == "hostname sw"
    assert out.count("<redacted:") == 2
    assert "2 secrets taken out by cisco_ios/" in said
    status, again, _ = told(capsys, root, "redact", "--platform", "cisco_ios", str(file), "--json")
    assert json.loads(again)["text"] == out


def test_redact_reads_standard_input_and_works_anywhere(tmp_path: Path) -> None:
    done = plantproof(tmp_path, "redact", "--platform", "cisco_ios", "-", stdin=CONFIG)
    assert done.returncode == 0, done.stderr
    assert "Kanarienvogel" not in done.stdout + done.stderr
    assert "a key for this call alone" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "file", "status", "code"),
    [
        ("plan9", "sw.txt", 2, "collection.no-redactor"),
        ("cisco_ios", "none.txt", 2, "usage.bad-argument"),
        ("cisco_ios", ".", 2, "environment.file"),
    ],
)
def test_redact_refuses(  # noqa: PLR0917 - a table
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], platform: str, file: str, status: int, code: str
) -> None:
    (tmp_path / "sw.txt").write_text(CONFIG, encoding="utf-8")
    found, out, said = told(capsys, root, "redact", "--platform", platform, str(tmp_path / file))
    assert (found, out) == (status, "")
    assert f"[{code}]" in said


class Suspicious:
    """A last net that finds something in the second line of everything."""

    def __call__(self, path: str, text: str) -> tuple[int, ...]:
        return (2,)


def test_redact_prints_nothing_of_a_text_that_still_looks_like_a_secret(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sw.txt"
    file.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setattr("plantproof.adapters.secret_scan.SecretScanner", Suspicious)
    status, out, said = told(capsys, root, "redact", "--platform", "cisco_ios", str(file))
    assert (status, out) == (4, "")
    assert "still looks like a secret after redaction: line 2  [collection.secret-found]" in said


def test_a_token_that_no_platform_knows_is_taken_out_as_well(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = "ghp_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5"
    file = tmp_path / "sw.txt"
    file.write_text(f"hostname sw\nbanner of {token}\n", encoding="utf-8")
    status, out, said = told(capsys, root, "redact", "--platform", "frr", str(file))
    assert status == 0
    assert token not in out + said
