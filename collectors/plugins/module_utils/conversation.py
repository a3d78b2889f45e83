# SPDX-License-Identifier: Apache-2.0
"""Asking a device's command line questions from the read-only list, and knowing whether an answer is whole.

Everything that is sent goes through one method, which refuses what is not on the list. No answer may take for ever, or
more memory than it was given. Knows no SSH: see ``Channel`` for what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ansible_collections.plantproof.ot.plugins.module_utils import marks, read_only

_PROMPT = re.compile(r"[A-Za-z0-9][\w.:@/()~+\-]{0,80}[>#]")
_PAGER = re.compile(r"-{1,3} ?more ?-{1,3}|<---? more ---?>|press any key", re.IGNORECASE)
_CLOCK = re.compile(
    r"[.*]?([0-9]{2}:[0-9]{2}:[0-9]{2})\.[0-9]+ (?:UTC|GMT) [A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9]{4})"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TAIL = 400
_SETTLE = 0.3
_GRACE = 0.05
_OTHER_PROMPT = 3.0


class Channel(Protocol):
    """A stream to and from a device."""

    def send(self, data: bytes) -> None:
        """Send all of it; OSError if the other side has gone."""

    def receive(self, seconds: float) -> bytes:
        """Some bytes; none if the other side has gone; TimeoutError if nothing came in that time."""


class LostError(Exception):
    """The conversation cannot go on; the message says why, in words for a report."""


@dataclass(frozen=True)
class Answer:
    """What a command printed. ``trouble`` is empty if it is whole; ``usable`` says whether one may ask on."""

    text: str
    trouble: str = ""
    usable: bool = True


@dataclass(frozen=True)
class Limits:
    """Seconds of silence, seconds for everything, bytes for one answer."""

    silence: float = 30.0
    total: float = 120.0
    size: int = 4 * 1024 * 1024


class Conversation:
    """One session with one device."""

    def __init__(self, channel: Channel, platform: str, limits: Limits, now: Callable[[], float]) -> None:
        self._channel = channel
        self._platform = platform
        self._limits = limits
        self._now = now
        self._deadline = now() + limits.total
        self._prompt = ""
        self.sent: list[str] = []

    def start(self) -> None:
        """Find the prompt, then turn paging off; LostError if there is no prompt."""
        self._settle()
        try:
            self._channel.send(b"\n")
        except OSError:
            raise LostError("the device closed the connection after the log-in") from None
        self._prompt = self._settle()
        for command in read_only.PLATFORMS[self._platform].session:
            answer = self.ask(command)
            if not answer.usable:
                raise LostError(answer.trouble)

    def _settle(self) -> str:
        """Read until a prompt is the last thing said for a moment; returns that last line."""
        tail = ""
        while True:
            prompt = _PROMPT.fullmatch(_last_line(tail))
            wait = min(_SETTLE if prompt else self._limits.silence, self._left())
            try:
                data = self._channel.receive(wait)
            except TimeoutError:
                if prompt and self._left():
                    return prompt[0]
                raise LostError(f"logged in, but no prompt came within {wait:.0f} s") from None
            if not data or not self._left():
                raise LostError(
                    f"the device {'talked without end' if data else 'closed the connection'} after the log-in"
                )
            tail = (tail + data.decode("utf-8", "replace"))[-_TAIL:]

    def _left(self) -> float:
        return max(0.0, self._deadline - self._now())

    def _send(self, command: str) -> None:
        read_only.check(self._platform, command)
        self.sent.append(command)
        self._channel.send(f"{command}\n".encode())

    def ask(self, command: str) -> Answer:
        """Send one command of the list and read its answer. Never raises on what the device does."""
        data = bytearray()
        try:
            self._send(command)
            trouble = self._read(data)
        except OSError:
            trouble = "the device closed the connection in the middle of"
        text = marks.clean(data.decode("utf-8", "replace"))
        if trouble:
            return Answer(_without_echo(text, command), f"{trouble} {command!r}", usable=False)
        body = _without_echo(text[: text.rindex(self._prompt)], command)
        return Answer(body, self._missing_end(command, body))

    def _read(self, data: bytearray) -> str:
        """Read until the prompt; returns what went wrong, to be said of the command."""
        while True:
            finished = self._finished(data)
            wait, why = (_GRACE, "") if finished else self._patience(data)
            try:
                chunk = self._channel.receive(wait)
            except TimeoutError:
                return why
            if not chunk:
                return "" if finished else "the device closed the connection in the middle of"
            data += chunk
            if len(data) > self._limits.size:
                del data[self._limits.size :]
                return f"more than {self._limits.size} bytes came, and the rest was cut, in"
            if not self._left():
                return self._late()

    def _late(self) -> str:
        return f"{self._limits.total:.0f} s were not enough for"

    def _patience(self, data: bytearray) -> tuple[float, str]:
        """How long to wait for more, and what to say if nothing comes."""
        left = self._left()
        last = _last_line(bytes(data[-_TAIL:]).decode("utf-8", "replace"))
        if _PAGER.search(last):
            return min(_OTHER_PROMPT, left), "the device pages its output, although it was told not to, in"
        if _PROMPT.fullmatch(last) and last != self._prompt:
            why = f"the prompt changed from {self._prompt!r} to {last!r} after"
            return min(_OTHER_PROMPT, self._limits.silence, left), why
        if left < self._limits.silence:
            return left, self._late()
        return self._limits.silence, f"the device said nothing for {self._limits.silence:.0f} s in the middle of"

    def _finished(self, data: bytearray) -> bool:
        """Whether the prompt is the last thing said."""
        return _last_line(bytes(data[-_TAIL:]).decode("utf-8", "replace")) == self._prompt

    def _missing_end(self, command: str, text: str) -> str:
        end = read_only.PLATFORMS[self._platform].ends.get(command, "")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not end or read_only.complaint(text) or (lines and lines[-1] == end):
            return ""
        return f"something is missing: the last line of {command!r} is not {end!r}"

    def leave(self) -> None:
        """Say good-bye; a device that has gone already is no trouble."""
        try:
            self._send(read_only.PLATFORMS[self._platform].leave)
        except OSError:
            return


def _last_line(text: str) -> str:
    return marks.clean(text).rpartition("\n")[2].strip()


def _without_echo(text: str, command: str) -> str:
    """Output without the line in which the device repeats the command."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:2]):
        if line.strip().endswith(command):
            return "\n".join(lines[at + 1 :])
        if line.strip():
            break
    return text


