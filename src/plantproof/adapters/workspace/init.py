# SPDX-License-Identifier: Apache-2.0
"""Writing a new workspace: valid, commented and small, with keys of its own. Overwrites nothing."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import orjson

from plantproof.adapters.files import write_atomically
from plantproof.adapters.workspace.templates import FILES
from plantproof.errors import Location, SetupError, UsageError

__all__ = ["SCHEMAS", "init_workspace", "refresh_schemas"]

SCHEMAS: Final = (
    *("plantproof", "plant", "risk", "attestations", "measures", "waivers"),
    *("roadmap", "components", "roles", "remote-access"),
)

_KEPT: Final = (".gitignore",)
"""What an example has from the small plant."""
_SHIPPED: Final = Path(__file__).parent / "schemas"
_KEYS: Final = Path(".plantproof", "keys")
_KEY_BYTES: Final = 32


def init_workspace(
    root: Path,
    *,
    name: str = "",
    owner: str = "",
    make_signing_key: Callable[[Path], object] | None = None,
    example: Path | None = None,
) -> list[Path]:
    """Write a workspace into a folder, which may exist as long as nothing in it would be overwritten.

    Args:
        root: The folder; made if missing.
        name: The plant's name; the folder's name if empty.
        owner: Who answers for the plant.
        make_signing_key: Makes an SSH key pair at the private key's path; called if ssh-keygen is installed.
        example: A folder with an example plant, whose files are written instead of the small plant's.

    Returns:
        The files written, in the order of writing.

    Raises:
        UsageError: ``usage.exists``, if a file is already there; nothing was written then.
        SetupError: the folder cannot be written.
    """
    named = {"name": _quoted(name or root.resolve().name or "plant"), "owner": _quoted(owner or "Plant operations")}
    texts = {root / path: text.format(**named) for path, text in FILES.items()}
    if example is not None:
        kept = {root / path: texts[root / path] for path in _KEPT}
        files = sorted(path for path in example.rglob("*") if path.is_file())
        texts = {**kept, **{root / path.relative_to(example): path.read_text(encoding="utf-8") for path in files}}
    schemas = {root / "schema" / f"{schema}.schema.json": schema for schema in SCHEMAS}
    fingerprint, signing = root / _KEYS / "fingerprint.key", root / _KEYS / "signing"
    _refuse_existing(root, [*texts, *schemas, fingerprint, signing])
    for path, text in texts.items():
        write_atomically(path, text.encode())
    written = [*texts, *refresh_schemas(root)]
    write_secret(fingerprint, secrets.token_hex(_KEY_BYTES))
    written.append(fingerprint)
    if make_signing_key is not None and shutil.which("ssh-keygen"):
        make_signing_key(signing)
        written += [path for path in (signing, signing.with_name("signing.pub")) if path.is_file()]
    return written


def refresh_schemas(root: Path) -> list[Path]:
    """Bring the schemas of a workspace up to this release; returns those that were written.

    Raises:
        SetupError: the folder cannot be written.
    """
    written = []
    for schema in SCHEMAS:
        source, target = (folder / f"{schema}.schema.json" for folder in (_SHIPPED, root / "schema"))
        content = source.read_bytes()
        if not target.is_file() or target.read_bytes() != content:
            write_atomically(target, content)
            written.append(target)
    return written


def write_secret(path: Path, text: str) -> None:
    """Write a new file that only its owner can read, in a folder that only its owner can enter.

    Raises:
        SetupError: it exists, or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in (path.parent.parent, path.parent):
            folder.chmod(0o700)
        # Exclusive and with its mode from the start: there is no moment at which another user could read it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(f"{text}\n")
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise SetupError(message, code="environment.file", where=Location(file=str(path))) from error


def _quoted(text: str) -> str:
    """As a YAML text: JSON's double quotes are YAML's."""
    return orjson.dumps(text).decode()


def _refuse_existing(root: Path, paths: Iterable[Path]) -> None:
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is there and is no folder", code="usage.exists", hint="Name another folder.")
    there = [path for path in paths if path.exists() or path.is_symlink()]
    if there:
        shown = ", ".join(str(path.relative_to(root)) for path in there)
        hint = f"Nothing was written. In the way: {shown}. Take an empty folder, or move them away."
        raise UsageError(f"{there[0]} is already there", code="usage.exists", hint=hint)
