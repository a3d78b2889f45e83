# SPDX-License-Identifier: Apache-2.0
"""``plantproof collect`` as a person runs it, against real sshd and a real locker; and what killing it leaves behind."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fakes.loopback_sshd import SSHD, Listener, Server, free_port, make_key, sshd
from fakes.workspaces import make_workspace, plantproof, processes_naming, start

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(
        not all([SSHD, shutil.which("ssh"), shutil.which("ssh-keygen"), shutil.which("git")]),
        reason="needs OpenSSH's sshd and ssh, and git",
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("sshd")) as found:
        yield found


@pytest.fixture
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A host whose shell never answers."""
    with sshd(tmp_path_factory.mktemp("hanging"), force_command="/bin/sleep 600") as found:
        yield found


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", root / "evidence", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def test_a_good_host_beside_dead_ones_ends_in_one_signed_commit(tmp_path: Path, server: Server) -> None:
    wrong = make_key(tmp_path / "wrong_key")
    root = make_workspace(
        tmp_path / "w",
        {
            "dead": server.variables(ansible_port=free_port()),
            "good": server.variables(),
            "locked": server.variables(ansible_ssh_private_key_file=str(wrong)),
        },
    )
    done = plantproof(root, "collect", "--json")
    assert done.returncode == 4, done.stderr
    report = json.loads(done.stdout)
    missing = {(item["asset"], item["reason"]) for item in report["not-collected"] if item["asset"] != "good"}
    assert missing == {
        ("dead", "it refuses the connection"),
        ("locked", "authentication failed: wrong user, key or password"),
    }
    assert {item["path"].split("/")[1] for item in report["items"]} == {"good"}
    assert len(report["items"]) >= 10
    assert "collecting: 3/3" in done.stderr
    verified = plantproof(root, "evidence", "verify")
    assert verified.returncode == 0, verified.stderr
    assert "1 run: every signature, manifest and digest is good" in verified.stderr


def test_a_second_run_changes_the_manifest_alone_or_little_more(tmp_path: Path, server: Server) -> None:
    root = make_workspace(tmp_path / "w", {"good": server.variables()})
    assert plantproof(root, "collect").returncode in {0, 4}
    again = plantproof(root, "collect")
    assert again.returncode in {0, 4}
    changed = git(root, "diff", "--name-only", "HEAD~1", "HEAD").split()
    assert "manifest.json" in changed
    # The machine lives on between the runs (sockets, load), but most of its configuration stands still.
    items = [path for path in changed if path.endswith(".txt")]
    assert len(items) <= 3, items
    log = json.loads(plantproof(root, "evidence", "log", "--json").stdout)
    assert [entry["signature"] for entry in log] == ["G", "G"]
    table = plantproof(root, "evidence", "log", "-n", "1").stdout
    assert table.count("good") == 1


def test_the_plan_prints_every_command_and_connects_to_nothing(tmp_path: Path) -> None:
    with Listener() as silent:
        host = {"ansible_host": "127.0.0.1", "ansible_port": silent.port, "plantproof_platform": "frr"}
        root = make_workspace(tmp_path / "w", {"a": host, "b": host}, collectors=("linux_host", "cli_device"))
        done = plantproof(root, "collect", "--plan", "--json")
        assert done.returncode == 0, done.stderr
        rows = json.loads(done.stdout)
        assert {(row["asset"], row["collector"]) for row in rows} == {
            (asset, collector) for asset in "ab" for collector in ("linux_host", "cli_device")
        }
        assert "show running-config" in {row["command"] for row in rows if row["collector"] == "cli_device"}
        assert {row["kind"] for row in rows if row["collector"] == "cli_device"} == {"frr.config", "frr.version"}
        table = plantproof(root, "collect", "--plan", "--limit", "a").stdout
        assert len(table.splitlines()) == 1 + sum(row["asset"] == "a" for row in rows)
        assert not silent.connections
    assert not (root / "evidence").exists()


