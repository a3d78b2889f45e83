# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, driven over its debugging pipe with the standard library alone.

It resolves no name and keeps no profile. A test that needs it calls :func:`chromium_path` and skips without one.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, cast

Json = dict[str, object]

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)


def chromium_path() -> str:
    """Path of a Chromium of this machine, or nothing."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), "")


class Chromium:
    """One browser with one page; a context manager that ends the process that it started."""

    def __init__(self, profile: Path, timeout: float = 60) -> None:
        self.requests: list[str] = []
        """Every URL that a page asked for."""
        self.complaints: list[str] = []
        """Uncaught exceptions and console errors."""
        self._timeout = timeout
        self._buffer = b""
        self._next = 0
        self._events: list[Json] = []
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        program = chromium_path()
        # High numbers first, so that neither descriptor is overwritten before it is copied to 3 and 4.
        spare_in, spare_out = os.dup(theirs_in), os.dup(theirs_out)
        actions = [
            (os.POSIX_SPAWN_DUP2, spare_in, 100),
            (os.POSIX_SPAWN_DUP2, spare_out, 101),
            (os.POSIX_SPAWN_DUP2, 100, 3),
            (os.POSIX_SPAWN_DUP2, 101, 4),
            (os.POSIX_SPAWN_OPEN, 2, str(profile.with_suffix(".log")), os.O_WRONLY | os.O_CREAT, 0o600),
        ]
        self._pid = os.posix_spawn(
            program, [program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"], os.environ, file_actions=actions
        )
        for descriptor in (theirs_in, theirs_out, spare_in, spare_out):
            os.close(descriptor)
        self._session = ""
        targets = cast("list[Json]", self.send("Target.getTargets")["targetInfos"])
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = str(self.send("Target.attachToTarget", targetId=page, flatten=True)["sessionId"])
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self._pid, signal.SIGTERM)
        os.waitpid(self._pid, 0)
        os.close(self._in)
        os.close(self._out)

    def view(self, width: int, height: int, *, scheme: str = "light", media: str = "") -> None:
        """Emulate a screen; under 600 pixels it is a phone."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.send(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )

    def open(self, url: str) -> None:
        """Go to a page and wait until it has loaded and its scripts ran."""
        self._events.clear()
        self.send("Page.navigate", url=url)
        self._until("Page.loadEventFired")
        self.value("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")

    def value(self, expression: str) -> object:
        """What a piece of JavaScript says in the page; promises are awaited."""
        said = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return cast("Mapping[str, object]", said["result"]).get("value")

    def picture(self, file: Path, *, full: bool = True) -> None:
        """A screenshot as PNG."""
        said = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        file.write_bytes(base64.b64decode(str(said["data"])))

    def send(self, method: str, **params: object) -> Json:
        """One command and its answer."""
        self._next += 1
        message: Json = {"id": self._next, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            said = self._receive()
            if said.get("id") == self._next:
                if "error" in said:
                    raise AssertionError(f"{method}: {said['error']}")
                return cast("Json", said["result"])
            self._note(said)

    def _until(self, method: str) -> None:
        while not any(event["method"] == method for event in self._events):
            self._note(self._receive())

    def _note(self, event: Json) -> None:
        self._events.append(event)
        params = cast("Json", event.get("params", {}))
        match event["method"]:
            case "Network.requestWillBeSent":
                self.requests.append(str(cast("Json", params["request"])["url"]))
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if params["type"] == "error":
                self.complaints.append(json.dumps(params["args"]))
            case "Log.entryAdded" if cast("Json", params["entry"])["level"] == "error":
                self.complaints.append(json.dumps(params["entry"]))
            case "Page.javascriptDialogOpening":
                self.complaints.append(f"dialog: {params['message']}")
                self._next += 1
                closing = {"id": self._next, "sessionId": self._session, "method": "Page.handleJavaScriptDialog"}
                os.write(self._out, json.dumps(closing | {"params": {"accept": True}}).encode() + b"\0")

    def _receive(self) -> Json:
        end = time.monotonic() + self._timeout
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], max(0.0, end - time.monotonic()))[0]:
                raise AssertionError("the browser does not answer")
            chunk = os.read(self._in, 1 << 20)
            if not chunk:
                raise AssertionError("the browser has ended")
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\0", 1)
        return cast("Json", json.loads(line))
