# SPDX-License-Identifier: Apache-2.0
"""``plantproof remote-access``: the register of who may come in from far away, against the plant's conduits."""

from __future__ import annotations

import click

from plantproof.cli.remote_access.checking import check
from plantproof.cli.remote_access.listing import list_accesses

__all__ = ["remote_access"]


@click.group("remote-access")
def remote_access() -> None:
    """The register of remote access: which party may come in, by which conduits, until when, and what shows it.

    \b
    Example:
        plantproof remote-access list
        plantproof remote-access check --at 2027-03-31
    """  # noqa: D301 - click reads \b


for _command in (list_accesses, check):
    remote_access.add_command(_command)
