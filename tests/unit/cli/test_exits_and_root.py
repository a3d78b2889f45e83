# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from plantproof import __version__
from plantproof.cli import exits, main, output
from plantproof.cli.root import COMMANDS, root


def test_version_needs_no_library() -> None:
    code = (
        "import sys; sys.argv = ['plantproof', '--version']; from plantproof.cli.main import main; main();"
        "print(sorted(set(sys.modules) & {'click', 'yaml', 'orjson', 'rich', 'trestle'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"plantproof {__version__}\n[]\n"


def test_version_is_also_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run(["-C", ".", "--version"]) == 0
    assert capsys.readouterr().out == f"plantproof {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    done = CliRunner().invoke(root, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert "Example" in done.output


@pytest.mark.parametrize(("word", "said"), [("colect", "Did you mean 'collect'?"), ("zzzz", "No such command")])
def test_an_unknown_command_is_usage_and_suggests(word: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run([word]) == 2
    assert said in capsys.readouterr().err


def test_an_error_ends_with_its_code_hint_and_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run(["catalog", "show", "sr-1.99"]) == 2
    told = capsys.readouterr().err
    assert "there is no control 'sr-1.99'" in told
    assert "[usage.unknown-name]" in told
    assert "Did you mean" in told


def test_a_bug_ends_in_a_report_and_status_70(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("bug")))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setitem(COMMANDS, "broken", "plantproof.cli.nowhere:x")
    assert exits.run(["broken"]) == exits.BUG
    told = capsys.readouterr().err
    assert "this is a bug" in told
    report = told.split("The report is in ")[1].split(":")[0]
    with open(report, encoding="utf-8") as file:  # noqa: PTH123 - the path as it was told
        assert "ModuleNotFoundError" in file.read()


def test_a_reader_that_goes_away_is_no_error() -> None:
    # `true` has gone before the first byte is written; `head` may or may not have.
    command = f"{sys.executable} -m plantproof.cli catalog show iec62443-3-3 | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_each_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exits.run(["completion", shell]) == 0
    assert "_PLANTPROOF_COMPLETE" in capsys.readouterr().out


def test_completion_completes() -> None:
    import os

    environment = {
        **os.environ,
        "_PLANTPROOF_COMPLETE": "bash_complete",
        "COMP_WORDS": "plantproof cat",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from plantproof.cli.main import main; import sys; sys.argv=['plantproof']; main()"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert "catalog" in done.stdout


def test_main_exits_with_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["plantproof", "catalog", "show", "nothing-of-that-name"])
    with pytest.raises(SystemExit) as caught:
        main.main()
    assert caught.value.code == 2


def test_device_text_cannot_talk_to_the_terminal() -> None:
    assert output.visible("a\x1b[31mb\tc") == "a\\x1b[31mb\tc"


def test_a_plain_table_is_never_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table(["a", "b"], [["x" * 300, 1]])
    assert "x" * 300 in capsys.readouterr().out


def test_a_log_hears_of_progress_only_where_it_takes_its_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from plantproof.cli import output

    moments = iter([0.0, 0.1, 3.5, 3.5, 3.6])
    monkeypatch.setattr(output, "monotonic", lambda: next(moments))
    with output.progress(3, "reading") as advance:
        for name in "abc":
            advance(name)
    assert capsys.readouterr().err == "reading: 2/3 b\n"
    monkeypatch.setattr(output, "monotonic", lambda: 0.0)
    with output.progress(2, "collecting", every=True) as advance:
        advance("a")
    assert capsys.readouterr().err == "collecting: 1/2 a\n"
