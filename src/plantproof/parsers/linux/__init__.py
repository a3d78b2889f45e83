# SPDX-License-Identifier: Apache-2.0
"""What a Linux host says of itself, section by section of the ``linux_host`` collector, into facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from plantproof.core.facts import Facts
from plantproof.parsers.linux import (
    accounts,
    backups,
    certificates,
    firewall,
    host,
    kernel,
    listeners,
    logs,
    mounts,
    packages,
    pam,
    services,
    sessions,
    sshd,
    sudo,
    timekeeping,
)

__all__ = ["PARSERS"]

PARSERS: Final[Mapping[str, Callable[[str], Facts]]] = MappingProxyType(
    {
        "linux.host": host.parse,
        "linux.accounts": accounts.parse,
        "linux.sudo": sudo.parse,
        "linux.pam": pam.parse,
        "linux.sshd": sshd.parse,
        "linux.listeners": listeners.parse,
        "linux.services": services.parse,
        "linux.packages": packages.parse,
        "linux.time": timekeeping.parse,
        "linux.logging": logs.parse,
        "linux.firewall": firewall.parse,
        "linux.mounts": mounts.parse,
        "linux.sessions": sessions.parse,
        "linux.kernel": kernel.parse,
        "linux.certificates": certificates.parse,
        "linux.backups": backups.parse,
    }
)
