# SPDX-License-Identifier: Apache-2.0
"""What ``firewall show`` and ``firewall query`` share: the two arguments, and a rule for programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from plantproof.firewall.dialects import DIALECTS
from plantproof.firewall.program import Rule

__all__ = ["listing_arguments", "rule_json"]

_Command = TypeVar("_Command", bound=Callable[..., Any])


def listing_arguments(command: _Command) -> _Command:
    """Add DIALECT and FILE."""
    path = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
    with_file: _Command = click.argument("file", type=path)(command)
    return click.argument("dialect", type=click.Choice(list(DIALECTS)))(with_file)


def rule_json(rule: Rule) -> dict[str, object]:
    """A rule for programs."""
    found: dict[str, object] = {"line": rule.line, "text": rule.text, "action": rule.action}
    if rule.place:
        found["place"] = rule.place
    if not rule.understood:
        found["why"] = rule.why
    return found
