# SPDX-License-Identifier: Apache-2.0
"""``plantproof firewall``: what a packet filter's configuration says, and what it lets through."""

from __future__ import annotations

import click

from plantproof.cli.firewall.querying import query
from plantproof.cli.firewall.showing import show

__all__ = ["firewall"]


@click.group()
def firewall() -> None:
    """Read a packet filter's configuration: show its rules, query what it forwards.

    Works on files alone; nothing is sent to the network and no device is asked.

    \b
    Example:
        nft -j list ruleset > fw.json
        plantproof firewall show nftables-json fw.json
    """  # noqa: D301 - click reads \b


firewall.add_command(show)
firewall.add_command(query)
