# SPDX-License-Identifier: Apache-2.0
"""Secrets in what a Linux host tells of itself, and in what OT protocols answer."""

from __future__ import annotations

from typing import Final

from plantproof.redactors.everywhere import EVERYWHERE
from plantproof.redactors.rules import Redactor, joined, rule

__all__ = ["LINUX", "OT"]

_LINUX: Final = (
    rule("shadow", r"^[a-z_][\w.-]{0,63}:(?P<secret>(?!\$)[./a-z0-9]{13,128}):\d{0,10}:\d{0,10}:"),
    rule("community", r"^\s*r[ow]community6?\s{1,8}(?P<secret>\S{1,200})"),
    rule(
        "community",
        r"^\s*com2sec6?(?:\s{1,8}-Cn\s{1,8}\S{1,60})?\s{1,8}\S{1,60}\s{1,8}\S{1,100}\s{1,8}(?P<secret>\S{1,200})",
    ),
    rule(
        "snmp-auth",
        r"^\s*createUser\s{1,8}\S{1,60}\s{1,8}(?:md5|sha\S{0,8})\s{1,8}(?P<secret>\"[^\"]{1,200}\"|\S{1,200})",
    ),
    rule("snmp-priv", r"^\s*createUser\s.{1,400}?\s(?:des|aes\S{0,8})\s{1,8}(?P<secret>\"[^\"]{1,200}\"|\S{1,200})"),
    rule(
        "time-key",
        r"^\s*\d{1,10}\s{1,8}(?:md5|sha\d{0,3}(?:-\d{3})?|aes\d{3}|m)\s{1,8}(?:hex:|ascii:)?(?P<secret>\S{4,400})\s*$",
    ),
    rule("wifi", r"^\s*(?:psk|wep_key\d|sae_password)\s{0,4}=\s{0,4}(?P<secret>\S{1,200})"),
)

LINUX: Final = Redactor(name="linux/1", rules=joined(_LINUX, EVERYWHERE))
OT: Final = Redactor(name="ot/1", rules=EVERYWHERE)
