# SPDX-License-Identifier: Apache-2.0
"""``plantproof zones steps``: how far the plant is on the way of IEC 62443-3-2, and what shows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, print_table, talk
from plantproof.core.instants import instant_text, parse_instant
from plantproof.core.risk import State, Step, label_of, zcr_steps

__all__ = ["print_steps", "steps", "steps_json"]


@click.command()
@click.option("--at", default="", metavar="INSTANT", help="What runs out counts if it holds then.  [default: now]")
@json_option
@click.pass_obj
def steps(workspace: Path, at: str, as_json: bool) -> None:
    """Show every step of IEC 62443-3-2 (ZCR 1.1 to 7.1): done, partly, open, or not in the text; and what shows it.

    Done says that the text holds what the step asks for. Whether it is right is for people to judge.

    \b
    Example:
        plantproof zones steps
    """  # noqa: D301 - click reads \b
    from plantproof.cli.wiring import Wiring

    wiring = Wiring.of(workspace)
    instant = instant_text(parse_instant(at) if at else wiring.clock.now())
    found = zcr_steps(wiring.workspace.plant, wiring.workspace.risk, instant)
    if as_json:
        print_json({"steps": steps_json(found)})
        return
    print_steps(found)
    done = sum(one.state is State.DONE for one in found)
    talk(f"{done} of {len(found)} steps done")


def steps_json(found: Sequence[Step]) -> list[dict[str, object]]:
    """Steps for programs."""
    return [{"id": one.id, "title": one.title, "state": str(one.state), "shown": one.shown} for one in found]


def print_steps(found: Sequence[Step]) -> None:
    """Steps for people."""
    rows = [[label_of(one.id), one.title, one.state, one.shown] for one in found]
    print_table(["step", "title", "state", "shown by, or missing"], rows)
