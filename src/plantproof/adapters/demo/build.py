# SPDX-License-Identifier: Apache-2.0
"""Writing the demo plant's workspace: shipped texts, dates near today, and the ways to the simulated devices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from plantproof.adapters.documents import dump_yaml, parse_document, read_text
from plantproof.adapters.files import write_atomically
from plantproof.adapters.workspace.init import refresh_schemas
from plantproof.errors import UsageError

__all__ = ["ASSETS", "build_demo"]

ASSETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "switch": "treatment-switch",
        "opcua_secured": "filter-controller",
        "opcua_weak": "dosing-controller",
        "modbus": "pump-controller",
    }
)
"""Asset of each simulated device."""

_FILES: Final = Path(__file__).parent / "files"
_TEXTS: Final = ("plant/zones.yml", "plant/conduits.yml", "plantproof.yml")
_HEADER: Final = (
    "# An ordinary Ansible inventory, written by the demo. Every host but engineering-workstation is fictional;\n"
    "# those called SIMULATED are programs on this machine's loopback.\n"
)
_PASSWORD: Final = {"ansible_password": "{{ lookup('ansible.builtin.file', demo_password_file) }}"}
_MARK: Final = b"# Demo plant of Plantproof:"
_VARIABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "switch": {
            "host": "ansible_host",
            "port": "ansible_port",
            "user": "ansible_user",
            "known_hosts": "cli_device_known_hosts",
            "password_file": "demo_password_file",
        },
        "opcua_secured": {"host": "ansible_host", "url": "opcua_url"},
        "opcua_weak": {"host": "ansible_host", "url": "opcua_url"},
        "modbus": {"host": "ansible_host", "port": "modbus_port", "unit": "modbus_unit"},
    }
)
"""Per device, the inventory variable for each word of its description."""


def build_demo(root: Path, devices: Mapping[str, object], *, today: date | None = None) -> list[Path]:
    """Write the demo plant into a folder that is empty or holds the demo plant already.

    Keys, locker and results that are there stay, so that a second demo builds on the first.

    Args:
        root: The folder; made if missing.
        devices: How to reach each simulated device, by its name, as ``DemoDevices.described`` says it. The assets of
            devices that are not in it are left out.
        today: The day from which the statements' dates are counted; today if None.

    Returns:
        The files of the workspace.

    Raises:
        UsageError: ``usage.exists``, if the folder holds something else; ``usage.unknown-name``, for an unknown device.
        SetupError: the folder cannot be written.
    """
    unknown = sorted(set(devices) - set(ASSETS))
    if unknown:
        message = f"the demo plant has no device {unknown[0]!r}"
        raise UsageError(message, code="usage.unknown-name", hint=f"Known: {', '.join(ASSETS)}.")
    _refuse_other(root)
    texts = {name: read_text(_FILES / name) for name in _TEXTS}
    for device, asset in ASSETS.items():
        if device not in devices:
            texts["plant/conduits.yml"] = texts["plant/conduits.yml"].replace(f"    assets: [{asset}]\n", "")
    texts["attestations/demo.yml"] = _dated(
        read_text(_FILES / "attestations" / "demo.yml"), today or datetime.now(UTC).date()
    )
    texts["inventory.yml"] = _inventory(devices)
    texts[".gitignore"] = read_text(_FILES / "gitignore")
    for name, text in texts.items():
        write_atomically(root / name, text.encode())
    refresh_schemas(root)
    return [root / name for name in texts]


def _refuse_other(root: Path) -> None:
    settings = root / "plantproof.yml"
    is_demo = settings.is_file() and _MARK in settings.read_bytes()
    if root.exists() and not is_demo and (not root.is_dir() or any(root.iterdir())):
        hint = "The demo writes into an empty folder, or into one that holds the demo plant."
        raise UsageError(f"{root} is there and is no demo plant", code="usage.exists", hint=hint)


def _dated(text: str, today: date) -> str:
    days = {"RECENT": -30, "NEXT_YEAR": 335, "LONG_AGO": -400, "LAST_MONTH": -35}
    for word, distance in days.items():
        text = text.replace(f" {word}\n", f" {today + timedelta(days=distance)}\n")
    return text


def _inventory(devices: Mapping[str, object]) -> str:
    data = parse_document(read_text(_FILES / "inventory.yml"), name="inventory.yml", is_yaml=True).data
    for group in _maps(_map(data["all"])["children"]).values():
        hosts = _map(group["hosts"])
        for device, asset in ASSETS.items():
            if asset in hosts and device not in devices:
                del hosts[asset]
            elif asset in hosts:
                _map(hosts[asset]).update(_reached(device, _map(devices[device])))
    return _HEADER + dump_yaml(data)


def _reached(device: str, description: Mapping[str, object]) -> dict[str, object]:
    found = {name: description[word] for word, name in _VARIABLES[device].items() if word in description}
    if "demo_password_file" in found:
        # Ansible reads the file when it logs in: the password itself is in no inventory.
        found.update(_PASSWORD)
    return found


def _map(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(value)  # a bug: our own texts and our own simulators
    return value


def _maps(value: object) -> dict[str, dict[str, object]]:
    return {name: _map(item) for name, item in _map(value).items()}
