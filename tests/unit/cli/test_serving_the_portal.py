# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plantproof.adapters.portal.serve import portal_server
from plantproof.cli.publish import serve_folder
from plantproof.errors import UsageError

_SERVE = "import sys; from pathlib import Path; from plantproof.cli.publish import serve_folder; serve_folder(Path(sys.argv[1]), 0)"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<h1>here</h1>", encoding="utf-8")
    return tmp_path


@contextmanager
def served(site: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-u", "-c", _SERVE, str(site)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def test_the_portal_is_served_to_this_machine_alone(site: Path) -> None:
    with served(site) as (address, process):
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.read() == b"<h1>here</h1>"
        port = int(address.rstrip("/").rpartition(":")[2])
        assert address == f"http://127.0.0.1:{port}/"
        assert _listening(port) == {"0100007F"}, "it must listen on 127.0.0.1 and nowhere else"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


def test_a_page_from_elsewhere_cannot_read_it_by_renaming_itself(site: Path) -> None:
    with portal_server(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = str(server.server_address[1])
        for host, status in ((f"evil.example:{port}", 421), ("", 421), (f"localhost:{port}", 200), ("127.0.0.1", 200)):
            connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
            connection.request("GET", "/", headers={"Host": host})
            assert connection.getresponse().status == status
            connection.close()
        outside = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
        outside.request("GET", "/../../../../../etc/passwd")
        assert outside.getresponse().status == 404
        outside.close()
        with socket.create_connection(("127.0.0.1", int(port)), timeout=30) as raw:
            raw.sendall(b"GET / HTTP/9\r\n\r\n")
            assert b"Error response" in raw.recv(4096)
        server.shutdown()
        thread.join()


def _listening(port: int) -> set[str]:
    """Local addresses, as the kernel writes them, that a TCP socket listens on at a port."""
    rows = [line.split() for name in ("tcp", "tcp6") for line in _table(name)]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}


def _table(name: str) -> list[str]:
    file = Path("/proc/net") / name
    return file.read_text(encoding="ascii").splitlines()[1:] if file.exists() else []


def test_a_port_that_is_taken_is_an_error_with_a_way_out(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} cannot be used: {os.strerror(errno.EADDRINUSE)}") as caught:
            serve_folder(site, port)
    assert "--port" in caught.value.hint


def test_a_port_that_cannot_be_is_an_error_with_a_way_out(site: Path) -> None:
    with pytest.raises(UsageError, match="port 70000 cannot be used"):
        serve_folder(site, 70000)


def test_without_a_portal_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no portal") as caught:
        serve_folder(tmp_path, 0)
    assert "plantproof publish" in caught.value.hint
