# SPDX-License-Identifier: Apache-2.0
"""``opcua.endpoints``: what an OPC UA server offers to anyone who asks, into facts. OPC 10000-4, GetEndpoints."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from plantproof.core.facts import LINE, LINES, Facts
from plantproof.parsers.ot.documents import Shape, line_of, members, read_document, unreadable

__all__ = ["parse_endpoints"]

_KIND: Final = "opcua.endpoints"
_SERVER: Final[Shape] = MappingProxyType(
    {"application_name": str, "application_uri": str, "product_uri": str, "application_type": str}
)
_ENDPOINT: Final[Shape] = MappingProxyType(
    {
        "url": str,
        "security_policy": str,
        "security_policy_uri": str,
        "security_mode": str,
        "security_level": int,
        "transport_profile_uri": str,
        "certificate": str,
    }
)
_TOKEN: Final[Shape] = MappingProxyType(
    {"id": str, "type": str, "security_policy": str, "security_policy_uri": str, "issued_token_type": str}
)
_CERTIFICATE: Final[Shape] = MappingProxyType(
    {
        "sha256": str,
        "subject": str,
        "issuer": str,
        "serial": str,
        "not_before": str,
        "not_after": str,
        "valid_days": int,
        "key_type": str,
        "key_bits": int,
        "signature_hash": str,
        "self_signed": bool,
        "application_uri": str,
        "unreadable": str,
    }
)


def parse_endpoints(text: str) -> Facts:
    """Read the item.

    Facts: ``server`` (application_name, application_uri, product_uri, application_type); ``endpoints`` (url,
    security_policy, security_policy_uri, security_mode, security_level, transport_profile_uri, certificate as sha256,
    tokens with type and security_policy); ``certificates``; and, over all endpoints, ``policies``, ``modes``,
    ``token_types``, ``anonymous``, ``unsecured``.
    """
    document = read_document(text)
    if isinstance(document, int):
        return unreadable(_KIND, document)
    unparsed: list[int] = []
    data: dict[str, object] = {LINES: document[LINES]}
    data["server"] = members(document.get("server"), _SERVER, unparsed, line_of(document, "server"))
    endpoints = [_endpoint(row, unparsed) for row in _rows(document, "endpoints", unparsed)]
    data["endpoints"] = endpoints
    data["certificates"] = [
        members(row, _CERTIFICATE, unparsed, line_of(document, "certificates"))
        for row in _rows(document, "certificates", unparsed)
    ]
    tokens = [token for row in endpoints for token in _known(row["tokens"])]
    data["policies"] = _distinct(endpoints, "security_policy")
    data["modes"] = _distinct(endpoints, "security_mode")
    data["token_types"] = _distinct(tokens, "type")
    data["anonymous"] = any(token.get("type") == "Anonymous" for token in tokens)
    data["unsecured"] = any(row.get("security_mode") == "None" for row in endpoints)
    return Facts(kind=_KIND, parser=f"{_KIND}/1", data=data, unparsed=tuple(sorted(set(unparsed))))


def _rows(record: dict[str, object], key: str, unparsed: list[int]) -> list[object]:
    rows = record.get(key)
    if isinstance(rows, list):
        return rows
    unparsed.append(line_of(record, key))
    return []


def _endpoint(record: object, unparsed: list[int]) -> dict[str, object]:
    if not isinstance(record, dict):
        unparsed.append(1)
        return {LINE: 1, "tokens": []}
    row = members(record, _ENDPOINT, unparsed, line_of(record))
    if not {"security_policy", "security_mode"} <= row.keys():
        unparsed.append(line_of(record))
    row["tokens"] = [
        members(token, _TOKEN, unparsed, line_of(record, "tokens")) for token in _rows(record, "tokens", unparsed)
    ]
    return row


def _known(rows: object) -> list[dict[str, object]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _distinct(rows: list[dict[str, object]], key: str) -> list[str]:
    return sorted({str(row[key]) for row in rows if key in row})
