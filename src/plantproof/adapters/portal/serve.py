# SPDX-License-Identifier: Apache-2.0
"""Serve a built portal to this machine's own browser: loopback only, read-only, no name looked up.

A portal is a map of a plant. A web page from elsewhere must not read it by pointing its own name at 127.0.0.1, so a
request must name this machine.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer

from plantproof.errors import UsageError

__all__ = ["portal_server"]

_OURS = frozenset({"127.0.0.1", "localhost"})


class _Handler(SimpleHTTPRequestHandler):
    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        if self.headers.get("Host", "").partition(":")[0] in _OURS:
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives it
        """Say nothing: whoever serves it looks at it."""


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def portal_server(folder: Path, port: int) -> ThreadingTCPServer:
    """A server of the folder, bound to 127.0.0.1 but not yet serving; port 0 takes a free one.

    Raises:
        UsageError: there is no portal in the folder, or the port cannot be had.
    """
    if not (folder / "index.html").is_file():
        raise UsageError(f"there is no portal in {folder}", code="usage.unknown-name", hint="Run `plantproof publish`.")
    try:
        return _Server(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
    except (OSError, OverflowError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or "it must be 0 to 65535"
        message = f"port {port} cannot be used: {reason}"
        raise UsageError(message, code="usage.bad-argument", hint="Choose another with --port.") from None
