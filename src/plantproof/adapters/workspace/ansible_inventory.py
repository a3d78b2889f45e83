# SPDX-License-Identifier: Apache-2.0
"""Asking Ansible what an inventory says, so that every form Ansible reads works here as well.

Nothing of the user's own Ansible settings takes part, no program and no plugin of the workspace is run (an inventory
that is a script is refused), nothing is templated, nothing is decrypted, nothing is connected to. Error texts never
quote the inventory's lines, because a line may hold a password.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import orjson

from plantproof.adapters.workspace.places import syntax_error
from plantproof.errors import ContentError, Location, PlantproofError, SetupError

__all__ = ["TIMEOUT", "host_variables", "source_files"]

TIMEOUT: Final = 120
"""Seconds; ten thousand hosts take a few."""

_VAULT: Final = b"$ANSIBLE_VAULT;"
_VARIABLE_FOLDERS: Final = ("group_vars", "host_vars")
_YAML: Final = frozenset({".yml", ".yaml", ".json"})
_SECTION: Final = "a section is neither [group], [group:vars] nor [group:children]"
_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "No closing quotation": "a quote is not closed",
        "Expected key=value": "a word beside a host or below [group:vars] is no key=value",
        "requires a dictionary": "hosts, vars and children of a group must be maps",
        "Invalid host pattern": "a host's name ends in a colon",
        "undefined group": "a section is about a group that no section declares",
        "has unknown type": _SECTION,
        "nvalid section entry": _SECTION,
    }
)
_HINT: Final = "Try it with: ansible-inventory -i INVENTORY --list"


def source_files(inventory: Path) -> tuple[Path, ...]:
    """The files that make up an inventory: itself or what its folder holds, and the variables beside it; sorted."""
    folder = inventory if inventory.is_dir() else inventory.parent
    roots = [folder] if inventory.is_dir() else [inventory, *(folder / name for name in _VARIABLE_FOLDERS)]
    return tuple(path for root in roots for path in _files_of(root))


def host_variables(inventory: Path, *, timeout: float = TIMEOUT) -> Mapping[str, Mapping[str, object]]:
    """Every host's variables by host name, after Ansible has merged its groups; secrets included.

    A value that is encrypted with ansible-vault stays an encrypted value (``{"__ansible_vault": ...}``), a file that is
    encrypted as a whole is left out.

    Raises:
        SetupError: the inventory is missing, or ansible-core cannot be run.
        ContentError: Ansible cannot read it, or it does not end in time.
    """
    if not inventory.exists():
        where = Location(file=str(inventory))
        hint = "plantproof.yml names it as inventory; write one or correct the path."
        raise SetupError("is the inventory, and there is no such file", code="environment.file", hint=hint, where=where)
    with tempfile.TemporaryDirectory(prefix="plantproof-inventory-") as name:
        scratch = Path(name)
        copy = _mirror(inventory, scratch / "inventory")
        result = _ask(copy, scratch, inventory, timeout)
    if result.returncode != 0:
        raise _refusal(inventory, result.stderr, copy)
    return _hosts(result.stdout, inventory)


def _files_of(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        yield from (Path(folder, one) for one in sorted(names) if not one.startswith("."))


def _mirror(inventory: Path, scratch: Path) -> Path:
    """A tree of links without the encrypted files, which would end Ansible's reading for want of a password."""
    top = inventory if inventory.is_dir() else inventory.parent
    scratch.mkdir()
    for path in source_files(inventory):
        if not _is_encrypted(path):
            link = scratch / path.relative_to(top)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path.resolve())
    return scratch if inventory.is_dir() else scratch / inventory.name


def _is_encrypted(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_VAULT)) == _VAULT
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        hint = "It is part of the inventory; check its permissions."
        raise SetupError(message, code="environment.file", hint=hint, where=Location(file=str(path))) from None


def _ask(copy: Path, scratch: Path, inventory: Path, timeout: float) -> subprocess.CompletedProcess[str]:
    settings = scratch / "ansible.cfg"
    settings.write_text("")
    environment = {
        "PATH": os.defpath,
        "HOME": str(scratch),
        "LANG": "C.UTF-8",
        "ANSIBLE_CONFIG": str(settings),
        "ANSIBLE_HOME": str(scratch / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(scratch / "tmp"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_INVENTORY_ENABLED": "yaml,ini,toml,constructed",
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "1",
        "ANSIBLE_DUPLICATE_YAML_DICT_KEY": "error",
    }
    # -P: a folder called "ansible" in the current folder is not the library.
    command = [sys.executable, "-P", "-m", "ansible", "inventory", "--inventory", str(copy), "--list"]
    try:
        return subprocess.run(
            command,
            env=environment,
            cwd=scratch,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        where = Location(file=str(inventory))
        message = f"is an inventory that Ansible did not read within {timeout:g} s"
        raise ContentError(message, code="content.plant", hint=_HINT, where=where) from None
    except OSError as error:
        message = f"ansible-core cannot be run: {error.strerror or error}"
        hint = "Install plantproof anew into its environment."
        raise SetupError(message, code="environment.missing-program", hint=hint) from error


def _refusal(inventory: Path, talk: str, copy: Path) -> PlantproofError:
    """Why Ansible refused: our own YAML reader says it best; else Ansible's first reason, without what it quotes."""
    if "No module named ansible" in talk:
        message = "ansible-core is missing from this environment"
        return SetupError(message, code="environment.missing-program", hint="Install plantproof anew.")
    for path in source_files(inventory):
        if path.suffix in _YAML and not _is_encrypted(path):
            error = syntax_error(path)
            if error is not None:
                return error
    message = f"is not an inventory that Ansible can read: {_reason(talk, inventory)}"
    where = Location(file=str(_culprit(talk, inventory, copy)))
    return ContentError(message, code="content.syntax", hint=_HINT, where=where)


def _culprit(talk: str, inventory: Path, copy: Path) -> Path:
    """The file that Ansible names first: of a folder, one of several."""
    top, mirrored = (inventory, copy) if inventory.is_dir() else (inventory.parent, copy.parent)
    named = re.findall(rf"{re.escape(str(mirrored))}/([^'\s:]+)", talk)
    return next((top / name for name in named if (top / name).is_file()), inventory)


def _reason(talk: str, inventory: Path) -> str:
    """Ansible's reason in our words; its own would quote the line, and nobody knows what else it quotes."""
    plugin = "yaml" if inventory.suffix in _YAML else "ini"  # Ansible tries every form and complains of each
    said = "\n".join(line for line in talk.splitlines() if f"'{plugin}' plugin" in line or line.startswith("[ERROR]"))
    return next((ours for theirs, ours in _REASONS.items() if theirs in said), "its form is not that of an inventory")


def _hosts(text: str, inventory: Path) -> Mapping[str, Mapping[str, object]]:
    try:
        data = orjson.loads(text)
        found = data["_meta"]["hostvars"]
        names = {*found, *(host for group in data.values() for host in group.get("hosts", ()))}
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        where = Location(file=str(inventory))
        raise ContentError("Ansible's answer is not JSON", code="content.plant", hint=_HINT, where=where) from None
    return {name: found.get(name, {}) for name in sorted(names)}
