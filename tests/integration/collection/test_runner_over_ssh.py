# SPDX-License-Identifier: Apache-2.0
"""The runner against real sshd, dead ports and silent listeners on loopback; also: what it leaves behind (nothing)."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from fakes.collecting import HeardListener
from fakes.loopback_sshd import SSHD, Listener, Server, free_port, make_key, sshd
from plantproof.adapters.ansible import AnsibleRunner, private
from plantproof.adapters.content import Content
from plantproof.adapters.system_clock import SystemClock
from plantproof.core.plant import Asset
from plantproof.errors import CollectionError
from plantproof.parsers.sections import split_sections
from plantproof.ports.collecting import AssetOutput, CollectionJob

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not SSHD or not shutil.which("ssh"), reason="needs OpenSSH's sshd and ssh"),
]

SECRET = "canary-in-the-inventory-77"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("sshd")) as found:
        yield found


class Rig:
    """An inventory in a folder, and a runner over it whose scratch folders can be watched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hosts: dict[str, Mapping[str, object]] = {}
        self.timeouts: dict[str, int] = {}
        self.listener = HeardListener()

    def run(self, *names: str, concurrency: int = 1, collector: str = "linux_host", groups: object = None, breaker: int = 3) -> dict[str, AssetOutput]:  # fmt: skip
        inventory = self.folder / "inventory.json"
        inventory.write_text(json.dumps({"all": {"hosts": self.hosts, "children": groups or {}}}), encoding="utf-8")
        jobs = [CollectionJob(asset=self.asset(name), collector=collector) for name in names]
        runner = AnsibleRunner(inventory, Content(), SystemClock(), breaker=breaker)
        outputs = runner.run(jobs, concurrency=concurrency, listener=self.listener)
        assert [output.job for output in outputs] == jobs
        return {output.job.asset.id: output for output in outputs}

    def asset(self, name: str) -> Asset:
        return Asset(id=name, zone="cell", timeout=self.timeouts.get(name, 60), variables=self.hosts.get(name, {}))


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(private, "scratch_parent", lambda: scratch)
    return Rig(tmp_path)


def left(rig: Rig) -> list[Path]:
    return list((rig.folder / "scratch").iterdir())


def test_a_good_host_beside_dead_ones_of_every_kind(rig: Rig, server: Server) -> None:
    wrong = make_key(rig.folder / "wrong_key")
    stranger = rig.folder / "no_known_hosts"
    stranger.touch()
    other = "-F none -o IdentitiesOnly=yes -o UserKnownHostsFile="
    rig.hosts = {
        "good": server.variables(ansible_password=SECRET),
        "closed": server.variables(ansible_port=free_port()),
        "wrong-key": server.variables(ansible_ssh_private_key_file=str(wrong)),
        "unknown": server.variables(ansible_ssh_common_args=f"{other}{stranger}"),
        "no-name": server.variables(ansible_host="no-such-host.invalid"),
        "good-too": server.variables(),
    }
    del rig.hosts["good"]["ansible_password"]  # type: ignore[attr-defined]  # a dict
    found = rig.run(*rig.hosts, concurrency=3)
    assert {name: output.error for name, output in found.items()} == {
        "good": "",
        "closed": "it refuses the connection",
        "wrong-key": "authentication failed: wrong user, key or password",
        "unknown": "its host key is in no known_hosts file; compare it at the device, then add it",
        "no-name": "its name cannot be resolved",
        "good-too": "",
    }
    nonces = {output.nonce for output in found.values()}
    assert len(nonces) == len(found)
    for name in ("good", "good-too"):
        marked = split_sections(found[name].text, found[name].nonce)
        assert len(marked.sections) == 16
        assert marked.problems == ()
        assert found[name].seconds > 0
    ended = [heard[2] for heard in rig.listener.heard if heard[0] == "ended"]
    assert sorted(ended) == sorted(found)
    assert left(rig) == []


def test_a_host_that_says_nothing_is_given_up_in_time(rig: Rig) -> None:
    with Listener() as silent:
        rig.hosts = {"mute": {"ansible_host": "127.0.0.1", "ansible_port": silent.port, "ansible_timeout": 1}}
        assert rig.run("mute")["mute"].error == "no answer within 1 s"


def test_a_host_that_hangs_after_the_login_is_cut_off(rig: Rig, tmp_path: Path) -> None:
    with sshd(tmp_path / "sshd", force_command="/bin/sleep 600") as hanging:
        rig.hosts = {"slow": hanging.variables()}
        rig.timeouts = {"slow": 3}
        assert rig.run("slow")["slow"].error == "it did not end within 3 s and was cut off"
        assert hanging.logins() == 1


