# SPDX-License-Identifier: Apache-2.0
"""``plantproof inventory``: the assets; brought in from other lists, and held against what was seen."""

from __future__ import annotations

import click

from plantproof.cli.inventory.checking import check
from plantproof.cli.inventory.importing import import_hosts
from plantproof.cli.inventory.listing import list_assets

__all__ = ["inventory"]


@click.group()
def inventory() -> None:
    """The assets of the inventory: list, import, check.

    \b
    Example:
        plantproof inventory check conn.log
    """  # noqa: D301 - click reads \b


for _command in (list_assets, import_hosts, check):
    inventory.add_command(_command)
