# SPDX-License-Identifier: Apache-2.0
"""Ansible's events into outcomes: every way in which a job can end, without running Ansible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakes.collecting import HeardListener, make_asset, marked
from plantproof.adapters.ansible import private
from plantproof.adapters.ansible.events import Recorder
from plantproof.adapters.ansible.runner import _outputs, _overall
from plantproof.errors import CollectionError
from plantproof.ports.collecting import CollectionJob

WHOLE = marked(("linux.host", "x"))


class Rig:
    def __init__(self, *assets: str, collectors: tuple[str, ...] = ("linux_host",), breaker: int = 3) -> None:
        self.jobs = [
            CollectionJob(asset=make_asset(asset), collector=collector) for asset in assets for collector in collectors
        ]
        self.nonces = {(job.collector, job.asset.id): "0123abcd" for job in self.jobs}
        self.listener = HeardListener()
        self.halts = 0
        self.recorder = Recorder(
            self.jobs,
            self.nonces,
            listener=self.listener,
            now=lambda: "2026-11-23T09:00:00Z",
            halt=self.halt,
            breaker=breaker,
        )

    def halt(self) -> None:
        self.halts += 1

    def tell(self, event: str, host: str, *, action: str = "ansible.builtin.raw", play: str = "linux_host", **res: Any) -> None:  # fmt: skip
        data = {"play": play, "host": host, "task_action": action, "res": res, "duration": 1.5}
        assert self.recorder({"event": event, "event_data": data}) is False

    def error(self, host: str, play: str = "linux_host") -> str:
        return self.recorder.outcomes[play, host].error


def test_a_job_begins_once_and_ends_once() -> None:
    rig = Rig("a")
    rig.tell("runner_on_start", "a", action="ansible.builtin.validate_argument_spec")
    rig.tell("runner_on_ok", "a", action="ansible.builtin.validate_argument_spec")
    rig.tell("runner_on_start", "a")
    rig.tell("runner_on_ok", "a", stdout=WHOLE)
    rig.tell("runner_on_failed", "a", msg="afterwards")
    assert rig.listener.heard == [("begun", "cell", "a", "linux_host"), ("ended", "cell", "a", "linux_host", "")]
    outcome = rig.recorder.outcomes["linux_host", "a"]
    assert (outcome.text, outcome.collected, outcome.seconds) == (WHOLE, "2026-11-23T09:00:00Z", 1.5)


def test_marked_text_counts_whatever_the_exit_status() -> None:
    rig = Rig("a")
    rig.tell("runner_on_failed", "a", msg="non-zero return code", stdout=WHOLE, rc=1)
    assert rig.error("a") == ""


def test_text_without_this_jobs_marks_does_not() -> None:
    rig = Rig("a", "b")
    rig.tell("runner_on_ok", "a", stdout=marked(("linux.host", "x"), nonce="ffff"))
    rig.tell("runner_on_ok", "b")
    assert rig.error("a") == rig.error("b") == "it answered, but not with the collector's output"


def test_the_shells_own_words_are_the_reason() -> None:
    rig = Rig("a")
    rig.tell("runner_on_failed", "a", msg="non-zero return code", stdout="sh: not here", stderr="", rc=127)
    assert rig.error("a") == "sh: not here"


def test_a_modules_words_are_its_msg_and_a_crash_is_not_its_words() -> None:
    rig = Rig("a", "b", collectors=("modbus",))
    module = "plantproof.ot.modbus_identify"
    rig.tell("runner_on_failed", "a", action=module, play="modbus", msg="a:502 refuses the connection")
    rig.tell("runner_on_failed", "b", action=module, play="modbus", msg="MODULE FAILURE", module_stderr="boom")
    assert rig.error("a", "modbus") == "a:502 refuses the connection"
    assert rig.error("b", "modbus") == "MODULE FAILURE"


def test_a_cut_off_says_after_how_long() -> None:
    rig = Rig("a")
    rig.tell("runner_on_failed", "a", msg="Timed out", timedout={"period": 60})
    assert rig.error("a") == "it did not end within 60 s and was cut off"


def test_what_is_of_no_job_is_not_heard() -> None:
    rig = Rig("a")
    rig.tell("runner_on_ok", "stranger", stdout=WHOLE)
    rig.tell("runner_on_ok", "a", play="other", stdout=WHOLE)
    rig.recorder({"event": "playbook_on_stats"})
    rig.recorder({"event": "runner_on_ok", "event_data": {"play": "linux_host", "host": "a", "res": None}})
    assert set(rig.recorder.outcomes) == {("linux_host", "a")}
    assert rig.error("a")


@pytest.mark.parametrize("names", [("a", "b", "c")])
def test_the_breaker_counts_assets_in_a_row(names: tuple[str, ...]) -> None:
    rig = Rig(*names, "d", "e")
    for name in names:
        rig.tell("runner_on_unreachable", name, msg="Connection timed out")
    assert rig.halts == 1
    rig.tell("runner_on_start", "d")
    rig.tell("runner_on_unreachable", "d", msg="Connection timed out")
    rig.tell("runner_on_skipped", "e")
    assert rig.halts == 1
    assert rig.error("e") == "not tried, because 3 assets of zone cell in a row gave no answer in time"
    assert ("begun", "cell", "d", "linux_host") not in rig.listener.heard


def test_one_asset_with_many_collectors_counts_once() -> None:
    rig = Rig("a", "b", collectors=("linux_host", "modbus", "opcua"))
    for play in ("linux_host", "modbus", "opcua"):
        rig.tell("runner_on_unreachable", "a", play=play, msg="timed out")
    assert rig.halts == 0


@pytest.mark.parametrize("between", ["ok", "refused"])
def test_any_answer_between_starts_the_count_anew(between: str) -> None:
    rig = Rig("a", "b", "c", "d", breaker=2)
    rig.tell("runner_on_unreachable", "a", msg="timed out")
    if between == "ok":
        rig.tell("runner_on_ok", "b", stdout=WHOLE)
    else:
        rig.tell("runner_on_unreachable", "b", msg="Connection refused")
    rig.tell("runner_on_unreachable", "c", msg="timed out")
    assert rig.halts == 0


def test_a_job_of_which_nothing_was_heard_is_named() -> None:
    rig = Rig("a", "b")
    rig.tell("runner_on_ok", "a", stdout=WHOLE)
    found = _outputs(rig.jobs, rig.nonces, rig.recorder, 0, "2026-11-23T09:10:00Z")
    assert [output.error for output in found] == ["", "Ansible ended without having read it"]
    found = _outputs(Rig("a").jobs, rig.nonces, Rig("a").recorder, 124, "2026-11-23T09:10:00Z")
    assert [output.error for output in found] == ["the run's time was up before it was read"]
    assert found[0].collected == "2026-11-23T09:10:00Z"


@pytest.mark.parametrize("words", ["", "[ERROR]: it is broken"])
def test_a_run_that_never_began_is_one_error(words: str) -> None:
    rig = Rig("a")
    rig.recorder({"event": "verbose", "stdout": words})
    with pytest.raises(CollectionError) as caught:
        _outputs(rig.jobs, rig.nonces, rig.recorder, 1, "")
    assert caught.value.code == "collection.runner"
    assert str(caught.value).endswith(": it is broken" if words else "before it read anything")


def test_the_overall_time_grows_with_the_jobs_and_shrinks_with_concurrency() -> None:
    many = Rig("a", "b", "c", "d").jobs
    assert _overall(many, 1) == 60 + 60 + 4 * 61
    assert _overall(many, 4) == 60 + 60 + 61
    assert _overall(many, 0) == _overall(many, 1)


def test_the_playbook_has_a_play_per_collector_with_each_assets_own_nonce(tmp_path: Path) -> None:
    rig = Rig("a.b", "c", collectors=("modbus", "linux_host"))
    plays = json.loads(private.playbook(rig.jobs, rig.nonces, tmp_path / "halt"))
    assert [play["name"] for play in plays] == ["linux_host", "modbus"]
    for play in plays:
        assert play["hosts"] == r"~^(?:a\.b|c)$,"
        assert (play["gather_facts"], play["any_errors_fatal"], play["ignore_unreachable"]) == (False, False, True)
        assert play["vars"]["pp_run_jobs"]["c"] == {"nonce": "0123abcd", "timeout": 60}


def test_the_environment_is_small_and_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_BECOME", "1")
    monkeypatch.setenv("SECRET_OF_THE_USER", "x")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")
    monkeypatch.setenv("ANSIBLE_VAULT_PASSWORD_FILE", "vault.txt")
    prepared = {"AWX_ISOLATED_DATA_DIR": "d", "SECRET_OF_THE_USER": "x"}
    found = private.environment(tmp_path, tmp_path / "c", prepared)
    assert not {"ANSIBLE_BECOME", "SECRET_OF_THE_USER", "ANSIBLE_LOG_PATH"} & set(found)
    assert found["HOME"] == str(tmp_path)
    assert found["AWX_ISOLATED_DATA_DIR"] == "d"
    assert found["SSH_AUTH_SOCK"] == "/run/agent"
    assert Path(found["ANSIBLE_VAULT_PASSWORD_FILE"]).is_absolute()
    monkeypatch.delenv("SSH_AUTH_SOCK")
    monkeypatch.delenv("ANSIBLE_VAULT_PASSWORD_FILE")
    assert not {"SSH_AUTH_SOCK", "ANSIBLE_VAULT_PASSWORD_FILE"} & set(private.environment(tmp_path, tmp_path, {}))


def test_scratch_lies_in_memory_only_where_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "_MEMORY", tmp_path)
    monkeypatch.setattr(private, "_ROOM", 0)
    assert private.scratch_parent() == tmp_path
    with private.make_folder() as name:
        assert Path(name).parent == tmp_path
        assert Path(name).stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(private, "_ROOM", 1 << 80)
    assert private.scratch_parent() is None
    monkeypatch.setattr(private, "_MEMORY", tmp_path / "none")
    assert private.scratch_parent() is None


def test_a_workspaces_role_is_linked_beside_the_shipped_modules(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    for path in (own / "role", shipped / "plugins"):
        path.mkdir(parents=True)
    (tmp_path / "run").mkdir()
    top = private.link_collection(tmp_path / "run", {"mine": own / "role"}, [own / "plugins", shipped / "plugins"])
    base = top / "ansible_collections" / "plantproof" / "ot"
    assert (base / "roles" / "mine").resolve() == own / "role"
    assert (base / "plugins").resolve() == shipped / "plugins"
