# SPDX-License-Identifier: Apache-2.0
"""A real FRRouting router in a network namespace of its own, behind a real sshd that runs vtysh. Needs root."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DAEMONS = ("zebra", "staticd", "bgpd", "ospfd")
_PROGRAMS = Path("/usr/lib/frr")
_PORT = 2222


def why_not() -> str:
    """Why this machine cannot run one; empty if it can."""
    if os.geteuid() != 0:
        return "needs root, to make a network namespace"
    missing = [
        name
        for name in ("ip", "vtysh", "sshd", "ssh-keygen")
        if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    ]
    missing += [name for name in DAEMONS if not (_PROGRAMS / name).is_file()]
    return f"not installed: {', '.join(missing)}" if missing else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    """How to reach it."""

    namespace: str
    port: int
    key_file: Path
    known_hosts: Path

    @property
    def prefix(self) -> list[str]:
        """What goes before a command that shall run beside the router."""
        return ["ip", "netns", "exec", self.namespace]


@contextlib.contextmanager
def running_router(folder: Path, commands: str) -> Iterator[Router]:
    """Start one and give it its configuration through vtysh."""
    name = f"pp{secrets.token_hex(4)}"
    state = [Path("/etc/frr") / name, Path("/var/run/frr") / name]
    children: list[subprocess.Popen[bytes]] = []
    with contextlib.ExitStack() as undo:
        _run("ip", "netns", "add", name)
        undo.callback(_run, "ip", "netns", "del", name)
        for path in state:
            path.mkdir(parents=True)
            undo.callback(shutil.rmtree, path, ignore_errors=True)
            shutil.chown(path, "frr", "frr")
        (state[0] / "vtysh.conf").write_text("service integrated-vtysh-config\n", encoding="utf-8")
        (state[0] / "frr.conf").write_text("frr defaults traditional\n", encoding="utf-8")
        undo.callback(_end, children)
        inside = ["ip", "netns", "exec", name]
        _run(*inside, "ip", "link", "set", "lo", "up")
        for daemon in DAEMONS:
            children.append(
                _start(folder / f"{daemon}.log", *inside, str(_PROGRAMS / daemon), "-N", name, "-A", "127.0.0.1")
            )
            _wait_for(state[1] / f"{daemon}.vty", children[-1])
        configured = _run(*inside, "vtysh", "-N", name, given=commands)
        assert "%" not in configured, configured
        router = _sshd(folder, name, children)
        yield router


def _sshd(folder: Path, name: str, children: list[subprocess.Popen[bytes]]) -> Router:
    for key in ("host", "user"):
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key))
    Path("/run/sshd").mkdir(exist_ok=True)
    (folder / "sshd.conf").write_text(
        f"Port {_PORT}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nAuthorizedKeysFile {folder / 'user.pub'}\n"
        f"PidFile {folder / 'sshd.pid'}\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\n"
        f"SetEnv HOME={folder}\nForceCommand /usr/bin/vtysh -N {name}\n",
        encoding="utf-8",
    )
    log = folder / "sshd.log"
    children.append(
        _start(log, "ip", "netns", "exec", name, "/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd.conf"))
    )
    _wait_for(log, children[-1], saying="Server listening")
    known = folder / "known_hosts"
    public = (folder / "host.pub").read_text(encoding="utf-8").split()[:2]
    known.write_text(f"[127.0.0.1]:{_PORT} {' '.join(public)}\n", encoding="utf-8")
    return Router(namespace=name, port=_PORT, key_file=folder / "user", known_hosts=known)


def _run(*command: str, given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _start(log: Path, *command: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file)


def _wait_for(path: Path, child: subprocess.Popen[bytes], saying: str = "") -> None:
    limit = time.monotonic() + 30
    while not (path.exists() and saying in (path.read_text(errors="replace") if saying else "")):
        assert child.poll() is None, f"{child.args!r} ended"
        assert time.monotonic() < limit, f"{path} did not come"
        time.sleep(0.02)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in reversed(children):
        child.terminate()
    for child in children:
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(10)
