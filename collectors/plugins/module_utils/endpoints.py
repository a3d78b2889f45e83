# SPDX-License-Identifier: Apache-2.0
"""OPC UA endpoint descriptions, as asyncua gives them, into the JSON document of the kind ``opcua.endpoints``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

MOST = 200
_SEQUENCE, _LONG, _LONG_HEADER = 0x30, 0x80, 4  # X.690: tag, bit of a long length, bytes of a header with one


def describe(endpoints: Sequence[Any]) -> dict[str, object]:
    """Every endpoint with each of its tokens; certificates once each, by their digest."""
    certificates: dict[str, dict[str, object]] = {}
    rows = [_endpoint(endpoint, certificates) for endpoint in endpoints[:MOST]]
    return {
        "server": _server(endpoints[0].Server) if endpoints else None,
        "endpoints": rows,
        "certificates": list(certificates.values()),
    }


def _server(server: Any) -> dict[str, object]:
    return {
        "application_name": _text(server.ApplicationName.Text),
        "application_uri": _text(server.ApplicationUri),
        "product_uri": _text(server.ProductUri),
        "application_type": _name(server.ApplicationType),
    }


def _endpoint(endpoint: Any, certificates: dict[str, dict[str, object]]) -> dict[str, object]:
    digest = None
    if endpoint.ServerCertificate:
        first = _first_certificate(bytes(endpoint.ServerCertificate))
        digest = hashlib.sha256(first).hexdigest()
        if digest not in certificates:
            certificates[digest] = {"sha256": digest, **_certificate(first)}
    policy = _policy(endpoint.SecurityPolicyUri)
    return {
        "url": _text(endpoint.EndpointUrl),
        "security_policy": policy,
        "security_policy_uri": _text(endpoint.SecurityPolicyUri),
        "security_mode": _name(endpoint.SecurityMode),
        "security_level": int(endpoint.SecurityLevel or 0),
        "transport_profile_uri": _text(endpoint.TransportProfileUri),
        "certificate": digest,
        "tokens": [_token(token, policy) for token in endpoint.UserIdentityTokens or []],
    }


def _token(token: Any, policy: str) -> dict[str, object]:
    # OPC 10000-4, UserTokenPolicy: without a policy of its own, a token is protected by that of its endpoint.
    return {
        "id": _text(token.PolicyId),
        "type": _name(token.TokenType),
        "security_policy": _policy(token.SecurityPolicyUri) or policy,
        "security_policy_uri": _text(token.SecurityPolicyUri) or None,
        "issued_token_type": _text(token.IssuedTokenType) or None,
    }


def _text(value: object) -> str:
    return str(value or "")[:1000]


def _policy(uri: object) -> str:
    """``Basic256Sha256`` of its URI."""
    return _text(uri).rpartition("#")[2]


def _name(member: object) -> str:
    """An enumeration member's name in the specification; asyncua writes None with an underscore."""
    return str(getattr(member, "name", member)).rstrip("_")


def _first_certificate(der: bytes) -> bytes:
    """The server's own certificate of what may be a chain: the first DER sequence."""
    if len(der) < _LONG_HEADER or der[0] != _SEQUENCE:
        return der
    count = der[1] - _LONG
    if count < 0:
        return der[: 2 + der[1]]
    return der[: 2 + count + int.from_bytes(der[2 : 2 + count], "big")] if 0 < count < _LONG_HEADER else der


def _certificate(der: bytes) -> dict[str, object]:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        found = x509.load_der_x509_certificate(der)
        key = found.public_key()
        begin, end = found.not_valid_before_utc, found.not_valid_after_utc
        kinds = ((rsa.RSAPublicKey, "rsa"), (ec.EllipticCurvePublicKey, "ec"))
        return {
            "subject": found.subject.rfc4514_string(),
            "issuer": found.issuer.rfc4514_string(),
            "serial": f"{found.serial_number:x}",
            "not_before": begin.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "not_after": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "valid_days": (end - begin).days,
            "key_type": next((name for kind, name in kinds if isinstance(key, kind)), "other"),
            "key_bits": getattr(key, "key_size", None),
            "signature_hash": found.signature_hash_algorithm.name if found.signature_hash_algorithm else None,
            "self_signed": _self_signed(found),
            "application_uri": _application_uri(found),
        }
    except Exception as error:
        return {"unreadable": type(error).__name__}


def _self_signed(certificate: Any) -> bool:
    try:
        certificate.verify_directly_issued_by(certificate)
    except Exception:
        return False
    return True


def _application_uri(certificate: Any) -> str | None:
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    return uris[0] if uris else None
