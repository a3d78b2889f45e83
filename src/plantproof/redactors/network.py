# SPDX-License-Identifier: Apache-2.0
"""Secrets in configurations of Cisco IOS and FRRouting."""

from __future__ import annotations

from typing import Final

from plantproof.redactors.everywhere import EVERYWHERE
from plantproof.redactors.rules import Redactor, Rule, joined, rule

__all__ = ["CISCO_IOS", "FRR", "decode_type_7"]

_XLAT: Final = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
"""The publicly known constant of Cisco's reversible type 7."""
_HIDDEN: Final = r"(?P<secret>\S{1,400})"


def decode_type_7(text: str) -> str:
    """The password behind a reversible type 7 text; the text itself if it is none."""
    try:
        seed, data = int(text[:2]), bytes.fromhex(text[2:])
    except ValueError:
        return text
    plain = bytes(byte ^ _XLAT[(seed + place) % len(_XLAT)] for place, byte in enumerate(data))
    return plain.decode("ascii", errors="replace") if data and plain.isascii() else text


def _typed(label: str, before: str, after: str = "", *, within: str = "") -> tuple[Rule, ...]:
    """A secret after its optional type: type 7 is decoded for its fingerprint."""
    return (
        rule(f"{label}-7", rf"{before} 7 (?P<secret>[0-9a-f]{{4,400}}){after}", decode=decode_type_7, within=within),
        rule(label, rf"{before} (?:[0-9] )?(?!7 <redacted)(?P<secret>\S{{1,400}}){after}", within=within),
    )


_SHARED: Final = joined(
    _typed("enable", r"^\s*enable (?:secret|password)(?: level \d{1,2})?"),
    _typed("user", r"^\s*username \S{1,100}(?: \S{1,40}){0,8}? (?:secret|password)"),
    _typed("neighbor", r"^\s*neighbor \S{1,100} password"),
    _typed("key-string", r"^\s*key-string"),
    _typed("ospf", r"^\s*ip ospf (?:\S{1,40} )?(?:authentication-key|message-digest-key \d{1,3} md5)"),
    _typed(
        "routing",
        r"^\s*(?:isis|area|domain|ip rip|ip eigrp|ip nhrp)(?: \S{1,60}){0,4}? (?:password|string|authentication)(?: (?:md5|clear|text|string|mode text|mode md5))?",
    ),
    _typed("line", r"^\s*(?:password|secret)"),
)

_IOS: Final = joined(
    (
        rule("community", rf"^\s*snmp-server community {_HIDDEN}"),
        rule(
            "community",
            r"^\s*snmp-server host \S{1,100}(?: vrf \S{1,60})?(?: (?:traps|informs))?"
            rf"(?: version (?:1|2c|3 (?:auth|noauth|priv)))? (?!version ){_HIDDEN}",
        ),
        rule("snmp-auth", rf"^\s*snmp-server user .{{0,200}}?\bauth (?:md5|sha\S{{0,10}})(?: \d{{1,4}})? {_HIDDEN}"),
        rule("snmp-priv", rf"^\s*snmp-server user .{{0,400}}?\bpriv (?:des|3des|aes)(?: \d{{1,4}})? {_HIDDEN}"),
        rule("isakmp", rf"^\s*crypto isakmp key (?:[0-9] )?{_HIDDEN} "),
        rule("wifi", rf"\bwpa-psk (?:ascii|hex) (?:[0-9] )?{_HIDDEN}"),
        rule("pre-shared-key", rf"\bpre-shared-key (?:local |remote )?(?:hex )?(?:[0-9] )?{_HIDDEN}"),
        rule(
            "first-hop",
            rf"^\s*(?:standby|vrrp|glbp) (?:\d{{1,4}} )?authentication (?:md5 key-string |text )?(?:7 )?{_HIDDEN}",
        ),
        rule("vtp", rf"^\s*vtp password {_HIDDEN}"),
    ),
    _typed("ntp", r"^\s*ntp authentication-key \d{1,10} \S{1,20}", r"(?= \d{1,2}$|\s*$)"),
    (rule("ntp", rf"^\s*ntp authentication-key \d{{1,10}} \S{{1,20}} {_HIDDEN}"),),
    _typed("aaa", r"^\s*(?:tacacs-server|radius-server|server-private)(?: \S{1,60}){0,10}? key"),
    _typed("aaa", r"^\s+key", r"\s*$", within="!key chain"),
    _typed("client", r"^\s*ip (?:ftp|http client|scp) password"),
    _typed("ppp", r"^\s*ppp (?:chap|pap)(?: \S{1,60}){0,4}? password"),
)
_LAST: Final = (
    rule("password", r"(?<![\w-])(?:password|passphrase)(?: \d{1,2})? (?!\d{1,2} )(?P<secret>[^\s<]\S{0,400})\s*$"),
)

CISCO_IOS: Final = Redactor(name="cisco_ios/1", rules=joined(_SHARED, _IOS, EVERYWHERE, _LAST))
FRR: Final = Redactor(name="frr/1", rules=joined(_SHARED, EVERYWHERE, _LAST))
