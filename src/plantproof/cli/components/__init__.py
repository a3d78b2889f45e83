# SPDX-License-Identifier: Apache-2.0
"""``plantproof components``: what products are able to do by whose word, and whether that is enough."""

from __future__ import annotations

import click

from plantproof.cli.components.checking import check
from plantproof.cli.components.importing import import_components
from plantproof.cli.components.showing import list_components, show

__all__ = ["components"]


@click.group()
def components() -> None:
    """Products and their SL-C: what suppliers claim until when, and whether zones ask for more.

    A claim says what a product is able to do, not how it is set up: it never counts for SL-A.

    \b
    Example:
        plantproof components list
        plantproof components check
        plantproof components import supplier.json --type EDR --valid-until 2028-12-31 -o components/plc.yml
    """  # noqa: D301 - click reads \b


for _command in (list_components, show, check, import_components):
    components.add_command(_command)
