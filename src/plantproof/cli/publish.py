# SPDX-License-Identifier: Apache-2.0
"""``plantproof publish`` and ``serve``: the portal on disk, and on this machine's own address."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, talk

__all__ = ["publish", "serve", "serve_folder"]


@click.command()
@click.option("--at", default="", metavar="INSTANT", help="Judge as of this moment.  [default: now]")
@click.option(
    "--licensed", is_flag=True, help="Show your licensed texts (licensed/CATALOG/ID.txt), in out/site-licensed."
)
@json_option
@click.pass_obj
def publish(workspace: Path, *, at: str, licensed: bool, as_json: bool) -> None:
    """Judge and build the portal: a static site that needs no network.

    With --licensed the pages also show the standard's own text where you have it and may show it to your own people.
    That copy stays inside; the ordinary one never holds a word of it.

    \b
    Example:
        plantproof publish && plantproof serve
    """  # noqa: D301 - click reads \b
    from plantproof.cli.judging import judge, write_portal, write_results

    judged = judge(workspace, at)
    talk("building the portal ...")
    target, pages = write_portal(judged, write_results(judged, judged.output), licensed=licensed)
    if as_json:
        print_json({"site": str(target), "pages": pages, "at": judged.assessment.at})
    else:
        click.echo(target / "index.html")


@click.command()
@click.option("--licensed", is_flag=True, help="The copy with your licensed texts.")
@click.option("--port", default=8321, show_default=True, help="Port on 127.0.0.1; 0 takes a free one.")
@click.pass_obj
def serve(workspace: Path, *, port: int, licensed: bool) -> None:
    """Serve the portal on 127.0.0.1, for this machine's browser only; Ctrl-C ends it.

    \b
    Example:
        plantproof serve --port 8080
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.workspace import load_settings

    _, paths = load_settings(workspace)
    serve_folder(paths.output / ("site-licensed" if licensed else "site"), port)


def serve_folder(folder: Path, port: int) -> None:
    """Serve a built portal until interrupted.

    Raises:
        UsageError: there is no portal, or the port cannot be had.
    """
    from plantproof.adapters.portal.serve import portal_server

    server = portal_server(folder, port)
    click.echo(f"http://127.0.0.1:{server.server_address[1]}/")
    talk("Ctrl-C ends it")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        talk("")
    finally:
        server.server_close()
