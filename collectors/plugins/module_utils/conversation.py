# SPDX-License-Identifier: Apache-2.0
"""Asking a device's command line questions from the read-only list, and knowing whether an answer is whole.

Everything that is sent goes through one method, which refuses what is not on the list. No answer may take for ever, or more
memory than it was given. Knows no SSH: a channel has ``send(bytes)`` and ``receive(seconds)``, which gives bytes, raises
TimeoutError if none came, and gives no bytes when the other side has gone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.plantproof.ot.plugins.module_utils import marks, read_only

_PROMPT = re.compile(r"[A-Za-z0-9][\w.:@/()~+\-]{0,80}[>#]")
_PAGER = re.compile(r"-{1,3} ?more ?-{1,3}|<---? more ---?>|press any key", re.IGNORECASE)
_TAIL = 400
_SETTLE = 0.3
_GRACE = 0.05
_OTHER_PROMPT = 3.0


class Lost(Exception):
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

    def __init__(self, channel, platform, limits, now):
        self._channel = channel
        self._platform = platform
        self._limits = limits
        self._now = now
        self._deadline = now() + limits.total
        self._prompt = ""
        self.sent = []

    def start(self):
        """Find the prompt, then turn paging off; raises Lost if there is no prompt."""
        self._settle()
        self._channel.send(b"\n")
        again = self._settle()
        found = _PROMPT.fullmatch(again)
        if not found:
            raise Lost("logged in, but the device shows no prompt that can be recognised")
        self._prompt = again
        for command in read_only.PLATFORMS[self._platform]["session"]:
            answer = self.ask(command)
            if not answer.usable:
                raise Lost(answer.trouble)

    def _settle(self):
        """Read until a prompt is the last thing said for a moment; returns that last line."""
        tail = ""
        while True:
            wait = min(_SETTLE if _PROMPT.fullmatch(_last_line(tail)) else self._limits.silence, self._left())
            try:
                data = self._channel.receive(wait)
            except TimeoutError:
                if _PROMPT.fullmatch(_last_line(tail)) and self._left() > 0:
                    return _last_line(tail)
                raise Lost(f"logged in, but no prompt came within {wait:.0f} s") from None
            if not data:
                raise Lost("the device closed the connection after the log-in")
            tail = (tail + data.decode("utf-8", "replace"))[-_TAIL:]

    def _left(self):
        return max(0.0, self._deadline - self._now())

    def _send(self, command):
        read_only.check(self._platform, command)
        self.sent.append(command)
        self._channel.send(f"{command}\n".encode())

    def ask(self, command):
        """Send one command of the list and read its answer. Never raises on what the device does."""
        try:
            self._send(command)
        except OSError:
            return Answer("", f"the device closed the connection before {command!r}", usable=False)
        data = bytearray()
        while True:
            finished = self._finished(data)
            if finished is None:
                wait, why = self._patience(data)
            else:
                wait, why = _GRACE, ""
            try:
                chunk = self._channel.receive(wait)
            except TimeoutError:
                if finished is not None:
                    return self._whole(command, finished)
                return self._broken(command, data, why)
            except OSError:
                chunk = b""
            if not chunk:
                if finished is not None:
                    return self._whole(command, finished)
                return self._broken(command, data, "the device closed the connection in the middle of")
            data += chunk
            if len(data) > self._limits.size:
                del data[self._limits.size :]
                return self._broken(command, data, f"more than {self._limits.size} bytes came and were cut in")
            if not self._left():
                return self._broken(command, data, f"{self._limits.total:.0f} s were not enough for")

    def _patience(self, data):
        """How long to wait for more, and what to say if nothing comes."""
        left = self._left()
        last = _last_line(bytes(data[-_TAIL:]).decode("utf-8", "replace"))
        if _PAGER.search(last):
            return min(_SETTLE, left), "the device pages its output, although it was told not to, in"
        if _PROMPT.fullmatch(last) and last != self._prompt:
            why = f"the prompt changed from {self._prompt!r} to {last!r} after"
            return min(_OTHER_PROMPT, self._limits.silence, left), why
        if left < self._limits.silence:
            return left, f"{self._limits.total:.0f} s were not enough for"
        return self._limits.silence, f"the device said nothing for {self._limits.silence:.0f} s in the middle of"

    def _finished(self, data):
        """The output without its prompt if the prompt is the last thing said; else None."""
        if not bytes(data[-_TAIL:]).rstrip().endswith(self._prompt.encode()):
            return None
        text = data.decode("utf-8", "replace")
        if _last_line(text) != self._prompt:
            return None
        return text[: text.rindex(self._prompt)]

    def _whole(self, command, text):
        end = read_only.PLATFORMS[self._platform]["ends"].get(command, "")
        text = _without_echo(marks.clean(text), command)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if end and not read_only.complaint(text) and (not lines or lines[-1] != end):
            return Answer(text, f"the last line of {command!r} is not {end!r}: something is missing")
        return Answer(text)

    def _broken(self, command, data, why):
        text = _without_echo(marks.clean(data.decode("utf-8", "replace")), command)
        return Answer(text, f"{why} {command!r}", usable=False)

    def leave(self):
        """Say good-bye; a device that has gone already is no trouble."""
        try:
            self._send(read_only.PLATFORMS[self._platform]["leave"])
        except OSError:
            return


def _last_line(text):
    return marks.clean(text).rpartition("\n")[2].strip()


def _without_echo(text, command):
    """Output without the line in which the device repeats the command."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:2]):
        if line.strip().endswith(command):
            return "\n".join(lines[at + 1 :])
        if line.strip():
            break
    return text


def collect(conversation, platform, chosen, output):
    """Ask for every kind and write it into a marked text; returns the device's clock (UTC) or None."""
    table = read_only.PLATFORMS[platform]
    gone = ""
    clock = None
    for kind, commands in chosen.items():
        if gone:
            output.missing(kind, f"not asked, because {gone}")
            continue
        answers = []
        for command in commands:
            answers.append((command, conversation.ask(command)))
            if answers[-1][1].trouble:
                break
        _write(kind, answers, table, output)
        last = answers[-1][1]
        gone = "" if last.usable else last.trouble
        clock = next((utc_clock(a.text) for c, a in answers if c == table["clock"] and not a.trouble), clock)
    return clock


def _write(kind, answers, table, output):
    refusals = {command: read_only.complaint(answer.text) for command, answer in answers if not answer.trouble}
    needed = [refusal for command, refusal in refusals.items() if refusal and command not in table["optional"]]
    trouble = next((answer.trouble for _, answer in answers if answer.trouble), "")
    if needed and not trouble:
        output.missing(kind, f"the device refuses it to this user: {needed[0]}")
        return
    output.begin(kind)
    for command, answer in answers:
        if refusals.get(command):
            output.note(kind, f"{command}: {refusals[command]}")
        else:
            output.block(command, answer.text)
    if trouble:
        output.note(kind, trouble)  # and no end mark: the section proves nothing
    else:
        output.end(kind)


_CLOCK = re.compile(
    r"[.*]?([0-9]{2}:[0-9]{2}:[0-9]{2})\.[0-9]+ (?:UTC|GMT) [A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9]{4})"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def utc_clock(text):
    """``06:37:00.123 UTC Mon Nov 23 2026`` as an instant; None in another zone or another form."""
    match = next(filter(None, (_CLOCK.fullmatch(line.strip()) for line in text.splitlines())), None)
    if not match or match[2] not in _MONTHS:
        return None
    return f"{match[4]}-{_MONTHS.index(match[2]) + 1:02d}-{int(match[3]):02d}T{match[1]}Z"
