# SPDX-License-Identifier: Apache-2.0
"""SSH keys that sign the locker's commits: made by ssh-keygen, checked by git against a file of allowed signers."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plantproof.adapters.files import write_atomically
from plantproof.errors import Location, SetupError

__all__ = ["Signer", "create_key_pair", "load_signer"]

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
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "plantproof evidence locker", "-f", str(path)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except FileNotFoundError as error:
        hint = "Install the OpenSSH client (Debian, Ubuntu: apt install openssh-client)."
        raise SetupError("ssh-keygen is not installed", code="environment.missing-program", hint=hint) from error
    if done.returncode:
        where = Location(file=str(path))
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
    public = key.with_name(key.name + ".pub")
    if not allowed.exists():
        try:
            fields = public.read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError) as error:
            where = Location(file=str(public))
            message = "the signing key's public half cannot be read"
            hint = f"Make it anew: ssh-keygen -y -f {key} > {public}"
            raise SetupError(message, code="environment.file", hint=hint, where=where) from error
        write_atomically(allowed, f"{email} {_NAMESPACE} {' '.join(fields[:2])}\n".encode())
    return Signer(key=key, allowed=allowed, name=name, email=email)
