# SPDX-License-Identifier: Apache-2.0
"""The simulators in a process of their own, for callers that have no event loop."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from plantproof.errors import SetupError

__all__ = ["DemoProcess"]

_READY: Final = 60.0
_LEAVE: Final = 10.0


class DemoProcess:
    """Started by ``with``; ``described`` says how to reach each device. The child ends with the block or its parent.

    Raises:
        SetupError: it did not come up within a minute; the message holds its own last words.
    """

    def __init__(self, folder: Path, *, only: Iterable[str] = (), faults: bool = False) -> None:
        self._command = [sys.executable, "-m", "plantproof.adapters.simulators", "--dir", str(folder)]
        self._command += [word for name in only for word in ("--only", name)]
        self._command += ["--faults"] if faults else []
        self._child: subprocess.Popen[bytes] | None = None
        self.described: Mapping[str, Mapping[str, object]] = {}

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the parent, which then closes the pipe
        )
        line = self._first_line(self._child)
        try:
            self.described = json.loads(line)["devices"]
        except ValueError:
            said = self._stop()
            message = "the simulated devices did not start: " + (said.strip().splitlines() or ["no reason given"])[-1]
            raise SetupError(
                message,
                code="environment.missing-program",
                hint="Run python -m plantproof.adapters.simulators by hand.",
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @staticmethod
    def _first_line(child: subprocess.Popen[bytes]) -> bytes:
        """What the child prints when it is ready; as far as it came, if it ends or takes too long."""
        if child.stdout is None:
            return b""
        limit = time.monotonic() + _READY
        found = b""
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while not found.endswith(b"\n") and selector.select(max(0.0, limit - time.monotonic())):
                chunk = os.read(child.stdout.fileno(), 65536)
                if not chunk:
                    break
                found += chunk
        return found

    def _stop(self) -> str:
        """End the child, kindly first; returns what it said on its standard error."""
        child, self._child = self._child, None
        if child is None:
            return ""
        for stop in (None, child.terminate, child.kill):
            if stop:
                stop()
            try:
                _, said = child.communicate(timeout=_LEAVE)
            except subprocess.TimeoutExpired:
                continue
            return said.decode("utf-8", "replace")
        return ""
