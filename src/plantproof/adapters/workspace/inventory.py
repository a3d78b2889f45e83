# SPDX-License-Identifier: Apache-2.0
"""The assets: hosts of an ordinary Ansible inventory that say which zone they are in and how they are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from plantproof.adapters.workspace.ansible_inventory import host_variables, source_files
from plantproof.adapters.workspace.entries import Defects, nearest
from plantproof.adapters.workspace.host_places import HostPlaces
from plantproof.core.components import Requirement
from plantproof.core.plant import Asset, Zone

__all__ = ["OUTSIDE", "Known", "read_inventory"]

OUTSIDE: Final = "none"
"""``plantproof_zone: none``: the host is in the inventory, but not part of the plant."""

_PREFIX: Final = "plantproof_"
_VARIABLES: Final = ("zone", "collectors", "platform", "title", "components", "simulated", "timeout")
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_MAX_TIMEOUT: Final = 3600
_WORDS: Final = MappingProxyType({"true": True, "yes": True, "false": False, "no": False})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names that the workspace may use and that are declared elsewhere; None leaves a name unchecked."""

    collectors: Collection[str] | None = None
    platforms: Collection[str] | None = None
    """Of ``cli_device``."""
    controls: Collection[str] | None = None
    """Ids that attestations may name."""
    requirements: Callable[[], Mapping[str, Requirement]] | None = None
    """Gives the requirements of IEC 62443-4-2, which claims of components may name."""
    probes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"opcua": "opcua", "modbus": "modbus"}))
    """Per collector that speaks to a device without a login, the protocol that the zone must allow."""


def read_inventory(
    inventory: Path, *, zones: Mapping[str, Zone], known: Known, defects: Defects
) -> Mapping[str, Asset]:
    """Read the inventory into assets by id; what is wrong goes to ``defects``.

    Raises:
        SetupError: the inventory is missing, or ansible-core cannot be run.
        ContentError: Ansible cannot read the inventory at all.
    """
    hosts = host_variables(inventory)
    places = HostPlaces(inventory, source_files(inventory))
    assets: dict[str, Asset] = {}
    for name, variables in hosts.items():
        host = _Host(name, variables, places, defects)
        if not host.outside:
            assets[name] = _asset(host, zones, known)
    return MappingProxyType(assets)


class _Host:
    """One host's own variables, read one by one."""

    def __init__(self, name: str, variables: Mapping[str, object], places: HostPlaces, defects: Defects) -> None:
        self.name = name
        self.variables = variables
        self.places = places
        self.defects = defects
        zone = variables.get(f"{_PREFIX}zone", "")
        self.outside = zone is None or zone == OUTSIDE

    def bad(self, variable: str, message: str, hint: str = "", code: str = "content.plant") -> None:
        where = self.places.variable(self.name, f"{_PREFIX}{variable}", self.variables.get(f"{_PREFIX}{variable}"))
        self.defects.add(f"asset {self.name} {message}", where=where, hint=hint, code=code)

    def value(self, variable: str) -> object:
        """The variable's value; one that only Ansible could know is a defect and counts as absent."""
        value = self.variables.get(f"{_PREFIX}{variable}")
        if isinstance(value, Mapping) and "__ansible_vault" in value:
            self.bad(variable, f"has {_PREFIX}{variable} encrypted", "It is no secret: write it in clear.")
            return None
        if isinstance(value, str) and "{{" in value:
            hint = "Templates are not evaluated here, because that would run code: write the value."
            self.bad(variable, f"has a template as {_PREFIX}{variable}", hint)
            return None
        return value

    def text(self, variable: str) -> str:
        value = self.value(variable)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self.bad(variable, f"has {_PREFIX}{variable}: {value!r}, which is not a text", "", "content.schema")
        return ""

    def texts(self, variable: str) -> tuple[str, ...]:
        """A list, or what an INI file can say: words with commas between."""
        value = self.value(variable)
        items = value.split(",") if isinstance(value, str) else value or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            message = f"has {_PREFIX}{variable}: {value!r}, which is not a list of names"
            self.bad(variable, message, f"Write {_PREFIX}{variable}: [linux_host].", "content.schema")
            return ()
        return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))

    def flag(self, variable: str) -> bool:
        value = self.value(variable)
        known = value if isinstance(value, bool | None) else _WORDS.get(str(value).lower())
        if known is None and value is not None:
            message = f"has {_PREFIX}{variable}: {value!r}, which is neither true nor false"
            self.bad(variable, message, "", "content.schema")
        return bool(known)

    def seconds(self, variable: str, default: int) -> int:
        value = self.value(variable)
        if value is None:
            return default
        number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= _MAX_TIMEOUT:
            message = f"has {_PREFIX}{variable}: {value!r}, which is not a number of seconds from 1 to {_MAX_TIMEOUT}"
            self.bad(variable, message, "", "content.schema")
            return default
        return number