def test_outside_the_windows_nothing_is_connected_to(tmp_path: Path) -> None:
    moment = time.gmtime()
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(moment.tm_wday + 3) % 7]
    with Listener() as silent:
        host = {"ansible_host": "127.0.0.1", "ansible_port": silent.port, "ansible_timeout": 1}
        root = make_workspace(tmp_path / "w", {"a": host}, windows=f"'{day} 02:00-03:00'")
        done = plantproof(root, "collect")
        assert done.returncode == 4, done.stderr
        assert "outside the maintenance windows of zone cell" in done.stdout
        assert not silent.connections
        assert plantproof(root, "collect", "--ignore-windows").returncode == 4
        assert silent.connections


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGKILL, -9)])
def test_an_ended_run_leaves_locker_processes_and_scratch_as_they_were(
    tmp_path: Path, server: Server, hanging: Server, number: signal.Signals, status: int
) -> None:
    root = make_workspace(tmp_path / "w", {"good": server.variables()})
    assert plantproof(root, "collect").returncode in {0, 4}
    before = git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain")
    hosts = {"good": server.variables(), "slow": hanging.variables()}
    shared = {"plantproof_zone": "cell", "plantproof_collectors": ["linux_host"]}
    (root / "inventory.yml").write_text(json.dumps({"all": {"vars": shared, "hosts": hosts}}), encoding="utf-8")
    child = start(root, "collect")
    until(hanging.logins)
    running = " ".join(processes_naming(str(root)))
    scratch = set(re.findall(r"\S*/plantproof-run-\w+", running))
    assert scratch
    assert processes_naming(str(hanging.known_hosts))
    child.send_signal(number)
    _, told = child.communicate(timeout=60)
    assert child.returncode == status
    if number is signal.SIGINT:
        assert b"interrupted; nothing was half written" in told
    until(lambda: not processes_naming(str(root)) and not processes_naming(str(hanging.known_hosts)))
    until(lambda: not any(Path(path).exists() for path in scratch))
    assert (git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain")) == before
    assert plantproof(root, "evidence", "verify").returncode == 0
    assert plantproof(root, "collect", "--limit", "good").returncode in {0, 4}


def test_evidence_made_by_hand_is_taken_in(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "w", {"far": {"ansible_host": "192.0.2.1"}})
    script = Path(__file__).parents[3] / "collectors" / "roles" / "linux_host" / "files" / "linux_host.sh"
    out = tmp_path / "far.txt"
    with out.open("wb") as file:
        subprocess.run(["sh", script], stdout=file, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=True)
    done = plantproof(root, "evidence", "add", "--asset", "far", str(out), "--json")
    assert done.returncode in {0, 4}, done.stderr
    paths = [item["path"] for item in json.loads(done.stdout)["items"]]
    assert "cell/far/linux.sshd.txt" in paths
    shown = plantproof(root, "evidence", "show", "cell/far/linux.host.txt")
    assert shown.returncode == 0
    assert shown.stdout.encode() == (root / "evidence" / "cell/far/linux.host.txt").read_bytes()
    assert "by linux_host/1" in shown.stderr
    whole = json.loads(plantproof(root, "evidence", "show", "cell/far/linux.host.txt", "--json").stdout)
    assert whole["content"] == shown.stdout
    assert whole["envelope"]["state"] == "complete"
    assert plantproof(root, "evidence", "show", "cell/far/linux.host.txt", "--commit", whole["commit"][:8]).stdout


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "w", {"far": {}})
    text = "#plantproof a header collector=linux_host version=1\n#plantproof a begin linux.host\nx\n#plantproof a end linux.host ok\n#plantproof a done\n"  # fmt: skip
    (tmp_path / "far.txt").write_text(text, encoding="utf-8")
    assert plantproof(root, "evidence", "add", "--asset", "far", str(tmp_path / "far.txt")).returncode == 4
    git(
        root,
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.org",
        "commit",
        "-q",
        "--allow-empty",
        "--no-gpg-sign",
        "-m",
        "sneaked in",
    )
    done = plantproof(root, "evidence", "verify", "--json")
    assert done.returncode == 5
    assert {defect["code"] for defect in json.loads(done.stdout)} & {"integrity.signature", "integrity.chain"}
    assert "[integrity." in done.stderr
