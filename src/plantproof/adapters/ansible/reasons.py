# SPDX-License-Identifier: Apache-2.0
"""Why a job brought nothing, in plain words. No text that could hold a secret gets through here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from plantproof.core.plant import Asset

__all__ = ["CONNECT_TIMEOUT", "Reason", "explain", "hide_secrets", "timed_out"]

CONNECT_TIMEOUT: Final = 10
"""Seconds for a connection and its first words, unless the inventory says otherwise (``ansible_timeout``)."""

_LENGTH: Final = 200
_SECRET_NAME: Final = re.compile(
    r"pass|secret|token|community|credential|psk|(^|_)key($|_(?!file))|api_?key", re.IGNORECASE
)
_OWN_WORDS: Final = re.compile(
    r"no answer|not enough|no SSH session came of it within|within \d+ s|timed out", re.IGNORECASE
)
_TALK: Final = re.compile(
    r"^(?:Task failed: |Module failed: |Action failed: |Failed to connect to the host via ssh: |\[ERROR\]: )+"
)

_NO_ANSWER: Final = "no answer within {seconds} s"
_SIGNS: Final[tuple[tuple[str, str], ...]] = (
    ("vault secrets|vault password|decrypt",
     "a variable is encrypted, and ANSIBLE_VAULT_PASSWORD_FILE names no file with the vault's password"),
    ("bad permissions|UNPROTECTED PRIVATE KEY", "ssh refuses the private key, because others may read its file"),
    ("IDENTIFICATION HAS CHANGED",
     "its host key is not the one in known_hosts: it was changed, or something else answers"),
    ("Host key verification failed", "its host key is in no known_hosts file; compare it at the device, then add it"),
    ("no matching", "it offers no SSH algorithm that this side accepts"),
    ("sshpass", "a password is set, and this machine's ssh cannot take one without the program sshpass"),
    ("Permission denied|Authentication fail|incorrect password|Too many authentication",
     "authentication failed: wrong user, key or password"),
    ("sudo: a password is required|Missing sudo password|Missing .* password",
     "becoming root needs a password, and none is given (ansible_become_password)"),
    ("Incorrect sudo password|Incorrect .* password|Sorry, try again", "the password for becoming root is wrong"),
    ("not in the sudoers file|not allowed to (?:run|execute)", "its user may not become root"),
    ("Connection refused", "it refuses the connection"),
    ("Could not resolve hostname|Name or service not known|name resolution", "its name cannot be resolved"),
    ("No route to host|Network is unreachable", "there is no network path to it"),
    ("timed out|Timeout", _NO_ANSWER),
    ("Connection closed|Connection reset|kex_exchange_identification|Broken pipe|Shared connection",
     "the connection was closed from the other side"),
    ("is undefined|undefined variable|templat", "a variable of the inventory cannot be resolved"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why nothing came."""

    text: str
    late: bool = False
    """Whether the asset did not answer in time: what the circuit breaker counts."""


def timed_out(seconds: int) -> Reason:
    """The collector was cut off."""
    return Reason(text=f"it did not end within {seconds} s and was cut off", late=True)


def explain(message: str, asset: Asset, *, own: bool) -> Reason:
    """Say in plain words what Ansible, ssh or a module of ours gave as its reason.

    Args:
        message: As it came; may hold anything.
        asset: The asset, whose variables tell what must not be shown.
        own: Whether a module of ours wrote it: those never quote a secret and are plain already.
    """
    if own:
        text = hide_secrets(_last_line(message), asset.variables)
        return Reason(text=text, late=bool(_OWN_WORDS.search(text)))
    seconds = _connect_timeout(asset.variables)
    for sign, text in _SIGNS:
        if re.search(sign, message, re.IGNORECASE):
            return Reason(text=text.format(seconds=seconds), late=text is _NO_ANSWER)
    if _has_hidden(asset.variables):
        return Reason(text="it failed; the reason is not shown, because it could hold an encrypted variable's content")
    return Reason(text=hide_secrets(_last_line(message), asset.variables))


def hide_secrets(text: str, variables: Mapping[str, object]) -> str:
    """Replace every value of a variable that is named like a secret."""
    for secret in sorted(set(_secrets(variables)), key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def _last_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    line = _TALK.sub("", lines[-1]) if lines else "it gave no reason"
    printable = "".join(char if char.isprintable() else " " for char in line)
    return printable if len(printable) <= _LENGTH else printable[:_LENGTH] + "…"


def _connect_timeout(variables: Mapping[str, object]) -> object:
    return variables.get("ansible_ssh_timeout") or variables.get("ansible_timeout") or CONNECT_TIMEOUT


def _secrets(value: object, name: str = "") -> Iterator[str]:
    """Texts and numbers below a name that looks like a secret's."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _secrets(inner, name if _SECRET_NAME.search(name) else str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _secrets(inner, name)
    elif isinstance(value, str | int | float) and not isinstance(value, bool) and _SECRET_NAME.search(name):
        text = str(value)
        yield from (part for part in (text, *text.splitlines()) if part.strip())


def _has_hidden(variables: object) -> bool:
    """Whether a value is known to Ansible alone: encrypted, or made by a template."""
    if isinstance(variables, Mapping):
        return "__ansible_vault" in variables or any(_has_hidden(inner) for inner in variables.values())
    if isinstance(variables, list | tuple):
        return any(_has_hidden(inner) for inner in variables)
    return isinstance(variables, str) and ("{{" in variables or "{%" in variables)
