# SPDX-License-Identifier: Apache-2.0
"""Writing marked text: what every collector hands over. Marks carry a nonce, so that content cannot pass for one."""

from __future__ import annotations

import json
import re
import secrets

_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]{0,20}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[@-Z\\-_=>78])")
_NONCE = re.compile(r"[A-Za-z0-9]{1,128}")


def one_line(text: object, limit: int = 300) -> str:
    """Text as it may stand in a mark."""
    return _CONTROL.sub(" ", " ".join(str(text).split()))[:limit]


def clean(text: str) -> str:
    """Content as it may stand between marks: no terminal codes, no control characters, no line that looks like one."""
    text = _ESCAPES.sub("", text).replace("\0", "")
    lines = []
    for raw in re.split(r"\r*\n", text):
        line = _CONTROL.sub("?", raw.rstrip("\r").rpartition("\r")[2])
        lines.append(f" {line}" if line.startswith(("@@", "#plantproof ")) else line)
    return "\n".join(lines)


class Marked:
    """A marked text as it grows."""

    def __init__(self, nonce: str, collector: str, version: str) -> None:
        if nonce and not _NONCE.fullmatch(nonce):
            raise ValueError("the nonce may hold letters and digits only")
        self._nonce = nonce or secrets.token_hex(16)
        self._title = f"collector={collector} version={version}"
        self._lines: list[str] = []

    def _mark(self, *words: str) -> None:
        self._lines.append(f"#plantproof {self._nonce} {' '.join(words)}")

    def begin(self, kind: str) -> None:
        self._mark("begin", kind)

    def block(self, command: str, text: str) -> None:
        """One command with its output."""
        self._lines.append(f"@@ command {one_line(command)}")
        self.content(text)

    def content(self, text: str) -> None:
        body = clean(text).strip("\n")
        if body:
            self._lines.extend(body.split("\n"))

    def document(self, value: object) -> None:
        """A JSON document, one key a line."""
        self._lines.extend(json.dumps(value, indent=1, ensure_ascii=False).split("\n"))

    def note(self, kind: str, reason: str) -> None:
        self._mark("note", kind, one_line(reason))

    def end(self, kind: str) -> None:
        self._mark("end", kind, "ok")

    def missing(self, kind: str, reason: str) -> None:
        """A section of which nothing could be read."""
        self.begin(kind)
        self._mark("end", kind, "not-collected", one_line(reason))

    def text(self, **fields: str | None) -> str:
        """The whole text; fields go into its header."""
        more = "".join(f" {name}={value}" for name, value in fields.items() if value)
        header = f"#plantproof {self._nonce} header {self._title}{more}"
        return "\n".join([header, *self._lines, f"#plantproof {self._nonce} done"]) + "\n"