def test_three_in_a_row_without_an_answer_end_the_zone(rig: Rig, server: Server) -> None:
    with Listener() as silent:
        mute = {"ansible_host": "127.0.0.1", "ansible_port": silent.port, "ansible_timeout": 1}
        rig.hosts = {**{f"m{number}": mute for number in range(3)}, "x": server.variables(), "y": server.variables()}
        before = server.logins()
        found = rig.run("m0", "m1", "m2", "x", "y")
        assert [found[name].error for name in ("m0", "m1", "m2")] == ["no answer within 1 s"] * 3
        skipped = "not tried, because 3 assets of zone cell in a row gave no answer in time"
        # The next one may have begun in the moment that the third was heard of.
        assert found["y"].error == skipped
        assert found["x"].error in {skipped, ""}
        assert server.logins() - before <= 1


def test_assets_that_answer_now_and_then_keep_the_zone_going(rig: Rig, server: Server) -> None:
    with Listener() as silent:
        mute = {"ansible_host": "127.0.0.1", "ansible_port": silent.port, "ansible_timeout": 1}
        rig.hosts = {"a": mute, "b": server.variables(), "c": mute, "d": server.variables()}
        found = rig.run(*rig.hosts, breaker=2)
        assert [bool(output.error) for output in found.values()] == [True, False, True, False]


def test_a_host_named_like_a_group_does_not_drag_the_group_in(rig: Rig, server: Server) -> None:
    rig.hosts = {"cell-1": server.variables(), "other": server.variables()}
    before = server.logins()
    found = rig.run("cell-1", groups={"cell-1": {"hosts": {"other": {}}}})
    assert found["cell-1"].error == ""
    assert server.logins() - before == 1


def test_nothing_of_the_users_environment_or_settings_takes_part(
    rig: Rig, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = rig.folder / "evil.cfg"
    log = rig.folder / "ansible.log"
    config.write_text(f"[defaults]\nlog_path={log}\nhost_key_checking=False\n[privilege_escalation]\nbecome=True\n")
    monkeypatch.setenv("ANSIBLE_CONFIG", str(config))
    monkeypatch.setenv("ANSIBLE_LOG_PATH", str(log))
    monkeypatch.setenv("ANSIBLE_HOST_KEY_CHECKING", "False")
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", "minimal")
    monkeypatch.setenv("PLANT_SECRET", SECRET)
    stranger = f"-F none -o IdentitiesOnly=yes -o UserKnownHostsFile={rig.folder / 'none'}"
    rig.hosts = {"good": server.variables(), "unknown": server.variables(ansible_ssh_common_args=stranger)}
    found = rig.run("good", "unknown")
    assert found["good"].error == ""
    assert "host key is in no known_hosts" in found["unknown"].error
    assert not log.exists()


def test_the_inventory_itself_may_relax_host_key_checking(rig: Rig, server: Server) -> None:
    args = f"-F none -o IdentitiesOnly=yes -o UserKnownHostsFile={rig.folder / 'none'}"
    rig.hosts = {"a": server.variables(ansible_ssh_common_args=args, ansible_host_key_checking=False)}
    assert rig.run("a")["a"].error == ""


def test_a_secret_in_the_inventory_is_left_nowhere(rig: Rig, server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    secrets = {"ansible_become_password": SECRET, "snmp_community": SECRET, "site": {"api_token": SECRET}}
    rig.hosts = {
        "good": server.variables(**secrets),
        "password": server.variables(ansible_password=SECRET, ansible_ssh_private_key_file="/nonexistent", **secrets),
        "quoted": {"ansible_connection": f"no-such-plugin-{SECRET}", **secrets},
        "shell": {"ansible_connection": "local", "ansible_shell_executable": f"/no/{SECRET}", **secrets},
    }
    found = rig.run(*rig.hosts)
    assert found["good"].error == ""
    for name in ("password", "quoted"):
        assert found[name].error
    assert SECRET not in repr(found)
    assert SECRET not in "".join(output.error for output in found.values())
    assert SECRET not in repr(rig.listener.heard)
    assert SECRET not in caplog.text
    holding = [path for path in rig.folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert holding == [rig.folder / "inventory.json"]


def test_an_inventory_that_ansible_cannot_read_is_one_plain_error(rig: Rig) -> None:
    broken = rig.folder / "broken.yml"
    broken.write_text(f"all: [{SECRET}\n", encoding="utf-8")
    runner = AnsibleRunner(broken, Content(), SystemClock())
    with pytest.raises(CollectionError) as caught:
        runner.run([CollectionJob(asset=rig.asset("a"), collector="linux_host")], concurrency=1, listener=rig.listener)
    assert caught.value.code == "collection.runner"
    assert SECRET not in str(caught.value)
    assert left(rig) == []


def test_this_machine_is_read_over_the_local_connection(rig: Rig) -> None:
    rig.hosts = {"here": {"ansible_connection": "local"}}
    output = rig.run("here")["here"]
    assert output.error == ""
    assert f"HOME={os.environ.get('HOME')}" not in output.text


def test_no_job_is_no_run(rig: Rig) -> None:
    assert rig.run() == {}
