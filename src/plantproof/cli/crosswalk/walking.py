# SPDX-License-Identifier: Apache-2.0
"""``plantproof crosswalk path``: every way from one requirement, or from a check, to another standard."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plantproof.cli.exits import OK
from plantproof.cli.output import json_option, print_json, talk
from plantproof.errors import UsageError

if TYPE_CHECKING:
    from plantproof.adapters.library import Library
    from plantproof.core.crosswalk.routes import Route
    from plantproof.core.crosswalk.rows import ControlRef, Link

__all__ = ["path"]

_CHECK = "check:"
_CLAIMED = "iec62443-3-3"


@click.command("path")
@click.argument("source")
@click.argument("target")
@click.option("--longest", type=click.IntRange(1, 6), default=3, show_default=True, help="So many rows at the most.")
@click.option("--direct", is_flag=True, help="Only what the very control is mapped to, not its parts or its whole.")
@json_option
@click.pass_obj
def path(workspace: Path, *, source: str, target: str, longest: int, direct: bool, as_json: bool) -> int:
    """Print all routes from SOURCE to TARGET, the strongest first, each with its rows and who stands behind them.

    SOURCE is a control, or check:ID for the requirements that a check speaks to. TARGET is a catalog or a control. A
    route of several rows is derived: it weakens as sets do, and is never official.

    \b
    Example:
        plantproof crosswalk path nis2:21.2.e iec62443-3-3
        plantproof crosswalk path check:linux-sshd-root-login nis2
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.content import Content
    from plantproof.adapters.library import Library

    content = Content(workspace)
    library = Library(content)
    if source.startswith(_CHECK):
        starts = _claimed(content, library, source.removeprefix(_CHECK))
    else:
        starts = {library.control(source): ""}
    catalog, control = _goal(library, target)
    answers = []
    for start, claim in starts.items():
        if start.catalog == catalog:
            raise UsageError(f"{start} and {target} are of one catalog", code="usage.unknown-name", hint="")
        found = library.graph.routes(start, catalog, control=control, longest=longest, direct=direct)
        answers += [(claim, route) for route in found]
    answers.sort(key=lambda answer: answer[1].rank)
    if as_json:
        print_json([_route_json(route, claim) for claim, route in answers])
        return OK
    for claim, route in answers:
        _print_route(library, route, f"{source} {claim} " if claim else "")
    _tell_counts([route for _, route in answers], f"{source} to {target}", longest)
    return OK


def _claimed(content: Any, library: Library, check: str) -> dict[ControlRef, str]:
    """The requirements that a check speaks to, each with how strongly."""
    from difflib import get_close_matches

    from plantproof.adapters.rules import load_all_checks, load_claims
    from plantproof.core.crosswalk.rows import ControlRef

    controls = library.catalogs[_CLAIMED].controls
    checks = [compiled.check.id for compiled in load_all_checks(content)]
    if check not in checks:
        near = get_close_matches(check, checks, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else ""
        raise UsageError(f"there is no check {check!r}", code="usage.unknown-name", hint=hint)
    claims = load_claims(content, None, checks=checks, controls=controls)
    return {ControlRef(_CLAIMED, c.control): c.strength.value for c in claims if c.check == check}


def _goal(library: Library, target: str) -> tuple[str, str]:
    if target in library.catalogs:
        return target, ""
    try:
        ref = library.control(target)
    except UsageError as error:
        if ":" in target:
            raise
        try:
            return library.catalog(target).key, ""
        except UsageError as other:
            raise UsageError(
                f"there is no catalog or control {target!r}", code=error.code, hint=other.hint or error.hint
            ) from None
    return ref.catalog, ref.control


def _print_route(library: Library, route: Route, claim: str) -> None:
    kind = "official" if route.official else "own judgement" if not route.derived else "derived"
    title = library.catalogs[route.target.catalog].entry_title(route.target.control)
    click.secho(f"{claim}{route.source} {route.relation} {route.target}", bold=True, nl=False)
    click.echo(f"  {title}  [{kind}, {route.confidence} confidence]")
    at = route.source
    for link in route.links:
        if link.source != at:
            click.echo(f"    {at} and {link.source} are part and whole")
        click.echo(f"    {link.source} {link.relation} {link.target}, says {_says(link)}")
        if link.row.rationale:
            click.echo(click.wrap_text(link.row.rationale, 110, "        ", "        "))
        at = link.target
    if at != route.target:
        click.echo(f"    {at} and {route.target} are part and whole")


def _says(link: Link) -> str:
    authority = link.row.authority
    return f"{authority.name} ({authority.document})" if authority.official else f"{authority.name}, its own judgement"


def _tell_counts(routes: list[Route], what: str, longest: int) -> None:
    if not routes:
        talk(f"{what}: no route of {longest} rows or fewer")
        return
    counts = Counter("official" if r.official else "derived" if r.derived else "own judgement" for r in routes)
    told = ", ".join(f"{number} {kind}" for kind, number in counts.most_common())
    ends = len({route.target for route in routes})
    talk(f"{what}: {len(routes)} routes to {ends} control{'s' if ends != 1 else ''} ({told})")


def _route_json(route: Route, claim: str) -> dict[str, Any]:
    steps = [
        {
            "source": str(link.source),
            "relation": link.relation.value,
            "target": str(link.target),
            "authority": link.row.authority.name,
            "official": link.row.authority.official,
            "document": link.row.authority.document,
            "confidence": link.row.confidence,
            "rationale": link.row.rationale,
            "read-backwards": not link.forward,
        }
        for link in route.links
    ]
    said = {"claim": claim} if claim else {}
    return said | {
        "source": str(route.source),
        "target": str(route.target),
        "relation": route.relation.value,
        "derived": route.derived,
        "official": route.official,
        "confidence": route.confidence,
        "length": len(route.links),
        "authorities": list(route.authorities),
        "steps": steps,
    }