def _asset(host: _Host, zones: Mapping[str, Zone], known: Known) -> Asset:
    _check_names(host)
    asset = Asset(
        id=host.name,
        zone=host.text("zone"),
        title=host.text("title"),
        collectors=host.texts("collectors"),
        platform=host.text("platform"),
        components=host.texts("components"),
        simulated=host.flag("simulated"),
        timeout=host.seconds("timeout", 60),
        variables=MappingProxyType(dict(host.variables)),
        declared=host.places.host(host.name),
    )
    _check_zone(host, asset, zones)
    _check_collectors(host, asset, zones, known)
    return asset


def _check_names(host: _Host) -> None:
    if not _SAFE.fullmatch(host.name):
        message = f"asset {host.name!r} cannot be a folder's name in the locker"
        hint = "Name the host by letters, digits, '.', '-' and '_', and put its address into ansible_host."
        host.defects.add(message, where=host.places.host(host.name), hint=hint)
    known = [f"{_PREFIX}{name}" for name in _VARIABLES]
    for name in host.variables:
        if name.startswith(_PREFIX) and name not in known:
            variable = name.removeprefix(_PREFIX)
            host.bad(variable, f"has the unknown variable {name}", nearest(name, known), "content.schema")


def _check_zone(host: _Host, asset: Asset, zones: Mapping[str, Zone]) -> None:
    if not asset.zone and f"{_PREFIX}zone" not in host.variables:
        hint = f"Set {_PREFIX}zone for the host or one of its groups; {_PREFIX}zone: {OUTSIDE} leaves a host out."
        message = f"asset {host.name} is in no zone"
        host.defects.add(message, where=host.places.host(host.name), hint=hint)
    elif asset.zone and asset.zone not in zones:
        message = f"is in zone {asset.zone}, which no file declares"
        host.bad("zone", message, nearest(asset.zone, zones), "content.reference")


def _check_collectors(host: _Host, asset: Asset, zones: Mapping[str, Zone], known: Known) -> None:
    for collector in asset.collectors:
        if known.collectors is not None and collector not in known.collectors:
            hint = nearest(collector, known.collectors)
            host.bad("collectors", f"names the collector {collector}, which does not exist", hint, "content.reference")
        protocol = known.probes.get(collector)
        zone = zones.get(asset.zone)
        if protocol and zone and protocol not in zone.probing:
            message = f"is to be probed by {collector}, but zone {zone.id} does not allow it"
            hint = f"Zone {zone.id} ({zone.declared}) would need probing: [{protocol}]; ask who answers for the zone."
            host.bad("collectors", message, hint)
    if "cli_device" in asset.collectors and not asset.platform:
        message = "is read by cli_device and has no platform"
        hint = f"Set {_PREFIX}platform, for example cisco_ios or frr."
        host.bad("collectors", message, hint)
    if asset.platform and known.platforms is not None and asset.platform not in known.platforms:
        hint = nearest(asset.platform, known.platforms)
        host.bad("platform", f"is of platform {asset.platform}, which no collector reads", hint, "content.reference")
