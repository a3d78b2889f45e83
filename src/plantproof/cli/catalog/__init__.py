# SPDX-License-Identifier: Apache-2.0
"""``plantproof catalog``: what standards there are, what a control says, whether a file is sound; in and out."""

from __future__ import annotations

import click

from plantproof.cli.catalog.files import publish, validate
from plantproof.cli.catalog.searching import search
from plantproof.cli.catalog.showing import list_catalogs, show
from plantproof.cli.catalog.tables import export_catalog, import_catalog

__all__ = ["catalog"]


@click.group()
def catalog() -> None:
    """Standards as OSCAL catalogs: list, show, search, validate, publish, import, export.

    \b
    Example:
        plantproof catalog show sr-1.11
        plantproof catalog search "removable media"
    """  # noqa: D301 - click reads \b


for _command in (list_catalogs, show, search, validate, publish, import_catalog, export_catalog):
    catalog.add_command(_command)
