# SPDX-License-Identifier: Apache-2.0
"""A real sshd on loopback for the user who runs the tests, and listeners that say nothing. Keys are made on the spot."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/bin:/usr/local/sbin") or ""

_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel VERBOSE
MaxStartups 50
SetEnv HOME={folder}/home
"""
"""The session's home is an empty folder: what the user's own .bashrc does, or leaves behind if a test cuts it off, takes
no part (a lock of pyenv left behind once made every later login wait for a minute)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What an inventory needs to know."""

    port: int
    key: Path
    known_hosts: Path
    log: Path

    def variables(self, **more: object) -> dict[str, object]:
        return {
            "ansible_host": "127.0.0.1",
            "ansible_port": self.port,
            "ansible_user": getpass.getuser(),
            "ansible_ssh_private_key_file": str(self.key),
            "ansible_ssh_common_args": f"-F none -o UserKnownHostsFile={self.known_hosts} -o IdentitiesOnly=yes",
            **more,
        }

    def logins(self) -> int:
        return self.log.read_text(encoding="utf-8").count("Accepted publickey")


def make_key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True, stdin=subprocess.DEVNULL)
    return path


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def sshd(folder: Path, *, force_command: str = "") -> Iterator[Server]:
    """Run an sshd until the block ends."""
    folder.joinpath("home").mkdir(parents=True, exist_ok=True)
    host, user, port = make_key(folder / "host_key"), make_key(folder / "user_key"), free_port()
    config, log, known = folder / "sshd.conf", folder / "sshd.log", folder / "known_hosts"
    more = f"ForceCommand {force_command}\n" if force_command else ""
    config.write_text(_CONFIG.format(port=port, folder=folder) + more, encoding="utf-8")
    public = host.with_name("host_key.pub").read_text(encoding="utf-8").split()
    known.write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n", encoding="utf-8")
    log.touch()
    if Path("/run").stat().st_uid == 0:
        _privilege_separation_folder()
    child = subprocess.Popen([SSHD, "-D", "-f", config, "-E", log], stdin=subprocess.DEVNULL)
    try:
        _wait_until_open(port, child)
        yield Server(port=port, key=user, known_hosts=known, log=log)
    finally:
        child.terminate()
        child.wait(10)


def _privilege_separation_folder() -> None:
    """Only root's sshd needs it, and only root can make it."""
    try:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    except OSError:
        return


def _wait_until_open(port: int, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert child.poll() is None, "sshd ended at once"
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("sshd did not open its port")


class Listener:
    """Accepts connections, counts them and says nothing."""

    def __init__(self) -> None:
        self.connections: list[socket.socket] = []
        self.first = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            self.first.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)
        for connection in self.connections:
            connection.close()
