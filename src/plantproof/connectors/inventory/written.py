# SPDX-License-Identifier: Apache-2.0
"""Hosts as an ordinary Ansible inventory that our own reader takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from plantproof.core.inventory import Candidate

__all__ = ["HEADER", "inventory_of"]

HEADER: Final = (
    "# Brought in by `plantproof inventory import`. An ordinary Ansible inventory: read it, then keep it in git.\n"
)


def inventory_of(hosts: Sequence[Candidate], unplaced: Sequence[Candidate] = ()) -> dict[str, object]:
    """The inventory's data: the hosts in the group ``imported``, those without a zone in ``unplaced``.

    ``unplaced`` says ``plantproof_zone: none``: the file can be read, and nobody takes them for assets before somebody
    has placed them.
    """
    children: dict[str, object] = {"imported": {"hosts": {host.name: _variables(host) for host in hosts}}}
    if unplaced:
        variables = {"plantproof_zone": "none"}
        children["unplaced"] = {"vars": variables, "hosts": {host.name: _variables(host) for host in unplaced}}
    return {"all": {"children": children}}


def _variables(host: Candidate) -> dict[str, object]:
    found: dict[str, object] = {
        "ansible_host": host.address,
        "plantproof_zone": host.zone,
        "plantproof_title": host.title,
        "plantproof_platform": host.platform,
        "plantproof_collectors": list(host.collectors),
    }
    return {key: value for key, value in found.items() if value}
