# SPDX-License-Identifier: Apache-2.0
"""``plantproof demo``: a small water works whose engineering workstation is this very machine."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.exits import FINDINGS, INCOMPLETE, OK
from plantproof.cli.output import talk

__all__ = ["demo"]


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-out"),
    show_default=True,
    help="Where the demo plant, its evidence and its portal go.",
)
@click.option("--serve", "serving", is_flag=True, help="Serve the portal afterwards, for this machine's browser only.")
def demo(folder: Path, serving: bool) -> int:
    """Build a demo plant, collect from this machine and from simulated devices, sign, judge and publish.

    This machine is read for real, by one read-only script without root rights if you have none; the switch, the
    OPC UA servers and the Modbus device are simulated on 127.0.0.1 and say so everywhere. Needs the extra "demo".

    \b
    Example:
        plantproof demo --dir /tmp/waterworks --serve
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.demo import build_demo
    from plantproof.adapters.simulators import DemoProcess
    from plantproof.cli.publish import serve_folder
    from plantproof.cli.run import whole_road

    workspace = folder / "waterworks"
    talk("starting the simulated devices on 127.0.0.1 ...")
    with DemoProcess(folder.resolve() / "simulators") as devices:
        build_demo(workspace, devices.described)
        status = whole_road(workspace)
    click.echo("\nThe switch, the OPC UA servers and the Modbus device are SIMULATED; the workstation is this machine.")
    click.echo("Try:")
    for words in ("zones", "explain supervision SR-2.11", "evidence log", "evidence verify", "collect --plan"):
        click.echo(f"  plantproof -C {workspace} {words}")
    if serving:
        serve_folder(workspace / "out" / "site", 8321)
    # Findings and gaps are what a demo shows, not a failure of it.
    return OK if status in {FINDINGS, INCOMPLETE} else status
