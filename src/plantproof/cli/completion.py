# SPDX-License-Identifier: Apache-2.0
"""``plantproof completion``: the shell's own completion, printed."""

from __future__ import annotations

import click

__all__ = ["completion"]


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    Example, for this session:
        eval "$(plantproof completion bash)"
    Example, for every session:
        plantproof completion fish > ~/.config/fish/completions/plantproof.fish
    """  # noqa: D301 - click reads \b
    from click.shell_completion import get_completion_class

    from plantproof.cli.root import root

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - the choice above lists click's own names
    click.echo(found(root, {}, "plantproof", "_PLANTPROOF_COMPLETE").source())
