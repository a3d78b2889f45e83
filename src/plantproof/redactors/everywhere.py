# SPDX-License-Identifier: Apache-2.0
"""Secrets that look the same on every platform: tokens, credentials in addresses and options, hashes."""

from __future__ import annotations

from typing import Final

from plantproof.redactors.rules import Rule, rule

__all__ = ["EVERYWHERE"]

_WORD: Final = (
    r"(?:[\w.-]{0,40}(?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?key|psk|pwd)|[\w.-]{0,40}token)"
)

EVERYWHERE: Final[tuple[Rule, ...]] = (
    rule("url-password", r"[a-z][a-z0-9+.-]{0,20}://[^\s:/@]{0,80}:(?P<secret>[^\s@/]{1,200})@"),
    rule("bearer", r"(?:\bbearer|authorization:\s{0,4}basic)\s{1,4}(?P<secret>[a-z0-9._~+/=-]{8,4000})"),
    rule("web-token", r"(?P<secret>\beyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{0,2000})"),
    rule("cloud-key", r"(?P<secret>\b(?:AKIA|ASIA)[A-Z0-9]{16}\b)"),
    rule("code-token", r"(?P<secret>\b(?:gh[pousr]_\w{20,255}|glpat-[\w-]{20,60}|xox[abprs]-[\w-]{10,200}))"),
    rule("password-hash", r"\$(?:1|2[abxy]?|5|6|7|y|gy|sha1|md5|8|9)\$(?P<secret>[./a-z0-9$=,+]{8,400})"),
    rule("option", rf"--{_WORD}[=\s]\s{{0,4}}(?P<secret>\"[^\"]{{1,400}}\"|'[^']{{1,400}}'|[^\s\"']{{1,400}})"),
    rule(
        "assignment",
        rf"(?<![\w-]){_WORD}\s{{0,4}}=\s{{0,4}}(?P<secret>\"[^\"]{{1,400}}\"|'[^']{{1,400}}'|[^\s\"',;)]{{1,400}})",
    ),
    rule(
        "field",
        r"\"?\b(?:password|passphrase|secret|token|api[_-]?key|psk)\"?\s{0,4}:\s{1,4}(?P<secret>\"[^\"]{1,400}\"|[^\s\"',;{}\[\]]{1,400})",
    ),
    rule("option", r"\bsshpass\s{1,4}-p\s{0,4}(?P<secret>\S{1,200})"),
    rule("option", r"\bmysql\w{0,12}\s[^|;]{0,200}?\s-p(?P<secret>[^\s-]\S{0,200})"),
    rule("option", r"\bcurl\s[^|;]{0,400}?(?:-u|--user)\s{0,4}[^\s:]{1,80}:(?P<secret>\S{1,200})"),
)
