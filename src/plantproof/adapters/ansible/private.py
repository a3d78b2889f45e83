# SPDX-License-Identifier: Apache-2.0
"""The throw-away folder of a run: playbook, links to the collection, and the environment that Ansible gets.

Ansible hands results over in files that hold the text as it came, secrets included. So the folder is private to its
user and lies in memory where the system has such a place; the guard or the runner removes it, whatever happens.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from plantproof.adapters.ansible.reasons import CONNECT_TIMEOUT
from plantproof.adapters.collectors import COLLECTION
from plantproof.ports.collecting import CollectionJob

__all__ = ["HALT", "environment", "link_collection", "make_folder", "playbook", "scratch_parent"]

HALT: Final = "halt"
"""A file of this name in the run's folder keeps every job that has not begun from beginning."""

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the folder made in it is private
_ROOM: Final = 128 * 1024 * 1024
_LARGEST: Final = 64 * 1024 * 1024
"""Characters of one result; more than any collector brings."""
_SSH_OPTIONS: Final = ("ControlMaster=no", "ControlPath=none", "ServerAliveInterval=15", "ServerAliveCountMax=2")
"""One connection a host: none may stay behind. A link that dies without a word is noticed."""
_KEPT: Final = ("ANSIBLE_CALLBACK_PLUGINS", "ANSIBLE_STDOUT_CALLBACK", "AWX_ISOLATED_DATA_DIR")
"""What ansible-runner needs to hear events."""


def scratch_parent() -> Path | None:
    """A file system in memory with room, or None for the usual place."""
    try:
        room = shutil.disk_usage(_MEMORY).free
    except OSError:
        return None
    return _MEMORY if room >= _ROOM and os.access(_MEMORY, os.W_OK | os.X_OK) else None


def link_collection(folder: Path, roles: Mapping[str, Path], plugins: Sequence[Path]) -> Path:
    """Lay out our collection by links, each collector's role by its name; returns the path for Ansible's search.

    A workspace may bring roles of its own. Plugins are the shipped ones alone: the read-only modules.
    """
    top = folder / "collections" / "ansible_collections" / Path(*COLLECTION.split("."))
    (top / "roles").mkdir(parents=True)
    for name, role in roles.items():
        (top / "roles" / name).symlink_to(role.resolve())
    for plugin in plugins[-1:]:
        (top / "plugins").symlink_to(plugin.resolve())
    return folder / "collections"


def playbook(jobs: Sequence[CollectionJob], nonces: Mapping[tuple[str, str], str], halt: Path) -> str:
    """One play per collector, so that nothing ever reads one asset twice at the same time."""
    plays = []
    for collector in sorted({job.collector for job in jobs}):
        assets = {job.asset.id: job.asset for job in jobs if job.collector == collector}
        known = {name: {"nonce": nonces[collector, name], "timeout": asset.timeout} for name, asset in assets.items()}
        names = "|".join(map(re.escape, assets))
        plays.append(
            {
                "name": collector,
                # A regular expression, because a plain name that is also a group's would mean the whole group.
                "hosts": f"~^(?:{names})$,",
                "gather_facts": False,
                "any_errors_fatal": False,
                "ignore_errors": True,
                "ignore_unreachable": True,
                "strategy": "linear",
                "vars": {
                    "pp_run_jobs": known,
                    f"{collector}_nonce": "{{ pp_run_jobs[inventory_hostname].nonce }}",
                },
                "roles": [
                    {
                        "role": f"{COLLECTION}.{collector}",
                        "when": ["inventory_hostname in pp_run_jobs", f"not ({json.dumps(str(halt))} is exists)"],
                        "timeout": "{{ (pp_run_jobs[inventory_hostname] | default({})).timeout | default(60) }}",
                    }
                ],
            }
        )
    return json.dumps(plays, indent=1)


def environment(folder: Path, collections: Path, prepared: Mapping[str, str]) -> dict[str, str]:
    """A small environment of our own: of the user's, only the agent's socket and where the vault's password is."""
    settings = folder / "ansible.cfg"
    settings.touch()
    found = {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin")),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MAX_EVENT_RES": str(_LARGEST),
        "ANSIBLE_CONFIG": str(settings),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "local"),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "False",
        "ANSIBLE_INVENTORY_ENABLED": "yaml,ini,toml,constructed",
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "True",
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        "ANSIBLE_PIPELINING": "True",
        "ANSIBLE_RETRY_FILES_ENABLED": "False",
        "ANSIBLE_CACHE_PLUGIN": "memory",
        "ANSIBLE_TIMEOUT": str(CONNECT_TIMEOUT),
        "ANSIBLE_SSH_ARGS": " ".join(f"-o {option}" for option in _SSH_OPTIONS),
        "ANSIBLE_NOCOLOR": "True",
        "ANSIBLE_NOCOWS": "True",
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        "ANSIBLE_DEPRECATION_WARNINGS": "False",
    }
    found |= {name: prepared[name] for name in _KEPT if name in prepared}
    if agent := os.environ.get("SSH_AUTH_SOCK"):
        found["SSH_AUTH_SOCK"] = agent
    if vault := os.environ.get("ANSIBLE_VAULT_PASSWORD_FILE"):
        found["ANSIBLE_VAULT_PASSWORD_FILE"] = str(Path(vault).expanduser().absolute())
    return found


def make_folder() -> tempfile.TemporaryDirectory[str]:
    """A new folder that only its user can enter."""
    return tempfile.TemporaryDirectory(prefix="plantproof-run-", dir=scratch_parent(), ignore_cleanup_errors=True)
