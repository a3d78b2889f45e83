# SPDX-License-Identifier: Apache-2.0
"""``plantproof components import``: a supplier's OSCAL component definition as a file of ``components/``."""

from __future__ import annotations

from pathlib import Path

import click

from plantproof.cli.output import json_option, print_json, talk
from plantproof.core.components import TYPES
from plantproof.core.instants import instant_text, parse_instant
from plantproof.errors import UsageError

__all__ = ["import_components"]


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--type", "kind", type=click.Choice(list(TYPES)), help="Type, where the file does not say it.")
@click.option("--valid-until", "until", required=True, metavar="DATE", help="Last day on which the claims count.")
@click.option(
    "--certified-by", default="", metavar="NAME", help="Certification body; without it the supplier declares."
)
@click.option("--reference", default="", metavar="TEXT", help="Number of the certificate.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here; else to the screen.")
@click.option("--force", is_flag=True, help="Overwrite the output file.")
@json_option
@click.pass_obj
def import_components(
    workspace: Path,
    file: Path,
    *,
    kind: str | None,
    until: str,
    certified_by: str,
    reference: str,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Import a supplier's OSCAL component definition (JSON or YAML): its claims on IEC 62443-4-2.

    A requirement counts as met if its prop implementation-status says implemented, or says nothing; partial, planned
    and alternative count as not met. What speaks of other standards is left out, and is counted.

    \b
    Example:
        plantproof components import plc.json --type EDR --valid-until 2028-12-31 -o components/plc.yml
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.content import Content
    from plantproof.adapters.documents import dump_yaml
    from plantproof.adapters.files import write_atomically
    from plantproof.adapters.library import load_requirements
    from plantproof.adapters.validation import load_valid
    from plantproof.errors import ContentError
    from plantproof.oscal.capabilities import read_offers

    content = Content(workspace)
    document = load_valid(file, content.receipts)
    try:
        offers = read_offers(document.data, load_requirements(content))
    except ContentError as error:
        where = document.locate(error.where.pointer if error.where else "")
        raise ContentError(error.message, code=error.code, hint=error.hint, where=where) from None
    day = instant_text(parse_instant(until))[:10]
    entries = []
    for offer in offers.components:
        chosen = offer.type or kind
        if not chosen:
            message = f"component {offer.title} does not say its type"
            raise UsageError(message, code="usage.bad-argument", hint="Give it: --type EDR (or SAR, HDR, NDR).")
        entries.append(
            {
                "id": offer.id,
                "title": offer.title,
                "supplier": offer.supplier,
                **({"version": offer.version} if offer.version else {}),
                "type": chosen,
                "claim": "certificate" if certified_by else "declaration",
                "by": certified_by or offer.supplier,
                **({"reference": reference} if reference else {}),
                "stated": offers.stated[:10],
                "valid-until": day,
                "claims": [
                    {
                        "requirement": claim.requirement,
                        "state": claim.state,
                        **({"remark": claim.remark} if claim.remark else {}),
                    }
                    for claim in offer.claims
                ],
            }
        )
    told = {"components": entries}
    if output is not None:
        if output.exists() and not force:
            raise UsageError(
                f"{output} is there already", code="usage.exists", hint="Name another file, or use --force."
            )
        header = "# yaml-language-server: $schema=../schema/components.schema.json\n"
        write_atomically(output, (header + dump_yaml(told)).encode())
    if as_json:
        print_json({**told, "left-out": offers.left_out})
    elif output is None:
        click.echo(dump_yaml(told), nl=False)
    claims = sum(len(offer.claims) for offer in offers.components)
    talk(f"{len(entries)} components, {claims} claims; {offers.left_out} on other standards left out")
