# SPDX-License-Identifier: Apache-2.0
"""``plantproof catalog``: what standards there are, what a control says, whether a file is sound, and publishing it."""

from __future__ import annotations

import click

from plantproof.cli.catalog.files import publish, validate
from plantproof.cli.catalog.searching import search
from plantproof.cli.catalog.showing import list_catalogs, show

__all__ = ["catalog"]


@click.group()
def catalog() -> None:
    """Standards as OSCAL catalogs: list, show, search, validate, publish.

    \b
    Example:
        plantproof catalog show sr-1.11
        plantproof catalog search "removable media"
    """  # noqa: D301 - click reads \b


for _command in (list_catalogs, show, search, validate, publish):
    catalog.add_command(_command)
