# SPDX-License-Identifier: Apache-2.0
"""Running one of our roles for real, through ansible-playbook, with an environment that holds nothing of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {{name: plantproof.ot.{role}, apply: {{ignore_errors: true}}}}
    - ansible.builtin.copy:
        content: "{{{{ {role}_output | to_json }}}}"
        dest: "{folder}/result-{{{{ inventory_hostname }}}}.json"
      vars: {{ansible_connection: local, ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRun:
    """What came back, per host, and all that was printed."""

    results: Mapping[str, Mapping[str, object]]
    printed: str

    def stdout(self, host: str) -> str:
        result = self.results[host]
        assert not result.get("failed"), result.get("msg")
        return str(result["stdout"])

    def reason(self, host: str) -> str:
        result = self.results[host]
        assert result.get("failed"), "it did not fail"
        return str(result["msg"])


def run_role(
    folder: Path,
    role: str,
    hosts: Mapping[str, Mapping[str, object]],
    *,
    prefix: Sequence[str] = (),
    more: Sequence[str] = (),
) -> RoleRun:
    """Run a role on hosts given with their variables; ``prefix`` goes before the command (a network namespace)."""
    folder.mkdir(parents=True, exist_ok=True)
    collections = folder / "collections" / "ansible_collections" / "plantproof"
    collections.mkdir(parents=True, exist_ok=True)
    if not (collections / "ot").exists():
        (collections / "ot").symlink_to(ROOT / "collectors")
    (folder / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    (folder / "play.yml").write_text(_PLAY.format(role=role, folder=folder), encoding="utf-8")
    programs = Path(sys.executable).parent
    environment = {
        "PATH": f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "local"),
        "ANSIBLE_FORKS": "10",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [*prefix, str(programs / "ansible-playbook"), "-i", "inventory.json", "play.yml", *more],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    printed = done.stdout + done.stderr
    results = {}
    for host in hosts:
        path = folder / f"result-{host}.json"
        assert path.is_file(), printed
        results[host] = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
    return RoleRun(results=results, printed=printed)