def collect(
    device: Conversation, platform: str, chosen: Mapping[str, Sequence[str]], output: marks.Marked
) -> str | None:
    """Ask for every kind and write it into a marked text; returns the device's clock (UTC) or None."""
    table = read_only.PLATFORMS[platform]
    gone = ""
    clock = None
    if table.clock:
        answer = device.ask(table.clock)
        clock = utc_clock(answer.text)
        gone = "" if answer.usable else answer.trouble
    for kind, commands in chosen.items():
        if gone:
            output.missing(kind, f"not asked, because {gone}")
            continue
        answers: list[tuple[str, Answer]] = []
        for command in commands:
            answers.append((command, device.ask(command)))
            if not answers[-1][1].usable:
                gone = answers[-1][1].trouble
                break
        _write(kind, answers, table.optional, output)
    return clock


def _write(kind: str, answers: Sequence[tuple[str, Answer]], optional: Sequence[str], output: marks.Marked) -> None:
    refusals = {command: read_only.complaint(answer.text) for command, answer in answers if not answer.trouble}
    needed = [refusal for command, refusal in refusals.items() if refusal and command not in optional]
    troubles = [answer.trouble for _, answer in answers if answer.trouble]
    if needed and not troubles:
        output.missing(kind, f"the device refuses it to this user: {needed[0]}")
        return
    output.begin(kind)
    for command, answer in answers:
        if refusals.get(command):
            output.note(kind, f"{command}: {refusals[command]}")
        else:
            output.block(command, answer.text)
    for trouble in troubles:
        output.note(kind, trouble)
    if not troubles:  # without its end mark, a section proves nothing
        output.end(kind)


def utc_clock(text: str) -> str | None:
    """``06:37:00.123 UTC Mon Nov 23 2026`` as an instant; None in another zone or another form."""
    match = next(filter(None, (_CLOCK.fullmatch(line.strip()) for line in text.splitlines())), None)
    if not match or match[2] not in _MONTHS:
        return None
    return f"{match[4]}-{_MONTHS.index(match[2]) + 1:02d}-{int(match[3]):02d}T{match[1]}Z"
