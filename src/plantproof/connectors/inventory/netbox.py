# SPDX-License-Identifier: Apache-2.0
"""Hosts of NetBox: what ``ansible-inventory --list`` prints with ``netbox.netbox.nb_inventory``, and NetBox's CSV.

Read after the plugin's documentation and the answers that its own tests keep: with ``plurals`` a value stands in a list
(``sites: [works]``), without it stands alone (``site: works``); custom fields are a map, or with
``flatten_custom_fields`` stand beside the others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import orjson

from plantproof.connectors.inventory.table import NOT_THERE, read_table, refuse_secret
from plantproof.core.inventory import Candidate
from plantproof.errors import ContentError, Location, UsageError

__all__ = ["read_netbox"]

_ZONES: Final = (
    "plantproof_zone",
    "custom_fields.plantproof_zone",
    "custom_fields.security_zone",
    "custom_fields.zone",
    "security_zone",
    "zone",
)
_ADDRESSES: Final = ("ansible_host", "primary_ip4", "primary_ip6", "primary_ip", "dns_name")
_KEY: Final = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*:')
_HINT: Final = "Make it with: ansible-inventory -i netbox.yml --list > netbox.json; or export devices as CSV."


def read_netbox(
    text: str,
    *,
    name: str,
    zones: Collection[str],
    zone_from: str = "",
    columns: Mapping[str, str] | None = None,
) -> list[Candidate]:
    """Read either form; which it is, its first character tells.

    Args:
        text: The file.
        name: Its name, for errors and findings.
        zones: Ids of the plant's zones: of a list such as ``tags`` the one that is a zone is meant.
        zone_from: Where the zone stands: ``site``, ``tags``, ``custom_fields.cell``; of CSV a heading. Empty: in a
            custom field that is called ``zone``, ``security_zone`` or ``plantproof_zone``.
        columns: Of CSV: headings by our name.

    Raises:
        UsageError: a column is not there, or the zone is to come from a secret.
        ContentError: it is neither.
    """
    refuse_secret(zone_from)
    if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        wanted = {**(columns or {}), **({"zone": zone_from.lower()} if zone_from else {})}
        return read_table(text, name=name, columns=wanted, netbox=True)
    if columns:
        hint = "Leave --column out; --zone-from says where the zone stands."
        raise UsageError(f"{name} is JSON, whose keys are known", code="usage.bad-argument", hint=hint)
    hosts = _hosts(text, name)
    lines = _lines(text)
    return [
        _candidate(host, variables, Location(file=name, line=lines.get(host)), zones, zone_from)
        for host, variables in hosts.items()
    ]


def _hosts(text: str, name: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        data = orjson.loads(text.lstrip("\ufeff"))
    except orjson.JSONDecodeError as error:
        where = Location(file=name, line=error.lineno)
        raise ContentError(f"is not JSON: {error.msg}", code="content.syntax", hint=_HINT, where=where) from None
    meta = data.get("_meta") if isinstance(data, dict) else None
    found = meta.get("hostvars") if isinstance(meta, dict) else None
    if not isinstance(data, dict) or not isinstance(found, dict):
        where = Location(file=name, line=1)
        message = "is JSON, but no inventory: it has no _meta.hostvars"
        raise ContentError(message, code="content.table", hint=_HINT, where=where)
    groups = [group.get("hosts") for group in data.values() if isinstance(group, dict)]
    # A host without variables stands in its groups only.
    named = [host for hosts in groups if isinstance(hosts, list) for host in hosts if isinstance(host, str)]
    every = dict.fromkeys([*found, *sorted(named)])
    return {host: value if isinstance(value := found.get(host), dict) else {} for host in every}


def _lines(text: str) -> Mapping[str, int]:
    """The line of each key that could be a host, the first after ``hostvars``."""
    found: dict[str, int] = {}
    inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        match = _KEY.match(line)
        if match and inside:
            found.setdefault(_plain(match[1]), number)
        inside = inside or '"hostvars"' in line
    return found


def _plain(key: str) -> str:
    try:
        return str(orjson.loads(f'"{key}"'))
    except orjson.JSONDecodeError:
        return key


def _candidate(
    host: str, variables: Mapping[str, Any], where: Location, zones: Collection[str], zone_from: str
) -> Candidate:
    def first(*keys: str) -> str:
        return next((text for key in keys for text in _texts(variables, key)), "")

    status = first("status").lower()
    make = " ".join(filter(None, (first("manufacturers", "manufacturer"), first("device_types", "device_type"))))
    return Candidate(
        name=host,
        address=first(*_ADDRESSES),
        zone=_zone(variables, (zone_from,) if zone_from else _ZONES, zones),
        title=first("plantproof_title", "description") or make,
        platform=first("plantproof_platform", "platforms", "platform"),
        collectors=tuple(_texts(variables, "plantproof_collectors")),
        note=status if status in NOT_THERE else "",
        where=where,
    )


def _zone(variables: Mapping[str, Any], keys: Collection[str], zones: Collection[str]) -> str:
    for key in keys:
        said = list(_texts(variables, key))
        ours = [text for text in said if text in zones]
        if len(said) == 1 or len(ours) == 1:
            return (ours or said)[0]
    return ""


def _texts(variables: Mapping[str, Any], key: str) -> Iterator[str]:
    """The texts under a key, which may lead into a map (``custom_fields.zone``)."""
    value: Any = variables
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            one = next((one[name] for name in ("value", "slug", "address", "name") if name in one), None)  # noqa: PLW2901
        if isinstance(one, str) and one.strip():
            yield one.strip()
        elif isinstance(one, int) and not isinstance(one, bool):
            yield str(one)
