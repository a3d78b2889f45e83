# SPDX-License-Identifier: Apache-2.0
"""``plantproof redact``: what would be stored of a text, printed; nothing is stored."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plantproof.cli.output import json_option, print_json, talk, visible
from plantproof.errors import CollectionError, Location, SetupError, UsageError

if TYPE_CHECKING:
    from plantproof.adapters.fingerprints import Fingerprints

__all__ = ["redact"]


@click.command()
@click.option("--platform", required=True, metavar="NAME", help="Whose text it is, such as cisco_ios or linux.sudo.")
@click.argument("file", metavar="FILE")
@json_option
@click.pass_obj
def redact(workspace: Path, platform: str, file: str, as_json: bool) -> int:
    """Print FILE ('-' reads standard input) without its secrets, as it would be stored.

    A platform without a redactor is refused. If the last net finds something that still looks like a secret, nothing is
    printed.

    \b
    Example:
        plantproof redact --platform cisco_ios running-config.txt
    """  # noqa: D301 - click reads \b
    from plantproof.adapters.secret_scan import SecretScanner
    from plantproof.redactors.registry import redact_platform

    redacted = redact_platform(platform, _read(file), _fingerprints(workspace))
    suspicious = SecretScanner()(file, redacted.text)
    if suspicious:
        lines = ", ".join(map(str, suspicious[:10]))
        message = f"still looks like a secret after redaction: line {lines}"
        hint = "Nothing of it would be stored. Please report the line's form, without the secret."
        raise CollectionError(message, code="collection.secret-found", hint=hint, where=Location(file=file))
    if as_json:
        print_json(
            {"platform": platform, "redactor": redacted.redactor, "count": redacted.count, "text": redacted.text}
        )
    elif sys.stdout.isatty():
        click.echo("\n".join(visible(line) for line in redacted.text.split("\n")), nl=False)
    else:
        click.echo(redacted.text.encode(), nl=False)
    talk(f"{redacted.count} secrets taken out by {redacted.redactor}")
    return 0


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.buffer.read().decode(errors="replace")
    try:
        return Path(file).read_bytes().decode(errors="replace")
    except FileNotFoundError:
        hint = "Check the path; '-' reads standard input."
        raise UsageError(f"there is no file {file}", code="usage.bad-argument", hint=hint) from None
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise SetupError(message, code="environment.file", where=Location(file=file)) from None


def _fingerprints(workspace: Path) -> Fingerprints:
    """The workspace's key; outside a workspace one for this call alone."""
    from plantproof.adapters.fingerprints import Fingerprints
    from plantproof.adapters.workspace import load_settings

    try:
        _, paths = load_settings(workspace)
    except UsageError:
        talk("no workspace here: the fingerprints are made with a key for this call alone")
        return Fingerprints.throwaway()
    return Fingerprints.load(paths.fingerprint_key, create=True)
