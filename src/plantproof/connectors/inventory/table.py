# SPDX-License-Identifier: Apache-2.0
"""A table of hosts as CSV, whoever wrote it: columns are found by common names, or named by the user.

Only the columns below are looked at. Whatever else a table holds, passwords first of all, stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from plantproof.connectors.csv_table import read_csv
from plantproof.core.inventory import Candidate
from plantproof.errors import ContentError, Location, UsageError

__all__ = ["COLUMNS", "NOT_THERE", "named_columns", "read_table", "refuse_secret"]

_SPELLINGS: Final = """
name        name inventoryhostname hostname host devicename device assetname asset nodename node systemname sysname
name        computername fqdn dnsname gerätename gerät rechnername
address     ansiblehost primaryip4 primaryip primaryip6 ipaddress ipaddresses ip ipaddr ipv4address ipv4 ipv6address
address     ipv6 address managementip mgmtip hostip ipadresse adresse
zone        plantproofzone zone zoneid zonename securityzone networkzone cfplantproofzone cfzone cfsecurityzone
title       plantprooftitle title displayname description bezeichnung beschreibung
platform    plantproofplatform platform plattform operatingsystem os
collectors  plantproofcollectors collectors collector
"""
_NAMES: Final = {
    spelling: (line.split()[0], place)
    for place, (line, spelling) in enumerate(
        (line, spelling) for line in _SPELLINGS.strip().splitlines() for spelling in line.split()[1:]
    )
}
"""Headings in lower case without punctuation -> our name, and which of two is meant first."""
COLUMNS: Final = tuple(dict.fromkeys(ours for ours, _ in _NAMES.values()))
"""Our names of the columns; ``name`` or ``address`` must be there."""
_SECRET: Final = re.compile(
    r"passw|passphrase|pwd|secret|token|credential|community|psk|kennwort|api.?key|private.?key"
)
_EXCEL: Final = re.compile(r"sep=[,;\t]\r?\n", re.IGNORECASE)
NOT_THERE: Final = frozenset({"planned", "inventory", "decommissioning"})
"""States in NetBox of what is not in the network."""


def named_columns(columns: Sequence[str]) -> Mapping[str, str]:
    """``NAME=HEADING`` as given by the user, as headings by our name.

    Raises:
        UsageError: one is not written so, names no column of ours, or a heading of secrets.
    """
    found = {}
    for text in columns:
        ours, equals, heading = text.partition("=")
        if not equals or ours.strip() not in COLUMNS:
            hint = f"Write --column name=HEADING; columns: {', '.join(COLUMNS)}."
            raise UsageError(f"{text!r} is not NAME=HEADING", code="usage.bad-argument", hint=hint)
        refuse_secret(heading)
        found[ours.strip()] = heading.strip().lower()
    return found


def refuse_secret(heading: str) -> None:
    """Refuse a heading or key that says that a secret is below it.

    Raises:
        UsageError: it does.
    """
    if _SECRET.search(heading.lower()):
        hint = "Secrets are never copied into an inventory; name another column."
        raise UsageError(f"{heading!r} is a column of secrets", code="usage.bad-argument", hint=hint)


def read_table(
    text: str, *, name: str, columns: Mapping[str, str] | None = None, netbox: bool = False
) -> list[Candidate]:
    """Read a table whose first line names the columns; commas, semicolons or tabs, whichever the heading uses.

    Args:
        text: The file.
        name: Its name, for errors and findings.
        columns: Heading by our name, before what is found by common names; an empty heading: there is no such column.
        netbox: Whether it is NetBox's: ``status`` says what is not in the network, ``manufacturer`` and ``type`` stand
            for a missing title.

    Raises:
        UsageError: ``columns`` names a heading that is not there.
        ContentError: the file is no table, or has neither a name nor an address.
    """
    body = text.removeprefix("\ufeff")
    if _EXCEL.match(body):
        body = "\n" + body.partition("\n")[2]
    if not body.strip():
        message, hint = "is empty", "Its first line names the columns: name, address, zone."
        raise ContentError(message, code="content.table", hint=hint, where=Location(file=name))
    rows = read_csv(body, name=name, needed=())
    headings = list(rows[0][1]) if rows else []
    places = _places(headings, columns or {}, name) if rows else {}
    return [_candidate(row, places, Location(file=name, line=line), netbox=netbox) for line, row in rows]


def _places(headings: Iterable[str], wanted: Mapping[str, str], name: str) -> Mapping[str, Sequence[str]]:
    """Headings by our names, the one that is meant first in front."""
    found: dict[str, list[tuple[int, str]]] = {}
    for heading in headings:
        ours, place = _NAMES.get("".join(filter(str.isalnum, heading)), ("", 0))
        if ours:
            found.setdefault(ours, []).append((place, heading))
    places = {ours: [heading for _, heading in sorted(those)] for ours, those in found.items()}
    for ours, heading in wanted.items():
        if heading and heading not in headings:
            hint = f"Its first line names: {', '.join(filter(str.isprintable, headings))[:300]}."
            raise UsageError(f"{name} has no column {heading!r}", code="usage.bad-argument", hint=hint)
        places[ours] = [heading] if heading else []
    if not places.get("name") and not places.get("address"):
        hint = "Say which column it is: --column name=HEADING or --column address=HEADING."
        message = "no column is known as name or address"
        raise ContentError(message, code="content.table", hint=hint, where=Location(file=name, line=1))
    return places


def _candidate(
    row: Mapping[str, str], places: Mapping[str, Sequence[str]], where: Location, *, netbox: bool
) -> Candidate:
    def cell(ours: str) -> str:
        return next((text for heading in places.get(ours, ()) if (text := row.get(heading, "").strip())), "")

    def make() -> str:
        return " ".join(filter(None, (row.get("manufacturer", "").strip(), row.get("type", "").strip())))

    status = row.get("status", "").strip().lower() if netbox else ""
    return Candidate(
        name=cell("name"),
        address=cell("address"),
        zone=cell("zone"),
        title=cell("title") or (make() if netbox else ""),
        platform=cell("platform"),
        collectors=tuple(dict.fromkeys(re.split(r"[\s,;|]+", cell("collectors")))) if cell("collectors") else (),
        note=status if status in NOT_THERE else "",
        where=where,
    )
