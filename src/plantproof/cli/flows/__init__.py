# SPDX-License-Identifier: Apache-2.0
"""``plantproof flows``: what was seen on the network, held against the conduits."""

from __future__ import annotations

import click

from plantproof.cli.flows.checking import check
from plantproof.cli.flows.importing import import_flows

__all__ = ["flows"]


@click.group()
def flows() -> None:
    """Observed flows against declared conduits: import, check.

    Reads logs that a sensor has written (Zeek, NetFlow by nfdump, Suricata, CSV); nothing is sent to the network.

    \b
    Example:
        plantproof flows check conn.log
    """  # noqa: D301 - click reads \b


flows.add_command(import_flows)
flows.add_command(check)
