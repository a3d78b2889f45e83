# SPDX-License-Identifier: Apache-2.0
"""The root command and its subcommands by name; a subcommand's module is imported when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from plantproof import __version__

__all__ = ["COMMANDS", "ReaderGoneError", "root"]

COMMANDS: Final[Mapping[str, str]] = {
    "init": "plantproof.cli.init:init",
    "catalog": "plantproof.cli.catalog:catalog",
    "profile": "plantproof.cli.profile:profile",
    "crosswalk": "plantproof.cli.crosswalk:crosswalk",
    "zones": "plantproof.cli.zones:zones",
    "inventory": "plantproof.cli.inventory:inventory",
    "risk": "plantproof.cli.risk:risk",
    "components": "plantproof.cli.components:components",
    "duties": "plantproof.cli.duties:duties",
    "remote-access": "plantproof.cli.remote_access:remote_access",
    "expiring": "plantproof.cli.expiring:expiring",
    "draw": "plantproof.cli.draw:draw",
    "flows": "plantproof.cli.flows:flows",
    "firewall": "plantproof.cli.firewall:firewall",
    "reach": "plantproof.cli.reach:reach",
    "collect": "plantproof.cli.collect:collect",
    "redact": "plantproof.cli.redact:redact",
    "evidence": "plantproof.cli.evidence:evidence",
    "assess": "plantproof.cli.assess:assess",
    "explain": "plantproof.cli.explain:explain",
    "roadmap": "plantproof.cli.roadmap:roadmap",
    "what-if": "plantproof.cli.what_if:what_if",
    "ssp": "plantproof.cli.ssp:ssp",
    "publish": "plantproof.cli.publish:publish",
    "serve": "plantproof.cli.publish:serve",
    "run": "plantproof.cli.run:run",
    "demo": "plantproof.cli.demo:demo",
    "completion": "plantproof.cli.completion:completion",
}


class ReaderGoneError(Exception):
    """Whoever read our output has gone (``| head``)."""


class LazyGroup(click.Group):
    """A group that knows its commands' names without loading them."""

    def invoke(self, ctx: click.Context) -> Any:
        """As click does; but a reader that goes away is no failure, while click would end with status 1: findings.

        Raises:
            ReaderGoneError: it went away.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderGoneError from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the road from plant to portal."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command's module, or suggest a near name by way of click's error."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above is ours
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest spelling in the error."""
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            raise click.UsageError(f"No such command {name!r}." + (f" Did you mean {near[0]!r}?" if near else ""), ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="plantproof", message="%(prog)s %(version)s")
@click.option(
    "-C",
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    envvar="PLANTPROOF_WORKSPACE",
    help="The folder that holds plantproof.yml.  [default: the current folder]",
)
@click.pass_context
def root(ctx: click.Context, workspace: Path) -> None:
    """Compliance-as-code for industrial plants.

    Collect configuration evidence without changing anything, keep it signed in git, judge it against IEC 62443 and
    publish a portal that shows which line proves what.

    \b
    Example, the whole road in your own workspace:
        plantproof init waterworks && cd waterworks && plantproof run
    \b
    Exit status: 0 all satisfied, 1 findings, 2 usage, 3 bad content, 4 collection incomplete, 5 integrity, 70 bug.
    """  # noqa: D301 - click reads \b
    ctx.obj = workspace
