# SPDX-License-Identifier: Apache-2.0
"""``plantproof crosswalk``: how standards relate, by whose word, and what is missing."""

from __future__ import annotations

import click

from plantproof.cli.crosswalk.checking import diff, lint
from plantproof.cli.crosswalk.showing import coverage, show
from plantproof.cli.crosswalk.walking import path

__all__ = ["crosswalk"]


@click.group()
def crosswalk() -> None:
    """Crosswalks between standards: show, coverage, path, lint, diff.

    Every row names its authority. What was published by a standards body or a public authority is marked official; all
    else is the project's own judgement, and a chain of rows is neither.

    \b
    Example:
        plantproof crosswalk path nis2:21.2.e iec62443-3-3
        plantproof crosswalk coverage iec62443-3-3 nis2
    """  # noqa: D301 - click reads \b


for _command in (show, coverage, path, lint, diff):
    crosswalk.add_command(_command)
