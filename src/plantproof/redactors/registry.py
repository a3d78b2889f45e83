# SPDX-License-Identifier: Apache-2.0
"""Which redactor a kind of evidence goes through. A kind that is not named here is refused: that is the default."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from plantproof.core.redaction import Fingerprint, Redacted
from plantproof.errors import CollectionError, UsageError
from plantproof.redactors.hosts import LINUX, OT
from plantproof.redactors.network import CISCO_IOS, FRR
from plantproof.redactors.rules import Redactor

__all__ = ["KINDS", "PLATFORMS", "redact", "redact_platform"]

_LINUX_KINDS: Final = [
    "accounts",
    "backups",
    "certificates",
    "firewall",
    "host",
    "kernel",
    "listeners",
    "logging",
    "mounts",
    "packages",
    "pam",
    "services",
    "sessions",
    "sshd",
    "sudo",
    "time",
]
_IOS_KINDS: Final = ["config", "snmp", "ssh", "time", "users", "version"]

KINDS: Final[Mapping[str, Redactor]] = MappingProxyType(
    {
        **{f"linux.{name}": LINUX for name in _LINUX_KINDS},
        **{f"cisco_ios.{name}": CISCO_IOS for name in _IOS_KINDS},
        "frr.config": FRR,
        "frr.version": FRR,
        "opcua.endpoints": OT,
        "modbus.identification": OT,
    }
)
PLATFORMS: Final[Mapping[str, Redactor]] = MappingProxyType(
    {"linux": LINUX, "cisco_ios": CISCO_IOS, "frr": FRR, "opcua": OT, "modbus": OT, **KINDS}
)


def redact(kind: str, text: str, fingerprint: Fingerprint) -> Redacted:
    """Take the secrets out of one item's text.

    Raises:
        CollectionError: ``collection.no-redactor`` if nobody wrote a redactor for the kind.
    """
    if kind not in KINDS:
        message = f"no redactor knows {kind}, so it is refused"
        raise CollectionError(message, code="collection.no-redactor", hint=f"Known kinds: {', '.join(sorted(KINDS))}.")
    return KINDS[kind].redact(text, fingerprint)


def redact_platform(platform: str, text: str, fingerprint: Fingerprint) -> Redacted:
    """Take the secrets out of a text of a platform (``cisco_ios``) or kind (``linux.sudo``).

    Raises:
        UsageError: nobody wrote a redactor for it; the hint names the nearest and all others.
    """
    if platform not in PLATFORMS:
        near = get_close_matches(platform, PLATFORMS, n=1)
        known = ", ".join(name for name in PLATFORMS if "." not in name)
        hint = (f"Did you mean {near[0]!r}? " if near else "") + f"Known platforms: {known}."
        message = f"no redactor knows the platform {platform!r}: its text is refused"
        raise UsageError(message, code="collection.no-redactor", hint=hint)
    return PLATFORMS[platform].redact(text, fingerprint)
