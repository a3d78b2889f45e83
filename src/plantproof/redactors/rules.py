# SPDX-License-Identifier: Apache-2.0
"""Taking secrets out of one line after another: what a rule is, and how a text goes through them.

Only the secret itself is replaced, by ``<redacted:LABEL:FINGERPRINT>``; types, names and everything else stay, because they
are evidence. Lines stay lines. Names of people are evidence too and are not taken out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from plantproof.core.redaction import Fingerprint, Redacted

__all__ = ["TOKEN", "Redactor", "Rule", "joined", "rule"]

TOKEN: Final = re.compile(r"<redacted:[a-z0-9-]{1,60}:[0-9a-f]{12}(?::default)?>")
_KEY_BEGIN: Final = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY")
_KEY_END: Final = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY")
_DEFAULTS: Final = frozenset(
    [
        "admin",
        "administrator",
        "cisco",
        "public",
        "private",
        "password",
        "passwd",
        "pass",
        "root",
        "default",
        "guest",
        "user",
        "operator",
        "engineer",
        "siemens",
        "moxa",
        "hirschmann",
        "1234",
        "12345",
        "123456",
        "0000",
        "1111",
        "changeme",
        "secret",
        "test",
    ]
)
_MASKS: Final = frozenset({"*", "!", "x", "none", "null", "yes", "no", "true", "false", "''", '""'})
Decode = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One place where a secret stands: the pattern's group ``secret``."""

    label: str
    pattern: re.Pattern[str]
    decode: Decode | None = None
    """Turns a reversible form into the secret itself, so that its reuse elsewhere shows."""
    within: str = ""
    """Only below a top-level line that starts with this; ``!word``: only where none does."""

    def applies(self, section: str) -> bool:
        """Whether the rule holds below this top-level line."""
        if self.within.startswith("!"):
            return not section.startswith(self.within[1:])
        return section.startswith(self.within)


def rule(label: str, pattern: str, *, decode: Decode | None = None, within: str = "") -> Rule:
    """A rule from a pattern; case does not matter."""
    return Rule(label=label, pattern=re.compile(pattern, re.IGNORECASE), decode=decode, within=within)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redactor:
    """The rules of one platform; ``name`` ends in its version."""

    name: str
    rules: tuple[Rule, ...]

    def redact(self, text: str, fingerprint: Fingerprint) -> Redacted:
        """Replace every secret; doing it twice is the same as doing it once."""
        lines, section, in_key, count = text.split("\n"), "", False, 0
        for number, line in enumerate(lines):
            if line[:1].strip():
                section = line
            if in_key or _KEY_BEGIN.search(line):
                in_key = not _KEY_END.search(line) and (in_key or bool(_KEY_BEGIN.search(line)))
                found = _mask_key_line(line, fingerprint)
            else:
                found = self._line(line, section, fingerprint)
            count += len(TOKEN.findall(found)) - len(TOKEN.findall(line))
            lines[number] = found
        return Redacted(text="\n".join(lines), count=count, redactor=self.name)

    def _line(self, line: str, section: str, fingerprint: Fingerprint) -> str:
        for one in self.rules:
            if one.applies(section):
                line = _apply(one, line, fingerprint)
        return line


def _apply(one: Rule, line: str, fingerprint: Fingerprint) -> str:
    parts, position = [], 0
    for match in one.pattern.finditer(line):
        start, end = match.span("secret")
        secret = match["secret"]
        if start < position or not secret or "<redacted:" in secret or secret.lower() in _MASKS:
            continue
        plain = one.decode(secret) if one.decode else secret
        parts += [line[position:start], _token(one.label, plain, fingerprint)]
        position = end
    return "".join([*parts, line[position:]]) if parts else line


def _token(label: str, secret: str, fingerprint: Fingerprint) -> str:
    mark = ":default" if secret.lower() in _DEFAULTS else ""
    return f"<redacted:{label}:{fingerprint(secret)}{mark}>"


def _mask_key_line(line: str, fingerprint: Fingerprint) -> str:
    """A private key's lines go one by one; its first and last line say that there was one."""
    begin, end = _KEY_BEGIN.search(line), _KEY_END.search(line)
    if TOKEN.search(line) or not line.strip():
        return line
    if (begin or end) and len(line.strip()) < _LONGEST_MARK:
        return line
    return _token("private-key", line.strip(), fingerprint)


_LONGEST_MARK: Final = 80


def joined(*groups: Sequence[Rule]) -> tuple[Rule, ...]:
    """Several lists of rules as one, in order."""
    return tuple(one for group in groups for one in group)
