# SPDX-License-Identifier: Apache-2.0
"""SSH keys that sign the locker's commits: made by ssh-keygen, checked by git against a file of allowed signers."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plantproof.adapters.files import write_atomically
from plantproof.errors import Location, SetupError, UsageError

__all__ = ["Signer", "check_signer", "create_key_pair", "load_signer"]

_TIMEOUT: Final = 30
_NAMESPACE: Final = 'namespaces="git"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs, with which key, and which keys count as good."""

    key: Path
    """The private key; its public half lies beside it with ``.pub``."""
    allowed: Path
    """OpenSSH allowed-signers file; only signatures by a key in it are good."""
    name: str
    email: str


def create_key_pair(path: Path) -> None:
    """Make an ed25519 key pair without a passphrase, readable by its owner alone; an existing one stays.

    Raises:
        SetupError: ssh-keygen is missing or failed.
    """
    if path.is_file():
        return
    where = Location(file=str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        message = f"the folder for the signing key cannot be made: {error.strerror or error}"
        raise SetupError(message, code="environment.file", where=where) from error
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "plantproof evidence locker", "-f", str(path)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except FileNotFoundError as error:
        hint = "Install the OpenSSH client (Debian, Ubuntu: apt install openssh-client)."
        raise SetupError("ssh-keygen is not installed", code="environment.missing-program", hint=hint) from error
    except subprocess.TimeoutExpired as error:
        message = f"ssh-keygen did not end within {_TIMEOUT} seconds"
        raise SetupError(message, code="environment.file", where=where) from error
    if done.returncode:
        message = f"ssh-keygen could not make a key: {done.stderr.strip()}"
        raise SetupError(message, code="environment.file", hint="Check the folder's permissions.", where=where)
    path.chmod(0o600)


def load_signer(key: Path, allowed: Path, *, name: str, email: str) -> Signer:
    """Take the key, making it if there is none, and see that the allowed-signers file exists.

    A file of allowed signers that is there already is the owner's and is never changed.

    Raises:
        SetupError: the key cannot be made or read.
    """
    create_key_pair(key)
    if not allowed.exists():
        write_atomically(allowed, f"{email} {_NAMESPACE} {' '.join(_public_half(key))}\n".encode())
    return Signer(key=key, allowed=allowed, name=name, email=email)


def check_signer(signer: Signer) -> None:
    """See that what this signer signs will count as good: a run that nobody can verify is not worth writing.

    Raises:
        SetupError: the key is missing, or is not among the allowed signers.
        UsageError: the name or address cannot stand in a commit.
    """
    for text in (signer.name, signer.email):
        if not text.strip() or not text.isprintable() or any(mark in text for mark in "<>"):
            message = f"{text!r} cannot be the name or address of who signs"
            hint = "Set signing: name and email in plantproof.yml to plain words."
            raise UsageError(message, code="usage.bad-argument", hint=hint)
    public = _public_half(signer.key)
    try:
        allowed = signer.allowed.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        where = Location(file=str(signer.allowed))
        message = "the list of allowed signers cannot be read"
        raise SetupError(message, code="environment.file", where=where) from error
    if not any(public[1] in line.split() for line in allowed.splitlines() if not line.startswith("#")):
        where = Location(file=str(signer.allowed))
        message = f"the signing key {signer.key} is not among the allowed signers, so its signatures would not count"
        hint = f"Have their owner add the line: {signer.email} {_NAMESPACE} {' '.join(public)}"
        raise SetupError(message, code="environment.file", hint=hint, where=where)


def _public_half(key: Path) -> list[str]:
    """Type and key, as OpenSSH writes them."""
    public = key.with_name(key.name + ".pub")
    try:
        fields = public.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        fields = []
    if len(fields) < 2:  # noqa: PLR2004 - type and key
        where = Location(file=str(public))
        message = "the signing key's public half cannot be read"
        hint = f"Make it anew: ssh-keygen -y -f {key} > {public}"
        raise SetupError(message, code="environment.file", hint=hint, where=where)
    return fields[:2]
